/** `npm run doctor -- <stack>`: what is missing before a cloud run, each with its remedy. Changes nothing. */
import { formatMistake } from "../components/settings/mistake.ts";
import { Failure, count, projectRoot, run } from "./arguments.ts";
import { azure } from "./doctor/azure.ts";
import { attempt, formatFinding, missing, ok } from "./doctor/finding.ts";
import type { Finding } from "./doctor/finding.ts";
import { github } from "./doctor/github.ts";
import { thisMachine } from "./doctor/machine.ts";
import type { Machine } from "./doctor/machine.ts";
import { backend, secretFindings, stackFinding } from "./doctor/state.ts";
import { azureCli, kubelogin, node, pulumi } from "./doctor/tools.ts";
import { readStackSettings } from "./stack-settings.ts";
import type { StackFileSource } from "./stack-file.ts";

/**
 * All findings, in the order in which they are to be read; each group as soon as it and those before it are there. Every
 * question is bounded in time, and they are asked side by side.
 */
export async function* diagnose(source: StackFileSource & { stack: string }, machine: Machine): AsyncGenerator<Finding> {
  const file = readStackSettings(source);
  const { settings, mistakes: wrong, missingSecrets } = file;
  if (file.configuration === undefined) throw new Failure(wrong.map(formatMistake).join("\n"));
  const cli = attempt("Azure CLI", () => azureCli(machine));
  const groups: (Finding[] | Promise<Finding[]>)[] = [
    wrong.length === 0 ? [ok(`settings: ${file.name}`)] : [missing(`settings: ${count(wrong.length, "mistake")}`, `\`npm run check -- ${source.stack}\` lists them; what depends on them is not checked`)],
    attempt("Node", () => node(machine)),
    attempt("Pulumi CLI", () => pulumi(machine)),
    cli,
    attempt("kubelogin", () => kubelogin(machine)),
  ];
  if (settings !== undefined) {
    groups.push(
      cli.then(([found]) => (found?.state === "ok" ? azure(machine, settings) : [])),
      github(machine, settings),
      attempt("state", () => backend(machine, settings)),
      [stackFinding(settings, file.initialised)],
      secretFindings(missingSecrets, file.secrets.filter((key) => key.startsWith("secret:")).length),
    );
  }
  for (const group of groups) yield* await group;
}

if (import.meta.main) {
  await run({ name: "doctor", usage: ["<stack>"], target: "stack" }, async ({ stack = "" }) => {
    const findings: Finding[] = [];
    for await (const finding of diagnose({ root: projectRoot, stack }, thisMachine)) {
      findings.push(finding);
      process.stdout.write(`${formatFinding(finding)}\n`);
    }
    const absent = findings.filter(({ state }) => state === "missing").length;
    process.stdout.write(absent === 0 ? `Ready for \`npx pulumi up -s ${stack}\`.\n` : `${absent} missing.\n`);
    return absent === 0 ? 0 : 1;
  });
}
