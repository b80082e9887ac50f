/** Mistakes in what the platform's own team runs. */
import { modules } from "../add-ons/modules.ts";
import { addOns } from "../add-ons/catalogue.ts";
import { enabledAddOns } from "../add-ons/enabled.ts";
import type { Mistake } from "./mistake.ts";
import { receiverHost } from "./receiver-host.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings } from "./settings.ts";

/** An add-on needs others, and settings. */
export function addons(settings: Settings): Mistake[] {
  const { fleet, dns, tenancy, webhooks } = settings;
  const enabled = enabledAddOns(settings);
  const given = [...(dns ? (["dns.zone"] as const) : []), ...(tenancy.domain === undefined ? [] : (["tenancy.domain"] as const))];
  const lacks = modules(enabled, given).lacks.map(({ addOn, message }) => ({ path: `mooring:addons.${addOn}`, message }));
  const places = enabled.flatMap((name) =>
    (["ingressNamespace", "monitoringNamespace"] as const).flatMap((place) => {
      const wanted = addOns[name][place];
      return wanted !== undefined && tenancy[place] !== wanted ? [{ path: `mooring:tenancy.${place}`, message: `with the add-on ${name} it is ${wanted}; write that, or leave it out` }] : [];
    }),
  );
  const zone = dns?.zone;
  const hosts: Mistake[] =
    webhooks?.gateway?.own && zone !== undefined && webhooks.host !== zone && !webhooks.host.endsWith(`.${zone}`)
      ? [{ path: "mooring:webhooks.host", message: `${webhooks.host} is not in dns.zone (${zone}), where its certificate is proved; write for example flux.${tenancy.domain ?? zone}` }]
      : [];
  return [...(fleet === undefined && enabled.length > 0 ? [{ path: "mooring:addons", message: "add-ons are modules of the fleet repository; write mooring:fleet" }] : []), ...lacks, ...places, ...hosts];
}

/** What each tenant's host names must leave to the platform. */
export function webhookHost(settings: Settings): Mistake[] {
  const { tenants, tenancy } = settings;
  const mine = receiverHost(settings);
  if (mine === undefined) return [];
  return tenants.flatMap((tenant) =>
    tenant.allowed.hosts.flatMap((host, index) => {
      if (mine !== host && !mine.endsWith(`.${host}`)) return [];
      // The default was written nowhere.
      const byName = host === `${tenant.key}.${tenancy.domain}`;
      const path = byName ? tenant.origin : settingPath(tenant, `allowed.hosts[${index}]`);
      return [{ path, message: `${mine}, where Flux's webhooks are (mooring:webhooks), would be the team's; ${byName ? "give the tenant another name" : "name other hosts"}, or move the webhooks` }];
    }),
  );
}
