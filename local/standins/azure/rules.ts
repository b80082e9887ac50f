/** All resource types the stand-in for Azure knows; each service has a file of rows under `rules/`. */
import type { ResourceRule } from "./rule.ts";
import { budgetRule } from "./rules/budget.ts";
import { clusterRule } from "./rules/cluster.ts";
import { dataCollectionRules } from "./rules/data-collection.ts";
import { dnsRules } from "./rules/dns.ts";
import { egressRules } from "./rules/egress.ts";
import { identityRules } from "./rules/identity.ts";
import { lockRule } from "./rules/lock.ts";
import { logRules } from "./rules/logs.ts";
import { maintenanceRules } from "./rules/maintenance.ts";
import { networkRules } from "./rules/network.ts";
import { poolRule } from "./rules/pool.ts";
import { privateEndpointRules } from "./rules/private-endpoint.ts";
import { prometheusRules } from "./rules/prometheus.ts";
import { registryPartRules } from "./rules/registry-parts.ts";
import { registryRules } from "./rules/registry.ts";
import { resourceRules } from "./rules/resources.ts";
import { vaultRules } from "./rules/vault.ts";

export const rules: readonly ResourceRule[] = [
  ...resourceRules, ...networkRules, ...egressRules, ...privateEndpointRules, ...dnsRules,
  ...identityRules, lockRule,
  clusterRule, poolRule, ...maintenanceRules,
  ...registryRules, ...registryPartRules,
  ...logRules, ...prometheusRules, ...dataCollectionRules,
  ...vaultRules, budgetRule,
];

const byToken = new Map(rules.map((rule) => [rule.token, rule]));

/** The row of a type; throws, naming the type, when there is none. */
export function ruleOf(token: string): ResourceRule {
  const rule = byToken.get(token);
  if (rule === undefined) throw new Error(`The stand-in for Azure does not know ${token}; add a row under local/standins/azure/rules/.`);
  return rule;
}
