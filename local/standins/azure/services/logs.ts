/** Log Analytics workspaces, and what a resource sends there. */
import { valueAt } from "../../differences.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import type { Resource } from "../cloud.ts";
import { nameOf, parentId, partsOf, sameId } from "../ids.ts";
import type { Service } from "../service.ts";
import { objects } from "../values.ts";

export const WORKSPACE = "azure-native:operationalinsights:Workspace";
export const DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting";

/** Sources: learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure, daily-cap; unverified: the codes. Checked 2026-11-21. */
export const workspaceService: Service = {
  refuse({ inputs }) {
    const tier = valueAt(inputs, "sku.name") ?? "PerGB2018";
    const days = inputs.retentionInDays;
    if (typeof days === "number" && (tier === "Free" ? days !== 7 : days !== 7 && (days < 30 || days > 730))) {
      throw badRequest(`'RetentionInDays' property doesn't match the SKU limits: ${days} days with ${String(tier)}; 30 to 730 are allowed.`, "InvalidParameter");
    }
    const cap = valueAt(inputs, "workspaceCapping.dailyQuotaGb");
    if (typeof cap === "number" && cap !== -1 && cap < 0.023) throw badRequest(`dailyQuotaGb ${cap} must be -1, which is no cap, or at least 0.023.`, "InvalidParameter");
    if (tier === "CapacityReservation" && valueAt(inputs, "sku.capacityReservationLevel") === undefined) throw badRequest("The SKU CapacityReservation needs a capacityReservationLevel.", "InvalidParameter");
  },
};

/** What a type can send. Sources: AKS_DOCS (rule.ts)/monitor-aks.md, ACR_DOCS/monitor-container-registry-reference.md, learn.microsoft.com/azure/key-vault/general/logging; checked 2026-11-21. */
const categories: { readonly [armType: string]: string[] } = {
  "Microsoft.ContainerService/managedClusters": [
    ...["cluster-autoscaler", "cloud-controller-manager", "csi-azuredisk-controller", "csi-azurefile-controller", "csi-snapshot-controller", "guard"],
    ...["kube-apiserver", "kube-audit", "kube-audit-admin", "kube-controller-manager", "kube-scheduler"],
  ],
  "Microsoft.ContainerRegistry/registries": ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"],
  "Microsoft.KeyVault/vaults": ["AuditEvent", "AzurePolicyEvaluationDetails"],
};
const groups = ["allLogs", "audit"];
const SETTINGS_PER_RESOURCE = 5;

/** The categories, groups and metrics that a setting sends. */
const sent = ({ inputs }: Pick<Resource, "inputs">): string[] => [
  ...objects(inputs.logs).filter(({ enabled }) => enabled === true).map(({ category, categoryGroup }) => String(category ?? categoryGroup)),
  ...objects(inputs.metrics).filter(({ enabled }) => enabled === true).map(({ category }) => String(category)),
];

/** Source: learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings; the last refusal in the words of many reports. Checked 2026-11-21. */
export const diagnosticService: Service = {
  refuse({ id, inputs, cloud }) {
    const target = parentId(id) ?? "";
    const { armType = "" } = partsOf(target);
    const known = categories[armType];
    if (known === undefined) throw new Error(`The stand-in for Azure does not know what ${armType} logs; add it to local/standins/azure/services/logs.ts.`);
    if (["workspaceId", "storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId"].every((sink) => inputs[sink] === undefined)) {
      throw badRequest("At least one data sink needs to be specified.");
    }
    for (const { category, categoryGroup } of objects(inputs.logs)) {
      if ((category === undefined) === (categoryGroup === undefined)) throw badRequest("An entry of logs has a category or a categoryGroup, not both.");
      if (typeof category === "string" && !known.includes(category)) throw badRequest(`Category '${category}' is not supported.`);
      if (typeof categoryGroup === "string" && !groups.includes(categoryGroup)) throw badRequest(`Category group '${categoryGroup}' is not supported.`);
    }
    const metric = objects(inputs.metrics).find(({ category }) => category !== "AllMetrics");
    if (metric) throw badRequest(`Metric category '${String(metric.category)}' is not supported.`);
    if (sent({ inputs }).length === 0) throw badRequest("At least one log or metric category must be enabled.");
    const others = cloud.ofType(DIAGNOSTICS).filter((other) => !sameId(other.id, id) && sameId(parentId(other.id) ?? "", target));
    if (others.length >= SETTINGS_PER_RESOURCE) throw badRequest(`A resource has at most ${SETTINGS_PER_RESOURCE} diagnostic settings.`);
    for (const other of others.filter((setting) => typeof inputs.workspaceId === "string" && sameId(String(setting.inputs.workspaceId), inputs.workspaceId))) {
      const twice = sent(other).find((category) => sent({ inputs }).includes(category));
      if (twice !== undefined) {
        throw new ArmError(409, "Conflict", `Data sink '${String(inputs.workspaceId)}' is already used in diagnostic setting '${nameOf(other.id)}' for category '${twice}'. Data sinks can't be reused in different settings on the same category for the same resource.`);
      }
    }
  },
};
