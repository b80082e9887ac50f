/** Clusters. Sources unless said otherwise: AKS_DOCS (rule.ts); checked 2026-11-20. */
import { createHash, randomUUID } from "node:crypto";
import type { Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { isObject } from "../../shape.ts";
import { badRequest as bad } from "../arm-error.ts";
import type { Resource } from "../cloud.ts";
import { nameOf, partsOf } from "../ids.ts";
import { normalizedLocation } from "../regions.ts";
import type { Service, Write } from "../service.ts";
import { objects } from "../values.ts";
import { compareVersions, defaultMinor, minorOf, supportedVersions } from "../versions.ts";
import { refuseRoutes } from "./cluster-egress.ts";
import { madeKubeletIdentity, refuseIdentities } from "./cluster-identity.ts";
import { refuseAddresses } from "./cluster-network.ts";
import { refuseSettings } from "./cluster-settings.ts";
import { IDENTITY } from "./identity.ts";
import { allPools, poolAnswers, refuseAutoscaledPools, refusePool } from "./pool.ts";

export const CLUSTER = "azure-native:containerservice:ManagedCluster";

/** The patch release a cluster runs: the asked one, the latest of the asked minor version, or what already runs of that minor version. */
function runningVersion({ inputs, previous }: Write): string {
  const running = previous?.outputs.currentKubernetesVersion;
  const asked = typeof inputs.kubernetesVersion === "string" ? inputs.kubernetesVersion : undefined;
  if (typeof running === "string" && (asked === undefined || compareVersions(asked, running) === 0)) return running;
  const version = asked ?? defaultMinor;
  return version === minorOf(version) ? (supportedVersions[version] ?? version) : version;
}

function refuseVersion(write: Write): void {
  const asked = write.inputs.kubernetesVersion;
  if (typeof asked !== "string") return;
  const running = write.previous?.outputs.currentKubernetesVersion;
  if (typeof running === "string" && compareVersions(asked, running) < 0) {
    throw bad(`Downgrading Kubernetes version from ${running} to ${asked} is not allowed.`, "OperationNotAllowed");
  }
  if (supportedVersions[minorOf(asked)] === undefined) {
    throw bad(`Managed cluster ${nameOf(write.id)} is on version ${asked}, which is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region.`, "K8sVersionNotSupported");
  }
  // Source: long-term-support.md, for clusters that skip.
  const skips = typeof running === "string" && Number(minorOf(asked).split(".")[1]) - Number(minorOf(running).split(".")[1]) > 1;
  if (skips && write.inputs.supportPlan !== "AKSLongTermSupport") {
    throw bad(`Upgrading Kubernetes version ${running} to ${asked} is not allowed: minor versions cannot be skipped.`, "OperationNotAllowed");
  }
}

function refusePools({ id, inputs, cloud, previous }: Write, version: string): void {
  const pools = objects(inputs.agentPoolProfiles);
  if (pools.length === 0) throw bad("Required parameter agentPoolProfiles is missing (null).", "InvalidParameter");
  for (const pool of pools) refusePool(String(pool.name), pool, cloud, version);
  if (!pools.some((pool) => pool.mode === "System")) throw bad("Must define at least one system pool.");
  const olds = previous === undefined ? [] : allPools(previous, cloud);
  const added = pools.find((pool) => previous && !olds.some((old) => old.name === pool.name));
  if (added) throw bad(`A new agent pool introduced. Agent pool '${String(added.name)}' of cluster ${nameOf(id)} must be added as a resource of its own.`);
  if (valueAt(inputs, "nodeProvisioningProfile.mode") === "Auto" && previous) refuseAutoscaledPools(id, cloud);
}

export function nodeResourceGroup({ id, inputs }: Pick<Write, "id" | "inputs">): string {
  if (typeof inputs.nodeResourceGroup === "string") return inputs.nodeResourceGroup;
  return `MC_${partsOf(id).resourceGroup ?? ""}_${nameOf(id)}_${normalizedLocation(String(inputs.location))}`;
}

function hostNames({ id, inputs, previous }: Write): Values {
  if (previous) return Object.fromEntries(["fqdn", "azurePortalFQDN", "privateFQDN"].flatMap((name) => (previous.outputs[name] === undefined ? [] : [[name, previous.outputs[name]]])));
  const prefix = `${String(inputs.dnsPrefix ?? inputs.fqdnSubdomain ?? nameOf(id))}-${createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, 8)}`;
  const domain = `${normalizedLocation(String(inputs.location))}.azmk8s.io`;
  const isPrivate = valueAt(inputs, "apiServerAccessProfile.enablePrivateCluster") === true;
  const hasPublicName = !isPrivate || valueAt(inputs, "apiServerAccessProfile.enablePrivateClusterPublicFQDN") !== false;
  return {
    ...(hasPublicName ? { fqdn: `${prefix}.hcp.${domain}` } : {}),
    azurePortalFQDN: `${prefix}.portal.hcp.${domain}`,
    ...(isPrivate ? { privateFQDN: `${prefix}.${randomUUID()}.privatelink.${domain}` } : {}),
  };
}

export const clusterService: Service = {
  refuse(write) {
    const { inputs, cloud, account, previous } = write;
    refuseVersion(write);
    refusePools(write, runningVersion(write));
    refuseSettings(inputs, previous?.inputs);
    if (inputs.dnsPrefix === undefined && inputs.fqdnSubdomain === undefined) throw bad("Required parameter dnsPrefix is missing (null).", "InvalidParameter");
    const nodes = nodeResourceGroup(write);
    if (nodes.length > 80) throw bad(`The node resource group name '${nodes}' has ${nodes.length} characters; at most 80 are allowed. Set nodeResourceGroup.`, "InvalidParameter");
    if (!previous && cloud.get(`/subscriptions/${account.subscriptionId}/resourceGroups/${nodes}`)) {
      throw bad(`The node resource group '${nodes}' exists already.`, "NodeResourceGroupAlreadyExists");
    }
    refuseAddresses(inputs, cloud);
    refuseIdentities(write);
    refuseRoutes(write);
  },

  alongside(write) {
    const name = nodeResourceGroup(write);
    const location = write.inputs.location ?? "";
    const group: Resource = {
      token: "azure-native:resources:ResourceGroup",
      id: `/subscriptions/${write.account.subscriptionId}/resourceGroups/${name}`,
      inputs: { location, managedBy: write.id },
      outputs: { name, type: "Microsoft.Resources/resourceGroups", location, managedBy: write.id },
    };
    return valueAt(write.inputs, "identityProfile.kubeletidentity") === undefined ? [group, madeKubeletIdentity(write, name)] : [group];
  },

  computed(write, alongside) {
    const { inputs, cloud, account, previous } = write;
    const given = valueAt(inputs, "identityProfile.kubeletidentity");
    const kubelet = isObject(given) ? cloud.get(String(given.resourceId)) : alongside.find((resource) => resource.token === IDENTITY);
    const issuer = valueAt(previous?.outputs ?? {}, "oidcIssuerProfile.issuerURL") ?? `https://${normalizedLocation(String(inputs.location))}.oic.prod-aks.azure.com/${account.tenantId}/${randomUUID()}/`;
    const version = runningVersion(write);
    return {
      agentPoolProfiles: objects(inputs.agentPoolProfiles).map((pool) => ({
        ...pool,
        ...poolAnswers(pool, objects(previous?.outputs.agentPoolProfiles).find((old) => old.name === pool.name), { asked: inputs.kubernetesVersion, running: version }),
      })),
      currentKubernetesVersion: version,
      nodeResourceGroup: nodeResourceGroup(write),
      ...hostNames(write),
      "identityProfile.kubeletidentity": { resourceId: kubelet?.id ?? "", clientId: kubelet?.outputs.clientId ?? "", objectId: kubelet?.outputs.principalId ?? "" },
      ...(valueAt(inputs, "oidcIssuerProfile.enabled") === true ? { "oidcIssuerProfile.issuerURL": issuer } : {}),
    };
  },

  live: (cluster, cloud) => ({ agentPoolProfiles: allPools(cluster, cloud) }),
};
