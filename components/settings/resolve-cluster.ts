/** The cluster's settings from what the user wrote. */
import type { Defaults } from "./defaults.ts";
import type { StackInput } from "./schema/stack.ts";
import type { ClusterSettings, NodesSettings, PoolSettings } from "./settings.ts";

export function resolveCluster(input: StackInput["cluster"], fallback: Defaults["cluster"]): ClusterSettings {
  const { pools: defaultPools, systemPool, pool, upgrades, ...plain } = fallback;
  const written = input.pools ?? Object.fromEntries(defaultPools.map((name) => [name, {}]));
  const { existing } = input;
  return {
    ...plain,
    ...input,
    existing: existing && { ...existing, pools: Object.fromEntries(Object.entries(existing.pools ?? {}).map(([name, { taints }]) => [name, { taints: taints ?? [] }])) },
    administrators: input.administrators ?? [],
    // AKS sells the tier Premium for nothing else (learn.microsoft.com/azure/aks/free-standard-pricing-tiers).
    sku: input.longTermSupport === true ? "Premium" : (input.sku ?? fallback.sku),
    upgrades: {
      ...upgrades,
      ...input.upgrades,
      window: { ...upgrades.window, ...input.upgrades?.window },
      nodeWindow: { ...upgrades.nodeWindow, ...input.upgrades?.nodeWindow },
    },
    tags: input.tags ?? {},
    systemPool: nodes(input.systemPool ?? {}, systemPool),
    pools: Object.fromEntries(Object.entries(written).map(([name, one]) => [name, resolvePool(one, pool)])),
    generation: input.generation ?? 1,
  };
}

/** The taint of a pool that is kept for one tenant, and the label of its nodes. */
export const dedicated = "mooring.platform/tenant";

/** AKS puts this label and taint on every spot node by itself (learn.microsoft.com/azure/aks/spot-node-pool); written down here, they are no drift. */
const spotLabel = "kubernetes.azure.com/scalesetpriority";

function resolvePool(input: Partial<PoolSettings>, fallback: NodesSettings): PoolSettings {
  const spot = input.spot ?? false;
  const { tenant } = input;
  return {
    ...nodes(input, fallback),
    spot,
    tenant,
    labels: { ...input.labels, ...(tenant !== undefined && { [dedicated]: tenant }), ...(spot && { [spotLabel]: "spot" }) },
    taints: [
      ...(input.taints ?? []),
      ...(tenant !== undefined ? [`${dedicated}=${tenant}:NoSchedule`] : []),
      ...(spot ? [`${spotLabel}=spot:NoSchedule`] : []),
    ],
  };
}

function nodes<T extends Partial<NodesSettings>>(input: T, fallback: NodesSettings): T & NodesSettings {
  // One bound alone moves the other along: `min: 5` with a default of at most 3 means 5 nodes, not a mistake.
  const min = input.min ?? Math.min(fallback.min, input.max ?? fallback.min);
  const max = input.max ?? Math.max(fallback.max, min);
  return { ...fallback, ...input, min, max };
}
