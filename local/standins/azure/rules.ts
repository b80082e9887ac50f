/** All resource types the stand-in for Azure knows; each service has a file of rows under `rules/`. */
import type { ResourceRule } from "./rule.ts";
import { clusterRules } from "./rules/cluster.ts";
import { identityRules } from "./rules/identity.ts";
import { networkRules } from "./rules/network.ts";
import { poolRule } from "./rules/pool.ts";
import { registryRules } from "./rules/registry.ts";
import { resourceRules } from "./rules/resources.ts";

export const rules: readonly ResourceRule[] = [...resourceRules, ...networkRules, ...identityRules, ...clusterRules, poolRule, ...registryRules];

const byToken = new Map(rules.map((rule) => [rule.token, rule]));

/** The row of a type; throws, naming the type, when there is none. */
export function ruleOf(token: string): ResourceRule {
  const rule = byToken.get(token);
  if (rule === undefined) throw new Error(`The stand-in for Azure does not know ${token}; add a row under local/standins/azure/rules/.`);
  return rule;
}
