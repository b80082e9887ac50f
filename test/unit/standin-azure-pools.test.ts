/** The stand-in for Azure: node pools, upgrades and what stands on a cluster; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { actAsAks } from "../../local/standins/azure/act.ts";
import type { Values } from "../../local/standins/contract.ts";
import { ACR_PULL, foundation, type } from "./standin-azure-foundation.ts";
import { scratch } from "./standin-driver.ts";

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

test("pools of a cluster", async (context) => {
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

  await assert.rejects(driver.update(live, pool("user", { availabilityZones: ["1"], osDiskType: "Ephemeral" })), /Changing property 'osDiskType' is not allowed/);
  await driver.update(live, pool("user", { availabilityZones: ["1"], osDiskType: "Managed", osSKU: "AzureLinux" }));
  const { vnetSubnetID: _, ...elsewhere } = pool("else");
  await assert.rejects(driver.create(type.pool, "else", elsewhere), /must be in one virtual network/);
});

test("without a count the autoscaler's stays, and follows the limits", async (context) => {
  const folder = scratch(context);
  const { driver, cluster, subnet } = await foundation(context, folder);
  const limits = (minCount: number, maxCount: number): Values => ({ enableAutoScaling: true, minCount, maxCount });
  const [{ count: _, ...system } = {}] = cluster.agentPoolProfiles as Values[];
  const withSystem = (more: Values): Values => ({ ...cluster, agentPoolProfiles: [{ ...system, ...more }] });
  const pool = (more: Values): Values => ({ resourceGroupName: "rg", resourceName: "aks", agentPoolName: "apps", mode: "User", vmSize: "Standard_D4s_v5", vnetSubnetID: subnet.id, ...more });
  let aks = await driver.create(type.cluster, "aks", withSystem(limits(2, 5)));
  let apps = await driver.create(type.pool, "apps", pool(limits(0, 5)));
  /** The nodes as a GET of the pool and one of the cluster tell them. */
  const counts = async (): Promise<unknown[]> => {
    const { agentPoolProfiles } = await driver.invoke("azure-native:containerservice:getManagedCluster", { resourceGroupName: "rg", resourceName: "aks" });
    const { count } = await driver.invoke("azure-native:containerservice:getAgentPool", { resourceGroupName: "rg", resourceName: "aks", agentPoolName: "apps" });
    const [first, second] = (agentPoolProfiles as Values[]).map((profile) => profile.count);
    assert.equal(first, count);
    return [second, count];
  };
  const updated = async (system: Values, own: Values): Promise<unknown[]> => {
    aks = await driver.update(aks, withSystem(system));
    apps = await driver.update(apps, pool(own));
    return counts();
  };
  assert.deepEqual(await counts(), [2, 0], "it begins with the least");
  await actAsAks(folder, "aks", { counts: { system: 4, apps: 3 } });
  assert.deepEqual(await counts(), [4, 3]);
  assert.deepEqual(await updated({ ...limits(2, 5), nodeLabels: { a: "b" } }, { ...limits(0, 5), nodeLabels: { a: "b" } }), [4, 3], "an update takes no node away");
  assert.deepEqual(await updated(limits(5, 6), limits(4, 6)), [5, 4], "up to a greater least");
  assert.deepEqual(await updated(limits(1, 3), limits(0, 2)), [3, 2], "down to a smaller most");
  await assert.rejects(driver.update(apps, pool({ ...limits(0, 2), count: 3 })), /count 3 is not between minCount 0 and maxCount 2/);
  await assert.rejects(driver.update(aks, withSystem({ ...limits(1, 3), count: 4 })), /count 4 is not between minCount 1 and maxCount 3/);
  assert.deepEqual(await updated({ enableAutoScaling: false }, { enableAutoScaling: false }), [3, 2], "without the autoscaler they stay too");
});

