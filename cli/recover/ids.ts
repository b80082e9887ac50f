/**
 * The provider's id of a resource whose creation was under way, from its type and recorded inputs. A type that the program
 * begins to register needs a row here; the unit test says which.
 */
import { githubRules } from "./github-ids.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface PendingResource {
  type: string;
  /** As the state records them; a secret is a map and never part of an id. */
  inputs: Values;
  /** Inputs of the provider instance that the resource belongs to. */
  provider: Values;
}

/** The id; or why there is none, and what that means for the next `up`. */
export type Identity = { id: string } | { none: string };

export type Rule = (resource: PendingResource) => Identity;

const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`;
const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}`;
const ENDPOINT = `${GROUP}/providers/Microsoft.Network/privateEndpoints/{privateEndpointName}`;
const ZONE = `${GROUP}/providers/Microsoft.Network/privateDnsZones/{privateZoneName}`;
const DNS = `${GROUP}/providers/Microsoft.Network/dnsZones/{zoneName}`;
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/{registryName}`;
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/{vaultName}`;

/**
 * Ids in Azure Resource Manager: `{}` names an input, `subscriptionId` is the provider's.
 * Source: the paths of these types in the provider's metadata, which are those of the REST API.
 */
export const azureIds: Readonly<Record<string, string>> = {
  "azure-native:resources:ResourceGroup": GROUP,
  "azure-native:network:VirtualNetwork": NETWORK,
  "azure-native:network:Subnet": `${NETWORK}/subnets/{subnetName}`,
  "azure-native:network:PublicIPAddress": `${GROUP}/providers/Microsoft.Network/publicIPAddresses/{publicIpAddressName}`,
  "azure-native:network:NatGateway": `${GROUP}/providers/Microsoft.Network/natGateways/{natGatewayName}`,
  "azure-native:network:PrivateEndpoint": ENDPOINT,
  "azure-native:network:PrivateDnsZoneGroup": `${ENDPOINT}/privateDnsZoneGroups/{privateDnsZoneGroupName}`,
  "azure-native:privatedns:PrivateZone": ZONE,
  "azure-native:privatedns:VirtualNetworkLink": `${ZONE}/virtualNetworkLinks/{virtualNetworkLinkName}`,
  "azure-native:dns:Zone": DNS,
  "azure-native:dns:RecordSet": `${DNS}/{recordType}/{relativeRecordSetName}`,
  "azure-native:managedidentity:UserAssignedIdentity": IDENTITY,
  "azure-native:managedidentity:FederatedIdentityCredential": `${IDENTITY}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
  "azure-native:authorization:RoleAssignment": "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
  "azure-native:authorization:ManagementLockByScope": "/{scope}/providers/Microsoft.Authorization/locks/{lockName}",
  "azure-native:containerservice:ManagedCluster": CLUSTER,
  "azure-native:containerservice:AgentPool": `${CLUSTER}/agentPools/{agentPoolName}`,
  "azure-native:containerservice:MaintenanceConfiguration": `${CLUSTER}/maintenanceConfigurations/{configName}`,
  "azure-native:containerservice:DeploymentSafeguard": "/{resourceUri}/providers/Microsoft.ContainerService/deploymentSafeguards/default",
  "azure-native:containerregistry:Registry": REGISTRY,
  "azure-native:containerregistry:Replication": `${REGISTRY}/replications/{replicationName}`,
  "azure-native:containerregistry:CacheRule": `${REGISTRY}/cacheRules/{cacheRuleName}`,
  "azure-native:containerregistry:CredentialSet": `${REGISTRY}/credentialSets/{credentialSetName}`,
  "azure-native:containerregistry:Webhook": `${REGISTRY}/webhooks/{webhookName}`,
  "azure-native:operationalinsights:Workspace": `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
  "azure-native:monitor:DiagnosticSetting": "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
  "azure-native:monitor:AzureMonitorWorkspace": `${GROUP}/providers/Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}`,
  "azure-native:monitor:DataCollectionEndpoint": `${GROUP}/providers/Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}`,
  "azure-native:monitor:DataCollectionRule": `${GROUP}/providers/Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}`,
  "azure-native:monitor:DataCollectionRuleAssociation": "/{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}",
  "azure-native:alertsmanagement:PrometheusRuleGroup": `${GROUP}/providers/Microsoft.AlertsManagement/prometheusRuleGroups/{ruleGroupName}`,
  "azure-native:dashboard:Grafana": `${GROUP}/providers/Microsoft.Dashboard/grafana/{workspaceName}`,
  "azure-native:keyvault:Vault": VAULT,
  "azure-native:keyvault:Key": `${VAULT}/keys/{keyName}`,
  "azure-native:consumption:Budget": "/{scope}/providers/Microsoft.Consumption/budgets/{budgetName}",
};

