/**
 * What cannot be changed once a resource exists, besides what stands in its id: one row a setting. A change of a setting
 * that `replaces` is planned as a replacement by the provider. One that is `refused` the provider would update in place,
 * and Azure refuses that: a program names it in `replaceOnChanges`, or the `up` fails. What goes one way only, such as API
 * server VNet integration, is in the service's code.
 */
import { ACR_DOCS, AKS_DOCS } from "./rule.ts";

export interface CreateOnly {
  /** The type in a Pulumi program. */
  type: string;
  /** An argument, `a.b`; of the items of a list, `a[].b`. */
  path: string;
  kind: "replaces" | "refused";
  /** Where it was read; what was not read anywhere begins with `unverified`. */
  source: string;
  checked: string;
}

const FORCE_NEW = "pulumi/pulumi-azure-native provider/pkg/gen/replacement.go 1b7112af (2026-07-16)";
/** The provider replaces what a specification marks for create and read only: provider/pkg/gen/properties.go. */
const TRACKED = "Azure/azure-rest-api-specs common-types, TrackedResource.location, x-ms-mutability create and read";
const INSIGHTS = "Azure/azure-rest-api-specs Microsoft.Insights 2022-06-01 dataCollectionEndpoints_API.json 812ec613, location, x-ms-mutability create and read";
/** No resource moves: a PUT elsewhere is InvalidResourceLocation. The specification does not say so, and so the provider does not know. */
const ELSEWHERE = "learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-invalid-resource-location; unverified: read only in reports of InvalidResourceLocation";
const SDK = "@pulumi/azure-native 3.28.0";

function rows(type: string, kind: CreateOnly["kind"], source: string, ...paths: string[]): CreateOnly[] {
  return paths.map((path) => ({ type: `azure-native:${type}`, path, kind, source, checked: "2026-11-21" }));
}

/** What AKS does not change of a node pool, by source. What is not here can change: osSKU, autoscaling, labels, taints, mode, upgrade settings. */
const pool: { [source: string]: string[] } = {
  [`${AKS_DOCS}/create-node-pools.md`]: ["maxPods"],
  [`${AKS_DOCS}/concepts-storage.md`]: ["osDiskSizeGB"],
  [`${SDK} AgentPoolArgs: "May not be changed after creation"`]: ["osDiskType"],
  [`${AKS_DOCS}/reliability-availability-zones-configure.md`]: ["availabilityZones"],
  [`${AKS_DOCS}/spot-node-pool.md`]: ["scaleSetPriority", "spotMaxPrice"],
  [`${AKS_DOCS}/enable-host-encryption.md`]: ["enableEncryptionAtHost"],
  [`${AKS_DOCS}/use-node-public-ips.md`]: ["enableNodePublicIP", "nodePublicIPPrefixID"],
  "unverified: az aks nodepool update has no option for it": [
    ...["capacityReservationGroupID", "creationData", "enableUltraSSD", "gatewayProfile", "hostGroupID", "kubeletDiskType", "osType"],
    ...["podIPAllocationMode", "podSubnetID", "proximityPlacementGroupID", "scaleSetEvictionPolicy", "type", "vnetSubnetID", "windowsProfile", "workloadRuntime"],
  ],
};
const ofPools = (type: string, prefix: string): CreateOnly[] => Object.entries(pool).flatMap(([source, paths]) => rows(type, "refused", source, ...paths.map((path) => prefix + path)));
const network = (...names: string[]): string[] => names.map((name) => `networkProfile.${name}`);

