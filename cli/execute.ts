/** Runs other programs for the commands: output collected, time bounded, nothing asked of the person. */
import { spawn } from "node:child_process";

export interface Execution {
  /** Absent when the program is not on the PATH or took too long. */
  code?: number;
  stdout: string;
  stderr: string;
  /** Why there is no exit code. */
  failure?: "not found" | "too slow";
}

/** Runs a program to its end, or kills it after `seconds`. Never throws for what the program does. */
export async function execute(program: string, args: readonly string[], { seconds = 30, env = process.env }: { seconds?: number; env?: NodeJS.ProcessEnv } = {}): Promise<Execution> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
    // What the program started may hold the pipes open; they are not waited for.
    child.stdout.destroy();
    child.stderr.destroy();
  }, seconds * 1000);
  try {
    const code = await new Promise<number | undefined>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status ?? undefined));
    });
    return late ? { ...output, failure: "too slow" } : { ...output, code: code ?? 1 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { ...output, failure: "not found" };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The line of a program's error output that says most: the one marked as the error, else the first. */
export function errorLine({ stderr, failure }: Execution): string {
  if (failure === "not found") return "it is not on the PATH";
  if (failure === "too slow") return "no answer in time";
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return (lines.find((line) => /^(ERROR|error):/.test(line)) ?? lines[0] ?? "no reason given").replace(/^(ERROR|error): /, "");
}
