import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareMinor, fluxVersions, oldestKubernetes } from "../../components/settings/versions.ts";
import type { AzState } from "../az-standin.ts";
import { armId, faults, findings, group, healthy, productionProviders, registered, stackFile, subscription, withSettings } from "../doctor.ts";

describe("what exists already", () => {
  const subnet = (name: string) => armId(`Microsoft.Network/virtualNetworks/vnet-spoke/subnets/${name}`, subscription);
  const routeTable = armId("Microsoft.Network/routeTables/rt-firewall", subscription);
  const out = { routes: [{ properties: { addressPrefix: "0.0.0.0/0" } }] };
  const delegated = { addressPrefix: "10.0.16.0/28", delegations: [{ properties: { serviceName: "Microsoft.ContainerService/managedClusters" } }] };
  const abac = { roleAssignmentMode: "AbacRepositoryPermissions" };
  const registryId = (name: string) => armId(`Microsoft.ContainerRegistry/registries/${name}`, subscription);
  const groupYaml = stackFile.replace("westeurope}", "westeurope, resourceGroup: rg-landing}");

  /** The faults where `resources` exist, all else being right. */
  const existing = (yaml: string, resources: AzState["resources"], changes: Partial<AzState> = {}) =>
    faults({ yaml, az: { ...healthy(), providers: { ...registered, ...productionProviders }, groups: ["rg-landing"], resources, ...changes } });

  const network = { egress: "userDefinedRouting", existing: { nodesSubnet: subnet("nodes"), apiServerSubnet: subnet("api") } };
  const apiYaml = (changes: Record<string, unknown>) => withSettings(stackFile.replace("{administrators", "{api: vnetIntegration, authorizedRanges: [203.0.113.0/24], administrators"), { network, ...changes });
  const nodes = { routeTable: { id: routeTable }, serviceEndpoints: [{ service: "Microsoft.KeyVault" }] };
  const right = { [subnet("nodes")]: nodes, [subnet("api")]: delegated, [routeTable]: out };
  const vaultTenant = { tenants: { orders: { owners: [group], identity: { serviceAccounts: ["api"] }, vault: true } } };

  test("a resource group", async () => {
    assert.deepEqual(await existing(groupYaml, {}), []);
    assert.deepEqual(await existing(groupYaml, {}, { groups: [] }), ["missing  azure.resourceGroup: there is no rg-landing in the subscription; correct it, or remove it to have a group made"]);
  });

  test("a DNS zone", async () => {
    const zone = armId("Microsoft.Network/dnsZones/acme.example", subscription).replace("/rg-hub/", "/rg-dns/");
    const yaml = withSettings(stackFile, { dns: { zone: "acme.example", existing: { resourceGroup: "rg-dns" } } });
    assert.deepEqual(await existing(yaml, { [zone]: {} }), []);
    assert.deepEqual(await existing(yaml, {}), [`missing  dns.existing: there is no ${zone}; correct it; or ask its owner for the role Reader on it, without which it cannot be seen`]);
    assert.deepEqual(await existing(withSettings(stackFile, { dns: { zone: "acme.example" } }), {}), [], "one that is made");
  });

  test("everything there and right: one line each", async () => {
    const lines = await findings({ yaml: apiYaml(vaultTenant), az: { ...healthy(), resources: right } });
    assert.deepEqual(lines.filter((one) => one.includes(".existing.")), ["ok       network.existing.nodesSubnet: nodes", "ok       network.existing.apiServerSubnet: api"]);
  });

  test("what is wrong with a thing stands instead of the line that it is there", async () => {
    const lines = await findings({ yaml: apiYaml({}), az: { ...healthy(), resources: { ...right, [subnet("api")]: { delegations: [] } } } });
    assert.deepEqual(lines.filter((one) => one.includes("apiServerSubnet")).map((one) => one.slice(0, 7)), ["missing"]);
  });

  test("a subnet that is not there, or may not be seen", async () => {
    const { [subnet("api")]: _, ...without } = right;
    assert.deepEqual(await existing(apiYaml({}), without), [`missing  network.existing.apiServerSubnet: there is no ${subnet("api")}; correct it; or ask its owner for the role Reader on it, without which it cannot be seen`]);
    assert.match((await existing(apiYaml({}), right, { forbidden: [subnet("api")] })).join(), /^warning {2}network\.existing\.apiServerSubnet: cannot be checked \(az resource show: \(AuthorizationFailed\)/);
  });

  test("a way out for the nodes", async () => {
    assert.deepEqual(await existing(apiYaml({}), { ...right, [subnet("nodes")]: {} }), [
      `missing  network.existing.nodesSubnet: nodes has no route table, and network.egress is userDefinedRouting; \`az network vnet subnet update --ids ${subnet("nodes")} --route-table '<id>'\``,
    ]);
    assert.deepEqual(await existing(apiYaml({}), { ...right, [routeTable]: { routes: [{ properties: { addressPrefix: "10.0.0.0/8" } }] } }), [
      "missing  network.existing.nodesSubnet: the route table rt-firewall has no route for 0.0.0.0/0; add one whose next hop is the firewall",
    ]);
    const gateway = apiYaml({ network: { ...network, egress: "natGateway" } }).replace(/ {2}mooring:network: .*userDefinedRouting.*\n/, "");
    assert.match((await existing(gateway, right)).join(), /^missing {2}network\.existing\.nodesSubnet: nodes has no NAT gateway, and network\.egress is natGateway; `az network vnet subnet update --ids \S+ --nat-gateway '<id>'`$/);
    assert.deepEqual(await existing(gateway, { ...right, [subnet("nodes")]: { natGateway: { id: "x" } } }), []);
  });

  test("a route table for a network of our own", async () => {
    const yaml = withSettings(stackFile, { network: { egress: "userDefinedRouting", routeTable } });
    assert.deepEqual(await existing(yaml, { [routeTable]: out }), []);
    assert.match((await existing(yaml, { [routeTable]: {} })).join(), /^missing {2}network\.routeTable: the route table rt-firewall has no route for 0\.0\.0\.0\/0/);
  });

  test("the API server's subnet: its delegation and size", async () => {
    assert.deepEqual(await existing(apiYaml({}), { ...right, [subnet("api")]: { addressPrefixes: ["10.0.16.0/29"] } }), [
      `missing  network.existing.apiServerSubnet: api is not delegated to Microsoft.ContainerService/managedClusters; \`az network vnet subnet update --ids ${subnet("api")} --delegations Microsoft.ContainerService/managedClusters\``,
      "missing  network.existing.apiServerSubnet: api is 10.0.16.0/29, and the API server takes a /28 at least; name a larger subnet",
    ]);
  });

  test("vaults that let the nodes' subnet in by its service endpoint; only those", async () => {
    const bare = { ...right, [subnet("nodes")]: { routeTable: { id: routeTable }, serviceEndpoints: [{ service: "Microsoft.Storage" }] } };
    assert.deepEqual(await existing(apiYaml(vaultTenant), bare), [
      `missing  network.existing.nodesSubnet: nodes has no service endpoint Microsoft.KeyVault, by which the teams' vaults let it in; \`az network vnet subnet update --ids ${subnet("nodes")} --service-endpoints Microsoft.Storage Microsoft.KeyVault\``,
    ]);
    assert.deepEqual(await existing(apiYaml({}), bare), [], "no team has a vault");
    assert.deepEqual(await existing(apiYaml(vaultTenant).replace("[203.0.113.0/24]", "[]"), bare), [], "vaults are open where anybody may reach the API server");
  });

  test("a registry's mode is what the settings say, there and where releases come from", async () => {
    const yaml = (permissions: string, from: string) =>
      withSettings(stackFile, { registry: { existing: { name: "cracmeshared", resourceGroup: "rg-hub", permissions }, promoteFrom: { name: "cracmestaging", resourceGroup: "rg-hub", permissions: from } } });
    const both = { [registryId("cracmeshared")]: abac, [registryId("cracmestaging")]: { roleAssignmentMode: "LegacyRegistryPermissions" } };
    assert.deepEqual(await existing(yaml("abac", "roles"), both), []);
    assert.deepEqual(await existing(yaml("roles", "abac"), both), [
      "missing  registry.existing: cracmeshared is in ABAC mode, where AcrPull and AcrPush give no right; write permissions: abac",
      `missing  registry.promoteFrom: cracmestaging is not in ABAC mode, and the settings say permissions: abac; write permissions: roles; or have its owner run \`az acr update --name cracmestaging --resource-group rg-hub --subscription ${subscription} --role-assignment-mode rbac-abac\`, after reading docs/registry.md`,
    ]);
    // An API version that does not know the mode, or a registry from before it.
    assert.deepEqual(await existing(yaml("roles", "roles"), { ...both, [registryId("cracmeshared")]: {} }), []);
    assert.match((await existing(yaml("abac", "roles"), { [registryId("cracmeshared")]: abac })).join(), /^missing {2}registry\.promoteFrom: there is no /);
  });

  test("workspace, action group, zones and vaults", async () => {
    const workspace = armId("Microsoft.OperationalInsights/workspaces/log-hub", subscription);
    const actionGroup = armId("Microsoft.Insights/actionGroups/on-call", subscription);
    const zones = ["privatelink.azurecr.io", "private.westeurope.azmk8s.io"].map((name) => armId(`Microsoft.Network/privateDnsZones/${name}`, subscription));
    const vault = armId("Microsoft.KeyVault/vaults/kv-hub", subscription);
    const yaml = withSettings(stackFile.replace("{administrators", `{api: private, privateDnsZone: ${zones[1]}, administrators`), {
      monitoring: { workspace, prometheus: true, actionGroup },
      registry: { sku: "Premium", privateEndpoint: true, privateDnsZone: zones[0], cache: { "docker-hub": { source: "docker.io/library/*", target: "cache/library/*", credentials: { vault, username: "name", password: "token" } } } },
    });
    const all = Object.fromEntries([workspace, actionGroup, ...zones].map((id) => [id, {}]));
    assert.deepEqual(await existing(yaml, { ...all, [vault]: { enableRbacAuthorization: true } }), []);
    assert.match((await existing(yaml, { ...all, [vault]: {} })).join(), /^missing {2}registry\.cache\.docker-hub\.credentials\.vault: kv-hub grants rights by access policies/);
    const settingsOf = (await existing(yaml, {})).map((one) => /^missing {2}(\S+): there is no /.exec(one)?.[1]);
    assert.deepEqual(settingsOf, ["cluster.privateDnsZone", "monitoring.workspace", "monitoring.actionGroup", "registry.privateDnsZone", "registry.cache.docker-hub.credentials.vault"]);
  });

  describe("a cluster", () => {
    const id = `/subscriptions/${subscription}/resourceGroups/rg-clusters/providers/Microsoft.ContainerService/managedClusters/aks-shared`;
    const yaml = stackFile.replace(/\{administrators: .*\}/, "{existing: {resourceGroup: rg-clusters, name: aks-shared}}");
    const cluster = {
      currentKubernetesVersion: "1.35.4", aadProfile: { adminGroupObjectIDs: [group] }, oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true } }, identityProfile: { kubeletidentity: { objectId: "x" } },
      networkProfile: { networkPolicy: "cilium" }, addonProfiles: { azureKeyvaultSecretsProvider: { enabled: true } },
    };

    test("as it must be", async () => {
      assert.deepEqual(await existing(withSettings(yaml, vaultTenant), { [id]: cluster }), []);
    });

    test("is asked for once, and its own groups are the administrators", async () => {
      const az = { ...healthy(), resources: { [id]: cluster } };
      assert.ok((await findings({ yaml, az })).includes(`ok       administrators of the cluster: a member of ${group}`));
      assert.equal(az.calls.filter((call) => call.includes(id)).length, 1);
      assert.match((await existing(yaml, { [id]: cluster }, { memberOf: [] })).join(), /^warning {2}administrators of the cluster: a member of none of its groups; `up` needs another right/);
    });

    test("without Entra, issuer or kubelet identity, and of a version that is too old", async () => {
      const found = (await existing(yaml, { [id]: { kubernetesVersion: "1.31", aadProfile: null, networkProfile: { networkPolicy: "azure" } } })).filter((one) => one.startsWith("missing"));
      assert.deepEqual(found.map((one) => /aks-shared ([^;]*)/.exec(one)?.[1]), [
        "does not sign people in through Entra ID, and the kubeconfig knows no other way",
        "has no OIDC issuer",
        "has no kubelet identity, so it cannot be let into the registry",
        "runs Kubernetes 1.31, and Mooring needs 1.33 or newer",
      ]);
      assert.match(found[1]!, new RegExp(`; \`az aks update --resource-group rg-clusters --name aks-shared --subscription ${subscription} --enable-oidc-issuer --enable-workload-identity\`$`));
    });

    test("of a version that Flux does not support; what runs counts, not what was asked for", async () => {
      assert.deepEqual(await existing(yaml, { [id]: { ...cluster, currentKubernetesVersion: "1.36.0", kubernetesVersion: "1.35" } }), [
        "missing  cluster.existing: aks-shared runs Kubernetes 1.36.0, and Flux of chart 2.18.3 supports 1.33 to 1.35; name another flux.chart, or have the cluster upgraded",
      ]);
      assert.deepEqual(await existing(yaml, { [id]: { ...cluster, currentKubernetesVersion: "1.33.0" } }), []);
      for (const [chart, { kubernetes }] of Object.entries(fluxVersions)) {
        assert.ok(compareMinor(kubernetes.oldest, oldestKubernetes) >= 0, `chart ${chart}: the settings would take a version that is too old for the rules about tenants`);
      }
    });

    test("an engine for network policies, without which traffic rules do nothing", async () => {
      const faultsWith = (networkProfile: object | undefined) => existing(yaml, { [id]: { ...cluster, networkProfile } });
      for (const none of [undefined, {}, { networkPolicy: "none" }, { networkPlugin: "azure", networkDataplane: "azure" }]) {
        assert.deepEqual(await faultsWith(none), [
          `missing  cluster.existing: aks-shared enforces no network policies, so the teams' traffic rules do nothing: pods reach each other, Flux's controllers and the nodes' identity; have its owner switch an engine on, for example \`az aks update --resource-group rg-clusters --name aks-shared --subscription ${subscription} --network-dataplane cilium\``,
        ]);
      }
      for (const engine of [{ networkPolicy: "calico" }, { networkPolicy: "azure" }, { networkDataplane: "cilium" }]) assert.deepEqual(await faultsWith(engine), []);
      assert.deepEqual(await faultsWith({ networkPlugin: "none" }), [
        "warning  cluster.existing: aks-shared has a network of its owner's own, of which Azure does not say whether it enforces network policies; ask its owner; without them the teams' traffic rules do nothing",
      ]);
    });

    test("without what teams rely on", async () => {
      const poor = { ...cluster, securityProfile: {}, networkProfile: {}, addonProfiles: {} };
      assert.deepEqual((await existing(withSettings(yaml, vaultTenant), { [id]: poor })).map((one) => one.replace(/;.*/, "")), [
        "missing  cluster.existing: aks-shared does not give pods their team's identity (workload identity is off)",
        "missing  cluster.existing: aks-shared enforces no network policies, so the teams' traffic rules do nothing: pods reach each other, Flux's controllers and the nodes' identity",
        "warning  cluster.existing: aks-shared cannot mount secrets of a vault into pods",
      ]);
      assert.deepEqual((await existing(yaml, { [id]: { ...poor, networkProfile: { networkPolicy: "calico" } } })), [], "nobody has an identity or a vault");
    });
  });
});
