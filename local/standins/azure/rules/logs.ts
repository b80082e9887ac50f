/** Log Analytics workspaces, and what sends logs there. */
import { each, listOf, mapOf, object, oneOf, text } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED, SCHEMAS } from "../rule.ts";

const access = oneOf("Enabled", "Disabled");
const retentionPolicy = object({ "days!": "number", "enabled!": "boolean" });

export const logRules: ResourceRule[] = [
  {
    token: "azure-native:operationalinsights:Workspace",
    armType: "Microsoft.OperationalInsights/workspaces",
    apiVersion: "2023-09-01",
    id: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}",
    name: {
      argument: "workspaceName",
      generated: "random",
      pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
      says: "4 to 63 letters, digits or '-', starting and ending with a letter or digit",
      source: `${SCHEMAS} 2023-09-01 Microsoft.OperationalInsights`,
      checked: CHECKED,
    },
    arguments: object({
      ...each("string", "defaultDataCollectionRuleResourceId", "location", "workspaceName"),
      features: object({
        clusterResourceId: "string",
        ...each("boolean", "disableLocalAuth", "enableDataExport", "enableLogAccessUsingOnlyResourcePermissions", "immediatePurgeDataOn30Days"),
      }),
      forceCmkForQuery: "boolean",
      identity: object({ "type!": oneOf("SystemAssigned", "UserAssigned", "None"), userAssignedIdentities: listOf("string") }),
      ...each(access, "publicNetworkAccessForIngestion", "publicNetworkAccessForQuery"),
      "resourceGroupName!": "string",
      retentionInDays: "number",
      sku: object({ capacityReservationLevel: "number", "name!": oneOf("Free", "Standard", "Premium", "PerNode", "PerGB2018", "Standalone", "CapacityReservation", "LACluster") }),
      tags: mapOf("string"),
      workspaceCapping: object({ dailyQuotaGb: "number" }),
    }),
    answers: {
      customerId: { guid: true },
      provisioningState: { constant: "Succeeded" },
      publicNetworkAccessForIngestion: { standard: "Enabled" },
      publicNetworkAccessForQuery: { standard: "Enabled" },
      retentionInDays: { standard: 30 },
      "sku.name": { standard: "PerGB2018" },
      "workspaceCapping.dailyQuotaGb": { standard: -1 },
    },
  },
  {
    token: "azure-native:monitor:DiagnosticSetting",
    armType: "Microsoft.Insights/diagnosticSettings",
    apiVersion: "2021-05-01-preview",
    id: "/{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    name: {
      argument: "name",
      generated: "random",
      pattern: /^[^*<>%:&?/\\]{1,260}$/,
      says: "1 to 260 characters, without * < > % : & ? / \\",
      source: "MicrosoftDocs/azure-docs resource-name-rules.md 0010dc26",
      checked: CHECKED,
    },
    arguments: object({
      ...each("string", "eventHubAuthorizationRuleId", "eventHubName", "marketplacePartnerId", "name", "resourceUri!", "serviceBusRuleId", "storageAccountId", "workspaceId"),
      logAnalyticsDestinationType: text(/^(Dedicated|AzureDiagnostics)$/, "Dedicated or AzureDiagnostics"),
      logs: listOf(object({ ...each("string", "category", "categoryGroup"), "enabled!": "boolean", retentionPolicy })),
      metrics: listOf(object({ ...each("string", "category", "timeGrain"), "enabled!": "boolean", retentionPolicy })),
    }),
    references: { workspaceId: "azure-native:operationalinsights:Workspace" },
    echoed: ["name"],
  },
];
