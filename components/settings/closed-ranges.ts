/** Addresses that no allowance of a team opens. */
import type { ClusterSettings, NetworkSettings } from "./settings.ts";
import { within } from "./values.ts";

export interface ClosedRange {
  range: string;
  what: string;
}

/**
 * What a machine has for itself: instance metadata (169.254.169.254), from which a pod would get the node's identity, and
 * Azure's host (168.63.129.16), from which it would get the node's configuration.
 */
const machine: ClosedRange[] = [
  { range: "169.254.0.0/16", what: "the instance metadata and other machine-local addresses" },
  { range: "168.63.129.16/32", what: "the Azure host below a node" },
];

/** Ranges that are not the internet: private networks, carriers', and a machine's own. */
export const notPublic = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", ...machine.map(({ range }) => range)];

/** Of a cluster or a network that somebody else made the own ranges are not known. */
export function closedRanges({ network, cluster }: { network: Omit<NetworkSettings, "dnsService">; cluster: ClusterSettings }): ClosedRange[] {
  if (cluster.existing) return machine;
  const inner = [
    { range: network.pods, what: "the cluster's pods, for which there is traffic.callers" },
    { range: network.services, what: "the cluster's services" },
  ];
  const subnets = [
    { range: network.nodes, what: "the cluster's nodes" },
    { range: network.apiServer, what: "the cluster's API server" },
  ];
  return [...machine, ...inner, ...(network.existing ? [] : subnets)];
}

/** Those parts of a range that stay closed when it is opened. */
export function closedWithin(range: string, closed: readonly ClosedRange[]): string[] {
  return closed.map(({ range: part }) => part).filter((part) => within(part, range));
}
