/** The stand-in for Azure: what existed before a stack, what AKS does by itself, and what a refresh makes of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { actAsAks } from "../../local/standins/azure/act.ts";
import { addExisting } from "../../local/standins/azure/existing.ts";
import { refreshedInputs } from "../../local/standins/azure/refresh.ts";
import { ruleOf } from "../../local/standins/azure/rules.ts";
import type { Values } from "../../local/standins/contract.ts";
import type { Driver, Live } from "./standin-driver.ts";
import { scratch } from "./standin-driver.ts";
import { ACR_PULL, azure, foundation, subscriptionId, tenantId, type, withPool } from "./standin-azure-foundation.ts";

/** A refresh: the state's inputs and outputs go in, those of now come out. */
async function refresh(driver: Driver, live: Live): Promise<Live> {
  const found = await driver.standIn.read({ urn: "", type: live.type, name: live.name, connection: driver.connection, id: live.id, inputs: live.inputs, outputs: live.outputs });
  assert.ok(found);
  return { ...live, ...found };
}

const scaled = { enableAutoScaling: true, minCount: 1, maxCount: 5 };

async function clusterWithPool(driver: Driver, cluster: Values, subnet: Live): Promise<{ aks: Live; apps: Live }> {
  const aks = await driver.create(type.cluster, "aks", withPool(cluster, scaled));
  const apps = await driver.create(type.pool, "apps", { resourceGroupName: "rg", resourceName: "aks", agentPoolName: "apps", count: 1, vmSize: "Standard_D4s_v5", vnetSubnetID: subnet.id, ...scaled });
  return { aks, apps };
}

test("nothing happened: a refresh changes no input of any resource", async (context) => {
  const { driver, network, subnet, control, operator, cluster } = await foundation(context);
  const { apps } = await clusterWithPool(driver, cluster, subnet);
  const registry = await driver.create(type.registry, "acr", { resourceGroupName: "rg", registryName: "mooring01", sku: { name: "Premium" } });
  const grafana = await driver.create(type.grafana, "g", { resourceGroupName: "rg", workspaceName: "graf", identity: { type: "UserAssigned", userAssignedIdentities: [control.id] } });
  const budget = await driver.create(type.budget, "b", { scope: `/subscriptions/${subscriptionId}`, amount: 1, category: "Cost", timeGrain: "Monthly", timePeriod: { startDate: "2026-12-01T00:00:00Z" } });
  for (const live of [network, subnet, control, operator, apps, registry, grafana, budget]) {
    assert.deepEqual((await refresh(driver, live)).inputs, live.inputs, live.type);
  }
});

test("a cluster answers with all its pools, which a refresh of a cluster from before them takes into its inputs", async (context) => {
  const { driver, subnet, cluster } = await foundation(context);
  const { aks } = await clusterWithPool(driver, cluster, subnet);
  const names = (values: Values): unknown[] => (values.agentPoolProfiles as Values[]).map(({ name }) => name);
  assert.deepEqual(names(aks.outputs), ["system"]);
  const refreshed = await refresh(driver, aks);
  assert.deepEqual(names(refreshed.outputs), ["apps", "system"], "in the order of their names");
  assert.deepEqual(names(await driver.invoke("azure-native:containerservice:getManagedCluster", { resourceGroupName: "rg", resourceName: "aks" })), ["apps", "system"]);
  assert.deepEqual(names(refreshed.inputs), ["apps", "system"], "as the real provider does: the program must bear it");
  assert.deepEqual((await refresh(driver, refreshed)).inputs, refreshed.inputs);
  const [apps] = refreshed.outputs.agentPoolProfiles as Values[];
  assert.deepEqual([apps?.count, apps?.vmSize, apps?.type, apps?.vnetSubnetID], [1, "Standard_D4s_v5", "VirtualMachineScaleSets", subnet.id]);
  // What stands in the answer is no new pool when it comes back.
  await driver.update(refreshed, { ...refreshed.inputs, tags: { a: "b" } });
});

