/** Managed Prometheus and Grafana. */
import { createHash } from "node:crypto";
import { badRequest } from "../arm-error.ts";
import type { Resource } from "../cloud.ts";
import { nameOf, partsOf } from "../ids.ts";
import { normalizedLocation } from "../regions.ts";
import type { Service, Write } from "../service.ts";
import { objects, texts, textsAt } from "../values.ts";
import { CLUSTER } from "./cluster.ts";

export const MONITOR_WORKSPACE = "azure-native:monitor:AzureMonitorWorkspace";
export const RULE_GROUP = "azure-native:alertsmanagement:PrometheusRuleGroup";
export const GRAFANA = "azure-native:dashboard:Grafana";
export const COLLECTION_RULE = "azure-native:monitor:DataCollectionRule";
export const COLLECTION_ENDPOINT = "azure-native:monitor:DataCollectionEndpoint";
export const ASSOCIATION = "azure-native:monitor:DataCollectionRuleAssociation";

const invalid = (message: string) => badRequest(message, "InvalidPayload");
const short = (id: string): string => createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, 4);

export const monitorWorkspaceService: Service = {
  /** A workspace makes a collection endpoint and a rule of its own, in a group of its own. Source: learn.microsoft.com/azure/azure-monitor/metrics/azure-monitor-workspace-overview. */
  alongside({ id, inputs, account }) {
    const location = normalizedLocation(String(inputs.location));
    const name = `MA_${nameOf(id)}_${location}_managed`;
    const group = `/subscriptions/${account.subscriptionId}/resourceGroups/${name}`;
    const made = (token: string, type: string): Resource => ({
      token,
      id: `${group}/providers/Microsoft.Insights/${type}/${nameOf(id)}`,
      inputs: { location },
      outputs: { name: nameOf(id), type: `Microsoft.Insights/${type}`, location },
    });
    return [
      { token: "azure-native:resources:ResourceGroup", id: group, inputs: { location, managedBy: id }, outputs: { name, type: "Microsoft.Resources/resourceGroups", location, managedBy: id } },
      made(COLLECTION_ENDPOINT, "dataCollectionEndpoints"),
      made(COLLECTION_RULE, "dataCollectionRules"),
    ];
  },
  computed: ({ id, inputs }, alongside) => ({
    defaultIngestionSettings: {
      dataCollectionEndpointResourceId: alongside.find(({ token }) => token === COLLECTION_ENDPOINT)?.id ?? "",
      dataCollectionRuleResourceId: alongside.find(({ token }) => token === COLLECTION_RULE)?.id ?? "",
    },
    "metrics.prometheusQueryEndpoint": `https://${nameOf(id).toLowerCase()}-${short(id)}.${normalizedLocation(String(inputs.location))}.prometheus.monitor.azure.com`,
  }),
};

/** Source: SCHEMAS (rule.ts) 2023-03-01 and learn.microsoft.com/azure/azure-monitor/metrics/prometheus-rule-groups; unverified: the codes. Checked 2026-11-21. */
export const ruleGroupService: Service = {
  refuse({ id, inputs, cloud }) {
    const scopes = texts(inputs.scopes);
    const [workspace, ...others] = scopes.map((scope) => ({ scope, found: cloud.get(scope) }));
    if (workspace?.found?.token !== MONITOR_WORKSPACE) throw invalid(`The first scope of rule group ${nameOf(id)} must be an Azure Monitor workspace that exists, not ${workspace?.scope ?? "nothing"}.`);
    const stranger = others.find(({ found }) => found?.token !== CLUSTER);
    if (stranger || others.length > 1) throw invalid(`Beside its workspace a rule group has at most one scope, a cluster that exists${stranger ? `, not ${stranger.scope}` : ""}.`);
    const rules = objects(inputs.rules);
    if (rules.length === 0 || rules.length > 20) throw invalid(`A rule group has 1 to 20 rules, not ${rules.length}.`);
    for (const [index, { alert, record, expression }] of rules.entries()) {
      if ((alert === undefined) === (record === undefined)) throw invalid(`Rule ${index} of ${nameOf(id)} must have an alert or a record, not both.`);
      if (expression === "") throw invalid(`Rule ${index} of ${nameOf(id)} must have an expression.`);
    }
    const region = workspace.found.outputs.location;
    if (normalizedLocation(String(inputs.location)) !== region) throw invalid(`Rule group ${nameOf(id)} must be in ${String(region)}, the region of its workspace.`);
  },
};

