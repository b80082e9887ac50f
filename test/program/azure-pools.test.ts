/** Node pools: the cluster's own, which stands inline, and the pools for workloads, one of them for a tenant, one on spare capacity. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cluster, entraTenant, options, production, subscription, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const staging = await Program.of(configuration());
const prod = await Program.of(
  configuration(
    production({
      cluster: cluster({
        authorizedRanges: [],
        systemPool: { vmSize: "Standard_D8ds_v5", min: 4, max: 6, zones: ["1"], osDisk: "Managed", osDiskGb: 128, maxPods: 110 },
        pools: {
          apps: {},
          orders: {
            ...{ vmSize: "Standard_E8ds_v5", min: 0, max: 4, zones: [], osDisk: "Managed", osDiskGb: 256, maxPods: 60, tenant: "orders" },
            ...{ labels: { "acme.example/memory": "large" }, taints: ["acme.example/memory=large:PreferNoSchedule"] },
          },
          spare: { spot: true, tenant: "web", labels: { a: "b" } },
        },
      }),
      tenants: { orders: {}, web: {}, batch: { nodePool: "apps" } },
    }),
  ),
);
const provisioned = await Program.of(configuration({ cluster: cluster({ nodeProvisioning: true, pools: { apps: { min: 1 } } }) }));

const common = {
  resourceGroupName: "rg-acme-staging",
  resourceName: "aks-acme-staging",
  mode: "User",
  type: "VirtualMachineScaleSets",
  osType: "Linux",
  osSKU: "AzureLinux",
  orchestratorVersion: "1.35",
  vnetSubnetID: "<mooring-network-nodes.id>",
};
const upgradeSettings = { maxSurge: "33%", drainTimeoutInMinutes: 30, undrainableNodeBehavior: "Cordon" };

describe("a pool for workloads", () => {
  test("at its least outside production: no zones, and disks that any size has", () => {
    assert.deepEqual(staging.one("AgentPool", "mooring-cluster-apps").inputs, {
      ...common,
      agentPoolName: "apps",
      vmSize: "Standard_D4ds_v5",
      nodeLabels: {},
      nodeTaints: [],
      osDiskType: "Managed",
      enableAutoScaling: true,
      minCount: 1,
      maxCount: 3,
      upgradeSettings,
      tags: tags(),
    });
  });

  test("at its least in production", () => {
    assert.deepEqual(prod.one("AgentPool", "mooring-cluster-apps").inputs, {
      ...common,
      agentPoolName: "apps",
      vmSize: "Standard_D4ds_v5",
      nodeLabels: {},
      nodeTaints: [],
      osDiskType: "Ephemeral",
      enableAutoScaling: true,
      minCount: 2,
      maxCount: 10,
      availabilityZones: ["1", "2", "3"],
      upgradeSettings,
      tags: tags("production"),
    });
  });

  test("at its most, kept for a tenant", () => {
    assert.deepEqual(prod.one("AgentPool", "mooring-cluster-orders").inputs, {
      ...common,
      agentPoolName: "orders",
      vmSize: "Standard_E8ds_v5",
      nodeLabels: { "acme.example/memory": "large", "mooring.platform/tenant": "orders" },
      nodeTaints: ["acme.example/memory=large:PreferNoSchedule", "mooring.platform/tenant=orders:NoSchedule"],
      osDiskType: "Managed",
      osDiskSizeGB: 256,
      maxPods: 60,
      enableAutoScaling: true,
      minCount: 0,
      maxCount: 4,
      upgradeSettings,
      tags: { ...tags("production"), tenant: "orders" },
    });
  });

  test("on spare capacity: what AKS adds by itself is declared, and there are no surge nodes", () => {
    assert.deepEqual(prod.one("AgentPool", "mooring-cluster-spare").inputs, {
      ...common,
      agentPoolName: "spare",
      vmSize: "Standard_D4ds_v5",
      nodeLabels: { a: "b", "mooring.platform/tenant": "web", "kubernetes.azure.com/scalesetpriority": "spot" },
      nodeTaints: ["mooring.platform/tenant=web:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
      osDiskType: "Ephemeral",
      enableAutoScaling: true,
      minCount: 2,
      maxCount: 10,
      availabilityZones: ["1", "2", "3"],
      scaleSetPriority: "Spot",
      scaleSetEvictionPolicy: "Delete",
      spotMaxPrice: -1,
      tags: { ...tags("production"), tenant: "web" },
    });
    for (const name of ["mooring-cluster-apps", "mooring-cluster-orders"]) {
      for (const field of ["scaleSetPriority", "scaleSetEvictionPolicy", "spotMaxPrice"]) assert.ok(!(field in prod.one("AgentPool", name).inputs), `${name} ${field}`);
    }
  });

  test("is replaced for what AKS does not change, deleted first since its name is taken, goes with the cluster, and scales without drift", () => {
    const replaceOnChanges = ["availabilityZones", "maxPods", "osDiskSizeGB", "osDiskType", "scaleSetPriority", "vmSize", "vnetSubnetID"];
    const always = { ignoreChanges: ["count"], replaceOnChanges, deleteBeforeReplace: true, deletedWith: "mooring-cluster" };
    for (const pool of staging.all("AgentPool")) assert.deepEqual(options(pool), always);
    for (const pool of prod.all("AgentPool")) assert.deepEqual(options(pool), { protect: true, replacementTrigger: [entraTenant, subscription], ...always }, pool.name);
  });

  test("goes without a count where the autoscaler runs: the one of its first day would take nodes away with every later change", () => {
    for (const { inputs } of [...staging.all("AgentPool"), ...prod.all("AgentPool")]) assert.ok(inputs.enableAutoScaling === true && !("count" in inputs), String(inputs.agentPoolName));
  });

  test("is made after the cluster, and so upgraded after the control plane", () => {
    for (const pool of prod.all("AgentPool")) assert.ok(prod.needs(pool).includes("mooring-cluster"), pool.name);
  });
});

describe("the cluster's own pool", () => {
  const system = (program: Program) => (program.one("ManagedCluster", "mooring-cluster").inputs.agentPoolProfiles as Record<string, unknown>[])[0];
  const own = { name: "system", mode: "System", nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"], type: "VirtualMachineScaleSets", osType: "Linux", osSKU: "AzureLinux" };

  test("with every setting of its own", () => {
    assert.deepEqual(system(prod), {
      ...own,
      vmSize: "Standard_D8ds_v5",
      osDiskType: "Managed",
      osDiskSizeGB: 128,
      maxPods: 110,
      enableAutoScaling: true,
      minCount: 4,
      maxCount: 6,
      availabilityZones: ["1"],
      vnetSubnetID: "<mooring-network-nodes.id>",
      upgradeSettings,
    });
  });

  test("takes no version: AKS wants those of all pools in the cluster's request, or none", () => {
    for (const program of [staging, prod, provisioned]) assert.ok(!("orchestratorVersion" in system(program)!));
  });

  test("with node provisioning has no autoscaler, which AKS would refuse beside it, and neither has any other pool", () => {
    const pool = provisioned.one("AgentPool", "mooring-cluster-apps");
    for (const inputs of [system(provisioned)!, pool.inputs]) {
      assert.equal(inputs.enableAutoScaling, false);
      assert.ok(!("minCount" in inputs) && !("maxCount" in inputs));
    }
    assert.deepEqual([system(provisioned)!.count, pool.inputs.count], [2, 1]);
    // Nobody scales such a pool but the settings.
    assert.deepEqual(pool.ignoreChanges, []);
  });
});

describe("a tenant on a pool of its own", () => {
  /** Node selector and tolerations that Flux puts on a tenant's workloads. */
  function placement(tenant: string): unknown[] {
    const { patches } = prod.object("Kustomization", `${tenant}-flux`, tenant).inputs.spec as { patches: { target: { kind: string }; patch: string }[] };
    const workloads = patches.filter(({ target }) => target.kind.startsWith("(Deployment|"));
    return workloads.map(({ patch }) => (JSON.parse(patch) as { value: unknown }[])[0]!.value);
  }
  const tolerated = (key: string, value: string, effect = "NoSchedule") => ({ key, operator: "Equal", value, effect });

  test("selects its nodes and tolerates all of their taints, though it names no pool", () => {
    assert.deepEqual(placement("orders"), [
      { "kubernetes.azure.com/agentpool": "orders" },
      [tolerated("acme.example/memory", "large", "PreferNoSchedule"), tolerated("mooring.platform/tenant", "orders")],
    ]);
    assert.deepEqual(placement("web"), [
      { "kubernetes.azure.com/agentpool": "spare" },
      [tolerated("mooring.platform/tenant", "web"), tolerated("kubernetes.azure.com/scalesetpriority", "spot")],
    ]);
  });

  test("a tenant on an open pool tolerates nothing", () => assert.deepEqual(placement("batch"), [{ "kubernetes.azure.com/agentpool": "apps" }]));
});
