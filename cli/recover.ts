/**
 * `npm run recover -- <stack>`: puts the state right after a run that was killed.
 *
 * Such a run leaves a lock, and operations of which nobody knows how they ended. The next `up` would try again to create
 * what may exist, and end with "already exists". Here each resource that may have been created is put into the state
 * under the id that its inputs give it, the providers are asked about these resources alone (`pulumi refresh --target`), and
 * what they do not find leaves the state again.
 *
 * Why not `pulumi refresh --import-pending-creates`: up to Pulumi 3.259 it only marks the operations as imports, which the
 * refresh then forgets; nothing gets into the state. It also cannot be restricted to what it imports, since a `--target` must be
 * in the state beforehand.
 *
 * What a real cloud does otherwise than the stand-ins of the local platform: Azure goes on with a creation for minutes, and a
 * resource that is still being made is adopted with a remark; Helm leaves a release that was being installed as
 * `pending-install` and can only uninstall it; a provider's plugin may live on for a while after the engine.
 */
import { rmSync } from "node:fs";
import { Failure, count, fromCaller, projectRoot, run } from "./arguments.ts";
import { errors } from "./pulumi.ts";
import type { Answer, Place } from "./pulumi.ts";
import { cutOffFiles } from "./recover/cut-off.ts";
import { decide, settle, withAdopted } from "./recover/deployment.ts";
import type { Export, Outcome } from "./recover/deployment.ts";
import { Pulumi, holder } from "./recover/pulumi.ts";

/**
 * Recovers one stack; answers with what became of each operation that was under way. Nobody else may run Pulumi on the
 * stack meanwhile. When the refresh fails, the state is put back as it was.
 *
 * @param cancel lifts the lock first: only when the run that holds it is known to be dead
 * @throws Failure when the stack is locked, or when Pulumi fails
 */
export async function recover(place: Place, { cancel = false } = {}): Promise<Outcome[]> {
  const pulumi = new Pulumi(place);
  const { stack } = place;
  if (cancel) {
    for (const file of cutOffFiles(await pulumi.backend(), stack)) rmSync(file);
    required("lifting the lock", await pulumi.cancel(), stack);
  }
  const before = await exported(pulumi, stack);
  const decisions = decide(before);
  const adopting = decisions.some(({ action }) => action === "adopt");
  if (adopting) required("putting the resources into the state", await pulumi.import(withAdopted(before, decisions)), stack);

  // At least one target, or everything would be refreshed; the stack itself has no provider to ask.
  const urns = decisions.filter(({ action }) => action !== "drop").map(({ operation }) => operation.resource.urn);
  const [root] = before.deployment.resources ?? [];
  const refreshed = await pulumi.refresh(urns.length > 0 || root === undefined ? [...new Set(urns)] : [root.urn]);
  if (refreshed.code !== 0 && adopting) required("putting the state back as it was", await pulumi.import(before), stack);
  required("asking the providers (the state is as it was)", refreshed, stack);
  if (decisions.length === 0) return [];
  const settled = settle(await exported(pulumi, stack), decisions);
  required("clearing the operations", await pulumi.import(settled.exported), stack);
  return settled.outcomes;
}

async function exported(pulumi: Pulumi, stack: string): Promise<Export> {
  return JSON.parse(required("reading the state", await pulumi.export(), stack)) as Export;
}

/** The output of a command that must succeed. */
function required(what: string, answer: Answer, stack: string): string {
  if (answer.code === 0) return answer.stdout;
  const lift = `\`npm run recover -- ${stack} --cancel\``;
  const held = holder(answer);
  if (held !== undefined) throw new Failure(`${stack} is locked: ${held}. If that run is dead, lift the lock: ${lift}. Under a run that is alive this would spoil the state.`);
  const text = errors(answer);
  if (/: EOF$/m.test(text)) throw new Failure(`${stack}: a run was killed while it wrote the state. If no run is alive, repair it: ${lift}`);
  throw new Failure(`${what} failed:\n${text}`);
}

/** One line an operation, and one for what is to be seen to. */
export function report(outcomes: readonly Outcome[], stack: string): string[] {
  if (outcomes.length === 0) return [`${stack}: no operation is pending.`];
  const lines = outcomes.flatMap(({ result, resource: { urn, type }, detail, remark }) => [
    `${result.padEnd(9)} ${type.split(":").at(-1)} ${urn.split("::").at(-1)}${detail === "" ? "" : `: ${detail}`}`,
    ...(remark === undefined ? [] : [`          ${remark}`]),
  ]);
  return [...lines, `${stack}: ${count(outcomes.length, "pending operation")} cleared. Next: \`npm run preview -- ${stack}\`, then \`npx pulumi up -s ${stack} --policy-pack policies\`.`];
}

if (import.meta.main) {
  const options = { cancel: { type: "boolean" }, "config-file": { type: "string" } } as const;
  await run({ name: "recover", usage: ["<stack> [--cancel] [--config-file FILE]"], target: "stack", options }, async ({ stack = "", options }) => {
    const { cancel, "config-file": file } = options;
    const configFile = file === undefined ? undefined : fromCaller("recover", String(file));
    const outcomes = await recover({ root: projectRoot, stack, configFile, env: process.env }, { cancel: cancel === true });
    process.stdout.write(`${report(outcomes, stack).join("\n")}\n`);
    return 0;
  });
}
