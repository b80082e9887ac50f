/** What the tenants' quotas promise, against what the node pools can have. */
import { toleration } from "../../../components/tenant/placement.ts";
import type { ClusterSettings, NodesSettings, QuotaSettings, Settings, TenantSettings } from "../../../components/settings/settings.ts";
import { amount } from "../../../components/settings/values.ts";
import { vmSize } from "./vm-size.ts";
import type { VmSize } from "./vm-size.ts";

/** CPUs, GiB of memory and storage, pods. */
export interface Amounts {
  cpu: number;
  memory: number;
  pods: number;
  storage: number;
}

/** What nodes have. Absent: not known. Disks are made when they are asked for, so no node bounds storage. */
export type NodeAmounts = Partial<Omit<Amounts, "storage">>;

export interface PoolCapacity {
  name: string;
  vmSize: string;
  /** Numbers of nodes. */
  min: number;
  max: number;
  node: NodeAmounts;
  /** Who may run there. */
  for: { system: true } | { tenant: string } | { taints: string[] } | "all";
  spot: boolean;
  /** Tenants whose workloads are put there; of a pool for all, those that are put nowhere. */
  tenants: string[];
  promised: Amounts;
}

export interface Capacity {
  promised: Amounts;
  /** Of an existing cluster nothing is known. */
  pools?: PoolCapacity[];
  /** Of all pools that tenants' pods run on. */
  least: NodeAmounts;
  most: NodeAmounts;
  /** Why something of the cluster is not known, one line each. */
  unknown: string[];
}

/** AKS's own with the overlay network that Mooring makes (learn.microsoft.com/azure/aks/azure-cni-overlay). */
const podsOfNode = 250;

const gibi = 2 ** 30;

export function quotaAmounts({ cpu, memory, pods, storage }: QuotaSettings): Amounts {
  return { cpu: amount(cpu), memory: amount(memory) / gibi, pods, storage: amount(storage) / gibi };
}

export function capacity({ cluster, tenants }: Settings): Capacity {
  const promised = sum(tenants);
  if (cluster.existing) {
    return { promised, least: {}, most: {}, unknown: [`The cluster ${cluster.existing.name} exists already, so its nodes are not known here.`] };
  }
  const system = pool("system", cluster.systemPool, { system: true }, tenants);
  const workload = Object.entries(cluster.pools).map(([name, settings]) => pool(name, settings, reserved(settings), tenants, settings.spot));
  const most = cluster.nodeProvisioning ? {} : total(workload, "max");
  return {
    promised,
    pools: [system, ...workload],
    least: total(workload, "min"),
    most,
    unknown: [
      ...(cluster.nodeProvisioning ? ["Node provisioning adds nodes as pods ask for them, so the most is not known; each pool keeps its least."] : []),
      ...workload.flatMap(({ name, vmSize, node }) => {
        const missing = [...(node.cpu === undefined ? ["CPUs"] : []), ...(node.memory === undefined ? ["memory"] : [])];
        return missing.length === 0 ? [] : [`The name ${vmSize} (pool ${name}) does not say how much ${missing.join(" and ")} a node has.`];
      }),
    ],
  };
}

function reserved({ tenant, taints }: ClusterSettings["pools"][string]): PoolCapacity["for"] {
  if (tenant !== undefined) return { tenant };
  // Nothing is kept off a node that only would rather not have it.
  const keepsOff = taints.filter((taint) => toleration(taint).effect !== "PreferNoSchedule");
  return keepsOff.length > 0 ? { taints: keepsOff } : "all";
}

function pool(name: string, { vmSize: size, min, max, maxPods = podsOfNode }: NodesSettings, who: PoolCapacity["for"], tenants: readonly TenantSettings[], spot = false): PoolCapacity {
  const { cpus, memory }: VmSize = vmSize(size);
  const placed = tenants.filter(({ nodePool }) => (nodePool === undefined ? who === "all" : nodePool.name === name));
  return { name, vmSize: size, min, max, node: { cpu: cpus, memory, pods: maxPods }, for: who, spot, tenants: placed.map((tenant) => tenant.name), promised: sum(placed) };
}

function sum(tenants: readonly TenantSettings[]): Amounts {
  const all = tenants.map(({ quota }) => quotaAmounts(quota));
  const of = (name: keyof Amounts) => all.reduce((total, one) => total + one[name], 0);
  return { cpu: of("cpu"), memory: of("memory"), pods: of("pods"), storage: of("storage") };
}

/** Not known as soon as one pool's is not. */
function total(pools: readonly PoolCapacity[], bound: "min" | "max"): NodeAmounts {
  const of = (name: keyof NodeAmounts) => pools.reduce<number | undefined>((all, { node, [bound]: nodes }) => (all === undefined || node[name] === undefined ? undefined : all + node[name] * nodes), 0);
  return { cpu: of("cpu"), memory: of("memory"), pods: of("pods") };
}
