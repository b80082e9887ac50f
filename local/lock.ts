/**
 * A lock that one process holds at a time, kept as a file that names its holder. A lock whose holder is gone
 * (killed, or the machine restarted) is taken over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "./problem.ts";
import { startTimeOf } from "./processes.ts";

export interface Lock {
  release(): void;
}

interface Holder {
  pid: number;
  /** Tells a process from a later one that got the same id. */
  started: string;
}

/** Takes the lock `file` or says who holds it. The folder is made when it is missing. */
export function tryLock(file: string): { lock: Lock } | { heldBy: number } {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (;;) {
    const mine = JSON.stringify({ pid: process.pid, started: startTimeOf(process.pid) ?? "" } satisfies Holder);
    if (create(file, mine)) return { lock: { release: () => release(file, mine) } };
    const found = read(file);
    if (found === undefined) continue;
    const holder = parse(found);
    if (holder !== undefined && startTimeOf(holder.pid) === holder.started) return { heldBy: holder.pid };
    removeStale(file, found);
  }
}

/**
 * Waits for the lock. `onWait` is called once, with the holder's process id, when somebody else has it.
 * Aborting `signal` ends the wait by throwing its reason.
 */
export async function waitForLock(file: string, onWait: (pid: number) => void, signal?: AbortSignal): Promise<Lock> {
  for (let waited = false; ; waited = true) {
    const attempt = tryLock(file);
    if ("lock" in attempt) return attempt.lock;
    if (!waited) onWait(attempt.heldBy);
    await delay(200, undefined, { signal });
  }
}

/** Creates the file with its content in one step, so that nobody reads a half-written holder. */
function create(file: string, content: string): boolean {
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function parse(content: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value === "object" && value !== null && "pid" in value && "started" in value &&
        typeof value.pid === "number" && typeof value.started === "string") {
      return { pid: value.pid, started: value.started };
    }
  } catch {
    // Not ours, or cut off by a full disk: nobody holds it.
  }
  return undefined;
}

/** Moves the stale file away first: of two processes that saw it, one may already have put a live lock there. */
function removeStale(file: string, stale: string): void {
  const moved = `${file}.${randomUUID()}`;
  try {
    renameSync(file, moved);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  try {
    if (read(moved) !== stale) linkSync(moved, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(moved, { force: true });
  }
}

function release(file: string, mine: string): void {
  if (read(file) === mine) rmSync(file, { force: true });
}
