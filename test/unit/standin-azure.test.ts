/** The stand-in for Azure: every refusal with a legal sibling that passes, outputs, previews and look-ups. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { parse } from "yaml";
import { azureStandIn } from "../../local/standins/azure.ts";
import type { Values } from "../../local/standins/contract.ts";
import { UNKNOWN } from "../../local/standins/contract.ts";
import type { Live } from "./standin-driver.ts";
import { Driver, scratch } from "./standin-driver.ts";

const subscriptionId = "11111111-2222-4333-8444-555555555555";
const tenantId = "99999999-2222-4333-8444-555555555555";
const options = (folder: string) => ({ folder, cluster: { server: "https://127.0.0.1:6443", caPem: "-----BEGIN CERTIFICATE-----\n" } });

const type = {
  group: "azure-native:resources:ResourceGroup",
  network: "azure-native:network:VirtualNetwork",
  subnet: "azure-native:network:Subnet",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  credential: "azure-native:managedidentity:FederatedIdentityCredential",
  assignment: "azure-native:authorization:RoleAssignment",
  cluster: "azure-native:containerservice:ManagedCluster",
  pool: "azure-native:containerservice:AgentPool",
  window: "azure-native:containerservice:MaintenanceConfiguration",
  registry: "azure-native:containerregistry:Registry",
};
const role = (guid: string): string => `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
const ACR_PULL = role("7f951dda-4ed3-4680-a7ca-43fe172d538d");
const IDENTITY_OPERATOR = role("f1a07417-d97a-45cb-824c-7a7467783830");

async function azure(folder: string): Promise<Driver> {
  const standIn = azureStandIn(options(folder));
  await standIn.configure?.("first", { subscriptionId, tenantId, location: "westeurope" });
  return new Driver(standIn);
}

async function withGroup(context: TestContext): Promise<Driver> {
  const driver = await azure(scratch(context));
  await driver.create(type.group, "rg", { resourceGroupName: "rg" });
  return driver;
}

/** A group with a network, a subnet, the two identities of a cluster, and the right that one needs on the other. */
async function foundation(context: TestContext): Promise<{ driver: Driver; subnet: Live; control: Live; kubelet: Live; cluster: Values; operator: Live }> {
  const driver = await withGroup(context);
  await driver.create(type.network, "vnet", { resourceGroupName: "rg", virtualNetworkName: "vnet", addressSpace: { addressPrefixes: ["10.10.0.0/16"] } });
  const subnet = await driver.create(type.subnet, "nodes", { resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName: "nodes", addressPrefix: "10.10.0.0/20" });
  const control = await driver.create(type.identity, "control", { resourceGroupName: "rg", resourceName: "id-control" });
  const kubelet = await driver.create(type.identity, "kubelet", { resourceGroupName: "rg", resourceName: "id-kubelet" });
  const operator = await driver.create(type.assignment, "operator", {
    scope: kubelet.id, principalId: control.outputs.principalId ?? "", principalType: "ServicePrincipal", roleDefinitionId: IDENTITY_OPERATOR,
  });
  const cluster: Values = {
    resourceGroupName: "rg",
    resourceName: "aks",
    dnsPrefix: "aks",
    kubernetesVersion: "1.35",
    identity: { type: "UserAssigned", userAssignedIdentities: [control.id] },
    identityProfile: { kubeletidentity: { resourceId: kubelet.id } },
    aadProfile: { managed: true, enableAzureRBAC: true },
    disableLocalAccounts: true,
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true } },
    sku: { name: "Base", tier: "Free" },
    networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", networkDataplane: "cilium", networkPolicy: "cilium", podCidr: "10.244.0.0/16", serviceCidr: "10.0.0.0/16", dnsServiceIP: "10.0.0.10" },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5", vnetSubnetID: subnet.id }],
  };
  return { driver, subnet, control, kubelet, cluster, operator };
}

