/** Container registries. */
import { valueAt } from "../../differences.ts";
import { ArmError } from "../arm-error.ts";
import { nameOf, sameId } from "../ids.ts";
import type { Service } from "../service.ts";

/** What only some tiers have. Source: MicrosoftDocs/azure-management-docs d923d58 container-registry-skus.md. Checked 2026-11-20. */
const tiers: { path: string; value?: string | boolean; needs: string[] }[] = [
  { path: "anonymousPullEnabled", value: true, needs: ["Standard", "Premium"] },
  { path: "dataEndpointEnabled", value: true, needs: ["Premium"] },
  { path: "encryption.status", value: "enabled", needs: ["Premium"] },
  { path: "networkRuleSet", needs: ["Premium"] },
  { path: "policies.retentionPolicy.status", value: "enabled", needs: ["Premium"] },
  { path: "policies.trustPolicy.status", value: "enabled", needs: ["Premium"] },
  { path: "publicNetworkAccess", value: "Disabled", needs: ["Premium"] },
];

export const registryService: Service = {
  refuse({ id, inputs, cloud, rule, account }) {
    const name = nameOf(id);
    const taken = cloud.ofType(rule.token).find((other) => nameOf(other.id).toLowerCase() === name.toLowerCase() && !sameId(other.id, id));
    if (taken) {
      throw new ArmError(409, "AlreadyInUse",
        `The registry DNS name ${name.toLowerCase()}.azurecr.io is already in use. You can check if the name is already claimed using following API: https://management.azure.com/subscriptions/${account.subscriptionId}/providers/Microsoft.ContainerRegistry/checkNameAvailability`);
    }
    const tier = String(valueAt(inputs, "sku.name"));
    for (const { path, value, needs } of tiers) {
      const given = valueAt(inputs, path);
      if (given !== undefined && (value === undefined || given === value) && !needs.includes(tier)) {
        throw new ArmError(400, "FeatureNotSupported", `${path} is not supported for the registry SKU ${tier}; it needs ${needs.join(" or ")}.`);
      }
    }
    if (valueAt(inputs, "policies.retentionPolicy.status") === "enabled" && valueAt(inputs, "policies.softDeletePolicy.status") === "enabled") {
      throw new ArmError(400, "InvalidPolicy", "The retention policy and the soft delete policy cannot be enabled together.");
    }
  },
  computed: ({ id }) => ({ loginServer: `${nameOf(id).toLowerCase()}.azurecr.io` }),
};
