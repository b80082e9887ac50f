import { NatGateway } from "@pulumi/azure-native/network/natGateway.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import type { SubnetArgs } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

/** The subnets that the environment lives in, its own or existing ones. */
export interface Subnets {
  /** An ARM id, as all of these. */
  virtualNetworkId: pulumi.Input<string>;
  nodes: pulumi.Input<string>;
  /** For an API server that is within the network. */
  apiServer?: pulumi.Input<string>;
  privateEndpoints?: pulumi.Input<string>;
}

/** Subnets of a network that somebody else made. */
export function existingSubnets({ nodesSubnet, apiServerSubnet, privateEndpointsSubnet }: NonNullable<Settings["network"]["existing"]>): Subnets {
  const virtualNetworkId = nodesSubnet.replace(/\/subnets\/[^/]+$/i, "");
  return { virtualNetworkId, nodes: nodesSubnet, apiServer: apiServerSubnet, privateEndpoints: privateEndpointsSubnet };
}

/** The environment's virtual network with the subnets that its settings ask for. */
export class Network extends pulumi.ComponentResource {
  readonly subnets: Subnets;
  /** The fixed address that the cluster's traffic comes from, where there is a NAT gateway. */
  readonly egressAddress?: pulumi.Output<string>;

  constructor(name: string, settings: Settings, args: { resourceGroup: pulumi.Input<string> }, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Network", name, {}, opts);
    const { names, network, azure, cluster } = settings;
    const virtualNetwork = new VirtualNetwork(
      name,
      {
        virtualNetworkName: names.virtualNetwork,
        resourceGroupName: args.resourceGroup,
        location: azure.location,
        addressSpace: { addressPrefixes: [network.addressSpace] },
        tags: azure.tags,
      },
      {
        parent: this,
        // Subnets are resources of their own; Azure lists them here too.
        ignoreChanges: ["subnets"],
      },
    );
    const gateway = network.egress === "natGateway" ? this.natGateway(name, settings, args.resourceGroup) : undefined;
    this.egressAddress = gateway?.address;

    // Azure refuses two writes on one network at a time: each subnet waits for the one before.
    let previous: pulumi.Resource[] = [];
    const subnet = (suffix: string, subnetName: string, addressPrefix: string, more: Partial<SubnetArgs>): pulumi.Output<string> => {
      const made = new Subnet(
        `${name}-${suffix}`,
        { subnetName, virtualNetworkName: virtualNetwork.name, resourceGroupName: args.resourceGroup, addressPrefix, ...more },
        // Azure changes the range of an empty subnet only. The cluster stays in its subnets for life.
        { parent: this, dependsOn: previous, protect: settings.protect, replaceOnChanges: ["addressPrefix"], deleteBeforeReplace: true },
      );
      previous = [made];
      return made.id;
    };
    this.subnets = {
      virtualNetworkId: virtualNetwork.id,
      nodes: subnet("nodes", names.nodesSubnet, network.nodes, {
        // Team vaults let this subnet in and nobody else.
        serviceEndpoints: [{ service: "Microsoft.KeyVault" }],
        ...(gateway && { natGateway: { id: gateway.id } }),
        ...(network.routeTable !== undefined && { routeTable: { id: network.routeTable } }),
      }),
      ...(cluster.api !== "public" && {
        apiServer: subnet("api-server", names.apiServerSubnet, network.apiServer, {
          delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
        }),
      }),
      // Always there: production's lock on the network would not let it go again.
      privateEndpoints: subnet("private-endpoints", names.privateEndpointsSubnet, network.privateEndpoints, {}),
    };
    this.registerOutputs({ subnets: this.subnets, egressAddress: this.egressAddress });
  }

  /** AKS's own managed gateway does not work in a virtual network that one brings (learn.microsoft.com/azure/aks/nat-gateway). */
  private natGateway(name: string, { names, azure, protect }: Settings, resourceGroupName: pulumi.Input<string>) {
    const common = { resourceGroupName, location: azure.location, tags: azure.tags };
    const address = new PublicIPAddress(
      `${name}-egress-address`,
      { ...common, publicIpAddressName: names.natAddress, sku: { name: "Standard" }, publicIPAllocationMethod: "Static", publicIPAddressVersion: "IPv4" },
      // Others let this address in; a new one would be a new address for all of them.
      { parent: this, protect },
    );
    const gateway = new NatGateway(
      `${name}-egress`,
      { ...common, natGatewayName: names.natGateway, sku: { name: "Standard" }, publicIpAddresses: [{ id: address.id }] },
      { parent: this },
    );
    return { id: gateway.id, address: address.ipAddress.apply((ip) => ip ?? "") };
  }
}
