/** A clone of a repository over SSH, by the holder of a key. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import assert from "node:assert/strict";

const identity = { GIT_AUTHOR_NAME: "Flux", GIT_AUTHOR_EMAIL: "flux@example.com", GIT_COMMITTER_NAME: "Flux", GIT_COMMITTER_EMAIL: "flux@example.com" };

export class Clone {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Clones into `<folder>/work`; the key and the known hosts lie beside it. Fails the test when that is refused. */
  static of(folder: string, { url, identity: key, knownHosts }: { url: string; identity: string; knownHosts: string }): Clone {
    mkdirSync(folder);
    writeFileSync(join(folder, "key"), key, { mode: 0o600 });
    writeFileSync(join(folder, "known_hosts"), `${knownHosts}\n`);
    const clone = new Clone(folder);
    const { status, output } = clone.#run(folder, "clone", "--quiet", url, "work");
    assert.equal(status, 0, output);
    return clone;
  }

  /** One that was made before. */
  static at(folder: string): Clone {
    return new Clone(folder);
  }

  /** Runs git in the clone. Returns all that it says, whatever the exit code. */
  git(...args: string[]): string {
    return this.#run(join(this.folder, "work"), ...args).output;
  }

  push(...refs: string[]): string {
    return this.git("push", "origin", ...refs);
  }

  head(): string {
    return this.git("rev-parse", "HEAD").trim();
  }

  read(path: string): string {
    return readFileSync(join(this.folder, "work", path), "utf8");
  }

  /** Writes a file and commits it. */
  commit(path: string, content: string): void {
    const file = join(this.folder, "work", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    this.git("add", path);
    const { status, output } = this.#run(join(this.folder, "work"), "commit", "--quiet", "-m", `Change ${path}`);
    assert.equal(status, 0, output);
  }

  #run(cwd: string, ...args: string[]): { status: number | null; output: string } {
    const options = ["IdentitiesOnly=yes", "IdentityAgent=none", "BatchMode=yes", "StrictHostKeyChecking=yes", "ConnectTimeout=20", `UserKnownHostsFile=${join(this.folder, "known_hosts")}`];
    const ssh = ["ssh", "-F", "/dev/null", "-i", join(this.folder, "key"), ...options.flatMap((option) => ["-o", option])].join(" ");
    const env = { PATH: process.env.PATH, HOME: this.folder, GIT_CONFIG_NOSYSTEM: "1", GIT_SSH_COMMAND: ssh, ...identity };
    const { status, stdout, stderr } = spawnSync("git", args, { cwd, encoding: "utf8", timeout: 60_000, env });
    return { status, output: `${stdout}${stderr}` };
  }
}
