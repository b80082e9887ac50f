/** Pools that lag behind their cluster. */
import type { Settings } from "../../components/settings/settings.ts";
import { compareMinor } from "../../components/settings/versions.ts";
import { shellLine } from "../bootstrap/shell-line.ts";
import { missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Resources } from "./resources.ts";

interface ClusterProperties {
  currentKubernetesVersion?: string;
  agentPoolProfiles?: { name: string; currentOrchestratorVersion?: string }[];
}

/** AKS lets a pool be so many minor versions older than its cluster (kubernetes.io/releases/version-skew-policy). */
const mostSkew = 3;

/**
 * The version of each pool against the cluster's. Workload pools follow `kubernetesVersion` in the same `up`; the system
 * pool stands in the cluster's own request, in which AKS takes the versions of all pools or of none (Azure/AKS#4765).
 * Nothing is said of a cluster that does not exist yet.
 */
export async function pools(resources: Resources, { azure, cluster, names }: Settings): Promise<Finding[]> {
  if (cluster.existing) return [];
  const id = `/subscriptions/${azure.subscription}/resourceGroups/${names.resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${names.cluster}`;
  const found = await resources.find(id);
  const { currentKubernetesVersion: runs, agentPoolProfiles = [] } = (found?.properties ?? {}) as ClusterProperties;
  if (runs === undefined) return [];
  const version = minor(runs);
  const behind = agentPoolProfiles.flatMap(({ name, currentOrchestratorVersion: own }) => (own !== undefined && compareMinor(minor(own), version) < 0 ? [{ name, own: minor(own) }] : []));
  if (behind.length === 0) return [ok(`node pools: of the cluster's version, ${version}`)];
  return behind.map(({ name, own }) => {
    const command = ["aks", "nodepool", "upgrade", "--resource-group", names.resourceGroup, "--cluster-name", names.cluster, "--name", name, "--kubernetes-version", version, "--subscription", azure.subscription];
    const lag = Number(version.split(".")[1]) - Number(own.split(".")[1]);
    const say = lag >= mostSkew ? missing : warning;
    return say(`node pools: ${name} runs Kubernetes ${own}, the cluster ${version}${lag >= mostSkew ? "; the cluster's next upgrade is refused" : ""}`, `\`${shellLine("az", command)}\`, at a quiet hour`);
  });
}

const minor = (version: string): string => version.split(".").slice(0, 2).join(".");
