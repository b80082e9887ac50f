/** The stand-in for Azure: networks, the ways out of them and into an API server; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { assign, foundation, NETWORK_CONTRIBUTOR, type, withNetwork, ZONE_CONTRIBUTOR } from "./standin-azure-foundation.ts";
import type { Driver, Live } from "./standin-driver.ts";

test("a subnet lies in its network, meets no other, and is not taken from under a cluster", async (context) => {
  const { driver, cluster, subnet } = await foundation(context);
  const args = (addressPrefix: string): Values => ({ resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName: "more", addressPrefix });
  await assert.rejects(driver.create(type.subnet, "more", args("10.11.0.0/24")), /NetcfgSubnetRangeOutsideVnet/);
  await assert.rejects(driver.create(type.subnet, "more", args("10.10.8.0/24")), /NetcfgSubnetRangesOverlap/);
  await driver.create(type.subnet, "more", args("10.10.16.0/24"));
  await assert.rejects(driver.create(type.network, "none", { resourceGroupName: "rg", virtualNetworkName: "none" }), /must have an address space/);
  const live = await driver.create(type.cluster, "aks", cluster);
  await assert.rejects(driver.delete(subnet), /InUseSubnetCannotBeDeleted/);
  await assert.rejects(driver.update(subnet, { ...subnet.inputs, addressPrefix: "10.10.32.0/24" }), /InUsePrefixCannotBeDeleted/);
  await driver.delete(live);
  await driver.delete(subnet);
  assert.equal(await driver.read(subnet), undefined);
});

/** A NAT gateway with an address. */
async function gateway(driver: Driver): Promise<{ address: Live; gateway: Live }> {
  const address = await driver.create(type.address, "ip", { resourceGroupName: "rg", publicIpAddressName: "ip", sku: { name: "Standard" }, publicIPAllocationMethod: "Static" });
  return { address, gateway: await driver.create(type.gateway, "nat", { resourceGroupName: "rg", natGatewayName: "nat", sku: { name: "Standard" }, publicIpAddresses: [{ id: address.id }] }) };
}

test("a NAT gateway has a static address of the SKU Standard, and neither is taken from under the other", async (context) => {
  const { driver, subnet } = await foundation(context);
  const address = (more: Values): Values => ({ resourceGroupName: "rg", publicIpAddressName: "ip", sku: { name: "Standard" }, publicIPAllocationMethod: "Static", ...more });
  await assert.rejects(driver.create(type.address, "basic", address({ sku: { name: "Basic" } })), /give ip the SKU Standard/);
  await assert.rejects(driver.create(type.address, "dynamic", address({ publicIPAllocationMethod: "Dynamic" })), /must have its allocation method set to Static/);
  const nat = (more: Values): Values => ({ resourceGroupName: "rg", natGatewayName: "other", sku: { name: "Standard" }, ...more });
  await assert.rejects(driver.create(type.gateway, "none", nat({ publicIpAddresses: [{ id: `${subnet.id}x` }] })), /Code="InvalidResourceReference".*was not found/);
  await assert.rejects(driver.create(type.gateway, "bare", { resourceGroupName: "rg", natGatewayName: "other" }), /must have a SKU/);
  const made = await gateway(driver);
  assert.match(String(made.address.outputs.ipAddress), /^20\.\d+\.\d+\.\d+$/);
  await assert.rejects(driver.create(type.gateway, "second", nat({ publicIpAddresses: [{ id: made.address.id }] })), /PublicIPAddressInUse/);
  await driver.create(type.gateway, "empty", nat({}));

  await assert.rejects(driver.update(subnet, { ...subnet.inputs, natGateway: { id: `${made.gateway.id}x` } }), /InvalidResourceReference/);
  const attached = await driver.update(subnet, { ...subnet.inputs, natGateway: { id: made.gateway.id } });
  assert.deepEqual((await driver.read(made.gateway))?.outputs.subnets, [{ id: subnet.id }]);
  await assert.rejects(driver.delete(made.gateway), /InUseNatGatewayCannotBeDeleted/);
  await assert.rejects(driver.delete(made.address), /PublicIPAddressCannotBeDeleted/);
  await driver.update(attached, subnet.inputs);
  await driver.delete(made.gateway);
  await driver.delete(made.address);
});

