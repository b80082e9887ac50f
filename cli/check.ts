/** `npm run check -- <stack>`: whether the settings are right, without engine, network or credentials. */
import { formatMistake } from "../components/settings/mistake.ts";
import type { Settings } from "../components/settings/settings.ts";
import { count, projectRoot, run } from "./arguments.ts";
import type { StackFileSource } from "./stack-file.ts";
import { readStackSettings } from "./stack-settings.ts";

export interface CheckResult {
  /** One a mistake, one a warning, and the summary. */
  lines: string[];
  /** False after any mistake; warnings do not count. */
  right: boolean;
}

/** Reads and checks one stack file. Warns of secrets that are named and not set. */
export function check(source: StackFileSource): CheckResult {
  const { name, settings, mistakes, warnings } = readStackSettings(source);
  const lines = [...mistakes.map(formatMistake), ...warnings.map((warning) => `warning: ${formatMistake(warning)}`)];
  const counts = [mistakes.length > 0 && count(mistakes.length, "mistake"), warnings.length > 0 && count(warnings.length, "warning")].filter(Boolean).join(", ");

  if (settings === undefined) return { lines: [...lines, `${name}: ${counts}`], right: false };
  return { lines: [...lines, `${name} is right${counts && `, with ${counts}`}: ${summary(settings)}`], right: true };
}

function summary({ tier, cluster, tenants }: Settings): string {
  return `${tier}, Kubernetes ${cluster.kubernetesVersion}, ${count(tenants.length, "tenant")}`;
}

if (import.meta.main) {
  await run({ name: "check", usage: ["<stack>", "--config FILE"], target: "stack or file" }, ({ stack, file }) => {
    const { lines, right } = check({ root: projectRoot, stack, file });
    process.stdout.write(`${lines.join("\n")}\n`);
    return right ? 0 : 1;
  });
}
