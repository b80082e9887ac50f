/** Mistakes in the cluster's settings. */
import { unknownTenant } from "./crosschecks-tenants.ts";
import type { Mistake } from "./mistake.ts";
import { azureNameRules, grafanaNameRule, nameFault } from "./names.ts";
import type { StackInput } from "./schema/stack.ts";
import type { ClusterSettings, Settings } from "./settings.ts";
import { compareMinor, fluxVersions } from "./versions.ts";

export function derivedNames({ names, environment, cluster, monitoring }: Settings): Mistake[] {
  return [...azureNameRules(names), ...(monitoring.grafana && !cluster.existing ? [grafanaNameRule(names)] : [])]
    .map(nameFault)
    .filter((fault) => fault !== undefined)
    .map((fault) => ({ path: `stack ${environment}`, message: `the stack's name ${fault}; shorten the stack's name or mooring:platform` }));
}

export function pools({ cluster }: Settings): Mistake[] {
  if (cluster.existing) return [];
  const mistakes: Mistake[] = [];
  for (const [path, pool] of [["systemPool", cluster.systemPool] as const, ...Object.entries(cluster.pools).map(([name, pool]) => [`pools.${name}`, pool] as const)]) {
    if (pool.osDisk === "Ephemeral" && lacksDisk(pool.vmSize)) {
      const message = `${pool.vmSize} has no disk of its own to hold the operating system; choose a size with a d, such as Standard_D4ds_v5, or write osDisk: Managed`;
      mistakes.push({ path: `mooring:cluster.${path}.vmSize`, message });
    }
    if (pool.min > pool.max) mistakes.push({ path: `mooring:cluster.${path}.min`, message: `${pool.min} is more than max (${pool.max})` });
  }
  if ("system" in cluster.pools) {
    mistakes.push({ path: "mooring:cluster.pools.system", message: "the name system belongs to the cluster's own pool (systemPool); choose another" });
  }
  const open = Object.values(cluster.pools).some(({ taints }) => taints.every((taint) => taint.endsWith(":PreferNoSchedule")));
  if (!open && !cluster.nodeProvisioning) {
    mistakes.push({ path: "mooring:cluster.pools", message: "there is no pool without a taint, so Flux has no node to run on; add one, for example apps: {}" });
  }
  return mistakes;
}

/**
 * Since version 4 a size says by a `d` that it has a disk (learn.microsoft.com/azure/virtual-machines/vm-naming-conventions);
 * those for storage (L), for supercomputing (H) and for training (ND) have one and say nothing.
 */
function lacksDisk(vmSize: string): boolean {
  const [, features = "", version = "0"] = /^Standard_(?!L|H|ND)[A-Z]+[0-9-]+([a-z]*)(?:_[A-Za-z0-9]+)*_v(\d+)$/.exec(vmSize) ?? [];
  return Number(version) >= 4 && !features.includes("d");
}

/** Pools that are kept for one tenant. */
export function dedicatedPools({ cluster, tenants }: Settings): Mistake[] {
  const kept = Object.entries(cluster.pools).filter(([, pool]) => pool.tenant !== undefined);
  return kept.flatMap(([name, { tenant = "" }], index) => {
    const path = `mooring:cluster.pools.${name}.tenant`;
    const before = kept.slice(0, index).find(([, other]) => other.tenant === tenant)?.[0];
    if (before !== undefined) return [{ path, message: `the pool ${before} is kept for ${tenant} already; a tenant has one pool of its own` }];
    return tenants.some(({ name }) => name === tenant) ? [] : [{ path, message: unknownTenant(tenant, tenants) }];
  });
}

/** Who may reach the API server, and what its tier gives. */
export function clusterAccess({ tier, azure, cluster }: Settings, written: Partial<StackInput>): Mistake[] {
  if (cluster.existing) return [];
  const mistakes: Mistake[] = [];
  const ranges = "mooring:cluster.authorizedRanges";
  if (cluster.api === "private" && (cluster.authorizedRanges ?? []).length > 0) {
    mistakes.push({ path: ranges, message: "a private API server has no public address to restrict; remove it, or write api: public" });
  }
  if (tier === "production" && cluster.api !== "private" && cluster.authorizedRanges === undefined) {
    mistakes.push({ path: ranges, message: "is required in production; write the ranges of your offices and agents, for example [203.0.113.0/24], or [] to let every address try" });
  }
  if (cluster.privateDnsZone !== undefined && cluster.api !== "private") {
    mistakes.push({ path: "mooring:cluster.privateDnsZone", message: "only a private API server has a private DNS zone; remove it, or write api: private" });
  }
  // With an API server in the network the zone has this name (learn.microsoft.com/azure/aks/api-server-vnet-integration).
  const zone = `private.${azure.location}.azmk8s.io`;
  if (cluster.privateDnsZone !== undefined && !new RegExp(`[/.]${zone.replaceAll(".", "\\.")}$`, "i").test(cluster.privateDnsZone)) {
    mistakes.push({ path: "mooring:cluster.privateDnsZone", message: `the zone of a private API server in ${azure.location} is ${zone}, or a part below it; write the id of that one` });
  }
  if (cluster.longTermSupport && written.cluster?.sku !== undefined) {
    mistakes.push({ path: "mooring:cluster.sku", message: "long-term support has a tier of its own, Premium; remove sku, or longTermSupport" });
  }
  return mistakes;
}

export function freezes({ cluster }: Settings): Mistake[] {
  return cluster.upgrades.freezes.flatMap(({ from, to }, index) =>
    from > to ? [{ path: `mooring:cluster.upgrades.freezes[${index}]`, message: `ends (${to}) before it begins (${from})` }] : [],
  );
}

/** Settings that have no effect where the cluster is somebody else's. */
export function existingCluster({ cluster }: Settings, { network, monitoring }: Partial<StackInput>): Mistake[] {
  if (cluster.existing === undefined) return [];
  const idle = [
    ...Object.keys(network ?? {}).filter((name) => name !== "existing").map((name) => `network.${name}`),
    ...Object.keys(monitoring ?? {}).filter((name) => ["defender", "prometheus", "grafana", "actionGroup"].includes(name)).map((name) => `monitoring.${name}`),
  ];
  return idle.map((name) => ({ path: `mooring:${name}`, message: "belongs to a cluster that Mooring makes; remove it, or cluster.existing" }));
}

export function versions({ cluster, flux }: Settings): Mistake[] {
  const known = fluxVersions[flux.chart];
  if (known === undefined) {
    return [{ path: "mooring:flux.chart", message: `chart version ${flux.chart} is not one that Mooring knows; write one of ${Object.keys(fluxVersions).join(", ")}` }];
  }
  const { oldest, newest } = known.kubernetes;
  if (cluster.existing || isWithin(cluster, oldest, newest)) return [];
  return [
    {
      path: "mooring:cluster.kubernetesVersion",
      message: `Flux ${known.flux} (chart ${flux.chart}) supports Kubernetes ${oldest} to ${newest}, not ${cluster.kubernetesVersion}`,
    },
  ];
}

function isWithin({ kubernetesVersion }: ClusterSettings, oldest: string, newest: string): boolean {
  return compareMinor(kubernetesVersion, oldest) >= 0 && compareMinor(kubernetesVersion, newest) <= 0;
}
