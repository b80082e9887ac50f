/** Microsoft.ContainerRegistry. */
import { each, listOf, mapOf, object, oneOf, range } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED, SCHEMAS } from "../rule.ts";

export const REGISTRY_ID = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerRegistry/registries/{registryName}";

/** A managed identity as registries and what lies beneath them have it. */
export const registryIdentity = object({
  ...each("string", "principalId", "tenantId"),
  type: oneOf("SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned", "None"),
  userAssignedIdentities: mapOf(object(each("string", "clientId", "principalId"))),
});

const switched = oneOf("enabled", "disabled");

export const registryRules: ResourceRule[] = [
  {
    token: "azure-native:containerregistry:Registry",
    armType: "Microsoft.ContainerRegistry/registries",
    apiVersion: "2023-01-01-preview",
    id: REGISTRY_ID,
    name: {
      argument: "registryName",
      generated: "random",
      pattern: /^[a-zA-Z0-9]{5,50}$/,
      says: "5 to 50 letters or digits",
      source: `${SCHEMAS} 2023-01-01-preview Microsoft.ContainerRegistry`,
      checked: CHECKED,
    },
    arguments: object({
      ...each("boolean", "adminUserEnabled", "anonymousPullEnabled", "dataEndpointEnabled"),
      encryption: object({ keyVaultProperties: object(each("string", "identity", "keyIdentifier")), status: switched }),
      identity: registryIdentity,
      location: "string",
      networkRuleBypassOptions: oneOf("AzureServices", "None"),
      networkRuleSet: object({
        "defaultAction!": oneOf("Allow", "Deny"),
        ipRules: listOf(object({ action: oneOf("Allow"), "iPAddressOrRange!": "string" })),
      }),
      policies: object({
        azureADAuthenticationAsArmPolicy: object({ status: switched }),
        exportPolicy: object({ status: switched }),
        quarantinePolicy: object({ status: switched }),
        retentionPolicy: object({ days: range(0, 365), status: switched }),
        softDeletePolicy: object({ retentionDays: range(1, 90), status: switched }),
        trustPolicy: object({ status: switched, type: oneOf("Notary") }),
      }),
      publicNetworkAccess: oneOf("Enabled", "Disabled"),
      registryName: "string",
      "resourceGroupName!": "string",
      "sku!": object({ "name!": oneOf("Classic", "Basic", "Standard", "Premium") }),
      tags: mapOf("string"),
      zoneRedundancy: oneOf("Enabled", "Disabled"),
    }),
    answers: {
      loginServer: { computed: true },
      provisioningState: { constant: "Succeeded" },
      publicNetworkAccess: { standard: "Enabled" },
      networkRuleBypassOptions: { standard: "AzureServices" },
      dataEndpointHostNames: { constant: [] },
      privateEndpointConnections: { constant: [] },
    },
  },
];
