/** Clusters. Sources unless said otherwise: MicrosoftDocs/azure-aks-docs fb060ab; checked 2026-11-20. */
import { createHash, randomUUID } from "node:crypto";
import type { Value, Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { isObject } from "../../shape.ts";
import { ArmError } from "../arm-error.ts";
import type { Resource } from "../cloud.ts";
import { nameOf, partsOf } from "../ids.ts";
import { normalizedLocation } from "../regions.ts";
import type { Service, Write } from "../service.ts";
import { compareVersions, defaultMinor, minorOf, supportedVersions } from "../versions.ts";
import { refuseAddresses } from "./cluster-network.ts";
import { holdsRole, IDENTITY } from "./identity.ts";
import { objects, texts } from "./network.ts";
import { refusePool } from "./pool.ts";

export const CLUSTER = "azure-native:containerservice:ManagedCluster";

const bad = (code: string, message: string): ArmError => new ArmError(400, code, message);

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
    throw bad("OperationNotAllowed", `Downgrading Kubernetes version from ${running} to ${asked} is not allowed.`);
  }
  if (supportedVersions[minorOf(asked)] === undefined) {
    throw bad("K8sVersionNotSupported", `Managed cluster ${nameOf(write.id)} is on version ${asked}, which is not supported in this region. Please use [az aks get-versions] command to get the supported version list in this region.`);
  }
  if (typeof running === "string" && Number(minorOf(asked).split(".")[1]) - Number(minorOf(running).split(".")[1]) > 1) {
    throw bad("OperationNotAllowed", `Upgrading Kubernetes version ${running} to ${asked} is not allowed: minor versions cannot be skipped.`);
  }
}

function refusePools({ id, inputs, cloud, previous }: Write, version: string): void {
  const pools = objects(inputs.agentPoolProfiles);
  if (pools.length === 0) throw bad("InvalidParameter", "Required parameter agentPoolProfiles is missing (null).");
  for (const pool of pools) refusePool(String(pool.name), pool, cloud, version);
  if (!pools.some((pool) => pool.mode === "System")) throw bad("BadRequest", "Must define at least one system pool.");
  const olds = objects(previous?.inputs.agentPoolProfiles);
  const added = pools.find((pool) => previous && !olds.some((old) => old.name === pool.name));
  if (added) throw bad("BadRequest", `A new agent pool introduced. Agent pool '${String(added.name)}' of cluster ${nameOf(id)} must be added as a resource of its own.`);
}

function refuseIdentities(write: Write): void {
  const { inputs, cloud, id } = write;
  const type = valueAt(inputs, "identity.type");
  const assigned = texts(valueAt(inputs, "identity.userAssignedIdentities"));
  const kubelet = valueAt(inputs, "identityProfile.kubeletidentity");
  if ((type === undefined || type === "None") && inputs.servicePrincipalProfile === undefined) {
    throw bad("InvalidParameter", "Required parameter servicePrincipalProfile is missing (null). Give the cluster an identity or a service principal.");
  }
  if (type === "UserAssigned" && assigned.length !== 1) throw bad("InvalidParameter", "The value of parameter identity is invalid. A cluster with identity type UserAssigned has exactly one user-assigned identity.");
  for (const identity of assigned) {
    if (cloud.get(identity)?.token !== IDENTITY) throw bad("FailedIdentityOperation", `Identity operation for resource '${id}' failed: the user-assigned identity '${identity}' was not found.`);
  }
  if (!isObject(kubelet)) return;
  if (type !== "UserAssigned") throw bad("CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster", "Custom kubelet identity is only supported on a cluster that uses a user-assigned identity.");
  const record = cloud.get(String(kubelet.resourceId));
  const mismatch = ["clientId", "objectId"].find((field) => kubelet[field] !== undefined && kubelet[field] !== record?.outputs[field === "objectId" ? "principalId" : field]);
  if (record?.token !== IDENTITY || mismatch !== undefined) {
    throw bad("CustomKubeletIdentityPropertyError", record ? `The ${mismatch} of the kubelet identity is not that of ${record.id}.` : `The kubelet identity '${String(kubelet.resourceId)}' was not found.`);
  }
  const principal = String(cloud.get(assigned[0] ?? "")?.outputs.principalId);
  if (!holdsRole(cloud, principal, record.id, ["Managed Identity Operator", "Contributor", "Owner"])) {
    throw bad("CustomKubeletIdentityMissingPermissionError",
      "The cluster using user-assigned managed identity must be granted 'Managed Identity Operator' role to assign kubelet identity. You can run 'az role assignment create --assignee <control-plane-identity-principal-id> --role 'Managed Identity Operator' --scope <kubelet-identity-resource-id>' to grant the permission. See https://learn.microsoft.com/en-us/azure/aks/use-managed-identity#add-role-assignment");
  }
}

