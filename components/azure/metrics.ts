import { PrometheusRuleGroup } from "@pulumi/azure-native/alertsmanagement/prometheusRuleGroup.js";
import { getGrafanaOutput } from "@pulumi/azure-native/dashboard/getGrafana.js";
import { Grafana } from "@pulumi/azure-native/dashboard/grafana.js";
import { AzureMonitorWorkspace } from "@pulumi/azure-native/monitor/azureMonitorWorkspace.js";
import { DataCollectionEndpoint } from "@pulumi/azure-native/monitor/dataCollectionEndpoint.js";
import { DataCollectionRule } from "@pulumi/azure-native/monitor/dataCollectionRule.js";
import { DataCollectionRuleAssociation } from "@pulumi/azure-native/monitor/dataCollectionRuleAssociation.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { alertRules } from "./alert-rules.ts";
import { collectionName, collectionRule } from "./metrics-args.ts";
import { assignRole } from "./role-assignment.ts";

export interface MetricsArgs {
  resourceGroup: pulumi.Input<string>;
  clusterId: pulumi.Input<string>;
}

/**
 * The cluster's metrics in Azure's managed Prometheus: a workspace that keeps them, and an endpoint, a rule and its
 * association that lead them there; Grafana and alerts on top where the settings ask for them.
 * Source of the wiring: learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable.
 */
export class Metrics extends pulumi.ComponentResource {
  /** The address of Grafana. */
  readonly grafana?: pulumi.Output<string>;

  constructor(name: string, settings: Settings, { resourceGroup, clusterId }: MetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Metrics", name, {}, opts);
    const { azure, names, monitoring, protect } = settings;
    const common = { resourceGroupName: resourceGroup, location: azure.location, tags: azure.tags };
    const workspace = new AzureMonitorWorkspace(name, { ...common, azureMonitorWorkspaceName: names.metricsWorkspace }, { parent: this, protect });
    const endpoint = new DataCollectionEndpoint(
      `${name}-endpoint`,
      { ...common, dataCollectionEndpointName: collectionName(settings, 44), kind: "Linux", networkAcls: { publicNetworkAccess: "Enabled" } },
      { parent: this },
    );
    const rule = new DataCollectionRule(
      `${name}-rule`,
      { ...common, dataCollectionRuleName: collectionName(settings, 64), kind: "Linux", dataCollectionEndpointId: endpoint.id, ...collectionRule(workspace.id) },
      { parent: this },
    );
    new DataCollectionRuleAssociation(
      `${name}-association`,
      { associationName: collectionName(settings, 64), resourceUri: clusterId, dataCollectionRuleId: rule.id },
      { parent: this },
    );
    if (monitoring.actionGroup !== undefined) {
      new PrometheusRuleGroup(
        `${name}-alerts`,
        {
          ...common,
          ruleGroupName: `${names.cluster}-alerts`,
          clusterName: names.cluster,
          enabled: true,
          interval: "PT1M",
          scopes: [workspace.id, clusterId],
          rules: alertRules(monitoring.actionGroup),
        },
        { parent: this },
      );
    }
    if (monitoring.grafana) this.grafana = this.registerGrafana(`${name}-grafana`, settings, common, workspace.id);
    this.registerOutputs({ grafana: this.grafana });
  }

  /** Grafana, which reads the metrics; the cluster's administrators are its own. */
  private registerGrafana(
    name: string,
    settings: Settings,
    common: { resourceGroupName: pulumi.Input<string>; location: string; tags: Record<string, string> },
    workspaceId: pulumi.Input<string>,
  ): pulumi.Output<string> {
    const { names, cluster } = settings;
    const grafana = new Grafana(
      name,
      {
        ...common,
        workspaceName: names.grafana,
        sku: { name: "Standard" },
        identity: { type: "SystemAssigned" },
        properties: { apiKey: "Disabled", grafanaIntegrations: { azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: workspaceId }] } },
      },
      // Its dashboards are lost with it.
      { parent: this, protect: settings.protect },
    );
    // A look-up: unlike Grafana's own output it stays known in previews.
    const found = getGrafanaOutput({ resourceGroupName: common.resourceGroupName, workspaceName: names.grafana }, { parent: this, dependsOn: [grafana] });
    const principalId = found.apply(({ identity }) => identity?.principalId ?? "");
    assignRole(`${name}-reads-metrics`, settings, { principalId, role: "monitoringDataReader", scope: workspaceId }, { parent: this });
    for (const group of cluster.administrators) {
      assignRole(`${name}-administrators-${group}`, settings, { principalId: group, principalType: "Group", role: "grafanaAdmin", scope: grafana.id }, { parent: this });
    }
    return grafana.properties.apply(({ endpoint }) => endpoint);
  }
}
