/**
 * Which changed inputs cannot be changed in place, as far as that is known without asking anybody. The tables are those of
 * the stand-ins, where each row has its source: a provider replaces the resource for such a change, or the service refuses it.
 */
import { createOnlyPaths } from "../../local/standins/azure/create-only.ts";
import { idArguments } from "../../local/standins/azure/ids.ts";
import { rules } from "../../local/standins/azure/rules.ts";
import { isWithin } from "../../local/standins/differences.ts";
import { rows } from "../../local/standins/github/rows.ts";
import { objectDiff } from "../../local/standins/kubernetes/replacement.ts";
import type { Values } from "../../local/standins/contract.ts";

const azureRules = new Map(rules.map((rule) => [rule.token, rule]));
const githubRows = new Map(rows.map((row) => [row.token, row.createOnly]));

/** As the program sets its Kubernetes provider (components/platform.ts). */
const mutability = { secrets: true, configMaps: true };

/** @param changes the paths at which `before` and `after` differ */
export function fixedPaths(type: string, before: Values, after: Values, changes: readonly string[]): string[] {
  // A Kubernetes object: its type is an API version and a kind.
  if (typeof after.kind === "string" && type.endsWith(`:${after.kind}`)) return objectDiff(before, after, mutability).replaces ?? [];
  if (/^(random|tls):/.test(type)) return [...changes];
  // The provider is made anew, and with it every object, when the cluster is another one.
  if (type === "pulumi:providers:kubernetes") return changes.filter((path) => path === "clusterIdentifier");
  const rule = azureRules.get(type);
  const fixed = rule === undefined ? (githubRows.get(type) ?? []) : [...idArguments(rule), ...createOnlyPaths(type, "replaces"), ...createOnlyPaths(type, "refused")];
  return changes.filter((path) => isWithin(path, fixed));
}