/** Settings that need or exclude one another: when `when` holds, `unless` must hold too. */
const combinations: { when: (at: (path: string) => Value | undefined) => boolean; unless: (at: (path: string) => Value | undefined) => boolean; message: string }[] = [
  { when: (at) => at("disableLocalAccounts") === true, unless: (at) => at("aadProfile") !== undefined, message: "disableLocalAccounts needs an aadProfile: local accounts can be disabled only on clusters with Microsoft Entra integration." },
  { when: (at) => at("securityProfile.workloadIdentity.enabled") === true, unless: (at) => at("oidcIssuerProfile.enabled") === true, message: "Workload identity needs the OIDC issuer: set oidcIssuerProfile.enabled." },
  { when: (at) => at("apiServerAccessProfile.enablePrivateCluster") === true, unless: (at) => texts(at("apiServerAccessProfile.authorizedIPRanges")).length === 0, message: "authorizedIPRanges cannot be used with a private cluster." },
  { when: (at) => at("securityProfile.imageCleaner.enabled") === true, unless: (at) => at("securityProfile.imageCleaner.intervalHours") !== undefined, message: "The image cleaner needs intervalHours." },
  { when: (at) => at("metricsProfile.costAnalysis.enabled") === true, unless: (at) => ["Standard", "Premium"].includes(String(at("sku.tier"))), message: "Cost analysis needs the tier Standard or Premium." },
  { when: (at) => at("supportPlan") === "AKSLongTermSupport", unless: (at) => at("sku.tier") === "Premium", message: "AKSLongTermSupport needs the tier Premium." },
  { when: (at) => at("networkProfile.networkPolicy") === "cilium", unless: (at) => at("networkProfile.networkDataplane") === "cilium", message: "Network policy cilium needs the dataplane cilium." },
  { when: (at) => at("networkProfile.networkDataplane") === "cilium", unless: (at) => ["cilium", "none", undefined].includes(at("networkProfile.networkPolicy") as string | undefined), message: "The dataplane cilium enforces network policy itself: networkPolicy must be cilium or none." },
  { when: (at) => at("aadProfile.enableAzureRBAC") === true, unless: (at) => at("aadProfile.managed") === true, message: "Azure RBAC needs managed Microsoft Entra integration: set aadProfile.managed." },
  { when: (at) => texts(at("apiServerAccessProfile.authorizedIPRanges")).length > 200, unless: (at) => at("apiServerAccessProfile.enableVnetIntegration") === true, message: "At most 200 authorizedIPRanges are allowed." },
];

export function nodeResourceGroup({ id, inputs }: Pick<Write, "id" | "inputs">): string {
  if (typeof inputs.nodeResourceGroup === "string") return inputs.nodeResourceGroup;
  return `MC_${partsOf(id).resourceGroup ?? ""}_${nameOf(id)}_${normalizedLocation(String(inputs.location))}`;
}

function kubeletIdentityId(write: Write): string {
  return `/subscriptions/${write.account.subscriptionId}/resourceGroups/${nodeResourceGroup(write)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${nameOf(write.id)}-agentpool`;
}

function hostNames({ id, inputs, previous }: Write): Values {
  if (previous) return Object.fromEntries(["fqdn", "azurePortalFQDN", "privateFQDN"].flatMap((name) => (previous.outputs[name] === undefined ? [] : [[name, previous.outputs[name]]])));
  const prefix = `${String(inputs.dnsPrefix ?? inputs.fqdnSubdomain ?? nameOf(id))}-${createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, 8)}`;
  const domain = `${normalizedLocation(String(inputs.location))}.azmk8s.io`;
  const isPrivate = valueAt(inputs, "apiServerAccessProfile.enablePrivateCluster") === true;
  return {
    fqdn: `${prefix}.hcp.${domain}`,
    azurePortalFQDN: `${prefix}.portal.hcp.${domain}`,
    ...(isPrivate ? { privateFQDN: `${prefix}.${randomUUID()}.privatelink.${domain}` } : {}),
  };
}

