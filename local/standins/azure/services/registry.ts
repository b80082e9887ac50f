/** Container registries. */
import type { Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import { isBeneath, nameOf, sameId } from "../ids.ts";
import { isPublic, rangeOf } from "../ranges.ts";
import type { Service } from "../service.ts";
import { objects } from "../values.ts";
import { REPLICATION, WEBHOOKS, webhooksOf } from "./registry-parts.ts";

export const REGISTRY = "azure-native:containerregistry:Registry";

/** What only some tiers have. Source: ACR_DOCS (rule.ts)/container-registry-skus.md; zone redundancy is everybody's: zone-redundancy.md. Checked 2026-11-21. */
const tiers: { path: string; value?: string | boolean; needs: string[] }[] = [
  { path: "anonymousPullEnabled", value: true, needs: ["Standard", "Premium"] },
  { path: "dataEndpointEnabled", value: true, needs: ["Premium"] },
  { path: "encryption.status", value: "enabled", needs: ["Premium"] },
  { path: "networkRuleSet", needs: ["Premium"] },
  { path: "policies.exportPolicy.status", value: "disabled", needs: ["Premium"] },
  { path: "policies.retentionPolicy.status", value: "enabled", needs: ["Premium"] },
  { path: "policies.trustPolicy.status", value: "enabled", needs: ["Premium"] },
  { path: "publicNetworkAccess", value: "Disabled", needs: ["Premium"] },
];

function refuseTier(inputs: Values): void {
  const tier = String(valueAt(inputs, "sku.name"));
  for (const { path, value, needs } of tiers) {
    const given = valueAt(inputs, path);
    if (given !== undefined && (value === undefined || given === value) && !needs.includes(tier)) {
      throw badRequest(`${path} is not supported for the registry SKU ${tier}; it needs ${needs.join(" or ")}.`, "FeatureNotSupported");
    }
  }
}

export const registryService: Service = {
  refuse({ id, inputs, cloud, rule, account }) {
    const name = nameOf(id);
    const taken = cloud.ofType(rule.token).find((other) => nameOf(other.id).toLowerCase() === name.toLowerCase() && !sameId(other.id, id));
    if (taken) {
      throw new ArmError(409, "AlreadyInUse",
        `The registry DNS name ${name.toLowerCase()}.azurecr.io is already in use. You can check if the name is already claimed using following API: https://management.azure.com/subscriptions/${account.subscriptionId}/providers/Microsoft.ContainerRegistry/checkNameAvailability`);
    }
    refuseTier(inputs);
    const replica = cloud.ofType(REPLICATION).find((other) => isBeneath(other.id, id));
    if (replica && valueAt(inputs, "sku.name") !== "Premium") throw badRequest(`The registry has the replication ${nameOf(replica.id)}; only the SKU Premium has replications.`, "FeatureNotSupported");
    const [called, tier] = [webhooksOf(id, cloud).length, String(valueAt(inputs, "sku.name"))];
    if (called > (WEBHOOKS[tier] ?? 0)) throw badRequest(`The registry has ${called} webhooks; the SKU ${tier} has at most ${WEBHOOKS[tier] ?? 0}.`, "FeatureNotSupported");
    if (valueAt(inputs, "policies.retentionPolicy.status") === "enabled" && valueAt(inputs, "policies.softDeletePolicy.status") === "enabled") {
      throw badRequest("The retention policy and the soft delete policy cannot be enabled together.", "InvalidPolicy");
    }
    // Source: ACR_DOCS/data-loss-prevention.md; the message is Azure's.
    if (valueAt(inputs, "policies.exportPolicy.status") === "disabled" && valueAt(inputs, "publicNetworkAccess") !== "Disabled") {
      throw badRequest(`Enabling public network access is not supported because the registry ${name} has exports disabled.`, "BadRequest");
    }
    // Source: ACR_DOCS/container-registry-access-selected-networks.md; unverified: that private ranges are refused.
    const rules = objects(valueAt(inputs, "networkRuleSet.ipRules")).map((rule) => String(rule.iPAddressOrRange));
    if (rules.length > 200) throw badRequest(`A registry has at most 200 IP network rules, not ${rules.length}.`, "TooManyIpRules");
    const wrong = rules.find((range) => rangeOf(range) === undefined || !isPublic(range));
    if (wrong !== undefined) throw badRequest(`The IP network rule ${wrong} is not a public IPv4 address or range.`, "InvalidIpRule");
  },
  computed: ({ id }) => ({ loginServer: `${nameOf(id).toLowerCase()}.azurecr.io` }),
};