test("spot pools: not for the system, with a price that is one, marked by AKS", async (context) => {
  const { driver, cluster, subnet } = await foundation(context);
  await driver.create(type.cluster, "aks", cluster);
  const spot = (name: string, more: Values = {}): Values => ({
    resourceGroupName: "rg", resourceName: "aks", agentPoolName: name, mode: "User", count: 1, vmSize: "Standard_D4s_v5", vnetSubnetID: subnet.id,
    scaleSetPriority: "Spot", scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1, nodeLabels: { team: "a" }, ...more,
  });
  await assert.rejects(driver.create(type.pool, "spot", spot("spot", { mode: "System" })), /can't be a system pool/);
  await assert.rejects(driver.create(type.pool, "spot", spot("spot", { spotMaxPrice: 0 })), /spotMaxPrice 0 must be -1, or greater than 0/);
  await assert.rejects(driver.create(type.pool, "spot", spot("spot", { type: "VirtualMachines" })), /must be of the type VirtualMachineScaleSets/);
  await assert.rejects(driver.create(type.pool, "spot", spot("spot", { upgradeSettings: { maxSurge: "33%" } })), /can't set max surge/);
  await assert.rejects(driver.create(type.pool, "user", spot("user", { scaleSetPriority: "Regular" })), /scaleSetEvictionPolicy is for pools with scaleSetPriority Spot alone/);
  const live = await driver.create(type.pool, "spot", spot("spot", { spotMaxPrice: 0.12345 }));
  assert.deepEqual(live.outputs.nodeTaints, ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]);
  assert.deepEqual(live.outputs.nodeLabels, { team: "a", "kubernetes.azure.com/scalesetpriority": "spot" });
  await assert.rejects(driver.update(live, spot("spot", { spotMaxPrice: -1 })), /Changing property 'spotMaxPrice'/);
});

test("node auto-provisioning and the autoscaler exclude one another, in either order", async (context) => {
  const { driver, cluster, subnet } = await foundation(context);
  const live = await driver.create(type.cluster, "aks", cluster);
  const scaled = { enableAutoScaling: true, minCount: 1, maxCount: 3 };
  const pool = (more: Values): Values => ({ resourceGroupName: "rg", resourceName: "aks", agentPoolName: "apps", count: 1, vmSize: "Standard_D4s_v5", vnetSubnetID: subnet.id, ...more });
  const apps = await driver.create(type.pool, "apps", pool(scaled));
  const auto: Values = { ...cluster, nodeProvisioningProfile: { mode: "Auto" } };
  await assert.rejects(driver.update(live, auto), /set enableAutoScaling to false on agent pool apps first/);
  await driver.update(apps, pool({ enableAutoScaling: false }));
  await driver.update(live, auto);
  await assert.rejects(driver.update(apps, pool(scaled)), /Node auto-provisioning cannot be used with the cluster autoscaler/);
});

test("long-term support may skip a minor version, and Premium is left by choosing the other plan", async (context) => {
  const { driver, cluster } = await foundation(context);
  const longTerm: Values = { ...cluster, sku: { name: "Base", tier: "Premium" }, supportPlan: "AKSLongTermSupport" };
  const live = await driver.create(type.cluster, "aks", longTerm);
  assert.match(String((await driver.update(live, { ...longTerm, kubernetesVersion: "1.37" })).outputs.currentKubernetesVersion), /^1\.37\./);
  const standard: Values = { ...cluster, kubernetesVersion: "1.37", sku: { name: "Base", tier: "Standard" } };
  await assert.rejects(driver.update(live, standard), /set supportPlan to KubernetesOfficial/);
  await driver.update(live, { ...standard, supportPlan: "KubernetesOfficial" });
});

test("maintenance windows", async (context) => {
  const { driver, cluster } = await foundation(context);
  await driver.create(type.cluster, "aks", cluster);
  const window = (configName: string, more: Values): Values => ({ resourceGroupName: "rg", resourceName: "aks", configName, ...more });
  const weekly = { durationHours: 4, startTime: "02:00", schedule: { weekly: { dayOfWeek: "Sunday", intervalWeeks: 1 } } };
  const daily = { ...weekly, schedule: { daily: { intervalDays: 1 } } };
  const refused = (configName: string, more: Values, message: RegExp) => assert.rejects(driver.create(type.window, configName, window(configName, more)), message);
  await refused("aksManagedAutoUpgradeSchedule", {}, /needs a maintenanceWindow/);
  await refused("default", {}, /needs a maintenanceWindow, or timeInWeek/);
  await refused("default", { maintenanceWindow: daily }, /takes a weekly schedule alone/);
  await refused("aksManagedAutoUpgradeSchedule", { maintenanceWindow: { ...weekly, schedule: { ...weekly.schedule, ...daily.schedule } } }, /exactly one of/);
  await refused("aksManagedAutoUpgradeSchedule", { maintenanceWindow: { ...weekly, durationHours: 3 } }, /durationHours: 3 is out of range: 4 to 24/);
  await refused("aksManagedAutoUpgradeSchedule", { maintenanceWindow: { ...weekly, startTime: "24:00" } }, /startTime '24:00' is not a time of day/);
  await refused("aksManagedAutoUpgradeSchedule", { maintenanceWindow: { ...weekly, notAllowedDates: [{ start: "2027-01-03", end: "2026-12-23" }] } }, /are not days in their order/);
  const live = await driver.create(type.window, "one", window("aksManagedAutoUpgradeSchedule", { maintenanceWindow: { ...weekly, notAllowedDates: [{ start: "2026-12-23", end: "2027-01-03" }] } }));
  assert.equal((live.outputs.maintenanceWindow as Values).startDate, "2026-11-21", "AKS says since when it holds");
  await driver.create(type.window, "two", window("aksManagedNodeOSUpgradeSchedule", { maintenanceWindow: daily }));
  await driver.create(type.window, "three", window("default", { maintenanceWindow: weekly }));
});

test("deployment safeguards need the Azure Policy add-on", async (context) => {
  const { driver, cluster } = await foundation(context);
  const live = await driver.create(type.cluster, "aks", cluster);
  const args: Values = { resourceUri: live.id, level: "Warn", excludedNamespaces: ["flux-system"] };
  await assert.rejects(driver.create(type.safeguard, "safe", args), /need the Azure Policy add-on: enable addonProfiles.azurepolicy on aks/);
  await driver.update(live, { ...cluster, addonProfiles: { azurepolicy: { enabled: true } } });
  const safeguard = await driver.create(type.safeguard, "safe", args);
  assert.equal(safeguard.id, `${live.id}/providers/Microsoft.ContainerService/deploymentSafeguards/default`);
  assert.equal(safeguard.outputs.name, "default");
  await assert.rejects(driver.create(type.safeguard, "twice", args), /cannot create already existing resource/);
  await assert.rejects(driver.create(type.safeguard, "else", { ...args, resourceUri: (cluster.identity as { userAssignedIdentities: string[] }).userAssignedIdentities[0]! }), /for AKS clusters alone/);
});
