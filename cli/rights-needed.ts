/** What an `up` with these settings needs to be allowed beyond Contributor on the subscription and the right to give roles there. */
import { addOns } from "../components/add-ons/catalogue.ts";
import { enabledAddOns } from "../components/add-ons/enabled.ts";
import type { ElsewhereRegistry, Settings } from "../components/settings/settings.ts";

/**
 * Whether `up` sets locks. Neither Contributor nor Role Based Access Control Administrator may; Owner, User Access
 * Administrator and Locks Contributor may (learn.microsoft.com/azure/azure-resource-manager/management/lock-resources;
 * learn.microsoft.com/azure/role-based-access-control/built-in-roles/security#locks-contributor).
 */
export function setsLocks({ protect, network, cluster, monitoring }: Settings): boolean {
  return protect && (monitoring.workspace === undefined || (network.existing === undefined && cluster.existing === undefined));
}

/** Whether `up` makes applications in Entra, for principals with passwords. */
export function makesApplications({ pipelines: { build, deploy } }: Settings): boolean {
  return build.secrets.length + deploy.secrets.length > 0;
}

export interface Grant {
  setting: string;
  /** An ARM id. */
  scope: string;
  subscription: string;
}

/** Resources of other subscriptions on which `up` gives roles. */
export function grantsElsewhere(settings: Settings): Grant[] {
  const { azure, network, cluster, registry } = settings;
  const own = cluster.existing === undefined;
  const named = (setting: string, scope: string | undefined): [string, string][] => (scope === undefined ? [] : [[setting, scope]]);
  const scopes = [
    ...(own ? named("network.existing.nodesSubnet", network.existing?.nodesSubnet) : []),
    ...(own && cluster.api !== "public" ? named("network.existing.apiServerSubnet", network.existing?.apiServerSubnet) : []),
    ...named("cluster.privateDnsZone", cluster.privateDnsZone),
    // AKS links the zone to the whole network.
    ...(cluster.privateDnsZone === undefined ? [] : named("network.existing", network.existing?.nodesSubnet.replace(/\/subnets\/[^/]+$/i, ""))),
    ...named("registry.existing", registry.existing && registryId(registry.existing)),
    ...named("registry.promoteFrom", registry.promoteFrom && registryId(registry.promoteFrom)),
    ...Object.entries(registry.cache).flatMap(([rule, { credentials }]) => named(`registry.cache.${rule}.credentials.vault`, credentials?.vault)),
    // Some add-ons write to the zone, one lists the zones of its group.
    ...(enabledAddOns(settings).some((addOn) => addOns[addOn].identity !== undefined) ? named("dns.existing", dnsZoneId(settings)?.replace(/\/providers\/.*$/, "")) : []),
  ];
  return scopes
    .map(([setting, scope]) => ({ setting, scope, subscription: /^\/subscriptions\/([^/]+)/i.exec(scope)![1]!.toLowerCase() }))
    .filter(({ subscription }) => subscription !== azure.subscription);
}

export function registryId({ subscription, resourceGroup, name }: ElsewhereRegistry): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`;
}

/** The id of a DNS zone that somebody else made. */
export function dnsZoneId({ dns }: Pick<Settings, "dns">): string | undefined {
  return dns?.existing && `/subscriptions/${dns.existing.subscription}/resourceGroups/${dns.existing.resourceGroup}/providers/Microsoft.Network/dnsZones/${dns.zone}`;
}
