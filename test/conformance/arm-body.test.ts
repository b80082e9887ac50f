/** How arguments become requests: the rules that differ from "everything goes under `properties`". */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toArm } from "./arm-body.ts";
import { armTypes } from "./arm-types.ts";
import { apiVersion, argumentsOf } from "./sdk.ts";

const request = (token: string, inputs: Record<string, unknown>) => toArm(`azure-native:${token}`, inputs, "2026-01-01");

test("location and tags stand beside what the type itself has", () => {
  assert.deepEqual(request("privatedns:PrivateZone", { privateZoneName: "privatelink.azurecr.io", resourceGroupName: "rg", location: "global", tags: { a: "b" } }), {
    type: "Microsoft.Network/privateDnsZones",
    name: "privatelink.azurecr.io",
    apiVersion: "2026-01-01",
    body: { location: "global", tags: { a: "b" }, properties: {} },
  });
});

test("a child is named after its parent, a pool's tags are its own affair", () => {
  assert.deepEqual(request("containerservice:AgentPool", { resourceName: "aks", agentPoolName: "apps", resourceGroupName: "rg", count: 1, tags: { a: "b" } }), {
    type: "Microsoft.ContainerService/managedClusters/agentPools",
    name: "aks/apps",
    apiVersion: "2026-01-01",
    body: { properties: { count: 1, tags: { a: "b" } } },
  });
});

test("a type may have an argument in it, and arguments other names", () => {
  assert.deepEqual(request("dns:RecordSet", { zoneName: "acme.example", relativeRecordSetName: "www", recordType: "A", resourceGroupName: "rg", ttl: 60, aRecords: [{ ipv4Address: "203.0.113.7" }] }), {
    type: "Microsoft.Network/dnsZones/A",
    name: "acme.example/www",
    apiVersion: "2026-01-01",
    body: { properties: { TTL: 60, ARecords: [{ ipv4Address: "203.0.113.7" }] } },
  });
});

test("a type without properties gets none", () => {
  assert.deepEqual(request("managedidentity:UserAssignedIdentity", { resourceName: "id", resourceGroupName: "rg", location: "westeurope" }).body, { location: "westeurope" });
});

test("what an extension stands on is part of the address; one that has no name of its own is called default", () => {
  assert.deepEqual(request("containerservice:DeploymentSafeguard", { resourceUri: "/x", level: "Warn" }), {
    type: "Microsoft.ContainerService/deploymentSafeguards",
    name: "default",
    apiVersion: "2026-01-01",
    body: { properties: { level: "Warn" } },
  });
});

describe("identities", () => {
  test("of a list become a map", () => {
    const { body } = request("containerservice:ManagedCluster", { resourceName: "aks", identity: { type: "UserAssigned", userAssignedIdentities: ["/a", "/b"] } });
    assert.deepEqual(body, { identity: { type: "UserAssigned", userAssignedIdentities: { "/a": {}, "/b": {} } }, properties: {} });
  });
  test("of the system are as they are", () => {
    const { body } = request("containerregistry:CredentialSet", { registryName: "cr", credentialSetName: "hub", identity: { type: "SystemAssigned" }, loginServer: "docker.io" });
    assert.deepEqual(body, { identity: { type: "SystemAssigned" }, properties: { loginServer: "docker.io" } });
  });
});

test("connections of a private endpoint and its subnet have properties of their own", () => {
  const { body } = request("network:PrivateEndpoint", {
    privateEndpointName: "pe",
    subnet: { id: "/s", privateEndpointNetworkPolicies: "Disabled" },
    privateLinkServiceConnections: [{ name: "registry", groupIds: ["registry"], privateLinkServiceId: "/r" }],
  });
  assert.deepEqual(body.properties, {
    subnet: { id: "/s", properties: { privateEndpointNetworkPolicies: "Disabled" } },
    privateLinkServiceConnections: [{ name: "registry", properties: { groupIds: ["registry"], privateLinkServiceId: "/r" } }],
  });
});

test("a subnet's delegations have properties, what it merely refers to has none", () => {
  const inputs = { virtualNetworkName: "vnet", subnetName: "api", delegations: [{ name: "aks", serviceName: "x" }], routeTable: { id: "/t" }, natGateway: { id: "/n" } };
  const { name, body } = request("network:Subnet", inputs);
  assert.equal(name, "vnet/api");
  assert.deepEqual(body.properties, { delegations: [{ name: "aks", properties: { serviceName: "x" } }], routeTable: { id: "/t" }, natGateway: { id: "/n" } });
  const inline = { name: "api", addressPrefix: "10.0.0.0/28", delegations: [{ name: "aks", serviceName: "x" }] };
  assert.deepEqual(request("network:VirtualNetwork", { virtualNetworkName: "vnet", subnets: [inline] }).body.properties, {
    subnets: [{ name: "api", properties: { addressPrefix: "10.0.0.0/28", delegations: [{ name: "aks", properties: { serviceName: "x" } }] } }],
  });
});

test("zones of a zone group have properties", () => {
  const { body } = request("network:PrivateDnsZoneGroup", { privateEndpointName: "pe", privateDnsZoneGroupName: "default", privateDnsZoneConfigs: [{ name: "z", privateDnsZoneId: "/z" }] });
  assert.deepEqual(body.properties, { privateDnsZoneConfigs: [{ name: "z", properties: { privateDnsZoneId: "/z" } }] });
});

test("a SKU stands beside the properties, but for a Log Analytics workspace", () => {
  assert.deepEqual(request("network:NatGateway", { natGatewayName: "ng", sku: { name: "Standard" }, zones: ["1"] }).body, { sku: { name: "Standard" }, zones: ["1"], properties: {} });
  assert.deepEqual(request("operationalinsights:Workspace", { workspaceName: "log", sku: { name: "PerGB2018" } }).body, { properties: { sku: { name: "PerGB2018" } } });
});

test("a registry's ranges have another name in Azure", () => {
  const { body } = request("containerregistry:Registry", { registryName: "acmeprod", networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "203.0.113.0/24" }] } });
  assert.deepEqual(body.properties, { networkRuleSet: { defaultAction: "Deny", ipRules: [{ value: "203.0.113.0/24" }] } });
});

test("properties that the class takes as an argument are not nested again", () => {
  const properties = { tenantId: "t", sku: { family: "A", name: "standard" } };
  assert.deepEqual(request("keyvault:Vault", { vaultName: "kv", location: "westeurope", properties }).body, { location: "westeurope", properties });
});

test("a type without a row, and one without its name, are errors", () => {
  assert.throws(() => request("compute:VirtualMachine", {}), /no row says how azure-native:compute:VirtualMachine becomes a request/);
  assert.throws(() => request("containerservice:AgentPool", { resourceName: "aks" }), /registered without agentPoolName/);
});

for (const [token, row] of Object.entries(armTypes)) {
  // Catches: a row for an argument that the class does not have, or no longer has after a new version of the package.
  test(`the row of ${token} speaks of arguments of the class`, () => {
    const known = argumentsOf(`azure-native:${token}`);
    const paths = [...(row.beside ?? []), ...(row.within ?? []), ...Object.keys(row.nested ?? {}), ...Object.keys(row.renamed ?? {})];
    const named = [...row.name.filter((argument) => !argument.startsWith('"')), ...paths.map((path) => path.replace(/[[.].*$/, ""))];
    assert.deepEqual(named.filter((argument) => !known.has(argument)), []);
    assert.match(apiVersion(`azure-native:${token}`), /^\d{4}-\d\d-\d\d/);
  });
}
