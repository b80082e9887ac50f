/** The environment's virtual network: its own, or subnets of one that exists. */
import * as z from "zod";
import { armId, cidr } from "../values.ts";
import { excluded, together } from "./together.ts";

const subnetId = () => armId("Microsoft.Network/virtualNetworks/subnets", "subnet");

const existing = z.strictObject({
  nodesSubnet: subnetId().meta({ description: "Id of the subnet for the nodes. With team vaults it needs the service endpoint Microsoft.KeyVault." }),
  apiServerSubnet: subnetId().optional().meta({ description: "Id of the API server's subnet, delegated to Microsoft.ContainerService/managedClusters; for `cluster.api` vnetIntegration and private." }),
  privateEndpointsSubnet: subnetId().optional().meta({ description: "Id of the subnet for private endpoints; for `registry.privateEndpoint`." }),
});

/** What only a network that Mooring makes has. */
const own = ["addressSpace", "nodes", "apiServer", "privateEndpoints", "routeTable"] as const;

export const network = z
  .strictObject({
    addressSpace: cidr("10.240.0.0/16").meta({ description: "Address range of the virtual network. Default: 10.240.0.0/16." }),
    nodes: cidr("10.240.0.0/20").meta({ description: "Range of the nodes' subnet, within the address space. Default: 10.240.0.0/20." }),
    apiServer: cidr("10.240.16.0/28").meta({ description: "Range of the API server's subnet, used when `cluster.api` is not public. Default: 10.240.16.0/28." }),
    privateEndpoints: cidr("10.240.17.0/24").meta({ description: "Range of the subnet for private endpoints. Default: 10.240.17.0/24." }),
    pods: cidr("10.244.0.0/16").meta({ description: "Overlay range for pods. Default: 10.244.0.0/16." }),
    services: cidr("10.0.0.0/16").meta({ description: "Range for Kubernetes services. Default: 10.0.0.0/16." }),
    egress: z.enum(["loadBalancer", "natGateway", "userDefinedRouting"]).meta({
      description:
        "How nodes and pods reach the outside: through the cluster's load balancer, a NAT gateway with a fixed address, or a route to a firewall (`routeTable`). Cannot change later. Default: loadBalancer.",
    }),
    routeTable: armId("Microsoft.Network/routeTables", "route table").meta({
      description: "Id of the route table for the nodes' subnet, with a default route to the firewall; for egress userDefinedRouting.",
    }),
    existing: existing.meta({ description: "Subnets that exist, instead of a virtual network of its own." }),
  })
  .partial()
  .check(together((value) => excluded(value, "existing", own, "belongs to a network that Mooring makes; remove it, or network.existing")));
