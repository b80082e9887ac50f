/** Runs one process and says how long it took and how much memory it held. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export interface Run {
  seconds: number;
  /** Bytes of memory at the highest; absent where the system does not tell (only Linux does). */
  peak?: number;
}

/** How often a process is asked for its peak: what it grows by in its last moments is missed. */
const pollMilliseconds = 50;

/** Throws, with what the process wrote, when it ends with another code than 0. */
export async function run(command: string, args: readonly string[], { cwd, env }: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Run> {
  const started = performance.now();
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  let peak: number | undefined;
  const poll = setInterval(() => (peak = peakOf(child.pid) ?? peak), pollMilliseconds);
  const stop = () => child.kill("SIGKILL");
  process.once("exit", stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) throw new Error(`${[command, ...args].join(" ")} ended with exit code ${code}:\n${output.slice(-4000)}`);
    return { seconds: (performance.now() - started) / 1000, peak };
  } finally {
    clearInterval(poll);
    process.removeListener("exit", stop);
  }
}

function peakOf(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/status`;
  try {
    return existsSync(file) ? peakIn(readFileSync(file, "utf8")) : undefined;
  } catch {
    return undefined;
  }
}

/** The high-water mark of resident memory, in bytes, from /proc/<pid>/status. */
function peakIn(status: string): number | undefined {
  const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
