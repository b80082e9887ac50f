/** Mistakes in the address ranges. */
import type { Mistake } from "./mistake.ts";
import type { Settings } from "./settings.ts";
import { overlap, size, within } from "./values.ts";

/** Ranges that AKS keeps for itself (learn.microsoft.com/azure/aks/azure-cni-overlay), and those that no network can have. */
const reservedRanges = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24", "0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"];

/** Ranges that overlap each other or cannot be used at all. */
export function addressRanges({ network }: Settings): Mistake[] {
  const mistakes: Mistake[] = [];
  const ranges = { addressSpace: network.addressSpace, pods: network.pods, services: network.services };
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
  if (!within(network.nodes, network.addressSpace)) {
    mistakes.push({ path: "mooring:network.nodes", message: `${network.nodes} does not lie within addressSpace (${network.addressSpace})` });
  }
  const services = Number(network.services.split("/")[1]);
  if (services < 12 || services > 27) {
    mistakes.push({ path: "mooring:network.services", message: `a range of /${services} cannot hold a cluster's services; write one of /12 to /27` });
  }
  return mistakes;
}

/** Addresses of a subnet that Azure keeps (learn.microsoft.com/azure/virtual-network/virtual-networks-faq). */
const keptOfSubnet = 5;

/** Ranges too small for the nodes. The overlay gives each node a /24 of the pods' range; an upgrade adds a third of a pool for a while. */
export function room({ cluster, network }: Settings): Mistake[] {
  const nodes = [cluster.systemPool, ...Object.values(cluster.pools)].reduce((sum, { max }) => sum + max + Math.ceil(max / 3), 0);
  const mistakes: Mistake[] = [];
  if (size(network.nodes) - keptOfSubnet < nodes) {
    mistakes.push({ path: "mooring:network.nodes", message: `${network.nodes} is too small for the ${nodes} nodes that all pools may have during an upgrade` });
  }
  if (size(network.pods) / 256 < nodes) {
    mistakes.push({ path: "mooring:network.pods", message: `${network.pods} is too small for the ${nodes} nodes that all pools may have during an upgrade, each with a /24` });
  }
  return mistakes;
}
