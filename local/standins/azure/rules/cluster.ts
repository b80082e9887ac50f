/** Microsoft.ContainerService: clusters. */
import { each, listOf, mapOf, object, oneOf, range, text } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED, SCHEMAS } from "../rule.ts";
import { POOL_NAME, POOL_NAME_SAYS, poolFields } from "./pool.ts";

export const CLUSTER_ID = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerService/managedClusters/{resourceName}";
const source = `${SCHEMAS} 2025-09-01 Microsoft.ContainerService.Aks`;

const enabled = object({ enabled: "boolean" });
const enabledRequired = object({ "enabled!": "boolean" });
const CIDR = text(/^([0-9]{1,3}\.){3}[0-9]{1,3}(\/([0-9]|[1-2][0-9]|3[0-2]))?$/, "an IPv4 range such as 10.0.0.0/16");
const IP = text(/^(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)$/, "an IPv4 address");
const identity = object(each("string", "clientId", "objectId", "resourceId"));
const ids = listOf(object({ id: "string" }));

const autoScalerProfile = object({
  ...each("boolean", "daemonsetEvictionForEmptyNodes", "daemonsetEvictionForOccupiedNodes", "ignoreDaemonsetsUtilization"),
  ...each("string", "balanceSimilarNodeGroups", "maxEmptyBulkDelete", "maxGracefulTerminationSec", "maxNodeProvisionTime", "maxTotalUnreadyPercentage"),
  ...each("string", "newPodScaleUpDelay", "okTotalUnreadyCount", "scaleDownDelayAfterAdd", "scaleDownDelayAfterDelete", "scaleDownDelayAfterFailure"),
  ...each("string", "scaleDownUnneededTime", "scaleDownUnreadyTime", "scaleDownUtilizationThreshold", "scanInterval", "skipNodesWithLocalStorage", "skipNodesWithSystemPods"),
  expander: oneOf("least-waste", "most-pods", "priority", "random"),
});

const networkProfile = object({
  advancedNetworking: object({
    enabled: "boolean",
    observability: enabled,
    security: object({ advancedNetworkPolicies: oneOf("L7", "FQDN", "None"), enabled: "boolean" }),
  }),
  dnsServiceIP: IP,
  ipFamilies: listOf(oneOf("IPv4", "IPv6")),
  loadBalancerProfile: object({
    allocatedOutboundPorts: range(0, 64000),
    backendPoolType: oneOf("NodeIPConfiguration", "NodeIP"),
    enableMultipleStandardLoadBalancers: "boolean",
    idleTimeoutInMinutes: range(4, 120),
    managedOutboundIPs: object({ count: range(1, 100), countIPv6: range(0, 100) }),
    outboundIPPrefixes: object({ publicIPPrefixes: ids }),
    outboundIPs: object({ publicIPs: ids }),
  }),
  loadBalancerSku: oneOf("standard", "basic"),
  natGatewayProfile: object({ idleTimeoutInMinutes: range(4, 120), managedOutboundIPProfile: object({ count: range(1, 16) }) }),
  networkDataplane: oneOf("azure", "cilium"),
  networkMode: oneOf("transparent", "bridge"),
  networkPlugin: oneOf("azure", "kubenet", "none"),
  networkPluginMode: oneOf("overlay"),
  networkPolicy: oneOf("none", "calico", "azure", "cilium"),
  outboundType: oneOf("loadBalancer", "userDefinedRouting", "managedNATGateway", "userAssignedNATGateway", "none"),
  podCidr: CIDR,
  podCidrs: listOf("string"),
  serviceCidr: CIDR,
  serviceCidrs: listOf("string"),
  staticEgressGatewayProfile: enabled,
});

const securityProfile = object({
  azureKeyVaultKms: object({ enabled: "boolean", ...each("string", "keyId", "keyVaultResourceId"), keyVaultNetworkAccess: oneOf("Public", "Private") }),
  customCATrustCertificates: listOf("string"),
  defender: object({ logAnalyticsWorkspaceResourceId: "string", securityMonitoring: enabled }),
  imageCleaner: object({ enabled: "boolean", intervalHours: range(24, 2160) }),
  workloadIdentity: enabled,
});

const serviceMeshProfile = object({
  istio: object({
    certificateAuthority: object({ plugin: object(each("string", "certChainObjectName", "certObjectName", "keyObjectName", "keyVaultId", "rootCertObjectName")) }),
    components: object({
      egressGateways: listOf(object({ "enabled!": "boolean", gatewayConfigurationName: "string", "name!": "string", namespace: "string" })),
      ingressGateways: listOf(object({ "enabled!": "boolean", "mode!": oneOf("External", "Internal") })),
    }),
    revisions: listOf("string"),
  }),
  "mode!": oneOf("Istio", "Disabled"),
});

const podIdentityProfile = object({
  ...each("boolean", "allowNetworkPluginKubenet", "enabled"),
  userAssignedIdentities: listOf(object({ bindingSelector: "string", "identity!": identity, "name!": "string", "namespace!": "string" })),
  userAssignedIdentityExceptions: listOf(object({ "name!": "string", "namespace!": "string", "podLabels!": mapOf("string") })),
});

