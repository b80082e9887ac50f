/** Settings of a cluster that need or exclude one another. Sources: AKS_DOCS (rule.ts), the page after each row; checked 2026-11-21. */
import type { Value, Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { badRequest } from "../arm-error.ts";
import { objects, texts } from "../values.ts";

type At = (path: string) => Value | undefined;

interface Combination {
  /** Where this holds … */
  when(at: At): boolean;
  /** … this must hold too. */
  needs(at: At): boolean;
  message: string;
  source: string;
}

const privateCluster = (at: At): boolean => at("apiServerAccessProfile.enablePrivateCluster") === true;
const vnetIntegration = (at: At): boolean => at("apiServerAccessProfile.enableVnetIntegration") === true;
const ranges = (at: At): number => texts(at("apiServerAccessProfile.authorizedIPRanges")).length;
const nodeProvisioning = (at: At): boolean => at("nodeProvisioningProfile.mode") === "Auto";
const zone = (at: At): string => String(at("apiServerAccessProfile.privateDNSZone") ?? "system");

const combinations: Combination[] = [
  {
    when: (at) => at("disableLocalAccounts") === true,
    needs: (at) => at("aadProfile") !== undefined,
    message: "disableLocalAccounts needs an aadProfile: local accounts can be disabled only on clusters with Microsoft Entra integration.",
    source: "local-accounts.md",
  },
  {
    when: (at) => at("aadProfile.enableAzureRBAC") === true,
    needs: (at) => at("aadProfile.managed") === true,
    message: "Azure RBAC needs managed Microsoft Entra integration: set aadProfile.managed.",
    source: "entra-id-authorization.md",
  },
  {
    when: (at) => at("securityProfile.workloadIdentity.enabled") === true,
    needs: (at) => at("oidcIssuerProfile.enabled") === true,
    message: "Workload identity needs the OIDC issuer: set oidcIssuerProfile.enabled.",
    source: "workload-identity-deploy-cluster.md",
  },
  {
    when: (at) => at("securityProfile.imageCleaner.enabled") === true,
    needs: (at) => at("securityProfile.imageCleaner.intervalHours") !== undefined,
    message: "The image cleaner needs intervalHours.",
    source: "image-cleaner.md",
  },
  {
    when: (at) => at("securityProfile.defender.securityMonitoring.enabled") === true,
    needs: (at) => at("securityProfile.defender.logAnalyticsWorkspaceResourceId") !== undefined,
    message: "Defender needs securityProfile.defender.logAnalyticsWorkspaceResourceId.",
    source: "the class's own words on logAnalyticsWorkspaceResourceId",
  },
  {
    when: (at) => at("addonProfiles.omsagent.enabled") === true,
    needs: (at) => at("addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID") !== undefined,
    message: "The add-on omsagent needs config.logAnalyticsWorkspaceResourceID.",
    source: "unverified",
  },
  {
    when: (at) => at("metricsProfile.costAnalysis.enabled") === true,
    needs: (at) => ["Standard", "Premium"].includes(String(at("sku.tier"))),
    message: "Cost analysis needs the tier Standard or Premium.",
    source: "cost-analysis.md",
  },
  {
    when: (at) => at("supportPlan") === "AKSLongTermSupport",
    needs: (at) => at("sku.tier") === "Premium",
    message: "AKSLongTermSupport needs the tier Premium.",
    source: "long-term-support.md",
  },
  {
    when: (at) => at("sku.tier") === "Premium",
    needs: (at) => at("supportPlan") === "AKSLongTermSupport",
    message: "The tier Premium needs the support plan AKSLongTermSupport.",
    source: "free-standard-pricing-tiers.md",
  },
  {
    when: (at) => at("autoUpgradeProfile.upgradeChannel") === "node-image",
    needs: (at) => ["NodeImage", undefined].includes(at("autoUpgradeProfile.nodeOSUpgradeChannel") as string | undefined),
    message: "With the upgrade channel node-image the nodeOSUpgradeChannel is NodeImage.",
    source: "auto-upgrade-node-os-image.md",
  },

  {
    when: (at) => at("networkProfile.networkPolicy") === "cilium",
    needs: (at) => at("networkProfile.networkDataplane") === "cilium",
    message: "Network policy cilium needs the dataplane cilium.",
    source: "azure-cni-powered-by-cilium.md",
  },
  {
    when: (at) => at("networkProfile.networkDataplane") === "cilium",
    needs: (at) => ["cilium", "none", undefined].includes(at("networkProfile.networkPolicy") as string | undefined),
    message: "The dataplane cilium enforces network policy itself: networkPolicy must be cilium or none.",
    source: "azure-cni-powered-by-cilium.md",
  },

  {
    when: privateCluster,
    needs: (at) => ranges(at) === 0,
    message: "authorizedIPRanges cannot be used with a private cluster.",
    source: "api-server-authorized-ip-ranges.md, private-clusters.md",
  },
  {
    when: (at) => ranges(at) > (vnetIntegration(at) ? 2000 : 200),
    needs: () => false,
    message: "At most 200 authorizedIPRanges are allowed, 2000 with API server VNet integration.",
    source: "api-server-authorized-ip-ranges.md",
  },
  {
    when: (at) => privateCluster(at) && zone(at) === "none",
    needs: (at) => at("apiServerAccessProfile.enablePrivateClusterPublicFQDN") !== false,
    message: "privateDNSZone none needs the public FQDN: enablePrivateClusterPublicFQDN cannot be false.",
    source: "private-clusters.md",
  },
  {
    when: (at) => at("apiServerAccessProfile.privateDNSZone") !== undefined,
    needs: privateCluster,
    message: "privateDNSZone is for private clusters alone.",
    source: "private-clusters.md",
  },
  {
    when: (at) => at("fqdnSubdomain") !== undefined,
    needs: (at) => privateCluster(at) && zone(at).startsWith("/"),
    message: "fqdnSubdomain needs a private cluster with a private DNS zone of one's own.",
    source: "private-clusters.md",
  },
  {
    when: (at) => at("apiServerAccessProfile.subnetId") !== undefined,
    needs: vnetIntegration,
    message: "apiServerAccessProfile.subnetId needs enableVnetIntegration.",
    source: "api-server-vnet-integration.md",
  },

  {
    when: nodeProvisioning,
    needs: (at) => !objects(at("agentPoolProfiles")).some((pool) => pool.enableAutoScaling === true),
    message: "Node auto-provisioning cannot be used with the cluster autoscaler: set enableAutoScaling to false on every agent pool.",
    source: "migrate-from-autoscaler-to-node-auto-provisioning.md",
  },
  {
    when: nodeProvisioning,
    needs: (at) => at("networkProfile.networkPlugin") === "azure" && at("networkProfile.networkPolicy") !== "calico",
    message: "Node auto-provisioning needs Azure CNI, without Calico.",
    source: "node-auto-provisioning-networking.md",
  },
  {
    when: nodeProvisioning,
    needs: (at) => at("servicePrincipalProfile") === undefined,
    message: "Node auto-provisioning needs a managed identity.",
    source: "node-auto-provisioning.md",
  },
];

export function refuseSettings(inputs: Values, previous: Values | undefined): void {
  const at: At = (path) => valueAt(inputs, path);
  const broken = combinations.find((rule) => rule.when(at) && !rule.needs(at));
  if (broken) throw badRequest(broken.message);
  if (previous === undefined) return;
  const before: At = (path) => valueAt(previous, path);
  // Source: long-term-support.md: the other plan must be chosen, not only this one left out.
  if (before("supportPlan") === "AKSLongTermSupport" && at("sku.tier") !== "Premium" && at("supportPlan") !== "KubernetesOfficial") {
    throw badRequest("To leave the tier Premium, set supportPlan to KubernetesOfficial.");
  }
  if (before("oidcIssuerProfile.enabled") === true && at("oidcIssuerProfile.enabled") !== true) {
    throw badRequest("The OIDC issuer feature cannot be disabled.", "OIDCIssuerFeatureCannotBeDisabled");
  }
  // Source: api-server-vnet-integration.md, for this and the next.
  if (vnetIntegration(before) && !vnetIntegration(at)) throw badRequest("API server VNet integration cannot be disabled once it is enabled.", "OperationNotAllowed");
  const [subnet, other] = [before("apiServerAccessProfile.subnetId"), at("apiServerAccessProfile.subnetId")];
  if (subnet !== undefined && subnet !== other) throw badRequest("Changing property 'apiServerAccessProfile.subnetId' is not allowed.", "PropertyChangeNotAllowed");
  // Source: private-clusters.md: "You can only update from byo or system to none."
  if (privateCluster(before) && privateCluster(at) && zone(before) !== zone(at) && zone(at) !== "none") {
    throw badRequest("privateDNSZone can only be updated to none.", "OperationNotAllowed");
  }
  if (privateCluster(before) !== privateCluster(at) && !vnetIntegration(at)) {
    throw badRequest("A cluster becomes private, or public again, only with API server VNet integration.", "OperationNotAllowed");
  }
}
