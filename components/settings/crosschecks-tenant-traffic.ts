/** Mistakes in whom tenants may talk to. */
import { closedRanges } from "./closed-ranges.ts";
import { unknownTenant } from "./crosschecks-tenants.ts";
import type { Mistake } from "./mistake.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings } from "./settings.ts";
import { within } from "./values.ts";

export function callers({ tenants }: Settings): Mistake[] {
  return tenants.flatMap((tenant) =>
    tenant.traffic.callers.flatMap(({ tenant: caller }, index, all) => {
      const path = settingPath(tenant, `traffic.callers[${index}].tenant`);
      if (caller === tenant.name) return [{ path, message: "is this tenant; its pods reach each other anyway" }];
      if (all.slice(0, index).some((before) => before.tenant === caller)) return [{ path, message: `${caller} stands above already; name all its ports there` }];
      return tenants.some(({ name }) => name === caller) ? [] : [{ path, message: unknownTenant(caller, tenants) }];
    }),
  );
}

/** The namespaces that an allowance lets in are named in one place. */
export function gateways({ tenants, tenancy }: Settings): Mistake[] {
  const missing = (setting: "ingress" | "monitoring", who: string, namespace: string | undefined) =>
    namespace === undefined
      ? tenants
          .filter(({ traffic }) => traffic[`${setting}Ports`].length > 0)
          .map((tenant) => ({ path: settingPath(tenant, `traffic.${setting}`), message: `the namespace of ${who} is not known; write mooring:tenancy.${setting}Namespace` }))
      : [];
  const theirs = (setting: "ingressNamespace" | "monitoringNamespace") => {
    const owner = tenants.find(({ namespaces, controlNamespace }) => [controlNamespace, ...namespaces.map(({ name }) => name)].includes(tenancy[setting] ?? ""));
    return owner ? [{ path: `mooring:tenancy.${setting}`, message: `${tenancy[setting]} is ${owner.name}'s namespace, which would let that team into others; name one of the platform's` }] : [];
  };
  return [...missing("ingress", "the ingress controller", tenancy.ingressNamespace), ...missing("monitoring", "what collects metrics", tenancy.monitoringNamespace), ...theirs("ingressNamespace"), ...theirs("monitoringNamespace")];
}

/** Ranges that stay closed whatever a team writes. */
export function outside(settings: Settings): Mistake[] {
  const closed = closedRanges(settings);
  return settings.tenants.flatMap((tenant) =>
    tenant.traffic.outside.flatMap(({ name, cidr }, index, all) => {
      const path = settingPath(tenant, `traffic.outside[${index}]`);
      if (all.slice(0, index).some((before) => before.name === name)) return [{ path: `${path}.name`, message: `${name} stands above already; give each range a name of its own` }];
      const inside = closed.find(({ range }) => within(cidr, range));
      return inside ? [{ path: `${path}.cidr`, message: `${cidr} is within ${inside.range}: ${inside.what}; it stays closed, remove it` }] : [];
    }),
  );
}
