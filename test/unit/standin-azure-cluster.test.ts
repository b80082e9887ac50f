/** The stand-in for Azure: clusters and what stands on them; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { foundation, IDENTITY_OPERATOR, subscriptionId, tenantId, type, withNetwork, withPool } from "./standin-azure-foundation.ts";

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
  const network = (change: Values): Values => withNetwork(cluster, change);
  const pool = (change: Values): Values => withPool(cluster, change);

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
  await refused({ sku: { name: "Base", tier: "Premium" } }, /Premium needs the support plan AKSLongTermSupport/);
  await refused({ securityProfile: { ...(cluster.securityProfile as Values), defender: { securityMonitoring: { enabled: true } } } }, /Defender needs .*logAnalyticsWorkspaceResourceId/);
  await refused({ autoUpgradeProfile: { upgradeChannel: "node-image", nodeOSUpgradeChannel: "None" } }, /nodeOSUpgradeChannel is NodeImage/);
  await refused({ nodeProvisioningProfile: { mode: "Auto" }, ...withPool(cluster, { enableAutoScaling: true, minCount: 1, maxCount: 3 }) }, /Node auto-provisioning cannot be used with the cluster autoscaler/);
  await refused(pool({ scaleSetPriority: "Spot" }), /Spot pool can't be a system pool/);
  await refused({ resourceName: "a".repeat(63), location: "switzerlandnorth" }, /node resource group name .* at most 80/);
  await driver.delete(operator);
  await refused({}, /CustomKubeletIdentityMissingPermissionError.*must be granted 'Managed Identity Operator' role/);

  await driver.create(type.assignment, "operator", { scope: kubelet.id, principalId: operator.inputs.principalId ?? "", principalType: "ServicePrincipal", roleDefinitionId: IDENTITY_OPERATOR });
  await driver.create(type.cluster, "aks", { ...cluster, apiServerAccessProfile: { authorizedIPRanges: ["198.51.100.0/24"] }, securityProfile: { ...(cluster.securityProfile as Values), imageCleaner: { enabled: true, intervalHours: 168 } } });
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
