/** The kubeconfig that the program, people and pipelines use, and the identity of the cluster behind it. */
import { createHash } from "node:crypto";
import type { Settings } from "../settings/settings.ts";

export interface Endpoint {
  server: string;
  /** Base64 PEM. */
  certificateAuthority: string;
}

/** Server and certificate authority of the kubeconfig that AKS hands out (base64 YAML). */
export async function endpointOf(aksKubeconfig: string): Promise<Endpoint> {
  // Loaded only here: the library takes a tenth of the program's start.
  const { parse } = await import("yaml");
  const config = parse(Buffer.from(aksKubeconfig, "base64").toString("utf8")) as {
    clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  };
  const { cluster } = config.clusters[0]!;
  return { server: cluster.server, certificateAuthority: cluster["certificate-authority-data"] };
}

/** The application id of the AKS server in Entra, the same for every cluster (learn.microsoft.com/azure/aks/kubelogin-authentication). */
const aksServerId = "6dae42f8-4368-4678-94ff-3960e28e3630";

/**
 * A kubeconfig without a secret, the same on every machine: `kubelogin` brings the token.
 *
 * The one that AKS hands out asks for a device code, which no pipeline can answer. This one uses the Azure CLI's login;
 * `AAD_LOGIN_METHOD` in the environment overrides it (`workloadidentity`, `azurepipelines`, …). No client id is named:
 * it would win over the pipeline's own.
 */
export function kubeconfig(cluster: string, tenant: string, { server, certificateAuthority }: Endpoint): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": certificateAuthority } }],
    users: [
      {
        name: "entra",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "kubelogin",
            args: ["get-token", "--environment", "AzurePublicCloud", "--server-id", aksServerId, "--tenant-id", tenant, "--login", "azurecli"],
            interactiveMode: "IfAvailable",
            installHint: "kubelogin is missing: `az aks install-cli` installs it",
          },
        },
      },
    ],
    contexts: [{ name: cluster, context: { cluster, user: "entra" } }],
    "current-context": cluster,
  });
}

/**
 * Tells the Kubernetes provider which cluster its objects are in.
 *
 * Constant while the cluster lives, so that a kubeconfig that changes or is not known yet plans no replacement of every
 * object; different once a setting changes that only a new cluster can have, or `cluster.generation` is raised.
 * The create-only settings are those of the azure-native provider's replacement table for ManagedCluster, and those of
 * its inline pool. Another list, or order, would be another identity for every cluster there is.
 */
export function clusterIdentifier({ platform, environment, azure, names, network, cluster }: Settings): string {
  const { existing, systemPool } = cluster;
  const createOnly = existing
    ? [azure.subscription, existing.resourceGroup, existing.name]
    : [
        ...[azure.subscription, azure.location, names.resourceGroup, names.cluster, names.dnsPrefix, names.nodeResourceGroup],
        ...[network.pods, network.services, network.egress, network.existing?.nodesSubnet ?? names.nodesSubnet],
        ...[systemPool.vmSize, systemPool.zones, systemPool.osDisk, systemPool.osDiskGb, systemPool.maxPods],
      ];
  const hash = createHash("sha256").update(JSON.stringify(createOnly)).digest("hex").slice(0, 12);
  return `${platform}/${environment}/${hash}/${cluster.generation}`;
}
