/** The cluster's inline pool, compared with the one that AKS has. */
import { getManagedCluster } from "@pulumi/azure-native/containerservice/getManagedCluster.js";
import type { GetManagedClusterResult } from "@pulumi/azure-native/containerservice/getManagedCluster.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { poolCreateOnly, systemPoolProfile } from "./pool-args.ts";

export type LivePool = Partial<NonNullable<GetManagedClusterResult["agentPoolProfiles"]>[number]>;

/**
 * How the list of inline pools is compared with the state's. AKS answers there with all pools of the cluster, in the order
 * of their names (hashicorp/terraform-provider-azurerm#4560), and so the state has them after a refresh: compared place
 * by place, another pool stands where the inline one was, and a refresh would end in an update, or in a new cluster.
 * Hence the pool that AKS has under that name counts: while it is as wanted, nothing in the list is a change.
 *
 * The price: what is ignored is sent as the state has it. After a refresh that was kept, that is every pool of the cluster
 * with the nodes of that day (docs/cluster-upgrades.md says what to do).
 */
export function inlineOptions({ cluster, network }: Settings, live: LivePool): { ignoreChanges: string[]; replaceOnChanges: string[] } {
  const subnet = network.existing?.nodesSubnet;
  // AKS scales it; and a subnet that is made here is protected itself.
  const { count: _, vnetSubnetID: __, ...profile }: Record<string, unknown> = systemPoolProfile(cluster, "");
  const wanted = { ...profile, availabilityZones: cluster.systemPool.zones, ...(subnet !== undefined && { vnetSubnetID: subnet.toLowerCase() }) };
  const found = { ...live, vnetSubnetID: live.vnetSubnetID?.toLowerCase() };
  const changed = Object.entries(wanted).filter(([field, value]) => !says(found[field as keyof LivePool], value)).map(([field]) => field);
  return {
    ignoreChanges: changed.length === 0 ? ["agentPoolProfiles"] : [],
    replaceOnChanges: changed.some((field) => poolCreateOnly.includes(field)) ? ["agentPoolProfiles"] : [],
  };
}

/** Whether what AKS has says what is wanted. It adds fields, and lists have no order. */
function says(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const items = (live ?? []) as unknown[];
    return items.length === wanted.length && wanted.every((item) => items.includes(item));
  }
  if (typeof wanted !== "object" || wanted === null) return live === wanted;
  return Object.entries(wanted).every(([key, value]) => says((live as Record<string, unknown> | undefined)?.[key], value));
}

/** Has the cluster compared so, once there is one. It is asked before the comparison, which no output can wait for. */
export function comparedWithLive(settings: Settings, opts: pulumi.InvokeOptions): pulumi.ResourceTransform {
  return async ({ props, opts: own }) => {
    const live = await livePool(settings, opts);
    if (live === undefined) return undefined;
    const { ignoreChanges, replaceOnChanges } = inlineOptions(settings, live);
    const others = (own.replaceOnChanges ?? []).filter((path) => !path.startsWith("agentPoolProfiles"));
    return { props, opts: { ...own, ignoreChanges, replaceOnChanges: [...others, ...replaceOnChanges] } };
  };
}

async function livePool({ names, cluster }: Settings, opts: pulumi.InvokeOptions): Promise<LivePool | undefined> {
  const { name } = systemPoolProfile(cluster, "");
  try {
    const { agentPoolProfiles = [] } = await getManagedCluster({ resourceGroupName: names.resourceGroup, resourceName: names.cluster }, opts);
    return agentPoolProfiles.find((pool) => pool.name === name);
  } catch (error) {
    // Before the first `up` there is none.
    if (/\b(ResourceNotFound|ResourceGroupNotFound)\b/.test(String(error))) return undefined;
    throw error;
  }
}
