/** What the recovery of one stack asks of Pulumi. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runPulumi } from "../pulumi.ts";
import type { Answer, Place } from "../pulumi.ts";
import type { Export } from "./deployment.ts";

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

  #run(args: readonly string[]): Promise<Answer> {
    return runPulumi(this.#place, args);
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