test("AKS upgrades and scales by itself, and whoever reads is told", async (context) => {
  const folder = scratch(context);
  const { driver, subnet, cluster } = await foundation(context, folder);
  const { aks, apps } = await clusterWithPool(driver, cluster, subnet);
  const before = await refresh(driver, aks);
  await actAsAks(folder, "aks", { version: "1.35.9", counts: { system: 3, apps: 4 } });

  const now = await refresh(driver, before);
  assert.equal(now.outputs.currentKubernetesVersion, "1.35.9");
  assert.equal(now.outputs.kubernetesVersion, "1.35", "the asked minor version is still right");
  const pools = (now.outputs.agentPoolProfiles as Values[]).map(({ name, count, currentOrchestratorVersion }) => [name, count, currentOrchestratorVersion]);
  assert.deepEqual(pools, [["apps", 4, "1.35.9"], ["system", 3, "1.35.9"]]);
  const { changes } = await driver.diff(now, before.inputs);
  assert.deepEqual(changes.sort(), ["agentPoolProfiles[0].count", "agentPoolProfiles[1].count"], "the version that was asked for is still right");

  const pool = await refresh(driver, apps);
  assert.deepEqual([pool.outputs.count, pool.outputs.currentOrchestratorVersion], [4, "1.35.9"]);
  assert.deepEqual((await driver.diff(pool, apps.inputs)).changes, ["count"]);
  assert.equal((await driver.invoke("azure-native:containerservice:getAgentPool", { resourceGroupName: "rg", resourceName: "aks", agentPoolName: "apps" })).count, 4);

  const updated = await driver.update(now, { ...now.inputs, tags: { a: "b" } });
  assert.equal(updated.outputs.currentKubernetesVersion, "1.35.9", "an update does not take it back");
  await assert.rejects(driver.update(now, { ...now.inputs, kubernetesVersion: "1.35.6" }), /Downgrading Kubernetes version from 1\.35\.9/);
});

test("AKS does nothing that AKS would not do", async (context) => {
  const folder = scratch(context);
  const { driver, subnet, cluster } = await foundation(context, folder);
  await assert.rejects(actAsAks(folder, "aks", {}), /there is no cluster aks/);
  const { aks, apps } = await clusterWithPool(driver, cluster, subnet);
  await assert.rejects(actAsAks(folder, "aks", { version: "1.36.1" }), /1\.36\.1 is not a newer patch release of 1\.35\.6/);
  await assert.rejects(actAsAks(folder, "aks", { version: "1.35.6" }), /not a newer patch release/);
  await assert.rejects(actAsAks(folder, "aks", { counts: { other: 1 } }), /cluster aks has no pool other/);
  await assert.rejects(actAsAks(folder, "aks", { counts: { apps: 6 } }), /pool apps scales from 1 to 5, not to 6/);
  const { minCount: _, maxCount: __, ...fixed } = apps.inputs;
  await driver.update(apps, { ...fixed, enableAutoScaling: false });
  await assert.rejects(actAsAks(folder, "aks", { counts: { apps: 2 } }), /pool apps has no autoscaler/);
  await actAsAks(folder, aks.id, { counts: { system: 2 } });
  assert.equal(((await refresh(driver, aks)).outputs.agentPoolProfiles as Values[]).find(({ name }) => name === "system")?.count, 2);
});

test("inputs take over what changed in the answers, and nothing that was there before", () => {
  const rule = ruleOf("azure-native:network:VirtualNetwork");
  const space = (...addressPrefixes: string[]) => ({ addressSpace: { addressPrefixes } });
  const inputs = { virtualNetworkName: "vnet", ...space("10.0.0.0/16"), tags: { a: "b" } };
  const before = { name: "vnet", ...space("10.0.0.0/16"), tags: { a: "b" }, enableDdosProtection: false, resourceGuid: "1", subnets: [] };
  assert.deepEqual(refreshedInputs(rule, inputs, before, before), inputs);
  assert.deepEqual(refreshedInputs(rule, inputs, before, { ...before, resourceGuid: "2", etag: "x" }), inputs, "an input cannot say these");
  assert.deepEqual(refreshedInputs(rule, inputs, before, { ...before, subnets: [{ name: "nodes" }] }), inputs, "subnets are resources of their own");
  assert.deepEqual(refreshedInputs(rule, { ...inputs, subnets: [] }, before, { ...before, subnets: [{ name: "nodes", id: "/s" }] }).subnets, [{ name: "nodes", id: "/s" }]);
  assert.deepEqual(refreshedInputs(rule, inputs, before, { ...before, enableDdosProtection: true }), { ...inputs, enableDdosProtection: true });
  assert.deepEqual(refreshedInputs(rule, inputs, before, { ...before, tags: { a: "c", owner: "me" } }), { ...inputs, tags: { a: "c", owner: "me" } });
  const { tags: _, ...untagged } = inputs;
  const { tags: __, ...gone } = before;
  assert.deepEqual(refreshedInputs(rule, inputs, before, gone), untagged);
});

