/** What a company has already is taken as it is: nothing of it is made, changed, protected or locked. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { census, cluster, entraTenant, grants, hub, owners, production, subscription } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration, smallest } from "../settings.ts";

const subnet = (name: string) => hub("Microsoft.Network/virtualNetworks", `vnet-spoke/subnets/${name}`);
const network = { existing: { nodesSubnet: subnet("nodes"), apiServerSubnet: subnet("api-server"), privateEndpointsSubnet: subnet("private-endpoints") } };
const zone = hub("Microsoft.Network/privateDnsZones", "private.westeurope.azmk8s.io");
const registryZone = hub("Microsoft.Network/privateDnsZones", "privatelink.azurecr.io");
const around = await Program.of(
  configuration(
    production({
      azure: { ...(smallest.azure as object), resourceGroup: "rg-landing-zone" },
      network,
      cluster: cluster({ api: "private", privateDnsZone: zone }),
      monitoring: { workspace: hub("Microsoft.OperationalInsights/workspaces", "log-hub") },
      registry: { privateEndpoint: true, privateDnsZone: registryZone },
      tenants: { orders: { owners: [owners], identity: { serviceAccounts: ["orders-api"] }, vault: true } },
      budget: { amount: 1, start: "2026-12-01", emails: ["a@acme.example"] },
    }),
  ),
);
const shared = await Program.of(
  configuration({
    tier: "production",
    cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared", pools: { spare: { taints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"] } } } },
    registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared" } },
    vaults: { allowedRanges: ["203.0.113.0/24"] },
    tenants: { orders: { owners: [owners], nodePool: "spare", identity: { serviceAccounts: ["orders-api"] }, vault: true } },
    pipelines: { deploy: { namespaces: ["orders"] } },
    budget: { amount: 1, start: "2026-12-01", emails: ["a@acme.example"] },
  }),
);

describe("an existing resource group, network and workspace", () => {
  test("none of them is made; the registry's address stands in the zone that the network knows", () => {
    for (const kind of ["ResourceGroup", "VirtualNetwork", "Subnet", "NatGateway", "PublicIPAddress", "Workspace", "ManagementLockByScope"]) assert.equal(census(around)[kind], undefined, kind);
    assert.deepEqual([...around.all("PrivateZone"), ...around.all("VirtualNetworkLink")], []);
    const { privateDnsZoneConfigs } = around.one("PrivateDnsZoneGroup", "mooring-registry-endpoint-names").inputs;
    assert.deepEqual(privateDnsZoneConfigs, [{ name: "registry", privateDnsZoneId: registryZone }]);
    assert.equal((around.one("PrivateEndpoint", "mooring-registry-endpoint").inputs.subnet as { id: string }).id, subnet("private-endpoints"));
  });

  test("everything is put into the group, and the nodes' own group still has its own name", () => {
    for (const { name, inputs } of around.registrations) if ("resourceGroupName" in inputs) assert.equal(inputs.resourceGroupName, "rg-landing-zone", name);
    assert.equal(around.one("ManagedCluster", "mooring-cluster").inputs.nodeResourceGroup, "rg-acme-staging-nodes");
    assert.deepEqual((around.one("Budget", "mooring-budget").inputs.filter as { dimensions: { values: string[] } }).dimensions.values, ["rg-landing-zone", "rg-acme-staging-nodes"]);
  });

  test("the cluster and its vaults use the subnets by their ids, and its identity has rights on them", () => {
    const { agentPoolProfiles, apiServerAccessProfile } = around.one("ManagedCluster", "mooring-cluster").inputs;
    assert.equal((agentPoolProfiles as { vnetSubnetID: string }[])[0]!.vnetSubnetID, subnet("nodes"));
    assert.equal(around.one("AgentPool", "mooring-cluster-apps").inputs.vnetSubnetID, subnet("nodes"));
    assert.equal((apiServerAccessProfile as { subnetId: string }).subnetId, subnet("api-server"));
    const scopes = Object.values(grants(around, /^mooring-cluster-(joins|links|writes)/)).map(([role, , , scope]) => [role, scope]);
    assert.deepEqual(scopes.sort(), [
      ["Network Contributor", hub("Microsoft.Network/virtualNetworks", "vnet-spoke")],
      ["Network Contributor", subnet("api-server")],
      ["Network Contributor", subnet("nodes")],
      ["Private DNS Zone Contributor", zone],
    ]);
  });
});

describe("an existing cluster and registry", () => {
  test("leave nothing of a cluster, a network or a registry to be made", () => {
    assert.deepEqual(census(shared), {
      Budget: 1,
      DiagnosticSetting: 1,
      FederatedIdentityCredential: 1,
      Key: 1,
      ManagementLockByScope: 1,
      ResourceGroup: 1,
      RoleAssignment: 6,
      UserAssignedIdentity: 3,
      Vault: 1,
      Workspace: 1,
    });
    assert.deepEqual(shared.all("DiagnosticSetting").map(({ name }) => name), ["orders-azure-vault-logs"]);
    assert.deepEqual(shared.all("ManagementLockByScope").map(({ name }) => name), ["mooring-logs-lock"]);
  });

  test("are given roles on, and nothing else", () => {
    const clusterId = `/subscriptions/${subscription}/resourceGroups/rg-clusters/providers/Microsoft.ContainerService/managedClusters/aks-shared`;
    const registryId = `/subscriptions/${subscription}/resourceGroups/rg-shared/providers/Microsoft.ContainerRegistry/registries/cracmeshared`;
    assert.deepEqual(grants(shared), {
      "mooring-nodes-pull": ["AcrPull", "<aks-shared.identityProfile.kubeletidentity.objectId>", "ServicePrincipal", registryId],
      "mooring-pipelines-build-pushes": ["AcrPush", "<id-acme-staging-build.principalId>", "ServicePrincipal", registryId],
      "mooring-pipelines-deploy-fetches-kubeconfig": ["Azure Kubernetes Service Cluster User Role", "<id-acme-staging-deploy.principalId>", "ServicePrincipal", clusterId],
      [`mooring-user-${owners}`]: ["Azure Kubernetes Service Cluster User Role", owners, "Group", clusterId],
      "orders-azure-workload-reads-secrets": ["Key Vault Secrets User", "<id-acme-staging-orders-workload.principalId>", "ServicePrincipal", "<orders-azure-vault.id>"],
      [`orders-azure-owners-write-secrets-${owners}`]: ["Key Vault Secrets Officer", owners, "Group", "<orders-azure-vault.id>"],
    });
  });

  test("their names, issuer and address are looked up and told", () => {
    const { cluster: told, registry } = shared.outputs;
    assert.deepEqual(told, { name: "aks-shared", resourceGroup: "rg-clusters", oidcIssuer: "<aks-shared.oidcIssuerProfile.issuerURL>" });
    assert.deepEqual(registry, { name: "cracmeshared", loginServer: "<cracmeshared.loginServer>" });
    const [credential] = shared.all("FederatedIdentityCredential");
    assert.equal(credential!.inputs.issuer, "<aks-shared.oidcIssuerProfile.issuerURL>");
  });

  test("a provider for the registry's subscription is not needed where it is the environment's", () => {
    assert.equal(shared.registrations.filter(({ type }) => type === "pulumi:providers:azure-native").length, 1);
  });

  test("Kubernetes is reached as everywhere, by an identity that is the existing cluster's", () => {
    const provider = shared.registrations.find(({ type }) => type === "pulumi:providers:kubernetes")!;
    const { clusters, users } = JSON.parse(String(provider.inputs.kubeconfig)) as { clusters: unknown; users: { user: { exec: { command: string; args: string[] } } }[] };
    assert.deepEqual(clusters, [{ name: "aks-shared", cluster: { server: "<aks-shared.server>", "certificate-authority-data": "<aks-shared.certificateAuthority>" } }]);
    assert.deepEqual([users[0]!.user.exec.command, users[0]!.user.exec.args.includes(entraTenant)], ["kubelogin", true]);
    assert.match(String(provider.inputs.clusterIdentifier), /^acme\/staging\/[0-9a-f]{12}\/1$/);
  });

  test("goes on when the environment goes, so that what is in it is deleted piece by piece, namespaces with what they hold", () => {
    for (const { name, inputs, parent, deletedWith } of [...shared.objects(), ...shared.all("Release")]) {
      const { namespace } = (inputs.metadata ?? {}) as { namespace?: string };
      assert.equal(shared.registrations.find(({ urn }) => urn === parent)?.deletedWith, undefined, name);
      assert.equal(deletedWith, namespace === undefined ? undefined : shared.object("Namespace", undefined, namespace).urn, name);
    }
  });

  test("its nodes' own group is not in the budget, and its subnet is not known to the vault", () => {
    assert.deepEqual((shared.one("Budget", "mooring-budget").inputs.filter as { dimensions: { values: string[] } }).dimensions.values, ["rg-acme-staging"]);
    assert.deepEqual((shared.one("Vault", "orders-azure-vault").inputs.properties as Record<string, unknown>).networkAcls, {
      bypass: "None",
      defaultAction: "Deny",
      ipRules: [{ value: "203.0.113.0/24" }],
    });
  });

  test("Flux waits for no pool, and a tenant tolerates what the settings say of one", () => {
    const [release] = shared.all("Release");
    assert.deepEqual(shared.needs(release!), ["mooring-flux-flux-traffic", "mooring-flux-namespace", "mooring-flux-tokens"]);
    const { patches } = shared.object("Kustomization", "orders-flux", "orders").inputs.spec as { patches: { patch: string }[] };
    assert.ok(patches.some(({ patch }) => patch.includes('{"key":"kubernetes.azure.com/scalesetpriority","operator":"Equal","value":"spot","effect":"NoSchedule"}')));
  });
});
