/** Node pools: of their own, and what a cluster checks of its inline ones. */
import type { Value, Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { isObject } from "../../shape.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import type { Cloud, Resource } from "../cloud.ts";
import { isBeneath, nameOf, parentId, sameId } from "../ids.ts";
import { poolFields } from "../rules/pool.ts";
import type { Service } from "../service.ts";
import { objects, texts } from "../values.ts";
import { compareVersions, minorOf, supportedVersions } from "../versions.ts";
import { refuseEgress } from "./cluster-egress.ts";
import { findSubnet } from "./network.ts";

export const POOL = "azure-native:containerservice:AgentPool";

/** What AKS puts on the nodes of a spot pool. Source: AKS_DOCS (rule.ts)/spot-node-pool.md. */
const SPOT = "kubernetes.azure.com/scalesetpriority";

const invalid = (name: string, message: string): ArmError => badRequest(`The value of parameter agentPoolProfile '${name}' is invalid. ${message}`, "InvalidParameter");

/**
 * Refuses a pool that AKS would refuse. Sources: AKS_DOCS (rule.ts)/use-system-pools.md, create-node-pools.md,
 * cluster-autoscaler.md, spot-node-pool.md; checked 2026-11-21.
 */
export function refusePool(name: string, pool: Values, cloud: Cloud, clusterVersion: string): void {
  if (pool.osType === "Windows" && name.length > 6) throw invalid(name, "The name of a Windows pool has at most 6 characters.");
  if (typeof pool.vmSize !== "string") throw invalid(name, "vmSize is required.");
  refuseScale(name, pool);
  refuseSpot(name, pool);
  for (const field of ["vnetSubnetID", "podSubnetID"]) {
    const subnet = pool[field];
    if (typeof subnet === "string" && findSubnet(subnet, cloud) === undefined) {
      throw new ArmError(404, "VnetSubnetNotFound", `${field} '${subnet}' of agent pool '${name}' was not found.`);
    }
  }
  const version = pool.orchestratorVersion;
  if (typeof version === "string" && (supportedVersions[minorOf(version)] === undefined || compareVersions(version, clusterVersion) > 0)) {
    throw badRequest(`Version ${version} of agent pool '${name}' is not supported; the cluster runs ${clusterVersion}.`, "AgentPoolK8sVersionNotSupported");
  }
}

function refuseScale(name: string, pool: Values): void {
  const number = (field: string): number | undefined => (typeof pool[field] === "number" ? pool[field] : undefined);
  const count = number("count");
  const least = number("minCount");
  const most = number("maxCount");
  if (pool.enableAutoScaling === true) {
    if (least === undefined || most === undefined) throw invalid(name, "With enableAutoScaling minCount and maxCount are required.");
    if (least > most) throw invalid(name, `minCount ${least} is greater than maxCount ${most}.`);
    if (count !== undefined && (count < least || count > most)) throw invalid(name, `count ${count} is not between minCount ${least} and maxCount ${most}.`);
  } else if (least !== undefined || most !== undefined) {
    throw invalid(name, "minCount and maxCount must be absent when enableAutoScaling is not set.");
  }
  if (pool.mode !== "System") return;
  if ((pool.enableAutoScaling === true ? least : count ?? 1) === 0) throw invalid(name, "A system pool must have at least one node.");
  if (pool.osType === "Windows") throw invalid(name, "A system pool must run Linux.");
  if ((number("maxPods") ?? 30) < 30) throw invalid(name, "A system pool must allow at least 30 pods a node.");
}

function refuseSpot(name: string, pool: Values): void {
  if (pool.scaleSetPriority !== "Spot") {
    const only = ["scaleSetEvictionPolicy", "spotMaxPrice"].find((field) => pool[field] !== undefined);
    if (only !== undefined) throw invalid(name, `${only} is for pools with scaleSetPriority Spot alone.`);
    return;
  }
  if (pool.mode === "System") throw invalid(name, "A Spot pool can't be a system pool.");
  if (pool.type !== undefined && pool.type !== "VirtualMachineScaleSets") throw invalid(name, "A Spot pool must be of the type VirtualMachineScaleSets.");
  const price = pool.spotMaxPrice;
  if (typeof price === "number" && price !== -1 && !(price > 0 && Number(price.toFixed(5)) === price)) throw invalid(name, `spotMaxPrice ${price} must be -1, or greater than 0 with at most five decimals.`);
  // unverified: the page says that there are no surge nodes, not that the setting is refused.
  if (valueAt(pool, "upgradeSettings.maxSurge") !== undefined) throw invalid(name, "Spot pools can't set max surge.");
}

/** Source: AKS_DOCS (rule.ts)/migrate-from-autoscaler-to-node-auto-provisioning.md. */
export function refuseAutoscaledPools(clusterId: string, cloud: Cloud): void {
  const scaled = cloud.ofType(POOL).find((pool) => isBeneath(pool.id, clusterId) && pool.inputs.enableAutoScaling === true);
  if (scaled) throw badRequest(`Node auto-provisioning cannot be used with the cluster autoscaler: set enableAutoScaling to false on agent pool ${nameOf(scaled.id)} first.`);
}

/**
 * All pools of a cluster as it answers with them, those that are resources of their own too, in the order of their names
 * (hashicorp/terraform-provider-azurerm#3835 and #4560; unverified since 2019).
 */
export function allPools(cluster: Resource, cloud: Cloud): Values[] {
  const own = cloud.ofType(POOL).filter((pool) => isBeneath(pool.id, cluster.id));
  const inline = objects(cluster.outputs.agentPoolProfiles).filter((pool) => !own.some(({ id }) => nameOf(id) === pool.name));
  const fields = [...Object.keys(poolFields), "currentOrchestratorVersion", "nodeImageVersion", "provisioningState"];
  const pools: Values[] = [...inline, ...own.map(({ id, inputs, outputs }) => ({
    name: nameOf(id),
    ...Object.fromEntries(fields.filter((field) => outputs[field] !== undefined).map((field) => [field, outputs[field]!])),
    type: inputs.type ?? "VirtualMachineScaleSets",
  }))];
  return pools.sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
}

/**
 * The nodes of a pool after a write: those that are asked for. Where none are, AKS keeps what there is; the autoscaler begins
 * with the least, and goes up or down into limits that no longer hold what there is. Sources: Azure/AKS#1758,
 * Azure/ARO-HCP#3659, kubernetes-sigs/cluster-api-provider-azure#1991; checked 2026-11-21; unverified: how soon.
 */
function nodesOf({ count, enableAutoScaling, minCount, maxCount }: Values, before: Values | undefined): number {
  if (typeof count === "number") return count;
  const now = typeof before?.count === "number" ? before.count : undefined;
  if (enableAutoScaling !== true) return now ?? 1;
  return Math.min(Math.max(now ?? 0, Number(minCount)), Number(maxCount));
}

/** What AKS adds to a pool. `running` is the patch release of the cluster, `asked` what the program asks for. */
export function poolAnswers(pool: Values, before: Values | undefined, cluster: { asked?: Value; running: Value }): Values {
  const isSpot = pool.scaleSetPriority === "Spot";
  const asked = typeof pool.orchestratorVersion === "string" ? pool.orchestratorVersion : undefined;
  const of = asked === undefined ? undefined : supportedVersions[asked] ?? asked;
  const taint = `${SPOT}=spot:NoSchedule`;
  const taints = texts(pool.nodeTaints);
  return {
    provisioningState: "Succeeded",
    count: nodesOf(pool, before),
    currentOrchestratorVersion: of ?? before?.currentOrchestratorVersion ?? cluster.running,
    orchestratorVersion: asked ?? before?.orchestratorVersion ?? cluster.asked ?? cluster.running,
    ...(isSpot && !taints.includes(taint) ? { nodeTaints: [...taints, taint] } : {}),
    ...(isSpot ? { nodeLabels: { ...(isObject(pool.nodeLabels) ? pool.nodeLabels : {}), [SPOT]: "spot" } } : {}),
  };
}

export const poolService: Service = {
  refuse({ id, inputs, cloud, previous }) {
    const cluster = cloud.get(parentId(id) ?? "");
    if (cluster === undefined) return;
    if (!previous && objects(cluster.inputs.agentPoolProfiles).some((pool) => pool.name === nameOf(id))) {
      throw new Error(`cannot create already existing resource '${id}'`);
    }
    refusePool(nameOf(id), inputs, cloud, String(cluster.outputs.currentKubernetesVersion));
    if (inputs.enableAutoScaling === true && valueAt(cluster.inputs, "nodeProvisioningProfile.mode") === "Auto") {
      throw badRequest("Node auto-provisioning cannot be used with the cluster autoscaler: set enableAutoScaling to false.");
    }
    const found = typeof inputs.vnetSubnetID === "string" ? findSubnet(inputs.vnetSubnetID, cloud) : undefined;
    refuseEgress(valueAt(cluster.inputs, "networkProfile.outboundType"), found?.subnet, cloud);
    const [first] = objects(cluster.inputs.agentPoolProfiles).map((pool) => pool.vnetSubnetID);
    const network = typeof first === "string" ? findSubnet(first, cloud)?.network.id : undefined;
    if (network === undefined ? found !== undefined : found === undefined || !sameId(found.network.id, network)) {
      throw invalid(nameOf(id), "All agent pools of a cluster must be in one virtual network.");
    }
  },
  computed({ id, inputs, cloud, previous }) {
    const cluster = cloud.get(parentId(id) ?? "");
    return poolAnswers(inputs, previous?.outputs, { asked: cluster?.inputs.kubernetesVersion, running: cluster?.outputs.currentKubernetesVersion ?? "" });
  },
};