export const createOnly: readonly CreateOnly[] = [
  ...rows("resources:ResourceGroup", "replaces", FORCE_NEW, "location"),

  ...rows("network:VirtualNetwork", "replaces", FORCE_NEW, "location"),
  ...rows("network:PublicIPAddress", "replaces", FORCE_NEW, "location", "publicIPAddressVersion", "publicIPPrefix", "sku"),
  ...rows("network:PublicIPAddress", "refused", "unverified: hashicorp/terraform-provider-azurerm public_ip makes a new one for it", "zones"),
  ...rows("network:NatGateway", "refused", ELSEWHERE, "location"),
  ...rows("network:NatGateway", "refused", "hashicorp/terraform-provider-azurerm nat_gateway: \"Changing this forces a new NAT Gateway to be created\"", "zones"),
  ...rows("network:NatGateway", "refused", "unverified: a gateway has one SKU for its life", "sku"),
  ...rows("network:RouteTable", "refused", ELSEWHERE, "location"),
  ...rows("network:PrivateEndpoint", "replaces", FORCE_NEW, "subnet"),
  ...rows("network:PrivateEndpoint", "refused", ELSEWHERE, "location"),
  ...rows("network:PrivateEndpoint", "refused", "unverified: hashicorp/terraform-provider-azurerm private_endpoint makes a new one for it",
    "customNetworkInterfaceName", "privateLinkServiceConnections[].groupIds", "privateLinkServiceConnections[].privateLinkServiceId"),
  ...rows("privatedns:VirtualNetworkLink", "refused", "unverified: hashicorp/terraform-provider-azurerm private_dns_zone_virtual_network_link makes a new one for it", "virtualNetwork"),

  ...rows("dns:Zone", "replaces", `${TRACKED}; the one place is global`, "location"),
  ...rows("dns:Zone", "refused", "unverified: a public zone is for the internet, a private one for networks", "zoneType"),

  ...rows("managedidentity:UserAssignedIdentity", "replaces", TRACKED, "location"),
  ...rows("authorization:RoleAssignment", "replaces", FORCE_NEW, "principalId", "scope"),
  ...rows("authorization:RoleAssignment", "refused", "hashicorp/terraform-provider-azurerm role_assignment makes a new one for it; ARM offers no other way", "roleDefinitionId", "principalType"),

  ...rows("containerservice:ManagedCluster", "replaces", FORCE_NEW,
    "diskEncryptionSetID", "dnsPrefix", "fqdnSubdomain", "linuxProfile", "location", "nodeResourceGroup", "windowsProfile",
    ...network("dnsServiceIP", "networkDataplane", "networkMode", "networkPlugin", "networkPluginMode", "networkPolicy", "outboundType", "podCidr", "serviceCidr", "serviceCidrs")),
  ...rows("containerservice:ManagedCluster", "refused", `${AKS_DOCS}/load-balancer-standard.md`, ...network("loadBalancerSku")),
  ...rows("containerservice:ManagedCluster", "refused", "unverified: az aks update has no option for it", "extendedLocation", ...network("ipFamilies", "podCidrs")),
  ...rows("containerservice:ManagedCluster", "refused", `${AKS_DOCS}/create-node-pools.md`, "agentPoolProfiles[].vmSize"),
  ...rows("containerservice:ManagedCluster", "refused", `${AKS_DOCS}/gpu-multi-instance.md`, "agentPoolProfiles[].gpuInstanceProfile"),
  ...ofPools("containerservice:ManagedCluster", "agentPoolProfiles[]."),
  ...rows("containerservice:AgentPool", "replaces", FORCE_NEW, "gpuInstanceProfile", "vmSize", "networkProfile.nodePublicIPTags"),
  ...ofPools("containerservice:AgentPool", ""),

  ...rows("containerregistry:Registry", "replaces", `${TRACKED}; ${ACR_DOCS}/container-registry-geo-replication.md`, "location"),
  ...rows("containerregistry:Replication", "replaces", TRACKED, "location"),
  ...rows("containerregistry:Webhook", "replaces", `${SDK} WebhookArgs.location: "This cannot be changed after the resource is created"; ${TRACKED}`, "location"),
  ...["Registry", "Replication"].flatMap((type) => rows(`containerregistry:${type}`, "refused", "hashicorp/terraform-provider-azurerm#16678", "zoneRedundancy")),
  ...rows("containerregistry:CacheRule", "refused", `${ACR_DOCS}/artifact-cache-cli.md: az acr cache update takes the credential set alone`, "sourceRepository", "targetRepository"),
  ...rows("containerregistry:CredentialSet", "refused", `${ACR_DOCS}/artifact-cache-cli.md: az acr credential-set update takes the secrets alone`, "loginServer"),

  ...rows("operationalinsights:Workspace", "replaces", `${TRACKED}; Microsoft.OperationalInsights 2023-09-01 Workspaces.json 0dcfa37f`, "location"),
  ...rows("monitor:AzureMonitorWorkspace", "replaces", `${TRACKED}; Microsoft.Monitor 2023-04-03 monitoringAccounts_API.json 04b1b8e1`, "location"),
  ...rows("monitor:DataCollectionEndpoint", "replaces", INSIGHTS, "location"),
  ...rows("monitor:DataCollectionRule", "replaces", `${INSIGHTS}; unverified for rules, which the same file set describes`, "location"),
  ...rows("alertsmanagement:PrometheusRuleGroup", "replaces", `unverified for this type: ${TRACKED}`, "location"),
  ...rows("dashboard:Grafana", "replaces", `unverified for this type: ${TRACKED}`, "location"),
  ...rows("dashboard:Grafana", "refused", "unverified: zone redundancy is chosen when the workspace is made", "properties.zoneRedundancy"),

  ...rows("keyvault:Vault", "refused", ELSEWHERE, "location"),
  ...rows("keyvault:Vault", "refused", "MicrosoftDocs/azure-security-docs 1c4310b articles/key-vault/general/soft-delete-overview.md", "properties.softDeleteRetentionInDays"),
  // The service does not refuse this one: it answers with the key as it was, and nothing happens. Here it is a failure, so that nobody misses it.
  ...rows("keyvault:Key", "refused", "learn.microsoft.com/rest/api/keyvault/keys/create-if-not-exist: an existing key is returned without any write operations", "properties"),

  ...rows("consumption:Budget", "refused", "Canada-ca CanadaPubSecALZ#317: \"Start date of budgets cannot be updated. Please delete and create a new budget.\"", "timePeriod.startDate"),
  ...rows("consumption:Budget", "refused", "unverified: hashicorp/terraform-provider-azurerm consumption_budget_subscription makes a new one for it", "timeGrain"),
];

/** The create-only settings of one type, of one kind. */
export function createOnlyPaths(type: string, kind: CreateOnly["kind"]): string[] {
  return createOnly.filter((row) => row.type === type && row.kind === kind).map(({ path }) => path);
}
