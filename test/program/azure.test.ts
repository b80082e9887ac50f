import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Program } from "../evaluate.ts";
import { configuration, smallest } from "../settings.ts";

const staging = await Program.of(configuration());
const prod = await Program.of(
  configuration(
    {
      tier: "production",
      cluster: { ...(smallest.cluster as object), authorizedRanges: ["203.0.113.0/24"], pools: { apps: {}, batch: { labels: { a: "b" }, taints: ["team=batch:NoSchedule"] } } },
      registry: { name: "acmeprod" },
      tenants: { orders: {} },
      pipelines: {
        build: { trust: [1, 2, 3].map((n) => ({ name: `ci-${n}`, issuer: "https://ci.example", subject: `s${n}` })) },
        deploy: { trust: [], namespaces: ["orders"] },
      },
    },
    { environment: "prod" },
  ),
);

describe("the cluster", () => {
  test("of a production environment", () => {
    const { inputs } = prod.one("ManagedCluster", "mooring-cluster");
    assert.deepEqual(inputs, {
      resourceName: "aks-acme-prod",
      resourceGroupName: "rg-acme-prod",
      nodeResourceGroup: "rg-acme-prod-nodes",
      nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
      location: "westeurope",
      dnsPrefix: "acme-prod",
      sku: { name: "Base", tier: "Standard" },
      kubernetesVersion: "1.35",
      autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
      identity: { type: "UserAssigned", userAssignedIdentities: ["<mooring-cluster-control-plane-identity.id>"] },
      identityProfile: {
        kubeletidentity: { resourceId: "<mooring-cluster-kubelet-identity.id>", clientId: "<id-acme-prod-kubelet.clientId>", objectId: "<id-acme-prod-kubelet.principalId>" },
      },
      enableRBAC: true,
      disableLocalAccounts: true,
      aadProfile: {
        managed: true,
        enableAzureRBAC: true,
        tenantID: "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e",
        adminGroupObjectIDs: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"],
      },
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true }, imageCleaner: { enabled: true, intervalHours: 168 } },
      apiServerAccessProfile: { authorizedIPRanges: ["203.0.113.0/24"], disableRunCommand: true },
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
        outboundType: "loadBalancer",
        loadBalancerSku: "standard",
        podCidr: "10.244.0.0/16",
        serviceCidr: "10.0.0.0/16",
        dnsServiceIP: "10.0.0.10",
      },
      metricsProfile: { costAnalysis: { enabled: true } },
      agentPoolProfiles: [
        {
          name: "system",
          mode: "System",
          nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
          type: "VirtualMachineScaleSets",
          vmSize: "Standard_D4ds_v5",
          osType: "Linux",
          osSKU: "AzureLinux",
          enableAutoScaling: true,
          count: 3,
          minCount: 3,
          maxCount: 5,
          availabilityZones: ["1", "2", "3"],
          vnetSubnetID: "<mooring-network-nodes.id>",
          upgradeSettings: { maxSurge: "33%" },
          securityProfile: { sshAccess: "Disabled" },
        },
      ],
      tags: { environment: "prod", owner: "platform@acme.example", "managed-by": "mooring" },
    });
  });

  test("outside production has no zones, no paid tier and no cost analysis", () => {
    const { inputs } = staging.one("ManagedCluster", "mooring-cluster");
    const [pool] = inputs.agentPoolProfiles as Record<string, unknown>[];
    assert.deepEqual(inputs.sku, { name: "Base", tier: "Free" });
    assert.ok(!("metricsProfile" in inputs));
    assert.ok(!("availabilityZones" in pool!));
  });

  test("is made after its identity may join the subnet and use the kubelet's identity", () => {
    const cluster = prod.one("ManagedCluster", "mooring-cluster");
    for (const name of ["mooring-cluster-joins-subnet", "mooring-cluster-uses-kubelet-identity"]) {
      assert.ok(prod.dependsOn(cluster, prod.one("RoleAssignment", name)), name);
    }
  });

  test("what AKS changes by itself plans no change", () => {
    assert.deepEqual(prod.one("ManagedCluster", "mooring-cluster").ignoreChanges, ["agentPoolProfiles[0].count", "agentPoolProfiles[0].orchestratorVersion"]);
    for (const pool of prod.all("AgentPool")) assert.deepEqual(pool.ignoreChanges, ["count", "orchestratorVersion"]);
  });

  test("workload pools are resources of their own, with labels and taints", () => {
    const { inputs } = prod.one("AgentPool", "mooring-cluster-batch");
    assert.deepEqual([inputs.agentPoolName, inputs.mode, inputs.nodeLabels, inputs.nodeTaints], ["batch", "User", { a: "b" }, ["team=batch:NoSchedule"]]);
    assert.deepEqual([inputs.minCount, inputs.maxCount, inputs.availabilityZones], [2, 10, ["1", "2", "3"]]);
  });
});

