/** What the tests of the stand-in for Azure share: a driver, the type tokens, and a foundation for clusters. */
import type { TestContext } from "node:test";
import { azureStandIn } from "../../local/standins/azure.ts";
import type { Values } from "../../local/standins/contract.ts";
import type { Live } from "./standin-driver.ts";
import { Driver, scratch } from "./standin-driver.ts";

export const subscriptionId = "11111111-2222-4333-8444-555555555555";
export const tenantId = "99999999-2222-4333-8444-555555555555";
/** The day that the services of these tests live in. */
export const today = new Date("2026-11-21T09:00:00Z");
export const options = (folder: string) => ({ folder, today, cluster: { server: "https://127.0.0.1:6443", caPem: "-----BEGIN CERTIFICATE-----\n" } });

export const type = {
  group: "azure-native:resources:ResourceGroup",
  network: "azure-native:network:VirtualNetwork",
  subnet: "azure-native:network:Subnet",
  address: "azure-native:network:PublicIPAddress",
  gateway: "azure-native:network:NatGateway",
  routes: "azure-native:network:RouteTable",
  endpoint: "azure-native:network:PrivateEndpoint",
  zoneGroup: "azure-native:network:PrivateDnsZoneGroup",
  zone: "azure-native:privatedns:PrivateZone",
  link: "azure-native:privatedns:VirtualNetworkLink",
  dnsZone: "azure-native:dns:Zone",
  recordSet: "azure-native:dns:RecordSet",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  credential: "azure-native:managedidentity:FederatedIdentityCredential",
  assignment: "azure-native:authorization:RoleAssignment",
  lock: "azure-native:authorization:ManagementLockByScope",
  cluster: "azure-native:containerservice:ManagedCluster",
  pool: "azure-native:containerservice:AgentPool",
  window: "azure-native:containerservice:MaintenanceConfiguration",
  safeguard: "azure-native:containerservice:DeploymentSafeguard",
  registry: "azure-native:containerregistry:Registry",
  replication: "azure-native:containerregistry:Replication",
  cacheRule: "azure-native:containerregistry:CacheRule",
  credentialSet: "azure-native:containerregistry:CredentialSet",
  webhook: "azure-native:containerregistry:Webhook",
  workspace: "azure-native:operationalinsights:Workspace",
  diagnostics: "azure-native:monitor:DiagnosticSetting",
  monitor: "azure-native:monitor:AzureMonitorWorkspace",
  collectionEndpoint: "azure-native:monitor:DataCollectionEndpoint",
  collectionRule: "azure-native:monitor:DataCollectionRule",
  association: "azure-native:monitor:DataCollectionRuleAssociation",
  ruleGroup: "azure-native:alertsmanagement:PrometheusRuleGroup",
  grafana: "azure-native:dashboard:Grafana",
  vault: "azure-native:keyvault:Vault",
  key: "azure-native:keyvault:Key",
  budget: "azure-native:consumption:Budget",
};

export const role = (guid: string): string => `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
export const ACR_PULL = role("7f951dda-4ed3-4680-a7ca-43fe172d538d");
export const CRYPTO_OFFICER = role("14b46e9e-c2b7-41b4-b07b-48a6ebf60603");
export const IDENTITY_OPERATOR = role("f1a07417-d97a-45cb-824c-7a7467783830");
export const NETWORK_CONTRIBUTOR = role("4d97b98b-1d4f-4787-a291-c67834d212e7");
export const ZONE_CONTRIBUTOR = role("b12aa53e-6015-4669-85d0-8515ebb3ae7f");

export async function azure(folder: string): Promise<Driver> {
  const standIn = azureStandIn(options(folder));
  await standIn.configure?.("first", { subscriptionId, tenantId, location: "westeurope" });
  return new Driver(standIn);
}

export async function withGroup(context: TestContext): Promise<Driver> {
  const driver = await azure(scratch(context));
  await driver.create(type.group, "rg", { resourceGroupName: "rg" });
  return driver;
}

/** Gives a principal a role, by the name of the assignment in the program. */
export function assign(driver: Driver, name: string, principal: Live, roleDefinitionId: string, scope: string): Promise<Live> {
  return driver.create(type.assignment, name, { scope, principalId: principal.outputs.principalId ?? "", principalType: "ServicePrincipal", roleDefinitionId });
}

export interface Foundation {
  driver: Driver;
  network: Live;
  subnet: Live;
  control: Live;
  kubelet: Live;
  /** The arguments of a cluster that is taken. */
  cluster: Values;
  /** The right of one identity on the other. */
  operator: Live;
}

/** A group with a network, a subnet, the two identities of a cluster, and the rights that it needs. */
export async function foundation(context: TestContext, folder: string = scratch(context)): Promise<Foundation> {
  const driver = await azure(folder);
  await driver.create(type.group, "rg", { resourceGroupName: "rg" });
  const network = await driver.create(type.network, "vnet", { resourceGroupName: "rg", virtualNetworkName: "vnet", addressSpace: { addressPrefixes: ["10.10.0.0/16"] } });
  const subnet = await driver.create(type.subnet, "nodes", { resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName: "nodes", addressPrefix: "10.10.0.0/20" });
  const control = await driver.create(type.identity, "control", { resourceGroupName: "rg", resourceName: "id-control" });
  const kubelet = await driver.create(type.identity, "kubelet", { resourceGroupName: "rg", resourceName: "id-kubelet" });
  const operator = await assign(driver, "operator", control, IDENTITY_OPERATOR, kubelet.id);
  await assign(driver, "joins", control, NETWORK_CONTRIBUTOR, subnet.id);
  const cluster: Values = {
    resourceGroupName: "rg",
    resourceName: "aks",
    dnsPrefix: "aks",
    kubernetesVersion: "1.35",
    identity: { type: "UserAssigned", userAssignedIdentities: [control.id] },
    identityProfile: { kubeletidentity: { resourceId: kubelet.id } },
    aadProfile: { managed: true, enableAzureRBAC: true },
    disableLocalAccounts: true,
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true } },
    sku: { name: "Base", tier: "Free" },
    networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", networkDataplane: "cilium", networkPolicy: "cilium", podCidr: "10.244.0.0/16", serviceCidr: "10.0.0.0/16", dnsServiceIP: "10.0.0.10" },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5", vnetSubnetID: subnet.id }],
  };
  return { driver, network, subnet, control, kubelet, cluster, operator };
}

/** The arguments of a cluster with changes in its network profile, or in its inline pool. */
export const withNetwork = (cluster: Values, change: Values): Values => ({ ...cluster, networkProfile: { ...(cluster.networkProfile as Values), ...change } });
export const withPool = (cluster: Values, change: Values): Values => ({ ...cluster, agentPoolProfiles: [{ ...((cluster.agentPoolProfiles as Values[])[0]), ...change }] });
