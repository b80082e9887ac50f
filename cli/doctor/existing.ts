/** Whether what the settings take as existing exists, and is as the program needs it. */
import type { Settings } from "../../components/settings/settings.ts";
import type { Az } from "../az.ts";
import { dnsZoneId, registryId } from "../rights-needed.ts";
import { clusterFindings } from "./existing-cluster.ts";
import { apiServerSubnet, nodesSubnet, routesOut } from "./existing-network.ts";
import { readsByRoles, registryMode } from "./existing-registry.ts";
import { attempt, missing, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { ArmResource, Resources } from "./resources.ts";

/** One thing that the settings name by its id. */
export interface Existing {
  setting: string;
  id: string;
  /** What is wrong with it; nothing: it is as it should be. */
  check?(found: ArmResource, resources: Resources): Finding[] | Promise<Finding[]>;
}

export async function existing(az: Az, resources: Resources, settings: Settings): Promise<Finding[]> {
  const findings = [
    ...(settings.azure.existingResourceGroup ? [attempt("azure.resourceGroup", () => resourceGroup(az, settings))] : []),
    ...everyExisting(settings).map((one) => attempt(one.setting, () => look(one, resources))),
  ];
  return (await Promise.all(findings)).flat();
}

async function resourceGroup(az: Az, { azure: { subscription }, names }: Settings): Promise<Finding> {
  const group = names.resourceGroup;
  const exists = await az.read(["group", "exists", "--name", group, "--subscription", subscription]);
  if (exists === true) return ok(`azure.resourceGroup: ${group}`);
  return missing(`azure.resourceGroup: there is no ${group} in the subscription`, "correct it, or remove it to have a group made");
}

async function look({ setting, id, check }: Existing, resources: Resources): Promise<Finding[]> {
  const found = await resources.find(id);
  if (found === undefined) {
    return [missing(`${setting}: there is no ${id}`, "correct it; or ask its owner for the role Reader on it, without which it cannot be seen")];
  }
  const faults = (await check?.(found, resources)) ?? [];
  return faults.some(({ state }) => state === "missing") ? faults : [ok(`${setting}: ${found.name}`), ...faults];
}

/** Everything that is named, in the order of the settings. */
export function everyExisting(settings: Settings): Existing[] {
  const { network, cluster, monitoring, registry } = settings;
  const own = cluster.existing === undefined;
  const named = (setting: string, id: string | undefined, check?: Existing["check"]): Existing[] => (id === undefined ? [] : [{ setting, id, check }]);
  const vaults = Object.entries(registry.cache).flatMap(([rule, { credentials }]) => named(`registry.cache.${rule}.credentials.vault`, credentials?.vault, readsByRoles(rule)));
  return [
    ...named("network.existing.nodesSubnet", network.existing?.nodesSubnet, nodesSubnet(settings)),
    ...named("network.existing.apiServerSubnet", own && cluster.api !== "public" ? network.existing?.apiServerSubnet : undefined, apiServerSubnet),
    ...named("network.existing.privateEndpointsSubnet", registry.privateEndpoint ? network.existing?.privateEndpointsSubnet : undefined),
    ...named("network.routeTable", network.routeTable, routesOut("network.routeTable")),
    ...named("cluster.existing", clusterId(settings), clusterFindings(settings)),
    ...named("cluster.privateDnsZone", cluster.privateDnsZone),
    ...named("monitoring.workspace", monitoring.workspace),
    ...named("monitoring.actionGroup", monitoring.actionGroup),
    ...(["existing", "promoteFrom"] as const).flatMap((name) => {
      const one = registry[name];
      return named(`registry.${name}`, one && registryId(one), one && registryMode(`registry.${name}`, one));
    }),
    ...named("registry.privateDnsZone", registry.privateDnsZone),
    ...named("dns.existing", dnsZoneId(settings)),
    ...vaults,
  ];
}

/** The id of a cluster that somebody else made. */
export function clusterId({ azure, cluster: { existing: found } }: Settings): string | undefined {
  return found && `/subscriptions/${azure.subscription}/resourceGroups/${found.resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${found.name}`;
}