test("what a company has already is seeded by the rules that hold for everything, in any subscription", async (context) => {
  const folder = scratch(context);
  const hub = "22222222-2222-4333-8444-555555555555";
  const existing = (token: string, args: Values, subscription = subscriptionId) => addExisting({ folder, subscriptionId: subscription, tenantId, location: "westeurope" }, token, args);
  await assert.rejects(existing(type.network, { resourceGroupName: "hub", virtualNetworkName: "vnet-hub", addressSpace: { addressPrefixes: ["10.20.0.0/16"] } }, hub), /Code="ResourceGroupNotFound" Message="Resource group 'hub'/);
  await existing(type.group, { resourceGroupName: "hub" }, hub);
  await existing(type.group, { resourceGroupName: "rg" });
  await existing(type.network, { resourceGroupName: "hub", virtualNetworkName: "vnet-hub", addressSpace: { addressPrefixes: ["10.20.0.0/16"] } }, hub);
  const routes = await existing(type.routes, { resourceGroupName: "hub", routeTableName: "rt", routes: [{ name: "out", addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.20.0.4" }] }, hub);
  const nodes = await existing(type.subnet, { resourceGroupName: "hub", virtualNetworkName: "vnet-hub", subnetName: "nodes", addressPrefix: "10.20.0.0/20", routeTable: { id: routes.id } }, hub);
  await assert.rejects(existing(type.subnet, { resourceGroupName: "hub", virtualNetworkName: "vnet-hub", subnetName: "wide", addressPrefix: "10.21.0.0/20" }, hub), /NetcfgSubnetRangeOutsideVnet/);
  await existing(type.zone, { resourceGroupName: "hub", privateZoneName: "privatelink.azurecr.io", location: "global" }, hub);
  const workspace = await existing(type.workspace, { resourceGroupName: "hub", workspaceName: "log-hub" }, hub);
  await existing(type.vault, { resourceGroupName: "hub", vaultName: "kv-hub", properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true } }, hub);
  await existing(type.registry, { resourceGroupName: "rg", registryName: "acmeshared", sku: { name: "Premium" } });
  await existing(type.cluster, {
    resourceGroupName: "rg", resourceName: "aks", dnsPrefix: "aks", identity: { type: "SystemAssigned" }, oidcIssuerProfile: { enabled: true }, aadProfile: { managed: true },
    networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", outboundType: "userDefinedRouting" },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5", vnetSubnetID: nodes.id }],
  });
  await assert.rejects(existing(type.registry, { resourceGroupName: "rg", registryName: "acmeshared", sku: { name: "Premium" } }), /exists already/);
  await assert.rejects(existing(type.registry, { resourceGroupName: "rg", registryName: "a", sku: { name: "Premium" } }), /registryName: "a" is not a legal name/);

  const driver = await azure(folder);
  const registry = await driver.invoke("azure-native:containerregistry:getRegistry", { resourceGroupName: "rg", registryName: "acmeshared" });
  assert.equal(registry.loginServer, "acmeshared.azurecr.io");
  const aks = await driver.invoke("azure-native:containerservice:getManagedCluster", { resourceGroupName: "rg", resourceName: "aks" });
  const { objectId } = (aks.identityProfile as { kubeletidentity: { objectId: string } }).kubeletidentity;
  assert.match(String((aks.oidcIssuerProfile as Values).issuerURL), /^https:\/\/westeurope\.oic/);
  await driver.create(type.assignment, "pulls", { scope: String(registry.id), principalId: objectId, roleDefinitionId: ACR_PULL });
  await driver.create(type.diagnostics, "d", { resourceUri: String(aks.id), name: "mooring", workspaceId: workspace.id, logs: [{ category: "guard", enabled: true }] });
  await assert.rejects(driver.create(type.registry, "acr", { resourceGroupName: "rg", registryName: "acmeshared", sku: { name: "Premium" } }), /cannot create already existing resource/);
});
