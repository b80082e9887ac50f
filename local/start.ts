/** `npm start`: brings the local platform up and deploys the stack `local` to it. */
import "../cli/preload.mjs"; // says so when Node is too old
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { diagnosticsIn } from "./diagnostics.ts";
import { repositoriesFolder } from "./engine.ts";
import { cloneLines } from "./git-server/words.ts";
import { lockPlatform, openPlatform, readRecord, serveRepositories, thisPlace } from "./platform.ts";
import type { Platform } from "./platform.ts";
import { Problem, reasonOf, runCommand } from "./problem.ts";
import { duration, lineProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { clearStaleLock, configFile, namedSecrets, pendingOperations, prepareStack, stackName } from "./stack.ts";
import type { Place } from "./stack.ts";
import { describeSummary, summarise } from "./summary.ts";

const usage = [
  "usage: npm start [-- --context NAME] [--git-address ADDRESS]",
  "  --context NAME         deploy to the cluster of this context of your kubeconfig, not to a Kubernetes API of its own",
  "  --git-address ADDRESS  serve the repositories at this IP address of the machine, for a cluster that reaches it; without it at 127.0.0.1",
].join("\n");

if (import.meta.main) await runCommand(() => start(process.argv.slice(2), thisPlace()));

/** Returns the exit code. Throws a Problem for what is expected to go wrong. */
async function start(args: readonly string[], place: Place): Promise<number> {
  const { context, gitAddress, help } = readArguments(args);
  if (help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const progress = lineProgress();
  const begun = performance.now();
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new Problem("Interrupted. `npm start` goes on from here; `npm stop` removes what there is."));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);

  const lock = lockPlatform(place);
  try {
    const record = readRecord(place);
    if (record !== undefined && record.context !== context) {
      throw new Problem(`The platform here was started ${whereFor(record.context)}. Run \`npm stop\` first, then start it ${whereFor(context)}.`);
    }
    // Before minutes may pass with a build.
    namedSecrets(place.root);
    const platform = await openPlatform({ place, context, progress, signal: stop.signal });
    try {
      await prepareStack(platform.engine, place);
      await clearStaleLock(platform.engine, place, progress.say);
      await deploy(platform, place, progress, stop.signal);
      const exported = await platform.engine.run(["stack", "export", "--stack", stackName], { cwd: place.root });
      if (exported.code !== 0) throw new Problem(`pulumi stack export failed: ${exported.stderr.trim()}`);
      const git = await serveRepositories(place, gitAddress, stop.signal);
      process.stdout.write(`${farewell(platform, place, exported.stdout, git, performance.now() - begun).join("\n")}\n`);
      return 0;
    } finally {
      await platform.engine.close();
    }
  } catch (error) {
    // Whatever was given up because of the interruption shows it in its own way.
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    lock.release();
  }
}

function readArguments(args: readonly string[]): { context?: string; gitAddress?: string; help: boolean } {
  try {
    const { values } = parseArgs({ args: [...args], options: { context: { type: "string" }, "git-address": { type: "string" }, help: { type: "boolean", short: "h" } } });
    if (values.context === "") throw new Error("--context needs a name");
    const gitAddress = values["git-address"];
    if (gitAddress !== undefined && isIP(gitAddress) === 0) throw new Error(`--git-address needs an IP address of this machine, not ${gitAddress}`);
    return { context: values.context, gitAddress, help: values.help ?? false };
  } catch (error) {
    throw new Problem(`${reasonOf(error).split(/\. |\n/)[0]}\n${usage}`);
  }
}

function whereFor(context: string | undefined): string {
  return context === undefined ? "with a Kubernetes API of its own" : `for the context ${context}`;
}

/** Runs `pulumi up`. Throws a Problem with the diagnostics when it fails. */
async function deploy({ engine }: Platform, place: Place, progress: Progress, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const pending = pendingOperations(place);
  if (pending.length > 0) {
    progress.say(`an earlier run was killed while it worked on ${pending.join(", ")}; if that was made in spite of it, the run below says that it exists already`);
  }
  const logFile = join(place.folder, "up.log");
  let done = 0;
  const onLine = (line: string): void => {
    if (/\b(created|updated|deleted|replaced)\b/.test(line)) done++;
  };
  const up = ["up", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", stackName, "--config-file", configFile(place.folder)];
  await progress.step(`pulumi up --stack ${stackName}`, async () => {
    const { code, stdout, stderr } = await engine.run(up, { cwd: place.root, logFile, onLine });
    signal.throwIfAborted();
    if (code === 0) return;
    throw new Problem([
      `pulumi up failed. All of its output: ${relative(process.cwd(), logFile)}`,
      ...diagnosticsIn(`${stdout}\n${stderr}`),
      ...(/already exists/i.test(stdout)
        ? ["What exists already is taken over by `npm run local -- import <type> <name> <id>`; or `npm stop` and `npm start` begin anew."] : []),
    ].join("\n"));
  }, () => `${done} done`);
}

function farewell(platform: Platform, place: Place, exported: string, git: Awaited<ReturnType<typeof serveRepositories>>, milliseconds: number): string[] {
  const summary = summarise(exported);
  const near = (path: string): string => relative(process.cwd(), path) || ".";
  const options = platform.kubectlOptions.map((option) => quoted(option.startsWith(place.folder) ? near(option) : option)).join(" ");
  const ofItsOwn = platform.context === undefined;
  const standIns = platform.plugins.standIns;
  const teams = join(place.root, "tenants", stackName);
  return [
    "", `The platform is up: ${summary.count} resources, ${duration(milliseconds)}.`, "",
    ...describeSummary(summary, near(repositoriesFolder(place.folder))),
    "Look at it",
    ...(hasKubectl()
      ? [`  kubectl ${options} get gitrepositories,kustomizations --all-namespaces`]
      : ["  kubectl is not installed (https://kubernetes.io/docs/tasks/tools); until then: `npm run local -- stack` lists the resources",
         `  and \`npm run render -- ${stackName} --out rendered\` shows every object; with it: kubectl ${options} get …`]),
    ...summary.repositories.slice(0, 1).map((name) => `  git clone ${near(join(repositoriesFolder(place.folder), `${name}.git`))}`),
    ...cloneLines(git, exported, { kubectl: hasKubectl() ? `kubectl ${options}` : undefined, near }),
    `  state: ${near(platform.engine.stateFolder)}, log: ${near(join(place.folder, "up.log"))}`, "",
    "What is not real here",
    "  Azure and GitHub are stood in for on this machine: checks as theirs, no cloud, no account.",
    ofItsOwn
      ? `  The Kubernetes API (${platform.server}) is real but has no nodes: no pod runs, so Flux does not reconcile.`
      : `  The cluster and Flux in it are real; the repositories are on this disk${"server" in git ? `, served at ${git.server.base}` : ", where Flux cannot reach them"}.`,
    ...(standIns.includes("kubernetes") ? ["  The Kubernetes plugin is stood in for; of the Flux chart it installs the CRDs and no more."] : []),
    ...["random", "tls"].filter((name) => standIns.some((standIn) => standIn === name)).map((name) => `  The ${name} plugin is stood in for.`), "",
    "Next",
    `  change a team${existsSync(teams) ? ` in ${near(teams)}/` : ""} or Pulumi.${stackName}.yaml, then: npm run local -- preview, npm start`,
    "  npm stop ends it and removes what it made",
  ];
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function hasKubectl(): boolean {
  try {
    execFileSync("kubectl", ["version", "--client"], { stdio: "ignore", timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
