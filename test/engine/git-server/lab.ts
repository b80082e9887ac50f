/** An organization `acme` with repositories, keys and rulesets in the stand-in for GitHub, a git server before it, and clients with keys. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GitServerPrograms } from "../../../local/git-server/programs.ts";
import { startGitServer } from "../../../local/git-server/server.ts";
import type { GitServer } from "../../../local/git-server/server.ts";
import { githubStandIn } from "../../../local/standins/github.ts";
import { Driver } from "../../unit/standin-driver.ts";

export const repository = "github:index/repository:Repository";
export const ruleset = "github:index/repositoryRuleset:RepositoryRuleset";
const deployKey = "github:index/repositoryDeployKey:RepositoryDeployKey";

export interface Ran {
  code: number | null;
  out: string;
}

export class Lab {
  readonly folder: string;
  readonly driver: Driver;
  readonly server: GitServer;

  private constructor(folder: string, driver: Driver, server: GitServer) {
    this.folder = folder;
    this.driver = driver;
    this.server = server;
  }

  static async open(programs: GitServerPrograms): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), "mooring-git-"));
    const repositories = join(folder, "github");
    const standIn = githubStandIn({ folder: repositories });
    await standIn.configure?.("first", { owner: "acme" });
    const server = await startGitServer({ folder: join(folder, "server"), repositories, programs });
    writeFileSync(join(folder, "known_hosts"), `${server.knownHosts}\n`);
    return new Lab(folder, new Driver(standIn), server);
  }

  async close(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  /** Makes a key that nobody knows. Returns its public half. */
  newKey(name: string): string {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `${name}@test`, "-f", this.at(name)]);
    return readFileSync(this.at(`${name}.pub`), "utf8");
  }

  /** Makes a key and registers it. */
  addKey(name: string, of: string, readOnly: boolean): ReturnType<Driver["create"]> {
    return this.driver.create(deployKey, name, { repository: of, title: name, key: this.newKey(name), readOnly });
  }

  /** The command with which a key's holder logs in. */
  ssh(key: string, knownHosts = this.at("known_hosts")): [program: string, ...options: string[]] {
    const options = ["IdentitiesOnly=yes", "IdentityAgent=none", "BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=20", `UserKnownHostsFile=${knownHosts}`];
    return ["ssh", "-F", "/dev/null", "-i", this.at(key), ...options.flatMap((option) => ["-o", option])];
  }

  environment(key: string, knownHosts?: string): NodeJS.ProcessEnv {
    const identity = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.com", GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.com" };
    return { PATH: process.env.PATH, HOME: this.folder, GIT_CONFIG_NOSYSTEM: "1", GIT_SSH_COMMAND: this.ssh(key, knownHosts).join(" "), ...identity };
  }

  /** Runs git as the holder of a key. */
  git(key: string, ...args: string[]): Ran {
    return ran("git", args, this.environment(key));
  }

  /** Logs in without git. */
  login(key: string, options: string[], ...command: string[]): Ran {
    const [program, ...ours] = this.ssh(key);
    return ran(program, [...ours, "-p", new URL(this.server.base).port, ...options, "git@127.0.0.1", ...command], process.env);
  }

  url(name: string): string {
    return this.server.url("acme", name);
  }

  /** What a reference of the bare repository stands for; empty when there is none. */
  tip(ref: string, of = "orders"): string {
    return ran("git", ["--git-dir", this.at(`github/acme/${of}.git`), "rev-parse", "--verify", "--quiet", ref], process.env).out.trim();
  }

  /** A clone by that key, with one new commit in it. */
  cloned(key: string, name: string, of = "orders"): string {
    const { code, out } = this.git(key, "clone", "--quiet", this.url(of), this.at(name));
    assert.equal(code, 0, out);
    this.commit(key, this.at(name), name);
    return this.at(name);
  }

  commit(key: string, clone: string, text: string): void {
    writeFileSync(join(clone, "file"), `${text}\n`);
    for (const args of [["add", "file"], ["commit", "--quiet", "-m", text]]) assert.equal(this.git(key, "-C", clone, ...args).code, 0);
  }

  /** The servers that run for a folder of this name. */
  listening(name: string): number[] {
    return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).map(Number).filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(this.at(`${name}/sshd_config`));
      } catch {
        return false;
      }
    });
  }
}

function ran(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env, timeout: 60_000 });
  return { code: status, out: `${stdout}${stderr}` };
}
