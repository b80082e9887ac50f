/** Microsoft.Insights: where metrics and logs are collected, by which rule, and from what. */
import { each, listOf, mapOf, object, oneOf } from "../../shape.ts";
import type { NameRule, ResourceRule } from "../rule.ts";
import { CHECKED } from "../rule.ts";

const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Insights";
const identity = object({ "type!": oneOf("None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned"), userAssignedIdentities: listOf("string") });
const names = listOf("string");
const table = oneOf("Microsoft-Event", "Microsoft-InsightsMetrics", "Microsoft-Perf", "Microsoft-Syslog", "Microsoft-WindowsEvent");
const storage = listOf(object(each("string", "containerName", "name", "storageAccountResourceId")));
const hub = listOf(object(each("string", "eventHubResourceId", "name")));

const name = (argument: string, longest: number): NameRule => ({
  argument,
  generated: "random",
  pattern: new RegExp(`^[a-zA-Z0-9][a-zA-Z0-9._-]{1,${longest - 2}}[a-zA-Z0-9]$`),
  says: `3 to ${longest} letters, digits, '-', '.' or '_', starting and ending with a letter or digit`,
  source: "Azure/prometheus-collector 39583fd AddonBicepTemplate, which cuts the name there; unverified: the characters",
  checked: CHECKED,
});

const timestamps = [
  ...["ISO 8601", "YYYY-MM-DD HH:MM:SS", "M/D/YYYY HH:MM:SS AM/PM", "Mon DD, YYYY HH:MM:SS", "yyMMdd HH:mm:ss", "ddMMyy HH:mm:ss", "MMM d hh:mm:ss"],
  ...["dd/MMM/yyyy:HH:mm:ss zzz", "yyyy-MM-ddTHH:mm:ssK"],
];
const facilities = [
  ...["alert", "audit", "auth", "authpriv", "clock", "cron", "daemon", "ftp", "kern", "lpr", "mail", "mark", "news", "nopri", "ntp", "syslog", "user", "uucp"],
  ...["local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7", "*"],
];

const dataSources = object({
  dataImports: object({ eventHub: object(each("string", "consumerGroup", "name", "stream")) }),
  extensions: listOf(object({ "extensionName!": "string", extensionSettings: "any", inputDataSources: names, name: "string", streams: listOf(table) })),
  iisLogs: listOf(object({ logDirectories: names, name: "string", "streams!": names })),
  logFiles: listOf(object({
    "filePatterns!": names,
    "format!": oneOf("text"),
    name: "string",
    settings: object({ text: object({ "recordStartTimestampFormat!": oneOf(...timestamps) }) }),
    "streams!": names,
  })),
  performanceCounters: listOf(object({ counterSpecifiers: names, name: "string", samplingFrequencyInSeconds: "number", streams: listOf(oneOf("Microsoft-Perf", "Microsoft-InsightsMetrics")) })),
  platformTelemetry: listOf(object({ name: "string", "streams!": names })),
  prometheusForwarder: listOf(object({ labelIncludeFilter: mapOf("string"), name: "string", streams: listOf(oneOf("Microsoft-PrometheusMetrics")) })),
  syslog: listOf(object({
    facilityNames: listOf(oneOf(...facilities)),
    logLevels: listOf(oneOf("Debug", "Info", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency", "*")),
    name: "string",
    streams: listOf(oneOf("Microsoft-Syslog")),
  })),
  windowsEventLogs: listOf(object({ name: "string", streams: listOf(oneOf("Microsoft-WindowsEvent", "Microsoft-Event")), xPathQueries: names })),
  windowsFirewallLogs: listOf(object({ name: "string", "streams!": names })),
});

export const dataCollectionRules: ResourceRule[] = [
  {
    token: "azure-native:monitor:DataCollectionEndpoint",
    armType: "Microsoft.Insights/dataCollectionEndpoints",
    apiVersion: "2022-06-01",
    id: `${GROUP}/dataCollectionEndpoints/{dataCollectionEndpointName}`,
    name: name("dataCollectionEndpointName", 44),
    arguments: object({
      ...each("string", "dataCollectionEndpointName", "description", "immutableId", "location"),
      identity,
      kind: oneOf("Linux", "Windows"),
      networkAcls: object({ publicNetworkAccess: oneOf("Enabled", "Disabled", "SecuredByPerimeter") }),
      "resourceGroupName!": "string",
      tags: mapOf("string"),
    }),
    answers: { "metricsIngestion.endpoint": { computed: true }, provisioningState: { constant: "Succeeded" } },
  },
  {
    token: "azure-native:monitor:DataCollectionRule",
    armType: "Microsoft.Insights/dataCollectionRules",
    apiVersion: "2022-06-01",
    id: `${GROUP}/dataCollectionRules/{dataCollectionRuleName}`,
    name: name("dataCollectionRuleName", 64),
    arguments: object({
      ...each("string", "dataCollectionEndpointId", "dataCollectionRuleName", "description", "location"),
      // The class lists five streams and takes any text; Microsoft-PrometheusMetrics is not among the five.
      dataFlows: listOf(object({ ...each("string", "builtInTransform", "outputStream", "transformKql"), ...each(names, "destinations", "streams") })),
      dataSources,
      destinations: object({
        azureMonitorMetrics: object({ name: "string" }),
        ...each(hub, "eventHubs", "eventHubsDirect"),
        logAnalytics: listOf(object(each("string", "name", "workspaceResourceId"))),
        monitoringAccounts: listOf(object(each("string", "accountResourceId", "name"))),
        ...each(storage, "storageAccounts", "storageBlobsDirect"),
        storageTablesDirect: listOf(object(each("string", "name", "storageAccountResourceId", "tableName"))),
      }),
      identity,
      kind: oneOf("Linux", "Windows"),
      "resourceGroupName!": "string",
      streamDeclarations: mapOf(object({ columns: listOf(object({ name: "string", type: oneOf("string", "int", "long", "real", "boolean", "datetime", "dynamic") })) })),
      tags: mapOf("string"),
    }),
    references: {
      dataCollectionEndpointId: "azure-native:monitor:DataCollectionEndpoint",
      "destinations.logAnalytics[].workspaceResourceId": "azure-native:operationalinsights:Workspace",
      "destinations.monitoringAccounts[].accountResourceId": "azure-native:monitor:AzureMonitorWorkspace",
    },
    answers: { immutableId: { computed: true }, provisioningState: { constant: "Succeeded" } },
  },
  {
    token: "azure-native:monitor:DataCollectionRuleAssociation",
    armType: "Microsoft.Insights/dataCollectionRuleAssociations",
    apiVersion: "2022-06-01",
    id: "/{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}",
    name: name("associationName", 64),
    arguments: object(each("string", "associationName", "dataCollectionEndpointId", "dataCollectionRuleId", "description", "resourceUri!")),
    references: { dataCollectionEndpointId: "azure-native:monitor:DataCollectionEndpoint", dataCollectionRuleId: "azure-native:monitor:DataCollectionRule" },
    answers: { provisioningState: { constant: "Succeeded" } },
  },
];
