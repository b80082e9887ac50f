/** Logs, metrics, Grafana and alerts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { administrators, census, cluster, grants, hub, options, owners, production, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const actionGroup = hub("Microsoft.Insights/actionGroups", "on-call");
const workspace = hub("Microsoft.OperationalInsights/workspaces", "log-hub");
const staging = await Program.of(configuration());
const prod = await Program.of(configuration(production({ monitoring: { actionGroup, dailyCapGb: 5, retentionDays: 180 }, vaults: { allowedRanges: [] }, tenants: { orders: { owners: [owners], vault: true, sops: true } } })));
const shared = await Program.of(configuration(production({ monitoring: { workspace, grafana: false } })));
const quiet = await Program.of(configuration(production({ monitoring: { prometheus: false, defender: false } })));

const common = { resourceGroupName: "rg-acme-staging", location: "westeurope" };
const metricsKinds = ["AzureMonitorWorkspace", "DataCollectionEndpoint", "DataCollectionRule", "DataCollectionRuleAssociation", "PrometheusRuleGroup", "Grafana"];

describe("logs", () => {
  test("in a workspace of the environment's own: short and capped outside production", () => {
    const logs = staging.one("Workspace", "mooring-logs");
    const expected = { ...common, workspaceName: "log-acme-staging", sku: { name: "PerGB2018" } };
    assert.deepEqual(logs.inputs, { ...expected, retentionInDays: 30, workspaceCapping: { dailyQuotaGb: 1 }, tags: tags() });
    assert.deepEqual(options(logs), {});
    assert.deepEqual(prod.one("Workspace", "mooring-logs").inputs, { ...expected, retentionInDays: 180, workspaceCapping: { dailyQuotaGb: 5 }, tags: tags("production") });
    // An audit log must not have gaps: no cap, which Azure writes -1.
    assert.deepEqual(quiet.one("Workspace", "mooring-logs").inputs, { ...expected, retentionInDays: 90, workspaceCapping: { dailyQuotaGb: -1 }, tags: tags("production") });
    assert.deepEqual(options(quiet.one("Workspace", "mooring-logs")), { protect: true });
  });

  test("of the cluster, the registry and every vault, by category", () => {
    const on = (...categories: string[]) => categories.map((category) => ({ category, enabled: true }));
    const sent = (program: Program) => Object.fromEntries(program.all("DiagnosticSetting").map(({ name, inputs }) => [name, inputs]));
    const setting = (resourceUri: string, workspaceId: string, ...categories: string[]) => ({ name: "mooring", resourceUri, workspaceId, logs: on(...categories) });
    const ofCluster = ["kube-audit-admin", "guard", "cluster-autoscaler", "kube-controller-manager"];
    const ofRegistry = ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"];
    assert.deepEqual(sent(prod), {
      "mooring-cluster-logs": setting("<mooring-cluster.id>", "<mooring-logs.id>", ...ofCluster),
      "mooring-registry-logs": setting("<mooring-registry.id>", "<mooring-logs.id>", ...ofRegistry),
      "orders-azure-vault-logs": setting("<orders-azure-vault.id>", "<mooring-logs.id>", "AuditEvent"),
    });
    assert.deepEqual(sent(shared), {
      "mooring-cluster-logs": setting("<mooring-cluster.id>", workspace, ...ofCluster),
      "mooring-registry-logs": setting("<mooring-registry.id>", workspace, ...ofRegistry),
    });
  });

  test("in somebody else's workspace: none is made or locked, and Defender reports there too", () => {
    assert.deepEqual(shared.all("Workspace"), []);
    assert.deepEqual(shared.all("ManagementLockByScope").map(({ name }) => name), ["mooring-network-lock"]);
    const { defender } = shared.one("ManagedCluster", "mooring-cluster").inputs.securityProfile as Record<string, unknown>;
    assert.deepEqual(defender, { logAnalyticsWorkspaceResourceId: workspace, securityMonitoring: { enabled: true } });
  });
});

describe("metrics", () => {
  test("are not collected outside production, nor where the settings say so", () => {
    for (const program of [staging, quiet]) {
      for (const kind of metricsKinds) assert.equal(census(program)[kind], undefined, kind);
      const { azureMonitorProfile, securityProfile } = program.one("ManagedCluster", "mooring-cluster").inputs;
      assert.deepEqual(azureMonitorProfile, { metrics: { enabled: false } });
      assert.deepEqual((securityProfile as Record<string, unknown>).defender, { securityMonitoring: { enabled: false } });
      assert.equal((program.outputs.cluster as Record<string, unknown>).grafana, undefined);
    }
  });

  test("lead from the cluster through a rule and an endpoint into a workspace", () => {
    const name = "MSProm-westeurope-aks-acme-staging";
    const own = { ...common, tags: tags("production") };
    const keeper = prod.one("AzureMonitorWorkspace", "mooring-metrics");
    assert.deepEqual(keeper.inputs, { ...own, azureMonitorWorkspaceName: "amw-acme-staging" });
    assert.deepEqual(options(keeper), { protect: true });
    assert.deepEqual(prod.one("DataCollectionEndpoint", "mooring-metrics-endpoint").inputs, { ...own, dataCollectionEndpointName: name, kind: "Linux", networkAcls: { publicNetworkAccess: "Enabled" } });
    assert.deepEqual(prod.one("DataCollectionRule", "mooring-metrics-rule").inputs, {
      ...own,
      dataCollectionRuleName: name,
      kind: "Linux",
      dataCollectionEndpointId: "<mooring-metrics-endpoint.id>",
      dataSources: { prometheusForwarder: [{ name: "PrometheusDataSource", streams: ["Microsoft-PrometheusMetrics"] }] },
      destinations: { monitoringAccounts: [{ name: "MonitoringAccount1", accountResourceId: "<mooring-metrics.id>" }] },
      dataFlows: [{ streams: ["Microsoft-PrometheusMetrics"], destinations: ["MonitoringAccount1"] }],
    });
    assert.deepEqual(prod.one("DataCollectionRuleAssociation", "mooring-metrics-association").inputs, {
      associationName: name,
      resourceUri: "<mooring-cluster.id>",
      dataCollectionRuleId: "<mooring-metrics-rule.id>",
    });
  });

  test("have names that Azure takes, however long the environment's is", async () => {
    const environment = "sixteen-letters1-and-more";
    const program = await Program.of(configuration(production({ monitoring: { grafana: false } }), { environment }));
    const { dataCollectionEndpointName: endpoint } = program.one("DataCollectionEndpoint", "mooring-metrics-endpoint").inputs;
    const { dataCollectionRuleName: rule } = program.one("DataCollectionRule", "mooring-metrics-rule").inputs;
    // Cut to 44 characters, of which the last would be a hyphen.
    assert.deepEqual([endpoint, rule], ["MSProm-westeurope-aks-acme-sixteen-letters1", "MSProm-westeurope-aks-acme-sixteen-letters1-and-more"]);
  });
});

describe("Grafana", () => {
  test("shows them; it reads the workspace, and the cluster's administrators are its own", () => {
    assert.deepEqual(prod.one("Grafana", "mooring-metrics-grafana").inputs, {
      ...common,
      workspaceName: "amg-acme-staging",
      sku: { name: "Standard" },
      identity: { type: "SystemAssigned" },
      properties: { apiKey: "Disabled", grafanaIntegrations: { azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: "<mooring-metrics.id>" }] } },
      tags: tags("production"),
    });
    assert.deepEqual(grants(prod, /^mooring-metrics-/), {
      "mooring-metrics-grafana-reads-metrics": ["Monitoring Data Reader", "<amg-acme-staging.identity.principalId>", "ServicePrincipal", "<mooring-metrics.id>"],
      [`mooring-metrics-grafana-administrators-${administrators}`]: ["Grafana Admin", administrators, "Group", "<mooring-metrics-grafana.id>"],
    });
    assert.equal((prod.outputs.cluster as Record<string, unknown>).grafana, "<mooring-metrics-grafana.properties.endpoint>");
  });

  test("can be left out", () => {
    assert.deepEqual([shared.all("Grafana"), Object.keys(grants(shared, /^mooring-metrics-/))], [[], []]);
    assert.equal(shared.all("AzureMonitorWorkspace").length, 1);
  });
});

describe("alerts", () => {
  test("are told to the group that the settings name, and there are none without one", () => {
    assert.deepEqual(shared.all("PrometheusRuleGroup"), []);
    const { rules, ...inputs } = prod.one("PrometheusRuleGroup", "mooring-metrics-alerts").inputs;
    assert.deepEqual(inputs, {
      ...common,
      ruleGroupName: "aks-acme-staging-alerts",
      clusterName: "aks-acme-staging",
      enabled: true,
      interval: "PT1M",
      scopes: ["<mooring-metrics.id>", "<mooring-cluster.id>"],
      tags: tags("production"),
    });
    const rows = rules as Record<string, unknown>[];
    for (const { alert, ...rule } of rows) {
      assert.deepEqual([rule.enabled, rule.actions, rule.resolveConfiguration], [true, [{ actionGroupId: actionGroup }], { autoResolved: true, timeToResolve: "PT10M" }], String(alert));
      assert.match((rule.annotations as Record<string, string>).description!, /\S/);
    }
    assert.deepEqual(rows.map(({ alert, expression, for: lasts, severity }) => [alert, expression, lasts, severity]), [
      ["FluxIsDown", 'kube_deployment_status_replicas_available{job="kube-state-metrics",namespace="flux-system"} == 0', "PT10M", 1],
      [
        "FluxIsCrashing",
        'max_over_time(kube_pod_container_status_waiting_reason{job="kube-state-metrics",namespace="flux-system",reason="CrashLoopBackOff"}[5m]) >= 1',
        "PT15M",
        1,
      ],
      ["NodeIsNotReady", 'kube_node_status_condition{job="kube-state-metrics",condition="Ready",status="true"} == 0', "PT15M", 2],
      ["VolumeIsAlmostFull", 'kubelet_volume_stats_available_bytes{job="kubelet"} / kubelet_volume_stats_capacity_bytes{job="kubelet"} < 0.1', "PT15M", 2],
    ]);
  });
});

test("cost analysis is not to be had in the Free tier", async () => {
  const standard = await Program.of(configuration({ cluster: cluster({ sku: "Standard" }) }));
  // What is off is said: left out, it would stay.
  assert.deepEqual(staging.one("ManagedCluster", "mooring-cluster").inputs.metricsProfile, { costAnalysis: { enabled: false } });
  assert.deepEqual(standard.one("ManagedCluster", "mooring-cluster").inputs.metricsProfile, { costAnalysis: { enabled: true } });
});
