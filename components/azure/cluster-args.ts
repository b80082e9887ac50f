/** What the cluster and its pools are made with: pure functions from settings. */
import type { AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool.js";
import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster.js";
import type * as pulumi from "@pulumi/pulumi";
import type { PoolSettings, Settings } from "../settings/settings.ts";

/** What the cluster needs of other resources. Create-only fields take ids only. */
export interface ClusterParts {
  resourceGroup: pulumi.Input<string>;
  nodesSubnetId: pulumi.Input<string>;
  controlPlaneIdentityId: pulumi.Input<string>;
  kubelet: { id: pulumi.Input<string>; clientId: pulumi.Input<string>; principalId: pulumi.Input<string> };
}

export function managedClusterArgs(settings: Settings, parts: ClusterParts): ManagedClusterArgs {
  const { azure, cluster, names, network } = settings;
  return {
    resourceName: names.cluster,
    resourceGroupName: parts.resourceGroup,
    nodeResourceGroup: names.nodeResourceGroup,
    nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    location: azure.location,
    dnsPrefix: names.dnsPrefix,
    sku: { name: "Base", tier: cluster.sku },
    // A minor version is an alias: with the `patch` channel it never asks for a downgrade.
    kubernetesVersion: cluster.kubernetesVersion,
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    identity: { type: "UserAssigned", userAssignedIdentities: [parts.controlPlaneIdentityId] },
    identityProfile: {
      kubeletidentity: { resourceId: parts.kubelet.id, clientId: parts.kubelet.clientId, objectId: parts.kubelet.principalId },
    },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: {
      managed: true,
      enableAzureRBAC: true,
      tenantID: azure.tenant,
      adminGroupObjectIDs: cluster.administrators,
    },
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
    },
    apiServerAccessProfile: {
      authorizedIPRanges: cluster.authorizedRanges,
      disableRunCommand: true,
    },
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      outboundType: "loadBalancer",
      loadBalancerSku: "standard",
      podCidr: network.pods,
      serviceCidr: network.services,
      dnsServiceIP: network.dnsService,
    },
    // Cost analysis is not to be had in the Free tier.
    ...(cluster.sku !== "Free" && { metricsProfile: { costAnalysis: { enabled: true } } }),
    // Exactly one pool stands inline; AKS rejects most changes of inline pools.
    agentPoolProfiles: [
      {
        name: "system",
        mode: "System",
        nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
        ...poolProfile(cluster.systemPool, parts.nodesSubnetId),
      },
    ],
    tags: { ...azure.tags, ...cluster.tags },
  };
}

/** What AKS's autoscaler and automatic upgrades change by themselves, of the inline pool. */
export const systemPoolDrift = ["agentPoolProfiles[0].count", "agentPoolProfiles[0].orchestratorVersion"];

/** The same, of a pool that is a resource. */
export const poolDrift = ["count", "orchestratorVersion"];

export function agentPoolArgs(name: string, pool: PoolSettings, settings: Settings, parts: { resourceGroup: pulumi.Input<string>; cluster: pulumi.Input<string>; nodesSubnetId: pulumi.Input<string> }): AgentPoolArgs {
  return {
    agentPoolName: name,
    resourceGroupName: parts.resourceGroup,
    resourceName: parts.cluster,
    mode: "User",
    nodeLabels: pool.labels,
    nodeTaints: pool.taints,
    ...poolProfile(pool, parts.nodesSubnetId),
    tags: settings.azure.tags,
  };
}

function poolProfile(pool: PoolSettings, subnet: pulumi.Input<string>) {
  return {
    type: "VirtualMachineScaleSets",
    vmSize: pool.vmSize,
    osType: "Linux",
    osSKU: "AzureLinux",
    // The disk's type is left to AKS: ephemeral wherever the VM size has room for it.
    enableAutoScaling: true,
    // Where the autoscaler starts; what it makes of it is left alone.
    count: pool.min,
    minCount: pool.min,
    maxCount: pool.max,
    ...(pool.zones.length > 0 && { availabilityZones: pool.zones }),
    vnetSubnetID: subnet,
    upgradeSettings: { maxSurge: "33%" },
    securityProfile: { sshAccess: "Disabled" },
  };
}
