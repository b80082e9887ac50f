/** The processes of a git server: they are known by what sshd was started with, so nothing has to be recorded of them. */
import { readdirSync, readFileSync } from "node:fs";
import { endProcess } from "../processes.ts";
import { configFile } from "./config.ts";

const STOP_MS = 5_000;

/** The processes that listen for this folder: sshd puts the words it was started with into its title. */
export function listenersOf(folder: string): number[] {
  const mark = ` -f ${configFile(folder)} `;
  return processes().filter((pid) => {
    const title = `${(processFile(pid, "cmdline") ?? "").replaceAll("\0", " ")} `;
    return /^(sshd: )?\S*sshd /.test(title) && title.includes(mark);
  });
}

function processes(): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Ends the listener and all that came from it, also what was started and is not sshd yet. Returns whether there was anything. */
export async function end(folder: string, started?: number): Promise<boolean> {
  const listeners = [...new Set([...listenersOf(folder), ...(started === undefined ? [] : [started])])];
  const sessions = listeners.flatMap(descendantsOf);
  await Promise.all(listeners.map((pid) => endProcess(pid, STOP_MS)));
  await Promise.all(sessions.map((pid) => endProcess(pid, STOP_MS)));
  return listeners.length > 0;
}

/** A file of /proc; a process may end at any moment. */
function processFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Sessions are in process groups of their own, so they are found by their parents. */
function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const child of processes()) {
    const stat = processFile(child, "stat");
    const parent = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    if (parent > 0) parents.set(parent, [...(parents.get(parent) ?? []), child]);
  }
  const below = (of: number): number[] => (parents.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}
