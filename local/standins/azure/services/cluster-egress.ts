/**
 * How a cluster reaches out and is reached: what its subnets must have for that. Sources: AKS_DOCS (rule.ts)/nat-gateway.md,
 * egress-udr.md, egress-outboundtype.md, api-server-vnet-integration.md, private-clusters.md; the codes from reports of
 * ExistingRouteTableNotAssociatedWithSubnet and RouteTableInvalidNextHop (hashicorp/terraform-provider-azurerm#8609), the
 * others unverified. Checked 2026-11-21.
 */
import type { Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { badRequest as bad } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { nameOf, sameId } from "../ids.ts";
import { rangeOf } from "../ranges.ts";
import { normalizedLocation } from "../regions.ts";
import type { Write } from "../service.ts";
import { objects, textsAt } from "../values.ts";
import { refuseWithoutRole } from "./cluster-identity.ts";
import { delegationsOf, findSubnet } from "./network.ts";
import type { SubnetOnHand } from "./network.ts";

const DELEGATION = "Microsoft.ContainerService/managedClusters";

/** What an outbound type asks of the subnet of a pool, `undefined` where AKS makes the network itself. */
export function refuseEgress(outboundType: unknown, subnet: SubnetOnHand | undefined, cloud: Cloud): void {
  if (outboundType === "managedNATGateway" && subnet !== undefined) throw bad("Managed NAT gateway is not compatible with a custom virtual network; use userAssignedNATGateway.", "InvalidParameter");
  if (outboundType === "userAssignedNATGateway" && (subnet === undefined || textsAt(subnet.inputs, "natGateway.id").length === 0)) {
    throw bad(`Outbound type userAssignedNATGateway needs a NAT gateway associated with ${subnet ? `subnet ${subnet.id}` : "a subnet of one's own"}.`, "NatGatewayNotAssociatedWithSubnet");
  }
  if (outboundType !== "userDefinedRouting") return;
  const [table] = subnet === undefined ? [] : textsAt(subnet.inputs, "routeTable.id");
  if (table === undefined) throw bad(`An existing route table has not been associated with subnet ${subnet?.id ?? "(none)"}. Please update the route table association`, "ExistingRouteTableNotAssociatedWithSubnet");
  const hop = objects(cloud.get(table)?.inputs.routes).find((route) => route.addressPrefix === "0.0.0.0/0")?.nextHopType;
  if (hop !== undefined && hop !== "VirtualAppliance" && hop !== "VirtualNetworkGateway") {
    throw bad(`Default route 0.0.0.0/0 has a next hop of ${String(hop)} but only next hops of VirtualAppliance or VirtualNetworkGateway are allowed. Please see http://aka.ms/aks/outboundtype for more details`, "RouteTableInvalidNextHop");
  }
}

function refuseApiServerSubnet(write: Write, nodes: SubnetOnHand[]): void {
  const { inputs, cloud } = write;
  const id = valueAt(inputs, "apiServerAccessProfile.subnetId");
  const [first] = nodes;
  if (typeof id !== "string") {
    if (first !== undefined) throw bad("API server VNet integration in a custom virtual network needs apiServerAccessProfile.subnetId.", "InvalidParameter");
    return;
  }
  const found = findSubnet(id, cloud);
  if (found === undefined) return;
  const { subnet, network } = found;
  if (!delegationsOf(subnet).includes(DELEGATION)) throw bad(`The API server subnet ${id} must be delegated to ${DELEGATION}.`, "APIServerSubnetNotDelegated");
  const size = subnet.prefixes.map(rangeOf).reduce((sum, range) => sum + (range ? range.last - range.first + 1 : 0), 0);
  if (size < 16) throw bad(`The API server subnet ${id} must be /28 or larger.`, "APIServerSubnetTooSmall");
  if (nodes.some((other) => sameId(other.id, id))) throw bad(`The API server subnet ${id} cannot be used for other workloads.`, "InvalidParameter");
  if (first !== undefined && !sameId(findSubnet(first.id, cloud)?.network.id ?? "", network.id)) throw bad("The API server's subnet and the nodes' must be in one virtual network.", "InvalidParameter");
  refuseWithoutRole(write, "Network Contributor", id);
}

/** A zone of one's own: it exists, is named after the region, and the cluster's identity may write there and link the network. */
function refuseZone(write: Write, networkId: string | undefined): void {
  const { inputs, cloud } = write;
  const zone = valueAt(inputs, "apiServerAccessProfile.privateDNSZone");
  if (typeof zone !== "string" || !zone.startsWith("/")) return;
  const region = normalizedLocation(String(inputs.location));
  const within = valueAt(inputs, "apiServerAccessProfile.enableVnetIntegration") === true ? "private" : "privatelink";
  if (cloud.get(zone) === undefined) throw bad(`The private DNS zone ${zone} was not found.`, "CustomPrivateDNSZoneNotFound");
  if (!new RegExp(`^([-a-z0-9]{1,32}\\.)?${within}\\.${region}\\.azmk8s\\.io$`, "i").test(nameOf(zone))) {
    throw bad(`The private DNS zone ${nameOf(zone)} must be named ${within}.${region}.azmk8s.io or <subzone>.${within}.${region}.azmk8s.io.`, "CustomPrivateDNSZoneInvalidName");
  }
  if (valueAt(inputs, "identity.type") !== "UserAssigned") throw bad("A private DNS zone of one's own needs a user-assigned identity.", "CustomPrivateDNSZoneMissingPermissionError");
  refuseWithoutRole(write, "Private DNS Zone Contributor", zone);
  if (networkId !== undefined) refuseWithoutRole(write, "Network Contributor", networkId);
}

export function refuseRoutes(write: Write): void {
  const { inputs, cloud } = write;
  const pools: Values[] = objects(inputs.agentPoolProfiles);
  const found = pools.map((pool) => (typeof pool.vnetSubnetID === "string" ? findSubnet(pool.vnetSubnetID, cloud) : undefined));
  for (const pool of found) refuseEgress(valueAt(inputs, "networkProfile.outboundType"), pool?.subnet, cloud);
  const nodes = found.flatMap((pool) => pool?.subnet ?? []);
  // Source: concepts-network-cni-overview.md: the identity joins machines to the subnet.
  for (const subnet of nodes) refuseWithoutRole(write, "Network Contributor", subnet.id);
  if (valueAt(inputs, "apiServerAccessProfile.enableVnetIntegration") === true) refuseApiServerSubnet(write, nodes);
  refuseZone(write, found[0]?.network.id);
}