test("configure wants GUIDs and a region", async (context) => {
  const standIn = azureStandIn(options(scratch(context)));
  const configure = (args: Values) => async () => { await standIn.configure?.("x", args); };
  await assert.rejects(configure({ subscriptionId: "mine", tenantId }), /subscriptionId must be a GUID, not "mine"/);
  await assert.rejects(configure({ subscriptionId }), /tenantId must be a GUID/);
  await assert.rejects(configure({ subscriptionId, tenantId, location: "westeuropa" }), /"westeuropa" is not an Azure region/);
  await configure({ subscriptionId, tenantId, location: "West Europe" })();
  await assert.rejects(new Driver(standIn, "other").create(type.group, "rg", { location: "westeurope" }), /was not configured/);
});

test("check names unknown properties, wrong enums, missing ones and bad names with their path", async (context) => {
  const driver = await azure(scratch(context));
  const { failures = [] } = await driver.check(type.cluster, "aks", {
    resourceName: "-aks-",
    networkProfile: { networkPolcy: "cilium", outboundType: "nat" },
    agentPoolProfiles: [{ name: "System", count: 1001 }],
    addonProfiles: { azurepolicy: {} },
    autoUpgradeProfile: { upgradeChannel: UNKNOWN },
  });
  assert.deepEqual(failures.map(({ property }) => property).sort(), [
    "addonProfiles.azurepolicy.enabled", "agentPoolProfiles[0].count", "agentPoolProfiles[0].name", "networkProfile.networkPolcy", "networkProfile.outboundType", "resourceGroupName", "resourceName",
  ]);
  const reason = (property: string): string => failures.find((failure) => failure.property === property)?.reason ?? "";
  assert.equal(reason("networkProfile.networkPolcy"), "unknown property 'networkProfile.networkPolcy'; did you mean 'networkPolicy'?");
  assert.equal(reason("networkProfile.outboundType"), '"nat" is not one of loadBalancer, userDefinedRouting, managedNATGateway, userAssignedNATGateway, none');
  assert.equal(reason("resourceGroupName"), "missing required property 'resourceGroupName'");
});

test("names are legal or refused, at both ends of their length", async (context) => {
  const driver = await azure(scratch(context));
  const names: [string, string, string[], string[]][] = [
    [type.group, "resourceGroupName", ["a", "a".repeat(90), "a.b(c)-d_e"], ["", "a".repeat(91), "a.", "a b"]],
    [type.network, "virtualNetworkName", ["ab", "a".repeat(64)], ["a", "a".repeat(65), "-ab", "ab-"]],
    [type.subnet, "subnetName", ["a", "a".repeat(80), "a_"], ["a".repeat(81), "_a"]],
    [type.identity, "resourceName", ["abc", "a".repeat(128)], ["ab", "a".repeat(129), "-abc"]],
    [type.credential, "federatedIdentityCredentialResourceName", ["abc", "a".repeat(120)], ["ab", "a".repeat(121), "a.b"]],
    [type.assignment, "roleAssignmentName", [tenantId], ["reader"]],
    [type.cluster, "resourceName", ["a", "a".repeat(63)], ["", "a".repeat(64), "a-"]],
    [type.pool, "agentPoolName", ["a", "a".repeat(12)], ["A", "1a", "a".repeat(13)]],
    [type.window, "configName", ["default", "aksManagedAutoUpgradeSchedule"], ["weekly"]],
    [type.registry, "registryName", ["abcde", "a".repeat(50)], ["abcd", "a".repeat(51), "a-bcde"]],
  ];
  for (const [token, argument, good, bad] of names) {
    const isRefused = async (name: string): Promise<boolean> => ((await driver.check(token, "x", { [argument]: name })).failures ?? []).some(({ property }) => property === argument);
    for (const name of good) assert.equal(await isRefused(name), false, `${token} ${name}`);
    for (const name of bad) assert.equal(await isRefused(name), true, `${token} ${name}`);
  }
});

