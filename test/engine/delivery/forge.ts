/** What the stand-in for GitHub has of an owner: what was registered, and its git repositories. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Values } from "../../../local/standins/contract.ts";
import { githubStandIn } from "../../../local/standins/github.ts";
import { commitFile, objectAt } from "../../../local/standins/github/git.ts";
import type { State } from "../../../local/standins/github/account.ts";
import { Driver } from "../../unit/standin-driver.ts";

export class Forge {
  readonly folder: string;
  readonly owner: string;

  /** @param folder the stand-in's */
  constructor(folder: string, owner: string) {
    this.folder = folder;
    this.owner = owner;
  }

  get state(): State {
    return JSON.parse(readFileSync(join(this.folder, "github.json"), "utf8")) as State;
  }

  /** The names of the repositories. */
  names(): string[] {
    return this.state.repositories.map(({ name }) => name).sort();
  }

  repository(name: string): Values {
    const found = this.state.repositories.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no ${name}; there are ${this.names().join(", ")}`);
    return { ...found.inputs, repoId: found.repoId };
  }

  /** All that was registered in a repository, by kind. */
  parts(name: string): { keys: State["keys"]; hooks: Values[]; teams: Record<string, string>; rulesets: Values[]; environments: string[]; variables: State["variables"]; secrets: State["secrets"] } {
    const { repoId } = this.repository(name);
    const { keys, hooks, teams, rulesets, environments, variables, secrets } = this.state;
    const own = <T extends { repoId: number }>(records: T[]): T[] => records.filter((record) => record.repoId === repoId);
    return {
      keys: own(keys),
      hooks: own(hooks).map(({ inputs }) => inputs),
      teams: Object.fromEntries(own(teams).map(({ teamId, permission }) => [teamId, permission])),
      rulesets: own(rulesets).map(({ inputs }) => inputs).sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
      environments: own(environments).map((environment) => environment.name),
      variables: own(variables),
      secrets: own(secrets),
    };
  }

  /** The bare repository's folder. */
  path(name: string): string {
    return join(this.folder, this.owner, `${name}.git`);
  }

  git(name: string, ...args: string[]): string {
    return execFileSync("git", ["--git-dir", this.path(name), ...args], { encoding: "utf8", maxBuffer: 2 ** 26 });
  }

  /** The paths of the files on a branch. */
  files(name: string, ref = "main"): string[] {
    return this.git(name, "ls-tree", "-r", "--name-only", "-z", ref).split("\0").filter((path) => path !== "").sort();
  }

  content(name: string, path: string, ref = "main"): string {
    return this.git(name, "show", `${ref}:${path}`);
  }

  /** Everything of the repositories: what a run must not have touched is the same before and after. Secrets' times are no difference. */
  snapshot(...names: string[]): unknown {
    return names.map((name) => ({ repository: this.repository(name), ...this.parts(name), refs: this.git(name, "for-each-ref") }));
  }

  /** Somebody at GitHub, to make things by hand there. */
  async byHand(): Promise<Driver> {
    const standIn = githubStandIn({ folder: this.folder });
    await standIn.configure?.("first", { owner: this.owner });
    return new Driver(standIn);
  }

  /** A team's pull request, which changes one file, is merged. */
  async merge(repository: string, file: string, content: string, branch = "main"): Promise<void> {
    const parent = await objectAt(this.path(repository), `refs/heads/${branch}`);
    await commitFile(this.path(repository), { branch, parent, file, content, message: `Change ${file}` });
  }
}
