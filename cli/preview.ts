/**
 * `npm run preview -- <stack>`: what an `up` would do, in a page, with the policy pack. Exits with 1 when a policy is
 * violated, when the preview fails, or when the plan replaces or deletes what holds data or a name and nobody accepted that.
 * With `--drift` it first asks the services what there is, and passes only when nothing differs from the program. With
 * `--markdown FILE` the page is also written as Markdown, whatever comes out, for a comment on a pull request.
 *
 * Why beside `protect`: it stands in production environments only, and it is Pulumi that refuses there. Elsewhere, and
 * for what is not protected (the namespaces of a team that has left, an identity that pipelines sign in with), this is what asks.
 */
import { writeFileSync } from "node:fs";
import { Failure, fromCaller, run } from "./arguments.ts";
import { failedMarkdown, previewMarkdown } from "./preview/markdown.ts";
import { atPlace } from "./preview/place.ts";
import { PlanReader } from "./preview/plan.ts";
import type { Plan } from "./preview/plan.ts";
import { report } from "./preview/report.ts";
import { judge } from "./preview/verdict.ts";
import { errors, runPulumi } from "./pulumi.ts";
import type { Place } from "./pulumi.ts";

/** The policy pack's folder within the project. */
const policies = "policies";

/**
 * Previews one stack with the policy pack; answers with the plan, be it as it may. `refresh` asks the services first
 * what there is.
 *
 * @throws Failure when Pulumi comes to no plan and says why on its error output, for example for a stack that it does not know
 */
export async function preview({ root, stack, configFile, env }: Place, refresh = false): Promise<Plan> {
  const reader = new PlanReader();
  const file = configFile === undefined ? [] : ["--config-file", configFile];
  const place = { root, stack, env: { ...env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" } };
  const answer = await runPulumi(place, ["preview", "--json", "--stack", stack, "--policy-pack", policies, ...(refresh ? ["--refresh"] : []), ...file], (line) => reader.read(line));
  const { plan } = reader;
  if (plan.packs === undefined && plan.errors.length === 0) throw new Failure(errors(answer) || `pulumi preview ended with ${answer.code}`);
  // What Pulumi refuses is an error or a violation; were it neither, it must not pass for that.
  const told = plan.errors.length > 0 || plan.violations.some(({ mandatory }) => mandatory);
  return answer.code === 0 || told ? plan : { ...plan, errors: [errors(answer) || `pulumi preview ended with ${answer.code}`] };
}

if (import.meta.main) {
  const options = { accept: { type: "string", multiple: true }, drift: { type: "boolean" }, "config-file": { type: "string" }, markdown: { type: "string" } } as const;
  const usage = ["<stack> [--accept RESOURCE]... [--config-file FILE] [--markdown FILE]", "<stack> --drift [--config-file FILE] [--markdown FILE]"];
  await run({ name: "preview", usage, target: "stack", options }, async ({ stack = "", options }) => {
    const file = options["config-file"];
    const drift = options.drift === true;
    const configOption = file === undefined ? [] : ["--config-file", String(file)];
    const markdown = (text: string): void => {
      if (options.markdown !== undefined) writeFileSync(fromCaller("preview", String(options.markdown)), text);
    };
    try {
      const plan = await atPlace(stack, file === undefined ? undefined : fromCaller("preview", String(file)), (place) => preview(place, drift));
      const verdict = judge(plan, (options.accept ?? []) as string[], drift);
      markdown(previewMarkdown(plan, verdict, { stack, options: configOption, drift }));
      process.stdout.write(`${report(plan, verdict, stack, configOption).join("\n")}\n`);
      return verdict.passed ? 0 : 1;
    } catch (error) {
      // The comment of an earlier run must not stay as if it were this one's.
      if (error instanceof Failure) markdown(failedMarkdown(stack, error.message, drift));
      throw error;
    }
  });
}
