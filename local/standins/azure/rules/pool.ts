/** Node pools, which a cluster has inline and as resources of their own. */
import type { Shape } from "../../shape.ts";
import { each, listOf, mapOf, object, oneOf, range } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED, SCHEMAS } from "../rule.ts";

const dnsOverrides = mapOf(object({
  ...each("number", "cacheDurationInSeconds", "maxConcurrent", "serveStaleDurationInSeconds"),
  forwardDestination: oneOf("ClusterCoreDNS", "VnetDNS"),
  forwardPolicy: oneOf("Sequential", "RoundRobin", "Random"),
  protocol: oneOf("PreferUDP", "ForceTCP"),
  queryLogging: oneOf("Error", "Log"),
  serveStale: oneOf("Verify", "Immediate", "Disable"),
}));

const sysctls = object({
  ...each("number", "fsAioMaxNr", "fsFileMax", "fsInotifyMaxUserWatches", "fsNrOpen", "kernelThreadsMax", "vmMaxMapCount", "vmSwappiness", "vmVfsCachePressure"),
  ...each("number", "netCoreNetdevMaxBacklog", "netCoreOptmemMax", "netCoreRmemDefault", "netCoreRmemMax", "netCoreSomaxconn", "netCoreWmemDefault", "netCoreWmemMax"),
  ...each("number", "netIpv4NeighDefaultGcThresh1", "netIpv4NeighDefaultGcThresh2", "netIpv4NeighDefaultGcThresh3", "netIpv4TcpFinTimeout"),
  ...each("number", "netIpv4TcpKeepaliveProbes", "netIpv4TcpKeepaliveTime", "netIpv4TcpMaxSynBacklog", "netIpv4TcpMaxTwBuckets"),
  netIpv4IpLocalPortRange: "string",
  netIpv4TcpTwReuse: "boolean",
  netIpv4TcpkeepaliveIntvl: range(10, 90),
  netNetfilterNfConntrackBuckets: range(65536, 524288),
  netNetfilterNfConntrackMax: range(131072, 2097152),
});

const sizes = listOf(object({ count: "number", size: "string" }));