export const clusterRule: ResourceRule = {
  token: "azure-native:containerservice:ManagedCluster",
  armType: "Microsoft.ContainerService/managedClusters",
  apiVersion: "2025-09-01",
  id: CLUSTER_ID,
  name: {
    argument: "resourceName",
    generated: "random",
    pattern: /^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$/,
    says: "1 to 63 letters, digits, '-' or '_', starting and ending with a letter or digit",
    source,
    checked: CHECKED,
  },
  arguments: object({
    aadProfile: object({ adminGroupObjectIDs: listOf("string"), ...each("string", "clientAppID", "serverAppID", "serverAppSecret", "tenantID"), ...each("boolean", "enableAzureRBAC", "managed") }),
    addonProfiles: mapOf(object({ config: mapOf("string"), "enabled!": "boolean" })),
    agentPoolProfiles: listOf(object({ ...poolFields, "name!": text(POOL_NAME, POOL_NAME_SAYS) })),
    aiToolchainOperatorProfile: enabled,
    apiServerAccessProfile: object({
      authorizedIPRanges: listOf("string"),
      ...each("boolean", "disableRunCommand", "enablePrivateCluster", "enablePrivateClusterPublicFQDN", "enableVnetIntegration"),
      ...each("string", "privateDNSZone", "subnetId"),
    }),
    autoScalerProfile,
    autoUpgradeProfile: object({
      nodeOSUpgradeChannel: oneOf("None", "Unmanaged", "NodeImage", "SecurityPatch"),
      upgradeChannel: oneOf("rapid", "stable", "patch", "node-image", "none"),
    }),
    azureMonitorProfile: object({ metrics: object({ "enabled!": "boolean", kubeStateMetrics: object(each("string", "metricAnnotationsAllowList", "metricLabelsAllowlist")) }) }),
    bootstrapProfile: object({ artifactSource: oneOf("Cache", "Direct"), containerRegistryId: "string" }),
    ...each("boolean", "disableLocalAccounts", "enableRBAC"),
    dnsPrefix: text(/^[a-zA-Z0-9]([-a-zA-Z0-9]{0,52}[a-zA-Z0-9])?$/, "1 to 54 letters, digits or '-', starting and ending with a letter or digit"),
    ...each("string", "diskEncryptionSetID", "fqdnSubdomain", "kind", "location", "nodeResourceGroup", "resourceName"),
    kubernetesVersion: text(/^\d+\.\d+(\.\d+)?$/, "a version such as 1.35 or 1.35.4"),
    extendedLocation: object({ name: "string", type: oneOf("EdgeZone") }),
    httpProxyConfig: object({ ...each("string", "httpProxy", "httpsProxy", "trustedCa"), noProxy: listOf("string") }),
    identity: object({
      delegatedResources: mapOf(object(each("string", "location", "referralResource", "resourceId", "tenantId"))),
      type: oneOf("SystemAssigned", "UserAssigned", "None"),
      userAssignedIdentities: listOf("string"),
    }),
    identityProfile: mapOf(identity),
    ingressProfile: object({
      webAppRouting: object({
        dnsZoneResourceIds: listOf("string"),
        enabled: "boolean",
        nginx: object({ defaultIngressControllerType: oneOf("AnnotationControlled", "External", "Internal", "None") }),
      }),
    }),
    linuxProfile: object({ "adminUsername!": text(/^[A-Za-z][-A-Za-z0-9_]*$/, "letters, digits, '-' or '_', starting with a letter"), "ssh!": object({ "publicKeys!": listOf(object({ "keyData!": "string" })) }) }),
    metricsProfile: object({ costAnalysis: enabled }),
    networkProfile,
    nodeProvisioningProfile: object({ defaultNodePools: oneOf("None", "Auto"), mode: oneOf("Manual", "Auto") }),
    nodeResourceGroupProfile: object({ restrictionLevel: oneOf("Unrestricted", "ReadOnly") }),
    oidcIssuerProfile: enabled,
    podIdentityProfile,
    privateLinkResources: listOf(object({ ...each("string", "groupId", "id", "name", "type"), requiredMembers: listOf("string") })),
    publicNetworkAccess: oneOf("Enabled", "Disabled"),
    "resourceGroupName!": "string",
    securityProfile,
    serviceMeshProfile,
    servicePrincipalProfile: object({ "clientId!": "string", secret: "string" }),
    sku: object({ name: oneOf("Base", "Automatic"), tier: oneOf("Premium", "Standard", "Free") }),
    storageProfile: object(each(enabled, "blobCSIDriver", "diskCSIDriver", "fileCSIDriver", "snapshotController")),
    supportPlan: oneOf("KubernetesOfficial", "AKSLongTermSupport"),
    tags: mapOf("string"),
    upgradeSettings: object({ overrideSettings: object({ forceUpgrade: "boolean", until: "string" }) }),
    windowsProfile: object({
      adminPassword: "string",
      "adminUsername!": "string",
      enableCSIProxy: "boolean",
      gmsaProfile: object({ ...each("string", "dnsServer", "rootDomainName"), enabled: "boolean" }),
      licenseType: oneOf("None", "Windows_Server"),
    }),
    workloadAutoScalerProfile: object({ keda: enabledRequired, verticalPodAutoscaler: enabledRequired }),
  }),
  references: {
    "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID": "azure-native:operationalinsights:Workspace",
    "apiServerAccessProfile.subnetId": "azure-native:network:Subnet",
    "securityProfile.defender.logAnalyticsWorkspaceResourceId": "azure-native:operationalinsights:Workspace",
  },
  answers: {
    provisioningState: { constant: "Succeeded" },
    maxAgentPools: { constant: 100 },
    resourceUID: { guid: true },
    "networkProfile.loadBalancerSku": { standard: "standard" },
    "networkProfile.ipFamilies": { standard: ["IPv4"] },
    "powerState.code": { constant: "Running" },
    currentKubernetesVersion: { computed: true },
    fqdn: { computed: true },
    azurePortalFQDN: { computed: true },
    privateFQDN: { computed: true },
    "oidcIssuerProfile.issuerURL": { computed: true },
    "identityProfile.kubeletidentity": { computed: true },
  },
};