/** unverified: the codes; Essential was closed to new workspaces. */
export const grafanaService: Service = {
  refuse({ id, inputs, cloud }) {
    const sku = typeof inputs.sku === "object" && inputs.sku !== null && !Array.isArray(inputs.sku) ? inputs.sku.name : undefined;
    if (sku !== undefined && sku !== "Standard" && sku !== "Essential") throw badRequest(`The SKU '${JSON.stringify(sku)}' is not supported; it is Standard.`, "InvalidSku");
    const twin = cloud.ofType(GRAFANA).find((other) => other.id.toLowerCase() !== id.toLowerCase() && nameOf(other.id).toLowerCase() === nameOf(id).toLowerCase() && other.outputs.location === normalizedLocation(String(inputs.location)));
    if (twin) throw badRequest(`The Grafana name ${nameOf(id)} is already taken by ${twin.id}.`, "GrafanaNameUnavailable");
  },
  computed: ({ id, inputs }) => ({ "properties.endpoint": `https://${nameOf(id).toLowerCase()}-${short(id)}.${normalizedLocation(String(inputs.location)).slice(0, 6)}.grafana.azure.com` }),
};

/** Of a rule or an endpoint: an id that never changes. */
const immutableId = (prefix: string) => ({ id }: Write) => ({ immutableId: `${prefix}-${createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, 32)}` });

export const collectionEndpointService: Service = {
  computed: (write) => ({ ...immutableId("dce")(write), "metricsIngestion.endpoint": `https://${nameOf(write.id).toLowerCase()}-${short(write.id)}.${normalizedLocation(String(write.inputs.location))}-1.metrics.ingest.monitor.azure.com` }),
};

/** Source: learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure; unverified: the codes. Checked 2026-11-21. */
export const collectionRuleService: Service = {
  refuse({ id, inputs, cloud }) {
    const names = ["azureMonitorMetrics", "eventHubs[]", "eventHubsDirect[]", "logAnalytics[]", "monitoringAccounts[]", "storageAccounts[]", "storageBlobsDirect[]", "storageTablesDirect[]"]
      .flatMap((kind) => textsAt(inputs, `destinations.${kind}.name`));
    const streams = ["extensions", "iisLogs", "logFiles", "performanceCounters", "platformTelemetry", "prometheusForwarder", "syslog", "windowsEventLogs", "windowsFirewallLogs"]
      .flatMap((kind) => textsAt(inputs, `dataSources.${kind}[].streams[]`));
    const flows = objects(inputs.dataFlows);
    if (flows.length === 0) throw invalid(`Data collection rule ${nameOf(id)} must have a data flow.`);
    for (const flow of flows) {
      const nowhere = texts(flow.destinations).find((destination) => !names.includes(destination));
      if (nowhere !== undefined) throw invalid(`'DataFlows' item refers to the destination '${nowhere}', which is not in 'Destinations'.`);
      const unheard = texts(flow.streams).find((stream) => !streams.includes(stream) && !stream.startsWith("Custom-"));
      if (unheard !== undefined) throw invalid(`'DataFlows' item refers to the stream '${unheard}', which no data source has.`);
    }
    const endpoint = cloud.get(String(inputs.dataCollectionEndpointId));
    // Source: learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-endpoint-overview.
    if (streams.includes("Microsoft-PrometheusMetrics") && endpoint === undefined) throw invalid("Prometheus metrics need a data collection endpoint: set dataCollectionEndpointId.");
    if (endpoint && endpoint.outputs.location !== normalizedLocation(String(inputs.location))) throw invalid(`Data collection rule ${nameOf(id)} must be in ${String(endpoint.outputs.location)}, the region of its endpoint.`);
  },
  computed: immutableId("dcr"),
};

export const associationService: Service = {
  refuse({ id, inputs }) {
    const { name = "" } = partsOf(id);
    if ((inputs.dataCollectionRuleId === undefined) === (inputs.dataCollectionEndpointId === undefined)) throw invalid("An association has a data collection rule or an endpoint, not both.");
    if ((nameOf(name) === "configurationAccessEndpoint") !== (inputs.dataCollectionEndpointId !== undefined)) {
      throw invalid("The association with a data collection endpoint, and no other, is named configurationAccessEndpoint.");
    }
  },
};
