/**
 * `npm run up -- <stack>`: `pulumi up` as a pipeline runs it. First the preview, with the checks of `npm run preview`: what
 * breaks a policy or loses what holds data does not begin. Then the run itself, which a cancelled job does not kill: it is
 * asked to end well, and `npm run up -- <stack> --stop`, in a step for cancelled jobs, waits until it has.
 */
import { join } from "node:path";
import { Failure, projectRoot, run, UsageError } from "./arguments.ts";
import { preview } from "./preview.ts";
import { atPlace } from "./preview/place.ts";
import { report } from "./preview/report.ts";
import { judge } from "./preview/verdict.ts";
import type { Place } from "./pulumi.ts";
import { Background } from "./up/background.ts";

/**
 * How long `--stop` waits. GitHub ends a cancelled job after 5 minutes, whatever its steps are doing
 * (docs.github.com/actions/reference/workflow-cancellation-reference); azure-pipelines.yml gives more (`cancelTimeoutInMinutes`).
 */
const STOP_SECONDS = "240";

export interface UpOptions {
  /** Names of resources that may be lost. */
  accepted?: readonly string[];
  write(text: string): void;
}

/** @returns whether the stack is as the program says */
export async function up(place: Place, { accepted = [], write }: UpOptions): Promise<boolean> {
  const { root, stack, configFile, env } = place;
  const plan = await preview(place);
  const verdict = judge(plan, accepted);
  // Its last line says what to do next, which is done here.
  const lines = report(plan, verdict, stack).slice(0, verdict.passed ? -1 : undefined);
  write(`${lines.join("\n")}\n`);
  if (!verdict.passed) return false;
  write(`${stack}: nothing stands against it, so it is brought up\n`);

  const file = configFile === undefined ? [] : ["--config-file", configFile];
  const args = ["up", "--stack", stack, "--yes", "--non-interactive", "--color", "never", "--suppress-progress", "--policy-pack", "policies", ...file];
  const running = await Background.start(folderOf(root, stack), "pulumi", args, { cwd: root, env });
  let signals = 0;
  const interrupt = (): void => {
    signals++;
    running.interrupt();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  try {
    // The second signal says that this process is about to be killed: what it can still say, it says before.
    const ended = await running.follow(write, undefined, () => signals > 1);
    if (!ended) {
      throw new Failure(`${stack}: Pulumi was asked to end and finishes what is under way; \`npm run up -- ${stack} --stop\` waits for it. Should it be killed meanwhile: \`npm run recover -- ${stack}\``);
    }
    if (signals > 0) throw new Failure(`${stack}: stopped. What was under way is finished, the rest was not begun, and no lock is left; run it again`);
    return (await running.exit) === 0;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
  }
}

/**
 * Asks the run of a stack on this machine to end well, and waits for it.
 *
 * @throws Failure when it has not ended in time; it is then left as it is
 */
export async function stop({ root, stack }: Pick<Place, "root" | "stack">, write: (text: string) => void, seconds: number): Promise<void> {
  const running = Background.find(folderOf(root, stack));
  if (running === undefined) {
    write(`${stack}: no run of this machine is under way\n`);
    return;
  }
  running.skip();
  running.interrupt();
  write(`${stack}: waiting for Pulumi to end what is under way\n`);
  const ended = await running.follow(write, seconds * 1000);
  if (!ended) throw new Failure(`${stack}: Pulumi has not ended after ${seconds} s, and is killed with this machine. Then: \`npm run recover -- ${stack}\``);
  write(`${stack}: Pulumi has ended\n`);
}

function folderOf(root: string, stack: string): string {
  return join(root, ".mooring", "up", stack);
}

if (import.meta.main) {
  const options = { accept: { type: "string", multiple: true }, stop: { type: "boolean" }, seconds: { type: "string" } } as const;
  await run({ name: "up", usage: ["<stack> [--accept RESOURCE]...", "<stack> --stop [--seconds N]"], target: "stack", options }, async ({ stack = "", options }) => {
    const accepted = (options.accept ?? []) as string[];
    const write = (text: string): void => void process.stdout.write(text);
    // The runner may have closed its end already; that must not end the wait.
    process.stdout.on("error", () => {});
    if (options.stop === true) {
      if (accepted.length > 0) throw new UsageError("--stop takes no --accept");
      const seconds = String(options.seconds ?? STOP_SECONDS);
      if (!/^\d{1,5}$/.test(seconds)) throw new UsageError(`--seconds ${seconds}: write a number of seconds`);
      await stop({ root: projectRoot, stack }, write, Number(seconds));
      return 0;
    }
    if (options.seconds !== undefined) throw new UsageError("--seconds belongs to --stop");
    return (await atPlace(stack, undefined, (place) => up(place, { accepted, write }))) ? 0 : 1;
  });
}
