/** Runs the Pulumi CLI and treats interruption properly. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";

export interface RunOptions {
  /** The folder of Pulumi.yaml. */
  cwd: string;
  /** `inherit`: the person sees everything and may be asked. Default: output is collected. */
  stdio?: "inherit" | "pipe";
  /** Given to standard input; then standard input is closed. */
  input?: string;
  /** Called for each line as it is written, on either stream. */
  onLine?: (line: string) => void;
  /** Called with the process as soon as it runs, for a caller that ends it in its own way. */
  onStart?: (pulumi: ChildProcess) => void;
  /** Everything that is written is kept here as well; the file is replaced. */
  logFile?: string;
  /** Added to the engine's environment. */
  env?: NodeJS.ProcessEnv;
}

export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Ctrl-C, or another request to end, came meanwhile. */
  interrupted: boolean;
}

/**
 * Runs a command to its end. The first Ctrl-C asks it to end well (the engine finishes what is under way and keeps its
 * state), and the command is waited for; a second one it takes as an order to end at once.
 */
export async function runToEnd(command: string, args: readonly string[], environment: NodeJS.ProcessEnv, options: RunOptions): Promise<RunResult> {
  const collected = options.stdio !== "inherit";
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...environment, ...options.env },
    stdio: collected ? [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"] : "inherit",
    // A process group of its own: a terminal sends Ctrl-C to whole groups, and it must arrive once, through us.
    detached: true,
  });
  options.onStart?.(child);
  let interrupted = false;
  const forward = (): void => {
    interrupted = true;
    child.kill("SIGINT");
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, forward);
  const atExit = (): void => { child.kill("SIGTERM"); };
  process.once("exit", atExit);

  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { mode: 0o600 });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    const stream = child[name];
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      log?.write(text);
    });
    if (stream && options.onLine) createInterface({ input: stream }).on("line", options.onLine);
  }
  if (options.input !== undefined) child.stdin?.on("error", () => {}).end(options.input);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status ?? 1));
    });
    return { code, ...output, interrupted };
  } finally {
    for (const signal of signals) process.removeListener(signal, forward);
    process.removeListener("exit", atExit);
    log?.end();
    if (log !== undefined) await finished(log);
  }
}
