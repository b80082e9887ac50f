import * as pulumi from "@pulumi/pulumi";
import { addOns } from "../add-ons/catalogue.ts";
import type { AddOnName } from "../add-ons/catalogue.ts";
import type { Settings } from "../settings/settings.ts";
import type { ClusterAccess } from "./cluster-lookup.ts";
import type { ZoneAccess } from "./dns.ts";
import { Identity } from "./identity.ts";
import { assignRole } from "./role-assignment.ts";

export interface AddonIdentityArgs {
  /** Those that are on. */
  enabled: readonly AddOnName[];
  resourceGroup: pulumi.Input<string>;
  cluster: ClusterAccess;
  /** The zone that some of them write to; the settings were checked for it. */
  zone: ZoneAccess | undefined;
}

/**
 * An identity for each add-on that acts in Azure: it trusts the add-on's service account in this cluster, and has the roles of
 * the catalogue. Returns client ids by add-on.
 */
export function registerAddonIdentities(
  name: string,
  settings: Settings,
  { enabled, resourceGroup, cluster, zone }: AddonIdentityArgs,
  opts: pulumi.ComponentResourceOptions,
): Partial<Record<AddOnName, pulumi.Output<string>>> {
  const acting = enabled.flatMap((addOn) => {
    const { identity } = addOns[addOn];
    return identity === undefined ? [] : [{ addOn, ...identity }];
  });
  if (acting.length === 0) return {};
  const parent = new pulumi.ComponentResource("mooring:azure:AddOnIdentities", name, {}, opts);
  const clientIds: Partial<Record<AddOnName, pulumi.Output<string>>> = {};
  for (const { addOn, subject, roles } of acting) {
    const account = subject.split(":").at(-1)!;
    const trust = [{ name: `kubernetes-${account}`, issuer: cluster.oidcIssuer, subject }];
    const identity = new Identity(`${name}-${account}`, settings, { identityName: settings.names.addOnIdentity(addOn), resourceGroup, trust }, { parent });
    for (const { role, scope } of roles) {
      if (zone === undefined) throw new pulumi.RunError(`${addOn} has no DNS zone to write to`);
      assignRole(`${name}-${account}-${role}`, settings, { principalId: identity.principalId, role, scope: scope === "dnsZone" ? zone.id : zone.groupId }, { parent });
    }
    clientIds[addOn] = identity.clientId;
  }
  return clientIds;
}