export const releaseType = "kubernetes:helm.sh/v3:Release";

const inStateAlone: Rule = () => ({ none: "exists in the state alone; the next up makes it" });

const rows: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(Object.entries(azureIds).map(([type, template]) => [type, (resource: PendingResource) => filled(template, resource)])),
  [releaseType]: ({ inputs }) => joined(inputs.namespace, inputs.name),
  ...githubRules,
  "azuread:index/application:Application": application,
  "azuread:index/servicePrincipal:ServicePrincipal": () => ({ none: "Entra ID alone knows its id; if the next up says that it exists already, import it with the id that the message names" }),
  "azuread:index/applicationPassword:ApplicationPassword": () => ({ none: "Entra ID tells a password only once; the next up makes another one, so remove the one without a user from the application's client secrets" }),
  "random:index/randomString:RandomString": inStateAlone,
  "random:index/randomPassword:RandomPassword": inStateAlone,
  "random:index/randomUuid:RandomUuid": inStateAlone,
  "tls:index/privateKey:PrivateKey": inStateAlone,
};

/** Whether there is a rule for a type. Every Kubernetes object has one: its namespace and name. */
export function isKnown(type: string): boolean {
  return Object.hasOwn(rows, type) || /^(kubernetes|pulumi:providers):/.test(type);
}

export function identify(resource: PendingResource): Identity {
  const { type, inputs } = resource;
  const rule = Object.hasOwn(rows, type) ? rows[type] : undefined;
  if (rule !== undefined) return rule(resource);
  if (type.startsWith("pulumi:providers:")) return inStateAlone(resource);
  if (type.startsWith("kubernetes:")) return objectId(inputs.metadata);
  return unknown("no rule here derives its id");
}

/** `namespace/name`, or `name` for an object without a namespace. */
function objectId(metadata: unknown): Identity {
  const { namespace, name } = (typeof metadata === "object" ? (metadata ?? {}) : {}) as Values;
  return namespace === undefined ? joined(name) : joined(namespace, name);
}

function joined(...parts: unknown[]): Identity {
  return parts.every(isText) ? { id: parts.join("/") } : unknown("its recorded inputs do not name it");
}

function filled(template: string, { inputs, provider }: PendingResource): Identity {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const values = new Map(names.map((name) => [name, name === "subscriptionId" ? provider.subscriptionId : inputs[name]]));
  if (![...values.values()].every(isText)) return unknown("its recorded inputs do not name it");
  // A scope begins with the slash that the template has already.
  return { id: template.replace(/\{(\w+)\}/g, (_, name: string) => String(values.get(name)).replace(/^\/+|\/+$/g, "")) };
}

/** Entra takes any number of applications of one name. */
function application({ inputs }: PendingResource): Identity {
  if (!isText(inputs.displayName)) return unknown("Entra ID alone knows its id");
  return { none: `Entra ID alone knows its id; the next up makes another application, so remove "${inputs.displayName}" first if it is there (Entra ID, App registrations)` };
}

function unknown(why: string): Identity {
  return { none: `${why}; if the next up says that it exists, take it over with \`pulumi import\` or remove it` };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
