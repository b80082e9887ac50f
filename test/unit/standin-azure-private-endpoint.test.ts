/** The stand-in for Azure: private endpoints and zones; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { foundation, tenantId, type } from "./standin-azure-foundation.ts";

test("a private endpoint leads to one resource that exists, by its group, from a subnet of its region", async (context) => {
  const { driver, subnet } = await foundation(context);
  const registry = await driver.create(type.registry, "acr", { resourceGroupName: "rg", registryName: "mooring01", sku: { name: "Standard" } });
  const vault = await driver.create(type.vault, "kv", { resourceGroupName: "rg", vaultName: "kv-mooring", properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true } });
  const args = (privateLinkServiceId: string, groupIds: string[], more: Values = {}): Values => ({
    resourceGroupName: "rg", privateEndpointName: "pe", subnet: { id: subnet.id }, privateLinkServiceConnections: [{ name: "to", privateLinkServiceId, groupIds }], ...more,
  });
  const refused = (changed: Values, message: RegExp) => assert.rejects(driver.create(type.endpoint, "pe", changed), message);
  await refused(args(registry.id, ["registry"]), /supported for registries of the SKU Premium alone; mooring01 has Standard/);
  await driver.update(registry, { ...registry.inputs, sku: { name: "Premium" } });
  await refused(args(registry.id, ["vault"]), /group ids \[vault\] are not valid for mooring01; it has registry/);
  await refused(args(vault.id, ["registry"]), /it has vault/);
  await refused(args(`${registry.id}x`, ["registry"]), /private link resource .* was not found/);
  await refused(args(subnet.id, ["subnet"]), /not a resource that a private endpoint can lead to/);
  await refused(args(registry.id, ["registry"], { location: "northeurope" }), /must be in westeurope, the region of its virtual network/);
  await refused(args(registry.id, ["registry"], { subnet: { id: `${subnet.id}x` } }), /InvalidResourceReference/);
  await refused(args(registry.id, ["registry"], { privateLinkServiceConnections: [] }), /must have exactly one connection/);
  const delegated = await driver.create(type.subnet, "api", {
    resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName: "api", addressPrefix: "10.10.16.0/28", delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
  });
  await refused(args(registry.id, ["registry"], { subnet: { id: delegated.id } }), /PrivateEndpointCreationNotAllowedAsSubnetIsDelegated/);
  const live = await driver.create(type.endpoint, "pe", args(registry.id, ["registry"]));
  await driver.create(type.endpoint, "kv", { ...args(vault.id, ["vault"]), privateEndpointName: "pe-kv" });
  assert.deepEqual((await driver.diff(live, args(registry.id, ["registry"], { subnet: { id: delegated.id } }))).replaces, ["subnet.id"]);
  await assert.rejects(driver.update(live, args(vault.id, ["vault"])), /Changing property 'privateLinkServiceConnections\[0\]\.groupIds/);
  await assert.rejects(driver.delete(subnet), /InUseSubnetCannotBeDeleted/);
});

test("zones are global, linked once to a network, and named by a group that an endpoint has once", async (context) => {
  const { driver, network, subnet } = await foundation(context);
  const zone = (more: Values = {}): Values => ({ resourceGroupName: "rg", privateZoneName: "privatelink.azurecr.io", location: "global", ...more });
  await assert.rejects(driver.create(type.zone, "here", zone({ location: "westeurope" })), /List of available regions for the resource type is 'global'/);
  const { location: _, ...regional } = zone();
  await assert.rejects(driver.create(type.zone, "default", regional), /'westeurope' is not available/, "the provider's location is no place for a zone");
  const live = await driver.create(type.zone, "zone", zone());
  await driver.create(type.group, "hub", { resourceGroupName: "hub" });
  await driver.create(type.zone, "twin", zone({ resourceGroupName: "hub" }));

  const link = (name: string, more: Values = {}): Values => ({ resourceGroupName: "rg", privateZoneName: "privatelink.azurecr.io", virtualNetworkLinkName: name, location: "global", registrationEnabled: false, virtualNetwork: { id: network.id }, ...more });
  await assert.rejects(driver.create(type.link, "none", link("none", { virtualNetwork: { id: `${network.id}x` } })), /InvalidResourceReference/);
  const linked = await driver.create(type.link, "vnet", link("vnet"));
  await assert.rejects(driver.create(type.link, "again", link("again")), /cannot be linked to multiple zones with overlapping namespaces/);
  await assert.rejects(driver.create(type.link, "twin", link("vnet", { resourceGroupName: "hub" })), /overlapping namespaces/);
  await assert.rejects(driver.delete(live), /Status=409 Code="CannotDeleteResource"/);

  const registry = await driver.create(type.registry, "acr", { resourceGroupName: "rg", registryName: "mooring01", sku: { name: "Premium" } });
  await driver.create(type.endpoint, "pe", { resourceGroupName: "rg", privateEndpointName: "pe", subnet: { id: subnet.id }, privateLinkServiceConnections: [{ name: "to", privateLinkServiceId: registry.id, groupIds: ["registry"] }] });
  const group = (name: string, privateDnsZoneId: string): Values => ({ resourceGroupName: "rg", privateEndpointName: "pe", privateDnsZoneGroupName: name, privateDnsZoneConfigs: [{ name: "registry", privateDnsZoneId }] });
  await assert.rejects(driver.create(type.zoneGroup, "none", group("default", `${live.id}x`)), /InvalidResourceReference/);
  await assert.rejects(driver.create(type.zoneGroup, "empty", { ...group("default", live.id), privateDnsZoneConfigs: [] }), /must name a private DNS zone/);
  await driver.create(type.zoneGroup, "default", group("default", live.id));
  await assert.rejects(driver.create(type.zoneGroup, "second", group("second", live.id)), /has the zone group default already/);
  await driver.delete(linked);
  await driver.delete(live);
});
