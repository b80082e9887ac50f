/** The stand-in for Azure: logs, metrics and alerts; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { UNKNOWN } from "../../local/standins/contract.ts";
import { foundation, role, type, withGroup } from "./standin-azure-foundation.ts";

test("a workspace keeps logs for as long as its tier allows, up to a cap", async (context) => {
  const driver = await withGroup(context);
  const workspace = (more: Values): Values => ({ resourceGroupName: "rg", workspaceName: "log-mooring", sku: { name: "PerGB2018" }, ...more });
  const refused = (more: Values, message: RegExp) => assert.rejects(driver.create(type.workspace, "log", workspace(more)), message);
  await refused({ retentionInDays: 29 }, /'RetentionInDays' property doesn't match the SKU limits: 29 days/);
  await refused({ retentionInDays: 731 }, /731 days/);
  await refused({ workspaceCapping: { dailyQuotaGb: 0 } }, /dailyQuotaGb 0 must be -1, which is no cap, or at least 0\.023/);
  await refused({ sku: { name: "CapacityReservation" } }, /needs a capacityReservationLevel/);
  const live = await driver.create(type.workspace, "log", workspace({ retentionInDays: 30, workspaceCapping: { dailyQuotaGb: -1 } }));
  assert.match(String(live.outputs.customerId), /^[0-9a-f-]{36}$/);
  const updated = await driver.update(live, workspace({ retentionInDays: 730, workspaceCapping: { dailyQuotaGb: 5 } }));
  assert.equal(updated.outputs.customerId, live.outputs.customerId);
  assert.deepEqual((await driver.diff(live, workspace({ location: "northeurope" }))).replaces, ["location"]);
});

test("diagnostic settings: categories of the type, a workspace that exists, nothing sent twice", async (context) => {
  const { driver, cluster } = await foundation(context);
  const aks = await driver.create(type.cluster, "aks", cluster);
  const log = await driver.create(type.workspace, "log", { resourceGroupName: "rg", workspaceName: "log-mooring" });
  const args = (name: string, more: Values = {}): Values => ({ resourceUri: aks.id, name, workspaceId: log.id, logs: [{ category: "kube-audit-admin", enabled: true }], ...more });
  const refused = (more: Values, message: RegExp) => assert.rejects(driver.create(type.diagnostics, "d", args("mooring", more)), message);
  await refused({ logs: [{ category: "ContainerRegistryLoginEvents", enabled: true }] }, /Category 'ContainerRegistryLoginEvents' is not supported/);
  await refused({ logs: [{ category: "guard", categoryGroup: "audit", enabled: true }] }, /a category or a categoryGroup, not both/);
  await refused({ logs: [{ categoryGroup: "security", enabled: true }] }, /Category group 'security' is not supported/);
  await refused({ logs: [], metrics: [{ category: "Everything", enabled: true }] }, /Metric category 'Everything'/);
  await refused({ logs: [{ category: "guard", enabled: false }] }, /At least one log or metric category must be enabled/);
  await refused({ workspaceId: `${log.id}x` }, /Code="ResourceNotFound" Message="The Resource 'Microsoft\.OperationalInsights\/workspaces\/log-mooringx'/);
  await refused({ workspaceId: aks.id }, /Code="ResourceNotFound"/);
  const { workspaceId: _, ...nowhere } = args("mooring");
  await assert.rejects(driver.create(type.diagnostics, "d", nowhere), /At least one data sink needs to be specified/);
  await refused({ logAnalyticsDestinationType: "dedicated" }, /"dedicated" is not legal: Dedicated or AzureDiagnostics/);
  const live = await driver.create(type.diagnostics, "d", args("mooring", { logAnalyticsDestinationType: "Dedicated" }));
  assert.equal(live.id, `${aks.id}/providers/Microsoft.Insights/diagnosticSettings/mooring`);
  await assert.rejects(driver.create(type.diagnostics, "e", args("second", { logs: [{ category: "guard", enabled: true }, { category: "kube-audit-admin", enabled: true }] })), /Status=409 .*already used in diagnostic setting 'mooring' for category 'kube-audit-admin'/);
  for (const category of ["guard", "kube-audit", "kube-scheduler", "cluster-autoscaler"]) await driver.create(type.diagnostics, category, args(category, { logs: [{ category, enabled: true }] }));
  await assert.rejects(driver.create(type.diagnostics, "six", args("six", { logs: [{ category: "kube-apiserver", enabled: true }] })), /at most 5 diagnostic settings/);
});

test("managed Prometheus: endpoint, rule and association fit one another and lie in one region", async (context) => {
  const { driver, cluster } = await foundation(context);
  const aks = await driver.create(type.cluster, "aks", cluster);
  const monitor = await driver.create(type.monitor, "metrics", { resourceGroupName: "rg", azureMonitorWorkspaceName: "metrics" });
  const own = monitor.outputs.defaultIngestionSettings as Values;
  assert.match(String(own.dataCollectionRuleResourceId), /resourceGroups\/MA_metrics_westeurope_managed\/.*dataCollectionRules\/metrics$/);
  const endpoint = await driver.create(type.collectionEndpoint, "dce", { resourceGroupName: "rg", dataCollectionEndpointName: "MSProm-westeurope-aks", kind: "Linux" });
  const away = await driver.create(type.collectionEndpoint, "away", { resourceGroupName: "rg", dataCollectionEndpointName: "MSProm-northeurope-aks", kind: "Linux", location: "northeurope" });
  const rule = (more: Values = {}): Values => ({
    resourceGroupName: "rg", dataCollectionRuleName: "MSProm-westeurope-aks", kind: "Linux", dataCollectionEndpointId: endpoint.id,
    dataSources: { prometheusForwarder: [{ name: "PrometheusDataSource", streams: ["Microsoft-PrometheusMetrics"] }] },
    destinations: { monitoringAccounts: [{ name: "MonitoringAccount1", accountResourceId: monitor.id }] },
    dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["MonitoringAccount1"] }],
    ...more,
  });
  const refused = (more: Values, message: RegExp) => assert.rejects(driver.create(type.collectionRule, "dcr", rule(more)), message);
  await refused({ dataCollectionEndpointId: away.id }, /must be in northeurope, the region of its endpoint/);
  await refused({ dataCollectionEndpointId: `${endpoint.id}x` }, /Code="ResourceNotFound"/);
  await refused({ dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["elsewhere"] }] }, /destination 'elsewhere', which is not in 'Destinations'/);
  await refused({ dataFlows: [{ streams: ["Microsoft-Perf"], destinations: ["MonitoringAccount1"] }] }, /stream 'Microsoft-Perf', which no data source has/);
  await refused({ dataFlows: [] }, /must have a data flow/);
  await refused({ destinations: { monitoringAccounts: [{ name: "MonitoringAccount1", accountResourceId: `${monitor.id}x` }] } }, /Code="ResourceNotFound"/);
  const { dataCollectionEndpointId: _, ...without } = rule();
  await assert.rejects(driver.create(type.collectionRule, "dcr", without), /need a data collection endpoint/);
  const dcr = await driver.create(type.collectionRule, "dcr", rule());

  const association = (more: Values): Values => ({ resourceUri: aks.id, associationName: "MSProm-westeurope-aks", ...more });
  await assert.rejects(driver.create(type.association, "none", association({ dataCollectionRuleId: `${dcr.id}x` })), /Code="ResourceNotFound" Message="The Resource 'Microsoft\.Insights\/dataCollectionRules\/MSProm-westeurope-aksx'/);
  await assert.rejects(driver.create(type.association, "both", association({ dataCollectionRuleId: dcr.id, dataCollectionEndpointId: endpoint.id })), /a data collection rule or an endpoint, not both/);
  await assert.rejects(driver.create(type.association, "endpoint", association({ dataCollectionEndpointId: endpoint.id })), /is named configurationAccessEndpoint/);
  await driver.create(type.association, "rule", association({ dataCollectionRuleId: dcr.id }));
  await driver.create(type.association, "access", association({ associationName: "configurationAccessEndpoint", dataCollectionEndpointId: endpoint.id }));
  await driver.delete(monitor);
  await assert.rejects(driver.invoke("azure-native:monitor:getDataCollectionRule", { resourceGroupName: "MA_metrics_westeurope_managed", dataCollectionRuleName: "metrics" }), /ResourceGroupNotFound/, "what the workspace made goes with it");
});

test("alerts: a workspace and its cluster, one to twenty rules that are one thing each", async (context) => {
  const { driver, cluster } = await foundation(context);
  const aks = await driver.create(type.cluster, "aks", cluster);
  const monitor = await driver.create(type.monitor, "metrics", { resourceGroupName: "rg", azureMonitorWorkspaceName: "metrics" });
  const alert = { alert: "NodeNotReady", expression: "up == 0", for: "PT15M", severity: 3 };
  const group = (more: Values = {}): Values => ({ resourceGroupName: "rg", ruleGroupName: "alerts", interval: "PT1M", scopes: [monitor.id, aks.id], clusterName: "aks", rules: [alert], ...more });
  const refused = (more: Values, message: RegExp) => assert.rejects(driver.create(type.ruleGroup, "g", group(more)), message);
  await refused({ scopes: [aks.id, monitor.id] }, /first scope of rule group alerts must be an Azure Monitor workspace/);
  await refused({ scopes: [monitor.id, `${aks.id}x`] }, /at most one scope, a cluster that exists, not .*aksx/);
  await refused({ rules: [] }, /1 to 20 rules, not 0/);
  await refused({ rules: Array.from({ length: 21 }, () => alert) }, /1 to 20 rules, not 21/);
  await refused({ rules: [{ ...alert, record: "up:sum" }] }, /an alert or a record, not both/);
  await refused({ rules: [{ ...alert, severity: 5 }] }, /severity: 5 is out of range: 0 to 4/);
  await refused({ interval: "PT16M" }, /"PT16M" is not legal: PT1M to PT15M/);
  await refused({ location: "northeurope" }, /must be in westeurope, the region of its workspace/);
  await driver.create(type.ruleGroup, "g", group());
  await driver.create(type.ruleGroup, "h", group({ ruleGroupName: "records", rules: [{ record: "up:sum", expression: "sum(up)" }], scopes: [monitor.id] }));
});

test("Grafana has an identity of its own and workspaces that exist", async (context) => {
  const driver = await withGroup(context);
  const monitor = await driver.create(type.monitor, "metrics", { resourceGroupName: "rg", azureMonitorWorkspaceName: "metrics" });
  const integrations = (id: string): Values => ({ grafanaIntegrations: { azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: id }] } });
  const grafana = (more: Values = {}): Values => ({ resourceGroupName: "rg", workspaceName: "graf-mooring", sku: { name: "Standard" }, identity: { type: "SystemAssigned" }, properties: integrations(monitor.id), ...more });
  await assert.rejects(driver.create(type.grafana, "g", grafana({ properties: integrations(`${monitor.id}x`) })), /Code="ResourceNotFound"/);
  await assert.rejects(driver.create(type.grafana, "g", grafana({ sku: { name: "Enterprise" } })), /The SKU '"Enterprise\"' is not supported/);
  assert.equal(((await driver.previewCreate(type.grafana, "g", grafana())).outputs.identity as Values).principalId, UNKNOWN);
  const live = await driver.create(type.grafana, "g", grafana());
  const { principalId } = live.outputs.identity as Values;
  assert.match(String((live.outputs.properties as Values).endpoint), /^https:\/\/graf-mooring-.*\.grafana\.azure\.com$/);
  assert.equal(((await driver.invoke("azure-native:dashboard:getGrafana", { resourceGroupName: "rg", workspaceName: "graf-mooring" })).identity as Values).principalId, principalId);
  await driver.create(type.assignment, "reads", { scope: monitor.id, principalId: principalId ?? "", roleDefinitionId: role("b0d8363b-8ddd-447d-831f-62ca05bff136") });
  await driver.create(type.group, "other", { resourceGroupName: "other" });
  await assert.rejects(driver.create(type.grafana, "twin", grafana({ resourceGroupName: "other" })), /name graf-mooring is already taken/);
  await assert.rejects(driver.update(live, grafana({ properties: { ...integrations(monitor.id), zoneRedundancy: "Enabled" } })), /Changing property 'properties\.zoneRedundancy'/);
  await driver.update(live, grafana({ properties: { ...integrations(monitor.id), zoneRedundancy: "Disabled" } }));
});
