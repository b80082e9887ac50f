/** The virtual network, its subnets and the way out of it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cluster, hub, options, production, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const routeTable = hub("Microsoft.Network/routeTables", "rt-firewall");
const least = await Program.of(configuration());
const most = await Program.of(
  configuration(
    production({
      network: { addressSpace: "10.64.0.0/16", nodes: "10.64.0.0/20", apiServer: "10.64.16.0/28", privateEndpoints: "10.64.17.0/24", egress: "natGateway" },
      cluster: cluster({ api: "private" }),
      registry: { privateEndpoint: true },
    }),
  ),
);
const routed = await Program.of(configuration({ network: { egress: "userDefinedRouting", routeTable } }));

/** What the SDK adds to every subnet. */
const policies = { privateEndpointNetworkPolicies: "Disabled", privateLinkServiceNetworkPolicies: "Enabled" };
const subnet = { virtualNetworkName: "vnet-acme-staging", resourceGroupName: "rg-acme-staging", ...policies };
const serviceEndpoints = [{ service: "Microsoft.KeyVault" }];

describe("the network", () => {
  test("with its address space; the subnets that Azure lists in it plan no change", () => {
    const network = least.one("VirtualNetwork", "mooring-network");
    const expected = { virtualNetworkName: "vnet-acme-staging", resourceGroupName: "rg-acme-staging", location: "westeurope", enableDdosProtection: false, enableVmProtection: false };
    assert.deepEqual(network.inputs, { ...expected, addressSpace: { addressPrefixes: ["10.240.0.0/16"] }, tags: tags() });
    assert.deepEqual(most.one("VirtualNetwork", "mooring-network").inputs, { ...expected, addressSpace: { addressPrefixes: ["10.64.0.0/16"] }, tags: tags("production") });
    assert.deepEqual(options(network), { ignoreChanges: ["subnets"] });
  });

  test("has the nodes' subnet, and one for private endpoints before there are any", () => {
    assert.deepEqual(least.all("Subnet").map(({ inputs }) => inputs), [
      { ...subnet, subnetName: "nodes", addressPrefix: "10.240.0.0/20", serviceEndpoints },
      { ...subnet, subnetName: "private-endpoints", addressPrefix: "10.240.17.0/24" },
    ]);
  });

  test("has a subnet for the API server where it is asked for", () => {
    assert.deepEqual(Object.fromEntries(most.all("Subnet").map(({ name, inputs }) => [name, inputs])), {
      "mooring-network-nodes": { ...subnet, subnetName: "nodes", addressPrefix: "10.64.0.0/20", serviceEndpoints, natGateway: { id: "<mooring-network-egress.id>" } },
      "mooring-network-api-server": {
        ...subnet,
        subnetName: "api-server",
        addressPrefix: "10.64.16.0/28",
        delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
      },
      "mooring-network-private-endpoints": { ...subnet, subnetName: "private-endpoints", addressPrefix: "10.64.17.0/24" },
    });
  });

  test("writes its subnets one after the other, which Azure demands", () => {
    const needs = (name: string) => most.needs(most.one("Subnet", name));
    assert.deepEqual(needs("mooring-network-nodes"), ["mooring-group", "mooring-network", "mooring-network-egress"]);
    assert.deepEqual(needs("mooring-network-api-server"), ["mooring-group", "mooring-network", "mooring-network-nodes"]);
    assert.deepEqual(needs("mooring-network-private-endpoints"), ["mooring-group", "mooring-network", "mooring-network-api-server"]);
  });

  test("makes a subnet anew for another range, which protection stops in production", () => {
    const anew = { replaceOnChanges: ["addressPrefix"], deleteBeforeReplace: true };
    for (const row of least.all("Subnet")) assert.deepEqual(options(row), anew, row.name);
    assert.deepEqual(Object.fromEntries(most.all("Subnet").map((row) => [row.name, options(row)])), {
      "mooring-network-nodes": { protect: true, ...anew },
      "mooring-network-api-server": { protect: true, ...anew },
      "mooring-network-private-endpoints": { protect: true, ...anew },
    });
  });
});

describe("the way out", () => {
  const gateways = (program: Program) => [...program.all("NatGateway"), ...program.all("PublicIPAddress")];
  const outboundType = (program: Program) => (program.one("ManagedCluster", "mooring-cluster").inputs.networkProfile as Record<string, unknown>).outboundType;

  test("through the load balancer makes nothing", () => {
    assert.deepEqual(gateways(least), []);
    assert.equal(outboundType(least), "loadBalancer");
    assert.equal((least.outputs.cluster as Record<string, unknown>).egressAddress, undefined);
  });

  test("through a NAT gateway has a fixed address, which others let in: it is protected and told", () => {
    const common = { resourceGroupName: "rg-acme-staging", location: "westeurope", tags: tags("production") };
    const address = most.one("PublicIPAddress", "mooring-network-egress-address");
    assert.deepEqual(address.inputs, { ...common, publicIpAddressName: "pip-acme-staging-egress", sku: { name: "Standard" }, publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv4" });
    assert.deepEqual(options(address), { protect: true });
    assert.deepEqual(most.one("NatGateway", "mooring-network-egress").inputs, {
      ...common,
      natGatewayName: "ng-acme-staging",
      sku: { name: "Standard" },
      publicIpAddresses: [{ id: "<mooring-network-egress-address.id>" }],
    });
    assert.equal(outboundType(most), "userAssignedNATGateway");
    assert.equal((most.outputs.cluster as Record<string, unknown>).egressAddress, "<mooring-network-egress-address.ipAddress>");
  });

  test("through a firewall puts the route table on the nodes' subnet", () => {
    const tables = Object.fromEntries(routed.all("Subnet").map(({ name, inputs }) => [name, inputs.routeTable]));
    assert.deepEqual(tables, { "mooring-network-nodes": { id: routeTable }, "mooring-network-private-endpoints": undefined });
    assert.equal(outboundType(routed), "userDefinedRouting");
    assert.deepEqual(gateways(routed), []);
  });
});
