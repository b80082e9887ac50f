/** The stand-in for Azure: what holds for every type, outputs, previews and look-ups. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { azureStandIn } from "../../local/standins/azure.ts";
import type { Values } from "../../local/standins/contract.ts";
import { UNKNOWN } from "../../local/standins/contract.ts";
import { ACR_PULL, azure, foundation, options, subscriptionId, tenantId, type, withGroup } from "./standin-azure-foundation.ts";
import { Driver, scratch } from "./standin-driver.ts";

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
    [type.replication, "replicationName", ["abcde", "northeurope"], ["abcd", "north-europe"]],
    [type.cacheRule, "cacheRuleName", ["aks-managed-mcr"], ["abcd", "a".repeat(51), "a_bcde"]],
    [type.credentialSet, "credentialSetName", ["docker-hub"], ["hub", "docker_hub"]],
    [type.webhook, "webhookName", ["orders01"], ["ord1", "orders-api"]],
    [type.dnsZone, "zoneName", ["apps.acme.example"], ["acme", "acme.example.", "a..b"]],
    [type.recordSet, "relativeRecordSetName", ["@", "*", "*.a.b", "_dmarc", "a"], ["a.*", "a.", "-a", ""]],
    [type.address, "publicIpAddressName", ["a", "a".repeat(80)], ["-a", "a".repeat(81)]],
    [type.gateway, "natGatewayName", ["a", "a_"], ["a-", "_a"]],
    [type.endpoint, "privateEndpointName", ["pe-a"], ["pe-a-"]],
    [type.zone, "privateZoneName", ["privatelink.azurecr.io", "a.b"], ["azurecr", "privatelink.azurecr.io.", "a..b", `${"a".repeat(64)}.io`]],
    [type.lock, "lockName", ["keep", "a".repeat(260)], ["a/b", "a:b", "a".repeat(261), "a\u0007"]],
    [type.workspace, "workspaceName", ["abcd", "a".repeat(63)], ["abc", "a".repeat(64), "-abcd", "a_bcd"]],
    [type.diagnostics, "name", ["mooring"], ["a/b", "a?"]],
    [type.monitor, "azureMonitorWorkspaceName", ["ab", "a-b"], ["a", "-ab", "ab-"]],
    [type.collectionEndpoint, "dataCollectionEndpointName", ["MSProm-a", "a".repeat(44)], ["a".repeat(45), "a-"]],
    [type.collectionRule, "dataCollectionRuleName", ["a".repeat(64)], ["a".repeat(65)]],
    [type.ruleGroup, "ruleGroupName", ["Alerts of aks"], ["a/b", "a{b}", ""]],
    [type.grafana, "workspaceName", ["ab", "a".repeat(23)], ["a", "a".repeat(24), "1ab", "ab-"]],
    [type.vault, "vaultName", ["abc", "a".repeat(24), "a-b"], ["ab", "a".repeat(25), "1bc", "abc-", "a--b"]],
    [type.key, "keyName", ["a", "sops"], ["a_b", "a".repeat(128), ""]],
    [type.budget, "budgetName", ["a", "month_of-acme"], ["", "a b", "a".repeat(64)]],
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
    [type.replication, { registryName: "none0", replicationName: "northeurope" }],
    [type.cacheRule, { registryName: "none0", cacheRuleName: "nginx" }],
    [type.credentialSet, { registryName: "none0", credentialSetName: "docker-hub" }],
    [type.webhook, { registryName: "none0", webhookName: "orders01", serviceUri: "https://a.example", actions: ["push"] }],
    [type.recordSet, { zoneName: "acme.example", recordType: "A", relativeRecordSetName: "www", ttl: 60, aRecords: [{ ipv4Address: "203.0.113.7" }] }],
    [type.zoneGroup, { privateEndpointName: "none", privateDnsZoneGroupName: "default" }],
    [type.link, { privateZoneName: "a.b", virtualNetworkLinkName: "vnet", location: "global" }],
    [type.key, { vaultName: "none", keyName: "sops", properties: { kty: "RSA" } }],
  ] as [string, Values][]) {
    await assert.rejects(driver.create(token, "orphan", { resourceGroupName: "rg", ...args }), /Code="ParentResourceNotFound"/, token);
  }
  await assert.rejects(driver.create(type.group, "far", { location: "atlantis" }), /Code="LocationNotAvailableForResourceType"/);
});

test("what an extension stands on must exist", async (context) => {
  const driver = await withGroup(context);
  const cluster = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/none`;
  for (const [token, args] of [
    [type.lock, { scope: cluster, level: "CanNotDelete" }],
    [type.diagnostics, { resourceUri: cluster, logs: [] }],
    [type.association, { resourceUri: cluster }],
    [type.safeguard, { resourceUri: cluster, level: "Warn" }],
    [type.assignment, { scope: cluster, principalId: tenantId, principalType: "Group", roleDefinitionId: ACR_PULL }],
  ] as [string, Values][]) {
    await assert.rejects(driver.create(token, "orphan", args), /Code="ResourceNotFound" Message="The Resource 'Microsoft\.ContainerService\/managedClusters\/none'/, token);
    const elsewhere = JSON.parse(JSON.stringify(args).replaceAll("resourceGroups/rg/", "resourceGroups/other/")) as Values;
    await assert.rejects(driver.create(token, "orphan", elsewhere), /Code="ResourceGroupNotFound" Message="Resource group 'other'/, token);
  }
  await driver.create(type.lock, "kept", { scope: `/subscriptions/${subscriptionId}/resourceGroups/rg`, level: "CanNotDelete" });
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
