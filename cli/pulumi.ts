/** Runs the `pulumi` on the PATH for the commands. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Failure } from "./arguments.ts";

export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

/** Where and how a stack's commands run. */
export interface Place {
  /** The project's folder. */
  root: string;
  stack: string;
  /** Given on to the commands that take `--config-file`. */
  configFile?: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Runs one command to its end.
 *
 * @param onLine gets the standard output line by line, which is then not collected
 * @throws Failure when there is no `pulumi`
 */
export async function runPulumi({ root: cwd, env }: Place, args: readonly string[], onLine?: (line: string) => void): Promise<Answer> {
  const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  if (onLine !== undefined) createInterface({ input: child.stdout }).on("line", onLine);
  else child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  // A terminal sends Ctrl-C to pulumi too, which ends well; what it leaves must still be put right or told here.
  const stay = (): void => {};
  process.on("SIGINT", stay);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status ?? 1));
    });
    return { code, ...output };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Failure("pulumi is not on the PATH; `npm install` brings it", { cause: error });
    throw error;
  } finally {
    process.removeListener("SIGINT", stay);
  }
}

/** What Pulumi said last, for people: its errors, or all of it. */
export function errors({ stdout, stderr }: Answer): string {
  const lines = (stderr + stdout).split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const marked = lines.filter((line) => /^error:/.test(line));
  return (marked.length > 0 ? marked : lines.slice(-5)).join("\n");
}
