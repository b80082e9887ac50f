/** The Azure side of an environment as a whole: what it consists of, who may do what, what is protected, what it costs. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { administrators, census, cluster, entraTenant, grants, options, owners, production, subscription, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration, smallest } from "../settings.ts";

const staging = await Program.of(configuration());
const prod = await Program.of(configuration(production({ registry: { name: "acmeprod" } }), { environment: "prod" }));
const full = await Program.of(
  configuration(
    production({
      cluster: cluster({ authorizedRanges: ["203.0.113.0/24"], pools: { apps: {}, batch: {} } }),
      network: { egress: "natGateway" },
      tenants: { orders: { owners: [owners], identity: { serviceAccounts: ["orders-api"] }, vault: true, sops: true } },
      budget: { amount: 3000, start: "2026-12-01", emails: ["platform@acme.example"] },
    }),
  ),
);

describe("an environment consists of", () => {
  test("no more than this outside production", () => {
    assert.deepEqual(census(staging), {
      AgentPool: 1,
      DeploymentSafeguard: 1,
      DiagnosticSetting: 2,
      MaintenanceConfiguration: 2,
      ManagedCluster: 1,
      Registry: 1,
      ResourceGroup: 1,
      RoleAssignment: 6,
      Subnet: 2,
      UserAssignedIdentity: 4,
      VirtualNetwork: 1,
      Workspace: 1,
    });
  });

  test("metrics, Grafana and two locks besides in production", () => {
    const { RoleAssignment, ...more } = Object.fromEntries(Object.entries(census(prod)).filter(([kind, count]) => census(staging)[kind] !== count));
    assert.deepEqual(more, { AzureMonitorWorkspace: 1, DataCollectionEndpoint: 1, DataCollectionRule: 1, DataCollectionRuleAssociation: 1, Grafana: 1, ManagementLockByScope: 2 });
    assert.equal(RoleAssignment, 8);
  });

  test("a resource group that everything else is in", () => {
    assert.deepEqual(staging.one("ResourceGroup", "mooring-group").inputs, { resourceGroupName: "rg-acme-staging", location: "westeurope", tags: tags() });
    for (const { name, inputs } of full.registrations) {
      if ("resourceGroupName" in inputs) assert.equal(inputs.resourceGroupName, "rg-acme-staging", name);
    }
  });
});

describe("roles", () => {
  test("each identity has the least it needs", () => {
    assert.deepEqual(grants(staging), {
      "mooring-cluster-joins-subnet": ["Network Contributor", "<id-acme-staging-cluster.principalId>", "ServicePrincipal", "<mooring-network-nodes.id>"],
      "mooring-cluster-uses-kubelet-identity": ["Managed Identity Operator", "<id-acme-staging-cluster.principalId>", "ServicePrincipal", "<mooring-cluster-kubelet-identity.id>"],
      "mooring-nodes-pull": ["AcrPull", "<id-acme-staging-kubelet.principalId>", "ServicePrincipal", "<mooring-registry.id>"],
      "mooring-pipelines-build-pushes": ["AcrPush", "<id-acme-staging-build.principalId>", "ServicePrincipal", "<mooring-registry.id>"],
      "mooring-pipelines-deploy-fetches-kubeconfig": ["Azure Kubernetes Service Cluster User Role", "<id-acme-staging-deploy.principalId>", "ServicePrincipal", "<mooring-cluster.id>"],
      [`mooring-user-${administrators}`]: ["Azure Kubernetes Service Cluster User Role", administrators, "Group", "<mooring-cluster.id>"],
    });
  });

  test("every assignment is named by what it is, says the kind of principal, and is replaced rather than changed", () => {
    const rows = full.all("RoleAssignment");
    for (const row of rows) {
      const group = /^[0-9a-f-]{36}$/.test(String(row.inputs.principalId));
      assert.equal(row.inputs.principalType, group ? "Group" : "ServicePrincipal", row.name);
      assert.match(String(row.inputs.roleAssignmentName), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, row.name);
      assert.deepEqual(options(row), { replaceOnChanges: ["roleDefinitionId"], deleteBeforeReplace: true }, row.name);
      assert.ok(!("condition" in row.inputs) && !("conditionVersion" in row.inputs), row.name);
    }
    const names = [staging, prod, full].map((program) => program.all("RoleAssignment").map(({ inputs }) => inputs.roleAssignmentName));
    for (const own of names) assert.equal(new Set(own).size, own.length);
    // The same name in two environments of a subscription would be two owners of one assignment.
    assert.deepEqual(names[0]!.filter((name) => names[1]!.includes(name)), []);
    // A change here would replace assignments of running environments.
    assert.equal(prod.one("RoleAssignment", "mooring-nodes-pull").inputs.roleAssignmentName, "c4a5e721-d6f2-5ad5-803e-0918aed45a1e");
  });

  test("who may fetch a kubeconfig: the administrators, and each tenant's owners or whom the settings name instead, everyone once", async () => {
    const groups = (program: Program) => Object.values(grants(program, /^mooring-user-/));
    const tenants = { orders: { owners: [owners] }, web: { owners: [owners, administrators] }, ops: {} };
    const user = (group: string) => ["Azure Kubernetes Service Cluster User Role", group, "Group", "<mooring-cluster.id>"];
    const [withOwners, withUsers, withNobody] = [
      await Program.of(configuration({ tenants })),
      await Program.of(configuration({ tenants, cluster: cluster({ users: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e09"] }) })),
      await Program.of(configuration({ tenants, cluster: cluster({ users: [] }) })),
    ];
    assert.deepEqual(groups(withOwners), [user(administrators), user(owners)]);
    assert.deepEqual(groups(withUsers), [user(administrators), user("7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e09")]);
    assert.deepEqual(groups(withNobody), [user(administrators)]);
  });
});

describe("protection", () => {
  const isProtected = (program: Program) => program.registrations.filter(({ protect }) => protect).map(({ name }) => name).sort();

  test("in production of what cannot be made again, and of nothing else", () => {
    assert.deepEqual(isProtected(prod), [
      ...["mooring-cluster", "mooring-cluster-apps", "mooring-group", "mooring-logs", "mooring-metrics", "mooring-metrics-grafana"],
      ...["mooring-network-nodes", "mooring-network-private-endpoints", "mooring-registry"],
    ]);
    assert.deepEqual(isProtected(full), [
      ...["mooring-cluster", "mooring-cluster-apps", "mooring-cluster-batch", "mooring-group", "mooring-logs", "mooring-metrics", "mooring-metrics-grafana"],
      ...["mooring-network-egress-address", "mooring-network-nodes", "mooring-network-private-endpoints", "mooring-registry", "mooring-registry-suffix", "orders-azure-vault", "orders-azure-vault-suffix"],
      // A tenant's namespaces are protected in every tier, and what goes first when it goes.
      ...["orders-control", "orders-sync", "orders-workload"],
    ]);
  });

  test("in production also from a move to another subscription or Entra tenant", () => {
    // Where a group exists already, the pools stand for it.
    const replacementTrigger = [entraTenant, subscription];
    assert.deepEqual(options(prod.one("ResourceGroup", "mooring-group")), { protect: true, replacementTrigger });
    assert.deepEqual(prod.one("AgentPool", "mooring-cluster-apps").replacementTrigger, replacementTrigger);
    assert.deepEqual(options(staging.one("ResourceGroup", "mooring-group")), {});
  });

  test("of nothing elsewhere", () => assert.deepEqual(isProtected(staging), []));

  test("locks only on what nothing of a tenant's is beneath, after all that goes with it", () => {
    const lock = (name: string) => full.one("ManagementLockByScope", name);
    const common = { lockName: "mooring", level: "CanNotDelete", notes: "Set by Mooring in production. `pulumi destroy` removes it by itself." };
    assert.deepEqual(lock("mooring-network-lock").inputs, { ...common, scope: "<mooring-network.id>" });
    assert.deepEqual(lock("mooring-logs-lock").inputs, { ...common, scope: "<mooring-logs.id>" });
    assert.deepEqual(full.needs(lock("mooring-network-lock")), [
      ...["mooring-cluster-joins-subnet", "mooring-network", "mooring-network-egress", "mooring-network-egress-address", "mooring-network-nodes", "mooring-network-private-endpoints"],
    ]);
    assert.deepEqual(full.needs(lock("mooring-logs-lock")), ["mooring-logs"]);
    // Whatever is registered beneath the network must go after its lock on destroy, so the lock must come after it.
    const beneath = full.all("RoleAssignment").filter(({ inputs }) => /^<mooring-network(-nodes)?\.id>$/.test(String(inputs.scope)));
    assert.ok(beneath.length > 0);
    for (const row of [...beneath, ...full.all("Subnet")]) assert.ok(full.dependsOn(lock("mooring-network-lock"), row), row.name);
    assert.equal(full.all("ManagementLockByScope").length, 2);
  });
});

test("a budget over the environment's and its nodes' groups, which a new start replaces", async () => {
  const notification = { enabled: true, operator: "GreaterThanOrEqualTo", contactEmails: ["platform@acme.example"] };
  const budget = full.one("Budget", "mooring-budget");
  assert.deepEqual(budget.inputs, {
    budgetName: "budget-acme-staging",
    scope: `/subscriptions/${subscription}`,
    category: "Cost",
    timeGrain: "Monthly",
    amount: 3000,
    timePeriod: { startDate: "2026-12-01T00:00:00Z" },
    filter: { dimensions: { name: "ResourceGroupName", operator: "In", values: ["rg-acme-staging", "rg-acme-staging-nodes"] } },
    notifications: {
      most: { ...notification, threshold: 80, thresholdType: "Actual" },
      all: { ...notification, threshold: 100, thresholdType: "Actual" },
      forecast: { ...notification, threshold: 100, thresholdType: "Forecasted" },
    },
  });
  assert.deepEqual(options(budget), { replaceOnChanges: ["timePeriod.startDate"], deleteBeforeReplace: true });
  assert.deepEqual(prod.all("Budget"), []);
});

test("every resource is made through a provider that names its subscription, organisation or cluster", () => {
  for (const [type, inputs] of [
    ["pulumi:providers:azure-native", { subscriptionId: subscription, tenantId: entraTenant, location: "westeurope" }],
    ["pulumi:providers:github", { owner: "acme" }],
  ] as const) {
    const [provider, ...others] = staging.registrations.filter((registration) => registration.type === type);
    assert.equal(others.length, 0);
    for (const [key, value] of Object.entries(inputs)) assert.equal(provider?.inputs[key], value);
  }
  for (const { name, type, provider } of full.registrations) {
    if (/^(azure-native|github|kubernetes):/.test(type)) assert.match(provider ?? "", /::mooring-(azure|github|kubernetes)::/, name);
  }
  assert.deepEqual(staging.registrations.filter(({ type }) => type.includes("azuread")), []);
});

test("tags of one's own come besides the environment's, those of the cluster on it alone", async () => {
  const program = await Program.of(configuration({ azure: { ...(smallest.azure as object), tags: { cost: "1" } }, cluster: cluster({ tags: { alerts: "on" } }) }));
  for (const kind of ["ResourceGroup", "VirtualNetwork", "UserAssignedIdentity", "AgentPool", "Registry", "Workspace"]) {
    for (const { name, inputs } of program.all(kind)) assert.deepEqual(inputs.tags, { cost: "1", ...tags() }, name);
  }
  assert.deepEqual(program.one("ManagedCluster", "mooring-cluster").inputs.tags, { cost: "1", alerts: "on", ...tags() });
});