/** A kubelet identity that AKS makes itself keeps its ids for the life of the cluster. */
function madeKubeletIdentity(write: Write): Resource {
  const id = kubeletIdentityId(write);
  const outputs = write.cloud.get(id)?.outputs ?? { name: nameOf(id), type: "Microsoft.ManagedIdentity/userAssignedIdentities", principalId: randomUUID(), clientId: randomUUID(), tenantId: write.account.tenantId };
  return { token: IDENTITY, id, inputs: { location: write.inputs.location ?? "" }, outputs };
}

export const clusterService: Service = {
  refuse(write) {
    const { inputs, cloud, account, previous } = write;
    const at = (path: string): Value | undefined => valueAt(inputs, path);
    refuseVersion(write);
    refusePools(write, runningVersion(write));
    const broken = combinations.find((rule) => rule.when(at) && !rule.unless(at));
    if (broken) throw bad("BadRequest", broken.message);
    if (valueAt(previous?.inputs ?? {}, "oidcIssuerProfile.enabled") === true && at("oidcIssuerProfile.enabled") !== true) {
      throw bad("OIDCIssuerFeatureCannotBeDisabled", "The OIDC issuer feature cannot be disabled.");
    }
    if (inputs.dnsPrefix === undefined && inputs.fqdnSubdomain === undefined) throw bad("InvalidParameter", "Required parameter dnsPrefix is missing (null).");
    const nodes = nodeResourceGroup(write);
    if (nodes.length > 80) throw bad("InvalidParameter", `The node resource group name '${nodes}' has ${nodes.length} characters; at most 80 are allowed. Set nodeResourceGroup.`);
    if (!previous && cloud.get(`/subscriptions/${account.subscriptionId}/resourceGroups/${nodes}`)) {
      throw bad("NodeResourceGroupAlreadyExists", `The node resource group '${nodes}' exists already.`);
    }
    refuseAddresses(inputs, cloud);
    refuseIdentities(write);
  },

  alongside(write) {
    const group: Resource = {
      token: "azure-native:resources:ResourceGroup",
      id: `/subscriptions/${write.account.subscriptionId}/resourceGroups/${nodeResourceGroup(write)}`,
      inputs: { location: write.inputs.location ?? "", managedBy: write.id },
      outputs: { name: nodeResourceGroup(write), type: "Microsoft.Resources/resourceGroups", location: write.inputs.location ?? "", managedBy: write.id },
    };
    return valueAt(write.inputs, "identityProfile.kubeletidentity") === undefined ? [group, madeKubeletIdentity(write)] : [group];
  },

  computed(write, alongside) {
    const { inputs, cloud, account, previous } = write;
    const olds = previous?.outputs ?? {};
    const given = valueAt(inputs, "identityProfile.kubeletidentity");
    const kubelet = isObject(given) ? cloud.get(String(given.resourceId)) : alongside.find((resource) => resource.token === IDENTITY);
    const assigned = texts(valueAt(inputs, "identity.userAssignedIdentities"));
    return {
      currentKubernetesVersion: runningVersion(write),
      nodeResourceGroup: nodeResourceGroup(write),
      ...hostNames(write),
      "identityProfile.kubeletidentity": { resourceId: kubelet?.id ?? "", clientId: kubelet?.outputs.clientId ?? "", objectId: kubelet?.outputs.principalId ?? "" },
      ...(valueAt(inputs, "oidcIssuerProfile.enabled") === true
        ? { "oidcIssuerProfile.issuerURL": valueAt(olds, "oidcIssuerProfile.issuerURL") ?? `https://${normalizedLocation(String(inputs.location))}.oic.prod-aks.azure.com/${account.tenantId}/${randomUUID()}/` }
        : {}),
      ...(valueAt(inputs, "identity.type") === "SystemAssigned"
        ? { "identity.principalId": valueAt(olds, "identity.principalId") ?? randomUUID(), "identity.tenantId": account.tenantId }
        : {}),
      ...(assigned.length > 0
        ? { "identity.userAssignedIdentities": Object.fromEntries(assigned.map((id) => [id, { clientId: cloud.get(id)?.outputs.clientId ?? "", principalId: cloud.get(id)?.outputs.principalId ?? "" }])) }
        : {}),
    };
  },
};
