/** Which processes run, told apart safely: an id alone may have passed to an unrelated process. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "./problem.ts";

const hasProc = existsSync("/proc/self/stat");

/**
 * When the process started, in a form that is equal for the same process and differs for a later one with the
 * same id; `undefined` when there is no such process. A process that ended but was not collected counts as gone.
 */
export function startTimeOf(pid: number): string | undefined {
  if (hasProc) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // Fields after the command's name, which is in brackets and may hold spaces: state is the first, start time the 20th.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return undefined;
      return `${bootId()}/${fields[19]}`;
    } catch {
      return undefined;
    }
  }
  try {
    const [state, ...started] = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim().split(/\s+/);
    return state === undefined || state.startsWith("Z") ? undefined : started.join(" ");
  } catch {
    return undefined;
  }
}

let boot: string | undefined;

function bootId(): string {
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return boot;
}

/** The file name of the program that a process runs, or `undefined` when that cannot be seen. */
export function programOf(pid: number): string | undefined {
  return allCommands(pid)[0]?.program;
}

export interface Found {
  pid: number;
  /** The program's file name, for example `etcd`. */
  program: string;
}

/**
 * The running processes of the given programs that were started with exactly this argument. The argument names
 * a folder of ours, so what is found is ours even when no record of it was written.
 */
export function findProcesses(programs: readonly string[], argument: (program: string) => string): Found[] {
  return allCommands().flatMap(({ pid, matches, program }) =>
    programs.includes(program) && matches(argument(program)) ? [{ pid, program }] : []);
}

interface Command {
  pid: number;
  program: string;
  matches(argument: string): boolean;
}

/** All commands that run, or the one of a process. */
function allCommands(only?: number): Command[] {
  if (hasProc) {
    const names = only === undefined ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [String(only)];
    return names.flatMap((name): Command[] => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
        return [{ pid: Number(name), program: basename(words[0] ?? ""), matches: (argument) => words.includes(argument) }];
      } catch {
        return []; // ended meanwhile, or not ours to read
      }
    });
  }
  const which = only === undefined ? ["-A"] : ["-p", String(only)];
  const lines = execFileSync("ps", [...which, "-ww", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: 64 << 20 }).split("\n");
  return lines.flatMap((line): Command[] => {
    const parts = /^\s*(\d+)\s+(.*)$/.exec(line);
    if (parts === null) return [];
    const command = parts[2] ?? "";
    const program = basename(command.split(" --")[0] ?? "");
    return [{ pid: Number(parts[1]), program, matches: (argument) => ` ${command} `.includes(` ${argument} `) }];
  });
}

/** Waits until the condition holds, asking every 50 ms; `false` when `milliseconds` passed without it. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, milliseconds: number, signal?: AbortSignal): Promise<boolean> {
  const end = performance.now() + milliseconds;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await delay(50, undefined, { signal });
  }
}

/** Ends a process: politely, and after `graceMs` by force. Resolves when it is gone; throws when it stays. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  const started = startTimeOf(pid);
  const gone = (): boolean => started === undefined || startTimeOf(pid) !== started;
  for (const [signal, patience] of [["SIGTERM", graceMs], ["SIGKILL", 5_000]] as const) {
    if (gone()) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (codeOf(error) === "ESRCH") return;
      throw error;
    }
    if (await waitUntil(gone, patience)) return;
  }
  throw new Error(`process ${pid} does not end`);
}
