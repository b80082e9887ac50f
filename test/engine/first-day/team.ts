/** A team at work: a clone of its repository at GitHub, its pipelines with the variable of each environment, and the merges that people approve. */
import { TeamRepository } from "../../scaffold/repository.ts";
import type { Ended } from "../../scaffold/repository.ts";
import type { Forge } from "../delivery/forge.ts";

export interface Delivery {
  registry: string;
  receiver: string | null;
  [field: string]: unknown;
}

export class Team {
  readonly machine: TeamRepository;
  readonly #forge: Forge;
  readonly #name: string;

  constructor(forge: Forge, name: string) {
    this.#forge = forge;
    this.#name = name;
    this.machine = new TeamRepository([]);
    this.git("remote", "set-url", "origin", forge.path(name));
    this.pull();
    for (const environment of forge.parts(name).environments) {
      this.machine.world(({ registries }) => { registries[this.delivery(environment).registry] = {}; });
    }
  }

  git(...args: string[]): string {
    return this.machine.git(this.machine.folder, ...args);
  }

  /** The newest main, whatever is checked out. */
  pull(): void {
    this.git("fetch", "--quiet", "--tags", "origin");
    this.git("switch", "--quiet", "--force-create", "main", "origin/main");
  }

  /** A change on a branch, reviewed and merged at GitHub. Returns the commit on main. */
  merged(message: string, files: Record<string, string>): string {
    this.pull();
    this.git("switch", "--quiet", "--force-create", "change");
    this.machine.commit(message, files);
    return this.merge("change");
  }

  /** GitHub merges a branch: with the button, past no rule. */
  merge(branch: string): string {
    this.git("push", "--quiet", "origin", `origin/${branch}:refs/heads/main`, `:refs/heads/${branch}`);
    this.pull();
    return this.machine.head();
  }

  /** The variable MOORING, as it stands at GitHub. */
  delivery(environment: string): Delivery {
    const found = this.#forge.parts(this.#name).variables.find((variable) => variable.environment === environment && variable.name === "MOORING");
    if (found === undefined) throw new Error(`${this.#name} has no MOORING for ${environment}`);
    return JSON.parse(found.value) as Delivery;
  }

  /** `bash build.sh` in a job of an environment; fails the test when it fails. */
  async job(environment: string, args: string[], variables: Record<string, string> = {}): Promise<string> {
    const { code, stderr } = await this.attempt(environment, args, variables);
    if (code !== 0) throw new Error(`build.sh ${args.join(" ")} ended with ${code}:\n${stderr}`);
    return stderr;
  }

  attempt(environment: string, args: string[], variables: Record<string, string> = {}): Promise<Ended> {
    return this.machine.build(args, { MOORING: JSON.stringify(this.delivery(environment)), GITHUB_ACTIONS: "true", GITHUB_REF: "refs/heads/main", GH_TOKEN: "token", ...variables });
  }

  /** Tags of an image in an environment's registry. */
  tags(environment: string, image: string): string[] {
    return Object.keys(this.machine.world().registries[this.delivery(environment).registry]![`${this.#name}/${image}`] ?? {});
  }

  digest(environment: string, image: string, tag: string): string | undefined {
    return this.machine.world().registries[this.delivery(environment).registry]![`${this.#name}/${image}`]?.[tag];
  }
}