/** What an inline pool and a pool of its own have in common. */
export const poolFields: Record<string, Shape> = {
  ...each(listOf("string"), "availabilityZones", "nodeTaints"),
  ...each("string", "capacityReservationGroupID", "hostGroupID", "messageOfTheDay", "nodePublicIPPrefixID", "orchestratorVersion"),
  ...each("string", "podSubnetID", "proximityPlacementGroupID", "vmSize", "vnetSubnetID"),
  ...each("boolean", "enableAutoScaling", "enableEncryptionAtHost", "enableFIPS", "enableNodePublicIP", "enableUltraSSD"),
  ...each(range(0, 1000), "count", "minCount", "maxCount"),
  maxPods: range(10, 250),
  osDiskSizeGB: range(0, 2048),
  spotMaxPrice: "number",
  creationData: object({ sourceResourceId: "string" }),
  gatewayProfile: object({ publicIPPrefixSize: range(28, 31) }),
  gpuInstanceProfile: oneOf("MIG1g", "MIG2g", "MIG3g", "MIG4g", "MIG7g"),
  gpuProfile: object({ driver: oneOf("Install", "None") }),
  kubeletConfig: object({
    allowedUnsafeSysctls: listOf("string"),
    ...each("number", "containerLogMaxSizeMB", "imageGcHighThreshold", "imageGcLowThreshold", "podMaxPids"),
    containerLogMaxFiles: range(2, Number.MAX_SAFE_INTEGER),
    ...each("boolean", "cpuCfsQuota", "failSwapOn"),
    ...each("string", "cpuCfsQuotaPeriod", "cpuManagerPolicy", "topologyManagerPolicy"),
  }),
  kubeletDiskType: oneOf("OS", "Temporary"),
  linuxOSConfig: object({ swapFileSizeMB: "number", sysctls, ...each("string", "transparentHugePageDefrag", "transparentHugePageEnabled") }),
  localDNSProfile: object({ mode: oneOf("Preferred", "Required", "Disabled"), kubeDNSOverrides: dnsOverrides, vnetDNSOverrides: dnsOverrides }),
  mode: oneOf("System", "User", "Gateway"),
  networkProfile: object({
    allowedHostPorts: listOf(object({ ...each(range(1, 65535), "portEnd", "portStart"), protocol: oneOf("TCP", "UDP") })),
    applicationSecurityGroups: listOf("string"),
    nodePublicIPTags: listOf(object(each("string", "ipTagType", "tag"))),
  }),
  nodeLabels: mapOf("string"),
  osDiskType: oneOf("Managed", "Ephemeral"),
  osSKU: oneOf("Ubuntu", "AzureLinux", "AzureLinux3", "CBLMariner", "Windows2019", "Windows2022", "Ubuntu2204"),
  osType: oneOf("Linux", "Windows"),
  podIPAllocationMode: oneOf("DynamicIndividual", "StaticBlock"),
  powerState: object({ code: oneOf("Running", "Stopped") }),
  scaleDownMode: oneOf("Delete", "Deallocate"),
  scaleSetEvictionPolicy: oneOf("Delete", "Deallocate"),
  scaleSetPriority: oneOf("Spot", "Regular"),
  securityProfile: object({ ...each("boolean", "enableSecureBoot", "enableVTPM"), sshAccess: oneOf("LocalUser", "Disabled") }),
  tags: mapOf("string"),
  type: oneOf("VirtualMachineScaleSets", "AvailabilitySet", "VirtualMachines"),
  upgradeSettings: object({
    drainTimeoutInMinutes: range(1, 1440),
    ...each("string", "maxSurge", "maxUnavailable"),
    nodeSoakDurationInMinutes: range(0, 30),
    undrainableNodeBehavior: oneOf("Cordon", "Schedule"),
  }),
  virtualMachineNodesStatus: sizes,
  virtualMachinesProfile: object({ scale: object({ manual: sizes }) }),
  windowsProfile: object({ disableOutboundNat: "boolean" }),
  workloadRuntime: oneOf("OCIContainer", "WasmWasi", "KataVmIsolation"),
};

export const POOL_NAME = /^[a-z][a-z0-9]{0,11}$/;
export const POOL_NAME_SAYS = "1 to 12 lower-case letters or digits, starting with a letter";

export const poolRule: ResourceRule = {
  token: "azure-native:containerservice:AgentPool",
  armType: "Microsoft.ContainerService/managedClusters/agentPools",
  apiVersion: "2025-09-01",
  id: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ContainerService/managedClusters/{resourceName}/agentPools/{agentPoolName}",
  name: {
    argument: "agentPoolName",
    generated: "random",
    pattern: POOL_NAME,
    says: POOL_NAME_SAYS,
    source: `${SCHEMAS} 2025-09-01 Microsoft.ContainerService.Aks`,
    checked: CHECKED,
  },
  arguments: object({ ...poolFields, agentPoolName: "string", "resourceGroupName!": "string", "resourceName!": "string" }),
  answers: {
    provisioningState: { constant: "Succeeded" },
    nodeImageVersion: { constant: "AKSAzureLinux-V3gen2-202611.06.0" },
    currentOrchestratorVersion: { computed: true },
    "powerState.code": { constant: "Running" },
    // Of what a program leaves out, what the service chooses. Sources: the class's own words; AKS_DOCS/concepts-storage.md.
    enableFIPS: { standard: false },
    kubeletDiskType: { standard: "OS" },
    mode: { standard: "User" },
    osDiskType: { standard: "Managed" },
    osSKU: { standard: "Ubuntu" },
    osType: { standard: "Linux" },
    scaleDownMode: { standard: "Delete" },
  },
};
