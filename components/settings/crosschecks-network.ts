/** Mistakes in the address ranges. */
import type { Mistake } from "./mistake.ts";
import type { NetworkSettings, Settings } from "./settings.ts";
import { overlap, size, within } from "./values.ts";

/** Ranges that AKS keeps for itself (learn.microsoft.com/azure/aks/azure-cni-overlay), and those that no network can have. */
const reservedRanges = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24", "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"];

/** Ranges that overlap each other or cannot be used at all. */
export function addressRanges({ network }: Settings): Mistake[] {
  const mistakes: Mistake[] = [];
  // Of a network that exists, the ranges are not known here.
  const ranges = { ...(!network.existing && { addressSpace: network.addressSpace }), pods: network.pods, services: network.services };
  const entries = Object.entries(ranges);
  for (const [i, [name, range]] of entries.entries()) {
    const path = `mooring:network.${name}`;
    for (const reserved of reservedRanges) {
      if (overlap(range, reserved)) mistakes.push({ path, message: `${range} overlaps ${reserved}, which cannot be used; choose another range` });
    }
    for (const [other, otherRange] of entries.slice(i + 1)) {
      if (overlap(range, otherRange)) mistakes.push({ path, message: `${range} overlaps ${other} (${otherRange}); choose ranges that do not overlap` });
    }
  }
  const services = Number(network.services.split("/")[1]);
  if (services < 12 || services > 27) {
    mistakes.push({ path: "mooring:network.services", message: `a range of /${services} cannot hold a cluster's services; write one of /12 to /27` });
  }
  return mistakes;
}

/** The subnets that this environment has: within the network, apart from each other, large enough. */
export function subnets({ network, cluster, registry }: Settings): Mistake[] {
  const needsApi = cluster.existing === undefined && cluster.api !== "public";
  const needsEndpoint = registry.existing === undefined && registry.privateEndpoint;
  if (network.existing || cluster.existing) {
    const missing = [
      ...(needsApi && network.existing?.apiServerSubnet === undefined ? [{ name: "apiServerSubnet", reason: `cluster.api is ${cluster.api}` }] : []),
      ...(needsEndpoint && network.existing?.privateEndpointsSubnet === undefined ? [{ name: "privateEndpointsSubnet", reason: "registry.privateEndpoint is true" }] : []),
    ];
    return [
      ...missing.map(({ name, reason }) => ({ path: `mooring:network.existing.${name}`, message: `is required, since ${reason}; write the id of the subnet` })),
      ...existingSubnets(network),
      ...(needsEndpoint && registry.privateDnsZone === undefined
        ? [{ path: "mooring:registry.privateDnsZone", message: "is required in an existing network, which may know the zone privatelink.azurecr.io already; write its id" }]
        : []),
    ];
  }
  const mistakes: Mistake[] = [];
  const used = [["nodes", network.nodes], ...(needsApi ? [["apiServer", network.apiServer]] : []), ["privateEndpoints", network.privateEndpoints]] as [string, string][];
  for (const [index, [name, range]] of used.entries()) {
    const path = `mooring:network.${name}`;
    if (!within(range, network.addressSpace)) mistakes.push({ path, message: `${range} does not lie within addressSpace (${network.addressSpace})` });
    const other = used.slice(0, index).find(([, before]) => overlap(range, before));
    if (other !== undefined) mistakes.push({ path, message: `${range} overlaps ${other[0]} (${other[1]}); choose ranges that do not overlap` });
  }
  // learn.microsoft.com/azure/aks/api-server-vnet-integration
  if (needsApi && size(network.apiServer) < 16) mistakes.push({ path: "mooring:network.apiServer", message: `${network.apiServer} is too small; the API server takes a /28 at least` });
  return mistakes;
}

/** Subnets of one network, each for one thing. */
function existingSubnets({ existing = { nodesSubnet: "" } }: NetworkSettings): Mistake[] {
  const ids = Object.entries(existing).flatMap(([name, id]) => (id === undefined ? [] : [{ name, id: id.toLowerCase() }]));
  const networkOf = (id: string) => id.split("/subnets/")[0];
  return ids.flatMap(({ name, id }, index) => {
    const path = `mooring:network.existing.${name}`;
    const twin = ids.slice(0, index).find((other) => other.id === id);
    if (twin !== undefined) return [{ path, message: `is the subnet of ${twin.name} already; each has its own` }];
    if (networkOf(id) !== networkOf(ids[0]!.id)) return [{ path, message: `is in another virtual network than ${ids[0]!.name}; the cluster lives in one` }];
    return [];
  });
}

/** How the nodes reach the outside. */
export function egress({ network, cluster }: Settings): Mistake[] {
  if (cluster.existing) return [];
  if (network.egress === "userDefinedRouting" && !network.existing && network.routeTable === undefined) {
    return [{ path: "mooring:network.routeTable", message: "is required with egress userDefinedRouting; write the id of the route table that leads to the firewall" }];
  }
  if (network.egress !== "userDefinedRouting" && network.routeTable !== undefined) {
    return [{ path: "mooring:network.routeTable", message: `is for egress userDefinedRouting, and egress is ${network.egress}; remove it, or change egress` }];
  }
  return [];
}

/** Addresses of a subnet that Azure keeps (learn.microsoft.com/azure/virtual-network/virtual-networks-faq). */
const keptOfSubnet = 5;

/** Ranges too small for the nodes. The overlay gives each node a /24 of the pods' range; an upgrade adds a third of a pool for a while. */
export function room({ cluster, network }: Settings): Mistake[] {
  if (cluster.existing) return [];
  const nodes = [cluster.systemPool, ...Object.values(cluster.pools)].reduce((sum, { max }) => sum + max + Math.ceil(max / 3), 0);
  const mistakes: Mistake[] = [];
  if (!network.existing && size(network.nodes) - keptOfSubnet < nodes) {
    mistakes.push({ path: "mooring:network.nodes", message: `${network.nodes} is too small for the ${nodes} nodes that all pools may have during an upgrade` });
  }
  if (size(network.pods) / 256 < nodes) {
    mistakes.push({ path: "mooring:network.pods", message: `${network.pods} is too small for the ${nodes} nodes that all pools may have during an upgrade, each with a /24` });
  }
  return mistakes;
}