test("each way out asks its own of the nodes' subnet", async (context) => {
  const { driver, subnet, cluster } = await foundation(context);
  const out = (outboundType: string) => driver.create(type.cluster, "aks", withNetwork(cluster, { outboundType }));
  await assert.rejects(out("managedNATGateway"), /Managed NAT gateway is not compatible with a custom virtual network/);
  await assert.rejects(out("userAssignedNATGateway"), /needs a NAT gateway associated with subnet .*nodes/);
  await assert.rejects(out("userDefinedRouting"), /Code="ExistingRouteTableNotAssociatedWithSubnet" Message="An existing route table has not been associated with subnet/);

  const routes = await driver.create(type.routes, "rt", { resourceGroupName: "rg", routeTableName: "rt", routes: [{ name: "out", addressPrefix: "0.0.0.0/0", nextHopType: "Internet" }] });
  const routed = await driver.update(subnet, { ...subnet.inputs, routeTable: { id: routes.id } });
  await assert.rejects(out("userDefinedRouting"), /RouteTableInvalidNextHop.*next hop of Internet/);
  await driver.update(routes, { ...routes.inputs, routes: [{ name: "out", addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.0.0.4" }] });
  await driver.delete(await out("userDefinedRouting"));
  await assert.rejects(driver.delete(routes), /InUseRouteTableCannotBeDeleted/);

  const { gateway: nat } = await gateway(driver);
  await driver.update(routed, { ...subnet.inputs, natGateway: { id: nat.id } });
  const live = await out("userAssignedNATGateway");
  const bare = await driver.create(type.subnet, "bare", { resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName: "bare", addressPrefix: "10.10.16.0/24" });
  const pool = (vnetSubnetID: string) => driver.create(type.pool, "apps", { resourceGroupName: "rg", resourceName: "aks", agentPoolName: "apps", count: 1, vmSize: "Standard_D4s_v5", vnetSubnetID });
  await assert.rejects(pool(bare.id), /needs a NAT gateway associated with subnet .*bare/);
  await pool(subnet.id);
  assert.deepEqual((await driver.diff(live, withNetwork(cluster, { outboundType: "loadBalancer" }))).replaces, ["networkProfile.outboundType"]);
});

test("a cluster's identity joins its nodes to the subnet only with the role for it", async (context) => {
  const { driver, cluster } = await foundation(context);
  const identity = await driver.create(type.identity, "other", { resourceGroupName: "rg", resourceName: "id-other" });
  const args: Values = { ...cluster, identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] }, identityProfile: {} };
  await assert.rejects(driver.create(type.cluster, "aks", args), /Code="LinkedAuthorizationFailed".*id-other must be granted the role 'Network Contributor'/);
  await assign(driver, "other-joins", identity, NETWORK_CONTRIBUTOR, (cluster.agentPoolProfiles as { vnetSubnetID: string }[])[0]!.vnetSubnetID);
  await driver.create(type.cluster, "aks", args);
});

test("an API server within the network: its own delegated subnet of /28 or more, for good", async (context) => {
  const { driver, cluster, control, subnet } = await foundation(context);
  const api = (subnetName: string, addressPrefix: string, more: Values = { delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }] }) =>
    driver.create(type.subnet, subnetName, { resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName, addressPrefix, ...more });
  const within = (subnetId: string | undefined): Values => ({ ...cluster, apiServerAccessProfile: { enableVnetIntegration: true, ...(subnetId !== undefined && { subnetId }) } });
  const refused = (args: Values, message: RegExp) => assert.rejects(driver.create(type.cluster, "aks", args), message);
  const small = await api("small", "10.10.16.0/29");
  const bare = await api("bare", "10.10.17.0/28", {});
  const good = await api("good", "10.10.18.0/28");
  await refused(within(undefined), /needs apiServerAccessProfile.subnetId/);
  await refused({ ...cluster, apiServerAccessProfile: { subnetId: good.id } }, /subnetId needs enableVnetIntegration/);
  await refused(within(bare.id), /must be delegated to Microsoft.ContainerService\/managedClusters/);
  await refused(within(small.id), /must be \/28 or larger/);
  await refused(within(good.id), /id-control must be granted the role 'Network Contributor' on .*good/);
  await assign(driver, "api", control, NETWORK_CONTRIBUTOR, good.id);
  const live = await driver.create(type.cluster, "aks", within(good.id));
  await assert.rejects(driver.update(live, cluster), /VNet integration cannot be disabled/);
  await assert.rejects(driver.delete(good), /InUseSubnetCannotBeDeleted/);
  const isPrivate = (more: Values = {}): Values => ({ ...cluster, apiServerAccessProfile: { ...(within(good.id).apiServerAccessProfile as Values), enablePrivateCluster: true, privateDNSZone: "system", ...more } });
  await assert.rejects(driver.update(live, isPrivate({ authorizedIPRanges: ["198.51.100.0/24"] })), /cannot be used with a private cluster/);
  await assert.rejects(driver.update(live, isPrivate({ privateDNSZone: "none", enablePrivateClusterPublicFQDN: false })), /privateDNSZone none needs the public FQDN/);
  await driver.delete(live);
  const made = await driver.create(type.cluster, "aks", isPrivate({ enablePrivateClusterPublicFQDN: false }));
  assert.equal(made.outputs.fqdn, undefined);
  assert.match(String(made.outputs.privateFQDN), /privatelink\.westeurope\.azmk8s\.io$/);
  const other = await api("other", "10.10.19.0/28");
  await assert.rejects(driver.update(made, isPrivate({ subnetId: other.id })), /Changing property 'apiServerAccessProfile.subnetId'/);
  await driver.update(made, isPrivate({ privateDNSZone: "none", enablePrivateClusterPublicFQDN: true }));
  await assert.rejects(driver.update(made, isPrivate()), /privateDNSZone can only be updated to none/);
  const open = await driver.update(made, within(good.id));
  assert.equal((open.outputs.apiServerAccessProfile as Values).enablePrivateCluster, undefined);
  assert.ok(await driver.read(subnet));
});

test("a private cluster's zone of one's own is named after the region, and the identity may write there", async (context) => {
  const { driver, cluster, control, network } = await foundation(context);
  const zone = (privateZoneName: string) => driver.create(type.zone, privateZoneName, { resourceGroupName: "rg", privateZoneName, location: "global" });
  const args = (privateDNSZone: string, more: Values = {}): Values => ({ ...cluster, apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone }, ...more });
  const refused = (id: string, message: RegExp) => assert.rejects(driver.create(type.cluster, "aks", args(id)), message);
  const wrong = await zone("private.westeurope.azmk8s.io");
  const right = await zone("privatelink.westeurope.azmk8s.io");
  await refused(`${right.id}x`, /CustomPrivateDNSZoneNotFound/);
  await refused(wrong.id, /must be named privatelink\.westeurope\.azmk8s\.io/);
  await refused(right.id, /must be granted the role 'Private DNS Zone Contributor'/);
  await assign(driver, "zone", control, ZONE_CONTRIBUTOR, right.id);
  await refused(right.id, /must be granted the role 'Network Contributor' on .*virtualNetworks\/vnet\."/);
  await assign(driver, "network", control, NETWORK_CONTRIBUTOR, network.id);
  await driver.create(type.cluster, "aks", args(right.id));
  await assert.rejects(driver.create(type.cluster, "other", { ...cluster, resourceName: "other", apiServerAccessProfile: { privateDNSZone: right.id } }), /for private clusters alone/);
});
