/** What a cluster that somebody else made must be like. */
import type { Settings } from "../../components/settings/settings.ts";
import { compareMinor, fluxVersions, oldestKubernetes } from "../../components/settings/versions.ts";
import { shellLine } from "../bootstrap/shell-line.ts";
import type { Existing } from "./existing.ts";
import { missing, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";

/** Of Microsoft.ContainerService/managedClusters, as far as it is looked at. */
export interface ClusterProperties {
  currentKubernetesVersion?: string;
  kubernetesVersion?: string;
  aadProfile?: { adminGroupObjectIDs?: string[]; enableAzureRBAC?: boolean } | null;
  oidcIssuerProfile?: { enabled?: boolean };
  securityProfile?: { workloadIdentity?: { enabled?: boolean } };
  identityProfile?: { kubeletidentity?: { objectId?: string } };
  /** `networkPlugin: none`: a network that its owner installed. */
  networkProfile?: { networkPlugin?: string; networkPolicy?: string; networkDataplane?: string };
  addonProfiles?: Record<string, { enabled?: boolean } | undefined>;
}

/**
 * The flags of `az aks update`: learn.microsoft.com/azure/aks/workload-identity-deploy-cluster and upgrade-aks-ipam-and-dataplane;
 * those for Entra and the managed identity from memory.
 */
export function clusterFindings({ azure, cluster, flux, tenants }: Settings): NonNullable<Existing["check"]> {
  return ({ name, properties }) => {
    const found = properties as ClusterProperties;
    const { resourceGroup } = cluster.existing!;
    const place = ["--resource-group", resourceGroup, "--name", name, "--subscription", azure.subscription];
    const aks = (verb: string, ...flags: string[]) => `\`${shellLine("az", ["aks", verb, ...place, ...flags])}\``;
    const findings: Finding[] = [];
    const fault = (what: string, remedy: string) => findings.push(missing(`cluster.existing: ${name} ${what}`, remedy));
    const remark = (what: string, remedy: string) => findings.push(warning(`cluster.existing: ${name} ${what}`, remedy));

    if (!found.aadProfile) {
      fault("does not sign people in through Entra ID, and the kubeconfig knows no other way", aks("update", "--enable-aad", "--aad-admin-group-object-ids", "<group>"));
    }
    if (found.oidcIssuerProfile?.enabled !== true) fault("has no OIDC issuer", aks("update", "--enable-oidc-issuer", "--enable-workload-identity"));
    else if (tenants.some(({ serviceAccounts }) => serviceAccounts.length > 0) && found.securityProfile?.workloadIdentity?.enabled !== true) {
      fault("does not give pods their team's identity (workload identity is off)", aks("update", "--enable-workload-identity"));
    }
    if (found.identityProfile?.kubeletidentity?.objectId === undefined) {
      fault("has no kubelet identity, so it cannot be let into the registry", aks("update", "--enable-managed-identity"));
    }

    const runs = found.currentKubernetesVersion ?? found.kubernetesVersion;
    const { oldest, newest } = fluxVersions[flux.chart]!.kubernetes;
    if (runs !== undefined && compareMinor(runs, oldestKubernetes) < 0) {
      fault(`runs Kubernetes ${runs}, and Mooring needs ${oldestKubernetes} or newer`, "have it upgraded");
    } else if (runs !== undefined && (compareMinor(runs, oldest) < 0 || compareMinor(runs, newest) > 0)) {
      fault(`runs Kubernetes ${runs}, and Flux of chart ${flux.chart} supports ${oldest} to ${newest}`, "name another flux.chart, or have the cluster upgraded");
    }
    const { networkPlugin, networkPolicy = "none", networkDataplane } = found.networkProfile ?? {};
    if (networkPlugin === "none") {
      remark("has a network of its owner's own, of which Azure does not say whether it enforces network policies", "ask its owner; without them the teams' traffic rules do nothing");
    } else if (networkPolicy === "none" && networkDataplane !== "cilium") {
      fault(
        "enforces no network policies, so the teams' traffic rules do nothing: pods reach each other, Flux's controllers and the nodes' identity",
        `have its owner switch an engine on, for example ${aks("update", "--network-dataplane", "cilium")}`,
      );
    }
    if (tenants.some(({ vault, serviceAccounts }) => vault && serviceAccounts.length > 0) && found.addonProfiles?.azureKeyvaultSecretsProvider?.enabled !== true) {
      remark("cannot mount secrets of a vault into pods", aks("enable-addons", "--addons", "azure-keyvault-secrets-provider"));
    }
    return findings;
  };
}
