/** What node pools are made with: pure functions from settings. */
import type { AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings, NodesSettings, PoolSettings, Settings } from "../settings/settings.ts";

/**
 * A node that a team's disruption budget does not let drain within the time is set aside and replaced, so that it holds up nobody
 * else's nodes (learn.microsoft.com/azure/aks/upgrade-options, "undrainable node behavior").
 */
const upgradeSettings = { maxSurge: "33%", drainTimeoutInMinutes: 30, undrainableNodeBehavior: "Cordon" };

/** The cluster's own pool, which stands inline. */
export function systemPoolProfile(cluster: ClusterSettings, subnet: pulumi.Input<string>) {
  return {
    name: "system",
    mode: "System",
    nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
    ...nodes(cluster.systemPool, subnet, cluster.nodeProvisioning),
    upgradeSettings,
  };
}

export interface PoolParts {
  resourceGroup: pulumi.Input<string>;
  cluster: pulumi.Input<string>;
  nodesSubnetId: pulumi.Input<string>;
}

export function agentPoolArgs(name: string, pool: PoolSettings, { cluster, azure }: Settings, parts: PoolParts): AgentPoolArgs {
  return {
    agentPoolName: name,
    resourceGroupName: parts.resourceGroup,
    resourceName: parts.cluster,
    mode: "User",
    nodeLabels: pool.labels,
    nodeTaints: pool.taints,
    ...nodes(pool, parts.nodesSubnetId, cluster.nodeProvisioning),
    // AKS upgrades no pool along with the cluster's own version (Azure/AKS#2889); asked for the same alias again it does nothing.
    orchestratorVersion: cluster.kubernetesVersion,
    // No price of its own: a node is lost when Azure needs it, not when it becomes dearer.
    ...(pool.spot
      ? { scaleSetPriority: "Spot", scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1 }
      : // Spot pools take no surge nodes (learn.microsoft.com/azure/aks/spot-node-pool).
        { upgradeSettings }),
    tags: { ...azure.tags, ...(pool.tenant !== undefined && { tenant: pool.tenant }) },
  };
}

function nodes(pool: NodesSettings, subnet: pulumi.Input<string>, nodeProvisioning: boolean) {
  return {
    type: "VirtualMachineScaleSets",
    vmSize: pool.vmSize,
    osType: "Linux",
    osSKU: "AzureLinux",
    osDiskType: pool.osDisk,
    ...(pool.osDiskGb !== undefined && { osDiskSizeGB: pool.osDiskGb }),
    ...(pool.maxPods !== undefined && { maxPods: pool.maxPods }),
    // No count where the autoscaler runs: the one of the day the pool was made would go out with every later change, and take
    // nodes away. AKS starts at the least and keeps what there is (Azure/ARO-HCP#3659). It does not let the autoscaler and
    // node provisioning work side by side.
    ...(nodeProvisioning ? { enableAutoScaling: false, count: pool.min } : { enableAutoScaling: true, minCount: pool.min, maxCount: pool.max }),
    ...(pool.zones.length > 0 && { availabilityZones: pool.zones }),
    vnetSubnetID: subnet,
  };
}

/**
 * What AKS's autoscaler changes by itself: seen in a refresh, it is no difference. With node provisioning no autoscaler
 * runs, and a pool keeps the nodes that the settings say.
 */
export const poolDrift = ({ nodeProvisioning }: ClusterSettings): string[] => (nodeProvisioning ? [] : ["count"]);

/**
 * What AKS refuses to change on a pool and the provider would try to: with these the preview says that the pool is
 * replaced, and protection stops it before anything is touched.
 */
export const poolCreateOnly = ["availabilityZones", "maxPods", "osDiskSizeGB", "osDiskType", "scaleSetPriority", "vmSize", "vnetSubnetID"];
