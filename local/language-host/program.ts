import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import type { ProgramInfo, RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { configurationLimit } from "../../components/settings/read.ts";
import { splitWords } from "./words.ts";

/** The program has said itself what is wrong: the engine adds nothing. */
const EXIT_AFTER_MESSAGE = 32;
/** A program that was told to stop and does not is ended by force, as Pulumi's own host does. */
const STOP_MS = 5_000;

/** Where lines go that the program writes. */
export interface LineLog {
  info(line: string): Promise<void>;
}

export interface ProgramContext {
  engineAddress: string;
  log: LineLog | undefined;
  /** What the program's environment is made from. */
  environment: NodeJS.ProcessEnv;
  /** Interrupts the program. */
  signal: AbortSignal;
}

/** Runs a Pulumi program to its end and says how it ended. */
export async function runProgram(request: RunRequest, { engineAddress, log, environment, signal }: ProgramContext): Promise<RunResponse> {
  const response = new messages.RunResponse();
  const info = request.getInfo();
  if (info === undefined) return response.setError("the engine names no program");
  const configuration = configurationFor(request.getConfigMap().toArray());
  const size = Buffer.byteLength(configuration);
  if (size > configurationLimit) return response.setError(tooLarge(size));
  const options = runtimeOptions(info);
  const run = resolveFrom(info.getProgramDirectory(), "@pulumi/pulumi/cmd/run");
  const child = spawn(process.execPath, [...options.nodeArguments, run, ...programArguments(request, info, engineAddress)], {
    // As Pulumi's own host, which the engine starts in the project's folder: relative paths in `nodeargs` count from there.
    cwd: info.getProgramDirectory(),
    env: {
      ...environment,
      PULUMI_CONFIG: configuration,
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
      ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
    },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own: Ctrl-C in a terminal reaches the engine alone, which then asks us to stop the program.
    detached: true,
  });
  const written = [child.stdout, child.stderr].map((stream) => forwardLines(stream, log));
  const code = await untilEnd(child, signal);
  await Promise.all(written);
  if (code === EXIT_AFTER_MESSAGE) return response.setBail(true);
  if (code === 0) return response;
  return response.setError(typeof code === "number" ? `the program ended with exit code ${code}` : `the program was ended by ${code}`);
}

/** The exit code, or the signal that ended it. Interrupts it on `signal`, and ends it with this process. */
async function untilEnd(child: ChildProcess, signal: AbortSignal): Promise<number | string> {
  const end = (how: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, how);
    } catch {
      // It has ended.
    }
  };
  let force: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    end("SIGINT");
    force = setTimeout(() => end("SIGKILL"), STOP_MS);
  };
  const atExit = (): void => end("SIGKILL");
  process.once("exit", atExit);
  if (signal.aborted) interrupt();
  else signal.addEventListener("abort", interrupt, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, by) => resolve(code ?? by ?? 1));
    });
  } finally {
    clearTimeout(force);
    signal.removeEventListener("abort", interrupt);
    process.removeListener("exit", atExit);
  }
}

async function forwardLines(stream: Readable, log: LineLog | undefined): Promise<void> {
  const sent: Promise<void>[] = [];
  for await (const line of createInterface({ input: stream })) {
    if (log !== undefined) sent.push(log.info(line));
  }
  await Promise.all(sent);
}

/** The configuration as the SDK expects it in `PULUMI_CONFIG`: `mooring:config:tier` for the key `mooring:tier`. */
export function configurationFor(entries: [string, string][]): string {
  return JSON.stringify(Object.fromEntries(entries.map(([key, value]) => {
    const colon = key.indexOf(":");
    return [`${key.slice(0, colon)}:config:${key.slice(colon + 1)}`, value];
  })));
}

/** What is said when the configuration cannot reach the program. */
function tooLarge(bytes: number): string {
  return `the stack's configuration has ${Math.ceil(bytes / 1024)} KiB, and at most ${configurationLimit / 1024} KiB reach the program. ` +
    "Describe the tenants in files of their own, one a team (mooring:tenantsFolder).";
}

function programArguments(request: RunRequest, info: ProgramInfo, engineAddress: string): string[] {
  const named = Object.entries({
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  }).flatMap(([name, value]) => value === "" ? [] : [`--${name}`, value]);
  return [...named, ...(request.getDryrun() ? ["--dry-run"] : []), info.getEntryPoint(), ...request.getArgsList()];
}

interface RuntimeOptions {
  nodeArguments: string[];
  typescript: boolean;
  tsconfig?: string;
}

/** `runtime.options` of Pulumi.yaml. Throws for values of the wrong type. */
function runtimeOptions(info: ProgramInfo): RuntimeOptions {
  const { nodeargs = "", typescript = true, tsconfig } = info.getOptions()?.toJavaScript() ?? {};
  if (typeof nodeargs !== "string") throw new Error("Pulumi.yaml: runtime.options.nodeargs must be text");
  if (typeof typescript !== "boolean") throw new Error("Pulumi.yaml: runtime.options.typescript must be true or false");
  if (tsconfig !== undefined && typeof tsconfig !== "string") throw new Error("Pulumi.yaml: runtime.options.tsconfig must be text");
  return { nodeArguments: splitWords(nodeargs), typescript, tsconfig };
}

/** Resolves a module of the SDK as the program would. */
function resolveFrom(folder: string, module: string): string {
  try {
    return createRequire(join(folder, "program.js")).resolve(module);
  } catch {
    throw new Error(`${folder} has no @pulumi/pulumi; run \`npm run deps\``);
  }
}
