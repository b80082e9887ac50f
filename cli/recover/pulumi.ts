/** Runs the `pulumi` on the PATH for the recovery of one stack. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../arguments.ts";
import type { Export } from "./deployment.ts";

export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Place {
  /** The project's folder. */
  root: string;
  stack: string;
  /** Given on to the commands that take `--config-file`. */
  configFile?: string;
  env: NodeJS.ProcessEnv;
}

export class Pulumi {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Ends every lock and run of the stack. */
  cancel(): Promise<Answer> {
    return this.#run(["cancel", "--yes", ...this.#stack]);
  }

  export(): Promise<Answer> {
    return this.#run(["stack", "export", ...this.#stack]);
  }

  /** Where the state is kept, `file://…`, `azblob://…`, …; absent when Pulumi is not logged in. */
  async backend(): Promise<string | undefined> {
    const { code, stdout } = await this.#run(["whoami", "--json"]);
    return code === 0 ? (JSON.parse(stdout) as { url?: string }).url : undefined;
  }

  /** Replaces the state, through a file that nobody else can read. Secrets in it are encrypted as they were. */
  async import(state: Export): Promise<Answer> {
    const folder = mkdtempSync(join(tmpdir(), "mooring-recover-"));
    try {
      const file = join(folder, "state.json");
      writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
      return await this.#run(["stack", "import", "--file", file, ...this.#stack]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Asks the providers about these resources alone; one that is gone leaves the state. */
  refresh(urns: readonly string[]): Promise<Answer> {
    const { configFile } = this.#place;
    const file = configFile === undefined ? [] : ["--config-file", configFile];
    return this.#run(["refresh", "--yes", "--skip-preview", "--suppress-outputs", ...this.#stack, ...file, ...urns.flatMap((urn) => ["--target", urn])]);
  }

  get #stack(): string[] {
    return ["--stack", this.#place.stack];
  }

  async #run(args: readonly string[]): Promise<Answer> {
    const { root: cwd, env } = this.#place;
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    // A terminal sends Ctrl-C to pulumi too, which ends well; what it leaves must still be put right here.
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
}

/** Who holds the stack, in Pulumi's words; absent when this answer is not about that. */
export function holder({ stdout, stderr }: Answer): string | undefined {
  const lines = (stderr + stdout).split("\n");
  const at = lines.findIndex((line) => /the stack is currently locked by|Another update is currently in progress/.test(line));
  if (at < 0) return undefined;
  const locks = lines.slice(at + 1).flatMap((line) => /: (created by .+)$/.exec(line)?.[1] ?? []);
  return locks.length > 0 ? locks.join("; ") : lines[at]!.trim();
}

/** What Pulumi said last, for people: its errors, or all of it. */
export function errors({ stdout, stderr }: Answer): string {
  const lines = (stderr + stdout).split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const marked = lines.filter((line) => /^error:/.test(line));
  return (marked.length > 0 ? marked : lines.slice(-5)).join("\n");
}
