import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

/** The environment's virtual network with the nodes' subnet. */
export class Network extends pulumi.ComponentResource {
  readonly nodesSubnetId: pulumi.Output<string>;

  constructor(name: string, settings: Settings, args: { resourceGroup: pulumi.Input<string> }, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Network", name, {}, opts);
    const { names, network, azure } = settings;
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
    const nodes = new Subnet(
      `${name}-nodes`,
      {
        subnetName: names.nodesSubnet,
        virtualNetworkName: virtualNetwork.name,
        resourceGroupName: args.resourceGroup,
        addressPrefix: network.nodes,
      },
      { parent: this },
    );
    this.nodesSubnetId = nodes.id;
    this.registerOutputs({ nodesSubnetId: this.nodesSubnetId });
  }
}
