/**
 * How the arguments of each class of azure-native become a request to Azure Resource Manager: one row a type. The provider
 * does the same from metadata that its npm package does not hold; what a row gets wrong, Azure's schema refuses.
 */

export interface ArmType {
  /** The resource's type in Azure; an argument in braces is a part of it. */
  type: string;
  /** The arguments that make its name, parents first; a text in quotes stands for itself, for a type of which there is one. */
  name: readonly string[];
  /** Arguments that stand beside `properties`, other than {@link topLevel}. */
  beside?: readonly string[];
  /** Arguments of {@link topLevel} and {@link addressArguments} that stand within `properties` all the same. */
  within?: readonly string[];
  /** Paths (`a`, `a[]`, `a.b[]`) of objects that have `properties` of their own, and what stands beside them. */
  nested?: Readonly<Record<string, readonly string[]>>;
  /** Arguments, by path, that have another name in Azure. */
  renamed?: Readonly<Record<string, string>>;
  /** Whether the type has no `properties` at all. */
  bare?: true;
}

/** Arguments that are part of the request's address, or say on what an extension resource stands. */
export const addressArguments = ["resourceGroupName", "scope", "resourceUri", "recordType"];

/** What stands beside `properties` for almost every type. `properties` itself is an argument of some classes. */
export const topLevel = ["location", "tags", "sku", "identity", "kind", "zones", "extendedLocation", "properties"];

const subnet = { routeTable: ["id", "location", "tags"], networkSecurityGroup: ["id", "location", "tags"], "delegations[]": ["id", "name", "type"] };
const under = (path: string, rows: Record<string, readonly string[]>) => Object.fromEntries(Object.entries(rows).map(([key, value]) => [`${path}.${key}`, value]));

/** By the type token of the SDK, without `azure-native:`. */
export const armTypes: Readonly<Record<string, ArmType>> = {
  "resources:ResourceGroup": { type: "Microsoft.Resources/resourceGroups", name: ["resourceGroupName"], beside: ["managedBy"] },
  "managedidentity:UserAssignedIdentity": { type: "Microsoft.ManagedIdentity/userAssignedIdentities", name: ["resourceName"], bare: true },
  "managedidentity:FederatedIdentityCredential": {
    type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    name: ["resourceName", "federatedIdentityCredentialResourceName"],
  },
  "authorization:RoleAssignment": { type: "Microsoft.Authorization/roleAssignments", name: ["roleAssignmentName"] },
  "authorization:ManagementLockByScope": { type: "Microsoft.Authorization/locks", name: ["lockName"] },

  "network:VirtualNetwork": {
    type: "Microsoft.Network/virtualNetworks",
    name: ["virtualNetworkName"],
    nested: { "subnets[]": ["id", "name", "type"], ...under("subnets[]", subnet) },
  },
  "network:Subnet": { type: "Microsoft.Network/virtualNetworks/subnets", name: ["virtualNetworkName", "subnetName"], nested: subnet },
  "network:NatGateway": { type: "Microsoft.Network/natGateways", name: ["natGatewayName"] },
  "network:PublicIPAddress": { type: "Microsoft.Network/publicIPAddresses", name: ["publicIpAddressName"] },
  "network:PrivateEndpoint": {
    type: "Microsoft.Network/privateEndpoints",
    name: ["privateEndpointName"],
    nested: {
      "privateLinkServiceConnections[]": ["id", "name"],
      "manualPrivateLinkServiceConnections[]": ["id", "name"],
      "ipConfigurations[]": ["name"],
      subnet: ["id", "name", "type"],
      ...under("subnet", subnet),
    },
  },
  "network:PrivateDnsZoneGroup": {
    type: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    name: ["privateEndpointName", "privateDnsZoneGroupName"],
    nested: { "privateDnsZoneConfigs[]": ["name"] },
  },
  "privatedns:PrivateZone": { type: "Microsoft.Network/privateDnsZones", name: ["privateZoneName"] },
  "privatedns:VirtualNetworkLink": { type: "Microsoft.Network/privateDnsZones/virtualNetworkLinks", name: ["privateZoneName", "virtualNetworkLinkName"] },

  "dns:Zone": { type: "Microsoft.Network/dnsZones", name: ["zoneName"] },
  "dns:RecordSet": {
    type: "Microsoft.Network/dnsZones/{recordType}",
    name: ["zoneName", "relativeRecordSetName"],
    renamed: { ...Object.fromEntries(["a", "aaaa", "ds", "mx", "naptr", "ns", "ptr", "srv", "tlsa", "txt"].map((type) => [`${type}Records`, `${type.toUpperCase()}Records`])), cnameRecord: "CNAMERecord", soaRecord: "SOARecord", ttl: "TTL" },
  },

  "containerservice:ManagedCluster": { type: "Microsoft.ContainerService/managedClusters", name: ["resourceName"] },
  "containerservice:AgentPool": { type: "Microsoft.ContainerService/managedClusters/agentPools", name: ["resourceName", "agentPoolName"], within: ["tags"] },
  "containerservice:MaintenanceConfiguration": {
    type: "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
    name: ["resourceName", "configName"],
  },
  "containerservice:DeploymentSafeguard": { type: "Microsoft.ContainerService/deploymentSafeguards", name: ['"default"'] },

  "containerregistry:Registry": {
    type: "Microsoft.ContainerRegistry/registries",
    name: ["registryName"],
    renamed: { "networkRuleSet.ipRules[].iPAddressOrRange": "value" },
  },
  "containerregistry:Replication": { type: "Microsoft.ContainerRegistry/registries/replications", name: ["registryName", "replicationName"] },
  "containerregistry:CacheRule": { type: "Microsoft.ContainerRegistry/registries/cacheRules", name: ["registryName", "cacheRuleName"] },
  "containerregistry:CredentialSet": { type: "Microsoft.ContainerRegistry/registries/credentialSets", name: ["registryName", "credentialSetName"] },
  "containerregistry:Webhook": { type: "Microsoft.ContainerRegistry/registries/webhooks", name: ["registryName", "webhookName"], within: ["scope"] },

  "operationalinsights:Workspace": { type: "Microsoft.OperationalInsights/workspaces", name: ["workspaceName"], within: ["sku"] },
  "monitor:DiagnosticSetting": { type: "Microsoft.Insights/diagnosticSettings", name: ["name"] },
  "monitor:AzureMonitorWorkspace": { type: "Microsoft.Monitor/accounts", name: ["azureMonitorWorkspaceName"] },
  "monitor:DataCollectionEndpoint": { type: "Microsoft.Insights/dataCollectionEndpoints", name: ["dataCollectionEndpointName"] },
  "monitor:DataCollectionRule": { type: "Microsoft.Insights/dataCollectionRules", name: ["dataCollectionRuleName"] },
  "monitor:DataCollectionRuleAssociation": { type: "Microsoft.Insights/dataCollectionRuleAssociations", name: ["associationName"] },
  "alertsmanagement:PrometheusRuleGroup": { type: "Microsoft.AlertsManagement/prometheusRuleGroups", name: ["ruleGroupName"] },
  "dashboard:Grafana": { type: "Microsoft.Dashboard/grafana", name: ["workspaceName"] },

  "keyvault:Vault": { type: "Microsoft.KeyVault/vaults", name: ["vaultName"] },
  "keyvault:Key": { type: "Microsoft.KeyVault/vaults/keys", name: ["vaultName", "keyName"] },

  "consumption:Budget": { type: "Microsoft.Consumption/budgets", name: ["budgetName"], beside: ["eTag"] },
};