test("a missing name is generated once and kept; a missing location is the provider's", async (context) => {
  const driver = await azure(scratch(context));
  const group = await driver.create(type.group, "rg", {});
  assert.match(String(group.inputs.resourceGroupName), /^rg[0-9a-f]{8}$/);
  assert.equal(group.inputs.location, "westeurope");
  assert.equal(group.outputs.name, group.inputs.resourceGroupName);
  assert.deepEqual((await driver.diff(group, {})).changes, []);
  const { inputs } = await driver.check(type.assignment, "a", { scope: group.id, principalId: tenantId, roleDefinitionId: ACR_PULL });
  assert.match(String(inputs.roleAssignmentName), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test("what exists is not created again, and parents come first", async (context) => {
  const driver = await azure(scratch(context));
  const identity = { resourceGroupName: "rg", resourceName: "id-one" };
  await assert.rejects(driver.create(type.identity, "one", identity), /Status=404 Code="ResourceGroupNotFound" Message="Resource group 'rg' could not be found."/);
  await driver.create(type.group, "rg", { resourceGroupName: "rg" });
  await driver.create(type.identity, "one", identity);
  await assert.rejects(driver.create(type.identity, "again", { ...identity, resourceName: "ID-ONE" }), /cannot create already existing resource '\/subscriptions\/.*\/ID-ONE'/);
  for (const [token, args] of [
    [type.credential, { resourceName: "id-two", issuer: "https://issuer", subject: "s", audiences: ["a"] }],
    [type.subnet, { virtualNetworkName: "none", addressPrefix: "10.0.0.0/24" }],
    [type.pool, { resourceName: "none", agentPoolName: "user", vmSize: "Standard_D2s_v5" }],
    [type.window, { resourceName: "none", configName: "default" }],
  ] as [string, Values][]) {
    await assert.rejects(driver.create(token, "orphan", { resourceGroupName: "rg", ...args }), /Code="ParentResourceNotFound"/, token);
  }
  await assert.rejects(driver.create(type.group, "far", { location: "atlantis" }), /Code="LocationNotAvailableForResourceType"/);
});

test("state survives the process, is readable by the user alone, and a group takes its resources with it", async (context) => {
  const folder = scratch(context);
  const driver = await azure(folder);
  const group = await driver.create(type.group, "rg", { resourceGroupName: "rg" });
  const [one, two] = await Promise.all(["one", "two"].map((name) => driver.create(type.identity, name, { resourceGroupName: "rg", resourceName: `id-${name}` })));
  assert.ok(one && two);
  assert.equal(statSync(join(folder, "azure.json")).mode & 0o777, 0o600);

  const later = await azure(folder);
  assert.equal((await later.read(one))?.outputs.principalId, one.outputs.principalId);
  await later.delete(group);
  assert.equal(await driver.read(two), undefined, "another process's change is seen");
  await driver.delete(two);
  assert.deepEqual((JSON.parse(readFileSync(join(folder, "azure.json"), "utf8")) as { resources: object }).resources, {});
});

test("a registry's name is taken once in the world, and tiers have their features", async (context) => {
  const driver = await withGroup(context);
  await driver.create(type.group, "other", { resourceGroupName: "other" });
  const registry = (name: string, more: Values = {}): Values => ({ resourceGroupName: "rg", registryName: name, sku: { name: "Basic" }, ...more });
  const live = await driver.create(type.registry, "acr", registry("Mooring01"));
  assert.equal(live.outputs.loginServer, "mooring01.azurecr.io");
  await assert.rejects(driver.create(type.registry, "twin", registry("mooring01", { resourceGroupName: "other" })), /Code="AlreadyInUse"/);
  await driver.create(type.registry, "free", registry("mooring02", { resourceGroupName: "other" }));
  const retention = { policies: { retentionPolicy: { days: 7, status: "enabled" } } };
  await assert.rejects(driver.create(type.registry, "basic", registry("mooring03", retention)), /policies.retentionPolicy.status is not supported for the registry SKU Basic; it needs Premium/);
  await driver.create(type.registry, "premium", registry("mooring03", { ...retention, sku: { name: "Premium" } }));
  const both = { policies: { ...retention.policies, softDeletePolicy: { retentionDays: 7, status: "enabled" } }, sku: { name: "Premium" } };
  await assert.rejects(driver.create(type.registry, "both", registry("mooring04", both)), /cannot be enabled together/);
});

test("role assignments: principal, role, scope and the triple", async (context) => {
  const driver = await withGroup(context);
  const identity = await driver.create(type.identity, "id", { resourceGroupName: "rg", resourceName: "id-one" });
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
  const args: Values = { scope, principalId: identity.outputs.principalId ?? "", roleDefinitionId: ACR_PULL };
  const nobody = "00000000-0000-4000-8000-00000000000a";
  await assert.rejects(driver.create(type.assignment, "nobody", { ...args, principalId: nobody }), /Code="PrincipalNotFound" Message="Principal 0000000000004000800000000000000a does not exist/);
  await driver.create(type.assignment, "typed", { ...args, principalId: nobody, principalType: "Group" });
  await assert.rejects(driver.create(type.assignment, "role", { ...args, roleDefinitionId: role(nobody) }), /Code="RoleDefinitionDoesNotExist"/);
  await assert.rejects(driver.create(type.assignment, "scope", { ...args, scope: `${scope}/providers/Microsoft.ContainerRegistry/registries/none` }), /Code="ResourceNotFound" Message="The Resource 'Microsoft.ContainerRegistry\/registries\/none' under resource group 'rg'/);
  await assert.rejects(driver.create(type.assignment, "condition", { ...args, condition: "true" }), /conditionVersion/);
  const live = await driver.create(type.assignment, "ok", args);
  assert.equal(live.outputs.scope, scope);
  await assert.rejects(driver.create(type.assignment, "twin", args), new RegExp(`Code="RoleAssignmentExists".*${String(live.outputs.name).replaceAll("-", "")}`));
  await driver.create(type.assignment, "narrow", { ...args, scope: identity.id });

  assert.deepEqual((await driver.diff(live, { ...args, principalId: UNKNOWN })).replaces, ["principalId"]);
  assert.deepEqual((await driver.diff(live, { ...args, description: "why" })), { changes: ["description"], replaces: [], deleteBeforeReplace: false });
  await assert.rejects(driver.update(live, { ...args, roleDefinitionId: IDENTITY_OPERATOR }), /Code="PropertyChangeNotAllowed" Message="Changing property 'roleDefinitionId'/);
  await driver.delete(identity);
});

test("federated credentials: one audience, no twins, twenty, one write at a time", async (context) => {
  const driver = await withGroup(context);
  await driver.create(type.identity, "id", { resourceGroupName: "rg", resourceName: "id-one" });
  await driver.create(type.identity, "id2", { resourceGroupName: "rg", resourceName: "id-two" });
  const credential = (subject: string, more: Values = {}): Values => ({ resourceGroupName: "rg", resourceName: "id-one", issuer: "https://issuer", subject, audiences: ["api://AzureADTokenExchange"], ...more });
  await assert.rejects(driver.create(type.credential, "two-audiences", credential("a", { audiences: ["a", "b"] })), /exactly one audience/);

  const [first, second] = await Promise.allSettled([driver.create(type.credential, "one", credential("1")), driver.create(type.credential, "two", credential("2"))]);
  assert.equal(first.status, "fulfilled");
  assert.equal(second.status, "rejected");
  assert.match(String(second.reason), /Status=409 Code="ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"/);
  const apart = await Promise.allSettled([driver.create(type.credential, "2", credential("2")), driver.create(type.credential, "other", credential("2", { resourceName: "id-two" }))]);
  assert.deepEqual(apart.map(({ status }) => status), ["fulfilled", "fulfilled"]);

  await assert.rejects(driver.create(type.credential, "twin", credential("1")), /Issuer and subject combination already exists/);
  for (let index = 3; index <= 20; index++) await driver.create(type.credential, `c${index}0`, credential(String(index)));
  await assert.rejects(driver.create(type.credential, "too-many", credential("21")), /at most 20 federated identity credentials/);
});

test("a complete cluster is made, with consistent outputs", async (context) => {
  const { driver, cluster, kubelet, control } = await foundation(context);
  const { id, outputs } = await driver.create(type.cluster, "aks", cluster);
  assert.equal(id, `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`);
  assert.equal(outputs.kubernetesVersion, "1.35");
  assert.match(String(outputs.currentKubernetesVersion), /^1\.35\.\d+$/);
  assert.equal(outputs.nodeResourceGroup, "MC_rg_aks_westeurope");
  assert.match(String(outputs.fqdn), /^aks-[0-9a-f]{8}\.hcp\.westeurope\.azmk8s\.io$/);
  assert.match(JSON.stringify(outputs.oidcIssuerProfile), new RegExp(`"issuerURL":"https://westeurope\\.oic\\.prod-aks\\.azure\\.com/${tenantId}/[0-9a-f-]{36}/"`));
  assert.deepEqual(outputs.identityProfile, { kubeletidentity: { resourceId: kubelet.id, clientId: kubelet.outputs.clientId, objectId: kubelet.outputs.principalId } });
  assert.deepEqual(outputs.identity, { type: "UserAssigned", userAssignedIdentities: { [control.id]: { clientId: control.outputs.clientId, principalId: control.outputs.principalId } } });
  assert.equal(outputs.resourceGroupName, undefined);
});

test("clusters that AKS refuses", async (context) => {
  const { driver, cluster, operator, kubelet } = await foundation(context);
  const refused = async (change: Values, message: RegExp): Promise<void> => {
    await assert.rejects(driver.create(type.cluster, "aks", { ...cluster, ...change }), message, JSON.stringify(change));
  };
  const network = (change: Values): Values => ({ networkProfile: { ...(cluster.networkProfile as Values), ...change } });
  const pool = (change: Values): Values => ({ agentPoolProfiles: [{ ...((cluster.agentPoolProfiles as Values[])[0]), ...change }] });

  await refused(network({ serviceCidr: "10.10.4.0/24", dnsServiceIP: "10.10.4.10" }), /ServiceCidrOverlapExistingSubnetsCidr.*service CIDR 10\.10\.4\.0\/24 is conflicted with an existing subnet CIDR 10\.10\.0\.0\/20/);
  await refused(network({ serviceCidr: "10.10.240.0/24", dnsServiceIP: "10.10.240.10" }), /serviceCidr 10\.10\.240\.0\/24 overlaps with 10\.10\.0\.0\/16 of the cluster's virtual network/);
  await refused(network({ podCidr: "10.10.0.0/16" }), /podCidr 10\.10\.0\.0\/16 overlaps/);
  await refused(network({ podCidr: "10.0.0.0/12" }), /serviceCidr 10\.0\.0\.0\/16 overlaps with networkProfile\.podCidr/);
  await refused(network({ podCidr: "172.30.0.0/16" }), /reserved range 172\.30\.0\.0\/16/);
  await refused(network({ dnsServiceIP: "10.1.0.10" }), /DnsServiceIpOutOfServiceCidr/);
  await refused(network({ dnsServiceIP: "10.0.0.1" }), /first address/);
  await refused(network({ networkDataplane: "azure" }), /needs the dataplane cilium/);
  await refused(pool({ mode: "User" }), /at least one system pool/);
  await refused(pool({ count: 0 }), /at least one node/);
  await refused(pool({ maxPods: 20 }), /at least 30 pods/);
  await refused(pool({ enableAutoScaling: true }), /minCount and maxCount are required/);
  await refused(pool({ maxCount: 3 }), /must be absent/);
  await refused(pool({ vnetSubnetID: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/none` }), /VnetSubnetNotFound/);
  await refused({ agentPoolProfiles: [] }, /agentPoolProfiles is missing/);
  await refused({ identity: { type: "None" }, identityProfile: {} }, /servicePrincipalProfile is missing/);
  await refused({ identity: { type: "UserAssigned", userAssignedIdentities: [`${kubelet.id}x`] } }, /was not found/);
  await refused({ identity: { type: "SystemAssigned" } }, /CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster/);
  await refused({ identityProfile: { kubeletidentity: { resourceId: kubelet.id, objectId: tenantId } } }, /CustomKubeletIdentityPropertyError.*objectId/);
  await refused({ aadProfile: {}, disableLocalAccounts: true, kubernetesVersion: "1.20" }, /K8sVersionNotSupported/);
  const { aadProfile, ...withoutEntra } = cluster;
  assert.ok(aadProfile);
  await assert.rejects(driver.create(type.cluster, "aks", withoutEntra), /disableLocalAccounts needs an aadProfile/);
  await refused({ oidcIssuerProfile: { enabled: false } }, /Workload identity needs the OIDC issuer/);
  await refused({ apiServerAccessProfile: { enablePrivateCluster: true, authorizedIPRanges: ["198.51.100.0/24"] } }, /cannot be used with a private cluster/);
  await refused({ apiServerAccessProfile: { authorizedIPRanges: ["everywhere"] } }, /'everywhere' is not an address range/);
  await refused({ securityProfile: { ...(cluster.securityProfile as Values), imageCleaner: { enabled: true } } }, /needs intervalHours/);
  await refused({ metricsProfile: { costAnalysis: { enabled: true } } }, /needs the tier Standard or Premium/);
  await refused({ supportPlan: "AKSLongTermSupport" }, /needs the tier Premium/);
  await refused({ resourceName: "a".repeat(63), location: "switzerlandnorth" }, /node resource group name .* at most 80/);
  await driver.delete(operator);
  await refused({}, /CustomKubeletIdentityMissingPermissionError.*must be granted 'Managed Identity Operator' role/);

  await driver.create(type.assignment, "operator", { scope: kubelet.id, principalId: operator.inputs.principalId ?? "", principalType: "ServicePrincipal", roleDefinitionId: IDENTITY_OPERATOR });
  await driver.create(type.cluster, "aks", { ...cluster, apiServerAccessProfile: { authorizedIPRanges: ["198.51.100.0/24"] }, securityProfile: { ...(cluster.securityProfile as Values), imageCleaner: { enabled: true, intervalHours: 168 } } });
});

test("a cluster with identities that AKS makes takes them and its node group away again", async (context) => {
  const { driver, cluster } = await foundation(context);
  const live = await driver.create(type.cluster, "aks", { ...cluster, identity: { type: "SystemAssigned" }, identityProfile: {} });
  const made = (live.outputs.identityProfile as { kubeletidentity: { resourceId: string; objectId: string } }).kubeletidentity;
  assert.match(made.resourceId, /\/resourceGroups\/MC_rg_aks_westeurope\/.*\/aks-agentpool$/);
  await driver.create(type.assignment, "pull", { scope: live.id, principalId: made.objectId, roleDefinitionId: ACR_PULL });
  await driver.create(type.assignment, "self", { scope: live.id, principalId: (live.outputs.identity as Values).principalId ?? "", roleDefinitionId: ACR_PULL });
  await driver.delete(live);
  assert.equal(await driver.read({ type: type.identity, name: "made", id: made.resourceId }), undefined);
});

test("a subnet lies in its network, meets no other, and is not taken from under a cluster", async (context) => {
  const { driver, cluster, subnet } = await foundation(context);
  const args = (addressPrefix: string): Values => ({ resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName: "more", addressPrefix });
  await assert.rejects(driver.create(type.subnet, "more", args("10.11.0.0/24")), /NetcfgSubnetRangeOutsideVnet/);
  await assert.rejects(driver.create(type.subnet, "more", args("10.10.8.0/24")), /NetcfgSubnetRangesOverlap/);
  await driver.create(type.subnet, "more", args("10.10.16.0/24"));
  await assert.rejects(driver.create(type.network, "none", { resourceGroupName: "rg", virtualNetworkName: "none" }), /must have an address space/);
  const live = await driver.create(type.cluster, "aks", cluster);
  await assert.rejects(driver.delete(subnet), /InUseSubnetCannotBeDeleted/);
  await driver.delete(live);
  await driver.delete(subnet);
  assert.equal(await driver.read(subnet), undefined);
});

test("pools and maintenance windows of a cluster", async (context) => {
  const { driver, cluster, subnet } = await foundation(context);
  await driver.create(type.cluster, "aks", cluster);
  const pool = (name: string, more: Values = {}): Values => ({ resourceGroupName: "rg", resourceName: "aks", agentPoolName: name, mode: "User", count: 1, vmSize: "Standard_D4s_v5", vnetSubnetID: subnet.id, ...more });
  await assert.rejects(driver.create(type.pool, "inline", pool("system")), /cannot create already existing resource/);
  await assert.rejects(driver.create(type.pool, "windows", pool("windows", { osType: "Windows" })), /at most 6 characters/);
  await assert.rejects(driver.create(type.pool, "newer", pool("newer", { orchestratorVersion: "1.36" })), /AgentPoolK8sVersionNotSupported/);
  const live = await driver.create(type.pool, "user", pool("user", { availabilityZones: ["1"] }));
  assert.match(String(live.outputs.currentOrchestratorVersion), /^1\.35\./);
  assert.deepEqual((await driver.diff(live, pool("user", { vmSize: "Standard_D8s_v5" }))).replaces, ["vmSize"]);
  await assert.rejects(driver.update(live, pool("user", { availabilityZones: ["1", "2"] })), /Changing property 'availabilityZones\[1\]' is not allowed/);
  assert.equal((await driver.update(live, pool("user", { availabilityZones: ["1"], count: 2 }))).outputs.count, 2);

  const window = (configName: string, more: Values): Values => ({ resourceGroupName: "rg", resourceName: "aks", configName, ...more });
  const weekly = { durationHours: 4, startTime: "02:00", schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } } };
  await assert.rejects(driver.create(type.window, "none", window("aksManagedAutoUpgradeSchedule", {})), /needs a maintenanceWindow/);
  await assert.rejects(driver.create(type.window, "two", window("aksManagedAutoUpgradeSchedule", { maintenanceWindow: { ...weekly, schedule: { ...weekly.schedule, daily: { intervalDays: 1 } } } })), /exactly one of/);
  await driver.create(type.window, "one", window("aksManagedAutoUpgradeSchedule", { maintenanceWindow: weekly }));
});

test("updates of a cluster: tags alone touch nothing else, versions go up by one, create-only properties replace", async (context) => {
  const { driver, cluster } = await foundation(context);
  const live = await driver.create(type.cluster, "aks", cluster);
  assert.deepEqual(await driver.diff(live, { ...cluster, tags: { a: "b" } }), { changes: ["tags"], replaces: [], deleteBeforeReplace: false });
  const tagged = await driver.update(live, { ...cluster, tags: { a: "b" } });
  assert.deepEqual({ ...tagged.outputs, tags: undefined }, { ...live.outputs, tags: undefined });

  const network = cluster.networkProfile as Values;
  const { replaces, deleteBeforeReplace } = await driver.diff(live, { ...cluster, dnsPrefix: "other", networkProfile: { ...network, podCidr: "10.245.0.0/16" } });
  assert.deepEqual(replaces, ["dnsPrefix", "networkProfile.podCidr"]);
  assert.equal(deleteBeforeReplace, true);
  assert.deepEqual((await driver.diff(live, { ...cluster, networkProfile: { ...network, loadBalancerSku: "standard" } })).replaces, []);
  assert.deepEqual((await driver.diff(live, { ...cluster, location: "West Europe" })).changes, []);

  await assert.rejects(driver.update(live, { ...cluster, kubernetesVersion: "1.34" }), /Downgrading Kubernetes version/);
  await assert.rejects(driver.update(live, { ...cluster, kubernetesVersion: "1.37" }), /minor versions cannot be skipped/);
  assert.match(String((await driver.update(live, { ...cluster, kubernetesVersion: "1.36" })).outputs.currentKubernetesVersion), /^1\.36\./);
  await assert.rejects(driver.update(live, { ...cluster, kubernetesVersion: "1.36", oidcIssuerProfile: { enabled: false }, securityProfile: {} }), /OIDC issuer feature cannot be disabled/);
  await assert.rejects(driver.update(live, { ...cluster, kubernetesVersion: "1.36", agentPoolProfiles: [...(cluster.agentPoolProfiles as Values[]), { name: "extra", vmSize: "Standard_D2s_v5" }] }), /new agent pool introduced/);
});

test("previews: a create knows inputs only, an update inputs, name and location", async (context) => {
  const { driver, cluster, control } = await foundation(context);
  const { id, outputs } = await driver.previewCreate(type.cluster, "aks", cluster);
  assert.equal(id, "");
  assert.equal(outputs.name, UNKNOWN);
  assert.equal(outputs.fqdn, UNKNOWN);
  assert.equal(outputs.kubernetesVersion, "1.35");
  assert.deepEqual(outputs.oidcIssuerProfile, { enabled: true, issuerURL: UNKNOWN });
  assert.equal(await driver.read({ type: type.cluster, name: "aks", id: `${control.id}` }).then((found) => found?.outputs.name), "id-control");

  const live = await driver.create(type.cluster, "aks", cluster);
  const preview = (await driver.update(live, { ...cluster, tags: { a: "b" } }, true)).outputs;
  assert.deepEqual([preview.name, preview.location, preview.tags], ["aks", "westeurope", { a: "b" }]);
  for (const name of ["fqdn", "nodeResourceGroup", "currentKubernetesVersion", "provisioningState", "autoScalerProfile"]) assert.equal(preview[name], UNKNOWN, name);
  assert.deepEqual(preview.oidcIssuerProfile, { enabled: true, issuerURL: UNKNOWN });
  assert.equal((await driver.read(live))?.outputs.tags, undefined, "a preview changes nothing");

  const identity = (await driver.update(control, { ...control.inputs, tags: { a: "b" } }, true)).outputs;
  assert.deepEqual([identity.principalId, identity.clientId, identity.name], [UNKNOWN, UNKNOWN, "id-control"]);
});

test("look-ups answer what exists, and ResourceNotFound otherwise", async (context) => {
  const { driver, cluster, control } = await foundation(context);
  const look = { resourceGroupName: "rg", resourceName: "aks" };
  for (const name of ["getManagedCluster", "listManagedClusterUserCredentials"]) {
    await assert.rejects(driver.invoke(`azure-native:containerservice:${name}`, look), /request failed .*Code="ResourceNotFound" Message="The Resource 'Microsoft\.ContainerService\/managedClusters\/aks' under resource group 'rg' was not found/);
  }
  await assert.rejects(driver.invoke("azure-native:containerregistry:getRegistry", { resourceGroupName: "none", registryName: "abcde" }), /Code="ResourceGroupNotFound"/);
  const live = await driver.create(type.cluster, "aks", cluster);
  assert.equal((await driver.invoke("azure-native:containerservice:getManagedCluster", look)).fqdn, live.outputs.fqdn);
  assert.equal((await driver.invoke("azure-native:managedidentity:getUserAssignedIdentity", { ...look, resourceName: "id-control" })).principalId, control.outputs.principalId);

  const { kubeconfigs } = await driver.invoke("azure-native:containerservice:listManagedClusterUserCredentials", { ...look, format: "exec" });
  const [{ value }] = kubeconfigs as [{ value: string }];
  const kubeconfig = parse(Buffer.from(value, "base64").toString()) as { clusters: { cluster: Record<string, string> }[]; users: { user: { exec: { command: string; args: string[] } } }[] };
  assert.deepEqual(kubeconfig.clusters[0]?.cluster, { server: "https://127.0.0.1:6443", "certificate-authority-data": Buffer.from("-----BEGIN CERTIFICATE-----\n").toString("base64") });
  assert.equal(kubeconfig.users[0]?.user.exec.command, "kubelogin");
  assert.ok(kubeconfig.users[0].user.exec.args.join(" ").endsWith("--login devicecode"));
  await assert.rejects(driver.invoke("azure-native:containerservice:listManagedClusterAdminCredentials", look), /disable local accounts/);
  const client = await driver.invoke("azure-native:authorization:getClientConfig", {});
  assert.deepEqual(Object.keys(client).sort(), ["clientId", "objectId", "subscriptionId", "tenantId"]);
  assert.equal(client.tenantId, tenantId);
  await assert.rejects(driver.invoke("azure-native:compute:getVirtualMachine", {}), /does not know azure-native:compute:VirtualMachine/);
});

test("an existing resource can be adopted: a read without inputs answers all of them", async (context) => {
  const driver = await withGroup(context);
  const live = await driver.create(type.identity, "id", { resourceGroupName: "rg", resourceName: "id-one", tags: { a: "b" } });
  const read = await driver.read({ type: type.identity, name: "id", id: live.id });
  assert.deepEqual(read?.inputs, live.inputs);
});
