/**
 * What AKS does by itself between two runs: an automatic upgrade to a newer patch release, and scaling. Whoever reads the
 * cluster or a pool afterwards is told so. Source: AKS_DOCS (rule.ts)/auto-upgrade-cluster.md, cluster-autoscaler.md;
 * unverified: that an asked minor version stays as it was asked while `currentKubernetesVersion` moves on.
 */
import type { Values } from "../contract.ts";
import { Cloud } from "./cloud.ts";
import type { Resource } from "./cloud.ts";
import { isBeneath, nameOf } from "./ids.ts";
import { CLUSTER } from "./services/cluster.ts";
import { POOL } from "./services/pool.ts";
import { objects } from "./values.ts";
import { compareVersions, minorOf } from "./versions.ts";

export interface AksAct {
  /** A newer patch release of the minor version that runs, for the control plane and all pools: `1.35.9`. */
  version?: string;
  /** The number of nodes of pools, inline or of their own, by their name. */
  counts?: { [pool: string]: number };
}

/**
 * Lets AKS act on a cluster, by its id or its name, in the stand-in of this folder. Throws when AKS would not do it: another
 * minor version, an older patch release, a pool that is not autoscaled, a count out of its limits. Not while a run is under way.
 */
export async function actAsAks(folder: string, cluster: string, { version, counts = {} }: AksAct): Promise<void> {
  const cloud = new Cloud(folder);
  const found = cloud.ofType(CLUSTER).find(({ id }) => id === cluster || nameOf(id) === cluster);
  if (found === undefined) throw new Error(`there is no cluster ${cluster}`);
  const running = String(found.outputs.currentKubernetesVersion);
  if (version !== undefined && (minorOf(version) !== minorOf(running) || compareVersions(version, running) <= 0)) throw new Error(`${version} is not a newer patch release of ${running}`);
  const own = cloud.ofType(POOL).filter(({ id }) => isBeneath(id, found.id));
  const inline = objects(found.outputs.agentPoolProfiles);
  const unknown = Object.keys(counts).find((name) => ![...own.map(({ id }) => nameOf(id)), ...inline.map((pool) => pool.name)].includes(name));
  if (unknown !== undefined) throw new Error(`cluster ${nameOf(found.id)} has no pool ${unknown}`);

  const acted = (name: string, pool: Values): Values => ({
    ...pool,
    ...(counts[name] === undefined ? {} : { count: scaled(name, pool, counts[name]) }),
    ...(version === undefined ? {} : { currentOrchestratorVersion: version }),
    ...overtaken("orchestratorVersion", pool, version),
  });
  const after: Resource = {
    ...found,
    outputs: {
      ...found.outputs,
      ...(version === undefined ? {} : { currentKubernetesVersion: version }),
      ...overtaken("kubernetesVersion", found.outputs, version),
      agentPoolProfiles: inline.map((pool) => acted(String(pool.name), pool)),
    },
  };
  await cloud.put(after, ...own.map((pool) => ({ ...pool, outputs: acted(nameOf(pool.id), pool.outputs) })));
}

/** A full version that was asked for is overtaken; a minor version is still right. */
function overtaken(field: string, { [field]: asked }: Values, version: string | undefined): Values {
  return version === undefined || minorOf(String(asked)) === asked ? {} : { [field]: version };
}

function scaled(name: string, { enableAutoScaling, minCount, maxCount }: Values, count: number): number {
  if (enableAutoScaling !== true) throw new Error(`pool ${name} has no autoscaler`);
  if (count < Number(minCount) || count > Number(maxCount)) throw new Error(`pool ${name} scales from ${String(minCount)} to ${String(maxCount)}, not to ${count}`);
  return count;
}
