/**
 * A command that outlives the one who started it, and is still found, followed and asked to end.
 *
 * Why: GitHub's runner and the agent of Azure Pipelines end the process of a step that is cancelled, 10 seconds after they asked
 * it to (`ProcessInvoker.cs` of actions/runner and of microsoft/azure-pipelines-agent, August 2026: SIGINT, 7.5 s later SIGTERM,
 * 2.5 s later SIGKILL, to that one process). Azure finishes what it is making in minutes. So the command has a process group of
 * its own and writes into a file: neither a signal to its parent nor a closed pipe ends it, and a later step can wait for it.
 */
import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTimeOf, waitUntil } from "../../local/processes.ts";

interface Record {
  pid: number;
  /** Of the process, so that a later one with its id is not taken for it. */
  started: string;
}

export class Background {
  readonly #folder: string;
  readonly #record: Record;
  #position = 0;
  /** Of the process that was started, once that has ended; `undefined` when it was ended by a signal. */
  exit: Promise<number | undefined> | undefined;

  private constructor(folder: string, record: Record) {
    this.#folder = folder;
    this.#record = record;
  }

  /** Starts a command whose traces are kept in `folder`, which is emptied. Throws when the command cannot be run. */
  static async start(folder: string, command: string, args: readonly string[], { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Background> {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const output = openSync(logIn(folder), "a", 0o600);
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
    const exit = new Promise<number | undefined>((resolve) => child.once("exit", (code) => resolve(code ?? undefined)));
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    }).finally(() => closeSync(output));
    const record = { pid: child.pid!, started: startTimeOf(child.pid!) ?? "" };
    writeFileSync(recordIn(folder), JSON.stringify(record), { mode: 0o600 });
    const started = new Background(folder, record);
    started.exit = exit;
    return started;
  }

  /** The command that was started with this folder, when it still runs. */
  static find(folder: string): Background | undefined {
    if (!existsSync(recordIn(folder))) return undefined;
    const found = new Background(folder, JSON.parse(readFileSync(recordIn(folder), "utf8")) as Record);
    return found.runs() ? found : undefined;
  }

  /** Whether any process of its group is there: npm's `pulumi` ends at a signal, and the program that it started goes on. */
  runs(): boolean {
    const { pid, started } = this.#record;
    const leader = startTimeOf(pid);
    if (leader !== undefined) return leader === started;
    try {
      // The number of a group is not given away while the group has members.
      process.kill(-pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /** Asks it to end well, once: Pulumi takes a second signal as an order to end at once, whoever sends it. */
  interrupt(): void {
    if (existsSync(join(this.#folder, "interrupted")) || !this.runs()) return;
    writeFileSync(join(this.#folder, "interrupted"), "");
    process.kill(-this.#record.pid, "SIGINT");
  }

  /** Passes on what it writes until it has ended or `until` holds; whether it has ended. */
  async follow(write: (text: string) => void, milliseconds = Number.POSITIVE_INFINITY, until = () => false): Promise<boolean> {
    let ended = false;
    await waitUntil(() => {
      ended = !this.runs();
      this.#pass(write);
      return ended || until();
    }, milliseconds);
    return ended;
  }

  /** What was written so far is not passed on again. */
  skip(): void {
    this.#pass(() => {});
  }

  #pass(write: (text: string) => void): void {
    const log = openSync(logIn(this.#folder), "r");
    try {
      const part = Buffer.alloc(65_536);
      for (let bytes; (bytes = readSync(log, part, 0, part.length, this.#position)) > 0; this.#position += bytes) write(part.toString("utf8", 0, bytes));
    } finally {
      closeSync(log);
    }
  }
}

const logIn = (folder: string): string => join(folder, "log");
const recordIn = (folder: string): string => join(folder, "process.json");
