/** What the cluster is made with: a pure function from settings. */
import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings, Settings } from "../settings/settings.ts";
import { systemPoolProfile } from "./pool-args.ts";

/** What the cluster needs of other resources. Create-only fields take ids only. */
export interface ClusterParts {
  resourceGroup: pulumi.Input<string>;
  nodesSubnetId: pulumi.Input<string>;
  /** Where the API server is within the network. */
  apiServerSubnetId?: pulumi.Input<string>;
  /** The address that the nodes' own traffic comes from, where it is known. */
  egressAddress?: pulumi.Input<string>;
  controlPlaneIdentityId: pulumi.Input<string>;
  kubelet: { id: pulumi.Input<string>; clientId: pulumi.Input<string>; principalId: pulumi.Input<string> };
  /** The Log Analytics workspace that Defender reports to. */
  workspaceId: pulumi.Input<string>;
}

export function managedClusterArgs(settings: Settings, parts: ClusterParts): ManagedClusterArgs {
  const { azure, cluster, names, network, monitoring } = settings;
  return {
    resourceName: names.cluster,
    resourceGroupName: parts.resourceGroup,
    nodeResourceGroup: names.nodeResourceGroup,
    nodeResourceGroupProfile: { restrictionLevel: "ReadOnly" },
    location: azure.location,
    dnsPrefix: names.dnsPrefix,
    sku: { name: "Base", tier: cluster.sku },
    // Always said: left out, long-term support would stay.
    supportPlan: cluster.longTermSupport ? "AKSLongTermSupport" : "KubernetesOfficial",
    // A minor version is an alias: with the `patch` channel it never asks for a downgrade.
    kubernetesVersion: cluster.kubernetesVersion,
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: cluster.upgrades.nodeImages },
    identity: { type: "UserAssigned", userAssignedIdentities: [parts.controlPlaneIdentityId] },
    identityProfile: {
      kubeletidentity: { resourceId: parts.kubelet.id, clientId: parts.kubelet.clientId, objectId: parts.kubelet.principalId },
    },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: {
      managed: true,
      enableAzureRBAC: cluster.authorization === "azure",
      tenantID: azure.tenant,
      adminGroupObjectIDs: cluster.administrators,
    },
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
      // What is off is said: left out, it would stay as it is.
      defender: monitoring.defender ? { logAnalyticsWorkspaceResourceId: parts.workspaceId, securityMonitoring: { enabled: true } } : { securityMonitoring: { enabled: false } },
    },
    addonProfiles: {
      azurepolicy: { enabled: cluster.azurePolicy },
      azureKeyvaultSecretsProvider: { enabled: cluster.secretsStore, ...(cluster.secretsStore && { config: { enableSecretRotation: "true" } }) },
    },
    azureMonitorProfile: { metrics: { enabled: monitoring.prometheus } },
    apiServerAccessProfile: apiServer(cluster, parts),
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      outboundType: network.egress === "natGateway" ? "userAssignedNATGateway" : network.egress,
      loadBalancerSku: "standard",
      podCidr: network.pods,
      serviceCidr: network.services,
      dnsServiceIP: network.dnsService,
    },
    nodeProvisioningProfile: cluster.nodeProvisioning ? { mode: "Auto", defaultNodePools: "Auto" } : { mode: "Manual" },
    // Cost analysis is not to be had in the Free tier.
    metricsProfile: { costAnalysis: { enabled: cluster.sku !== "Free" } },
    // Exactly one pool stands inline; AKS rejects most changes of inline pools.
    agentPoolProfiles: [systemPoolProfile(cluster, parts.nodesSubnetId)],
    tags: { ...azure.tags, ...cluster.tags },
  };
}

/**
 * How the API server is reached. Nodes that come from the NAT gateway's address must be let in like anyone else, unless
 * they reach the server within the network; the load balancer's address AKS lets in by itself.
 */
function apiServer({ api, authorizedRanges = [], privateDnsZone }: ClusterSettings, { apiServerSubnetId, egressAddress }: ClusterParts): ManagedClusterArgs["apiServerAccessProfile"] {
  const disableRunCommand = true;
  if (api === "private") {
    return { enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false, privateDNSZone: privateDnsZone ?? "system", enableVnetIntegration: true, subnetId: apiServerSubnetId, disableRunCommand };
  }
  const own = api === "public" && authorizedRanges.length > 0 && egressAddress !== undefined;
  return {
    authorizedIPRanges: own ? pulumi.output(egressAddress).apply((address) => [...authorizedRanges, `${address}/32`]) : authorizedRanges,
    ...(api === "vnetIntegration" && { enableVnetIntegration: true, subnetId: apiServerSubnetId }),
    disableRunCommand,
  };
}