describe("roles", () => {
  const row = (program: Program) =>
    program.all("RoleAssignment").map(({ name, inputs }) => [name, String(inputs.roleDefinitionId).split("/").at(-1), inputs.principalId, inputs.scope]);

  test("each identity has the least it needs", () => {
    assert.deepEqual(row(prod).sort(), [
      ["mooring-cluster-joins-subnet", "4d97b98b-1d4f-4787-a291-c67834d212e7", "<id-acme-prod-cluster.principalId>", "<mooring-network-nodes.id>"],
      ["mooring-cluster-uses-kubelet-identity", "f1a07417-d97a-45cb-824c-7a7467783830", "<id-acme-prod-cluster.principalId>", "<mooring-cluster-kubelet-identity.id>"],
      ["mooring-nodes-pull", "7f951dda-4ed3-4680-a7ca-43fe172d538d", "<id-acme-prod-kubelet.principalId>", "<mooring-registry.id>"],
      ["mooring-pipelines-build-pushes", "8311e382-0749-4cb8-b61a-304f252e45ec", "<id-acme-prod-build.principalId>", "<mooring-registry.id>"],
      ["mooring-pipelines-deploy-fetches-kubeconfig", "4abbcc35-e782-43d8-92c5-2d3f1bd2253f", "<id-acme-prod-deploy.principalId>", "<mooring-cluster.id>"],
      ["mooring-pipelines-deploy-writes-orders", "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb", "<id-acme-prod-deploy.principalId>", "<mooring-cluster.id>/namespaces/orders"],
    ]);
    assert.equal(row(staging).length, 5);
  });

  test("every assignment names the kind of principal and has a fixed name of its own", () => {
    const names = [...staging.all("RoleAssignment"), ...prod.all("RoleAssignment")].map(({ inputs }) => {
      assert.equal(inputs.principalType, "ServicePrincipal");
      return String(inputs.roleAssignmentName);
    });
    assert.equal(new Set(names).size, names.length);
    // A change here would replace assignments of running environments.
    assert.equal(prod.one("RoleAssignment", "mooring-nodes-pull").inputs.roleAssignmentName, "c4a5e721-d6f2-5ad5-803e-0918aed45a1e");
  });
});

test("an identity's federated credentials are written one after the other", () => {
  const [first, second, third] = ["ci-1", "ci-2", "ci-3"].map((name) =>
    prod.all("FederatedIdentityCredential").find(({ inputs }) => inputs.federatedIdentityCredentialResourceName === name),
  );
  assert.ok(prod.dependsOn(second!, first!) && prod.dependsOn(third!, second!));
  assert.deepEqual(first!.inputs.audiences, ["api://AzureADTokenExchange"]);
});

describe("the registry", () => {
  test("has no admin user and no anonymous pull in any environment", () => {
    for (const program of [staging, prod]) {
      const { inputs } = program.one("Registry", "mooring-registry");
      assert.deepEqual([inputs.adminUserEnabled, inputs.anonymousPullEnabled], [false, false]);
    }
  });

  test("takes the name it is given, else one with six random characters", () => {
    assert.equal(prod.one("Registry", "mooring-registry").inputs.registryName, "acmeprod");
    assert.equal(prod.all("RandomString").length, 0);
    assert.equal(staging.one("Registry", "mooring-registry").inputs.registryName, "cracmestaging<mooring-registry-suffix.result>");
    assert.deepEqual(staging.one("RandomString", "mooring-registry-suffix").inputs, { length: 6, upper: false, special: false });
  });

  test("has zones and retention only where the SKU knows them", () => {
    const { zoneRedundancy, policies } = prod.one("Registry", "mooring-registry").inputs;
    assert.deepEqual([zoneRedundancy, policies], ["Enabled", { retentionPolicy: { status: "enabled", days: 15 } }]);
    assert.ok(!("policies" in staging.one("Registry", "mooring-registry").inputs));
  });
});

test("production protects what cannot be made again, and nothing else", () => {
  const isProtected = (program: Program) => program.registrations.filter(({ protect }) => protect).map(({ name }) => name).sort();
  assert.deepEqual(isProtected(prod), ["mooring-cluster", "mooring-cluster-apps", "mooring-cluster-batch", "mooring-group", "mooring-registry"]);
  assert.deepEqual(isProtected(staging), []);
});

test("every resource is made through a provider that names its subscription, organisation or cluster", () => {
  for (const [type, inputs] of [
    ["pulumi:providers:azure-native", { subscriptionId: "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", tenantId: "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e", location: "westeurope" }],
    ["pulumi:providers:github", { owner: "acme" }],
  ] as const) {
    const [provider, ...others] = staging.registrations.filter((registration) => registration.type === type);
    assert.equal(others.length, 0);
    for (const [key, value] of Object.entries(inputs)) assert.equal(provider?.inputs[key], value);
  }
  for (const { name, type, provider } of staging.registrations) {
    if (/^(azure-native|github|kubernetes):/.test(type)) assert.match(provider ?? "", /::mooring-(azure|github|kubernetes)::/, name);
  }
});

test("everything that can carry tags carries the environment's", () => {
  const taggable = ["ResourceGroup", "VirtualNetwork", "UserAssignedIdentity", "ManagedCluster", "AgentPool", "Registry"];
  for (const kind of taggable) {
    for (const { name, inputs } of staging.all(kind)) {
      assert.deepEqual(inputs.tags, { environment: "staging", owner: "platform@acme.example", "managed-by": "mooring" }, name);
    }
  }
});
