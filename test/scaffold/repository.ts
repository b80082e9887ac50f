/** A team's repository as the platform makes it, with an origin, and a machine on which its build script runs: real bash, git, jq and curl; docker, az and gh are stand-ins. */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { OverlayArgs, ScaffoldFile } from "../../components/github/scaffold/overlay-args.ts";
import { readScaffold } from "../../components/github/scaffold/reader.ts";
import type { Flavour } from "../../components/settings/github-settings.ts";
import { callsFile, emptyWorld, readWorld, writeWorld } from "./standins/world.ts";
import type { World } from "./standins/world.ts";

export const staging = "acmestaging.azurecr.io";
export const prod = "acmeprod.azurecr.io";

/** A tenant that follows main in staging and releases in production. */
export const overlayArgs = (environment: "staging" | "prod", images: OverlayArgs["images"] = [{ name: "orders-api", digest: true }]): OverlayArgs => ({
  tenant: "orders",
  environment,
  controlNamespace: "orders-flux",
  namespaces: ["orders"],
  registryHost: environment === "staging" ? staging : prod,
  allowed: ["mcr.microsoft.com"],
  interval: "5m",
  ref: environment === "staging" ? { branch: "main" } : { semver: ">=0.1.0" },
  images,
});

/** The variable MOORING of an environment. */
export const mooring = (environment: "staging" | "prod", fields: Record<string, unknown> = {}): string =>
  JSON.stringify({
    environment, tier: environment === "staging" ? "nonproduction" : "production", team: "orders", images: ["orders-api"],
    registry: environment === "staging" ? staging : prod, registryName: environment === "staging" ? "acmestaging" : "acmeprod",
    clientId: "c", tenantId: "t", subscriptionId: "s", receiver: null, promoteFrom: environment === "prod" ? { registry: staging, name: "acmestaging" } : null, ...fields,
  });

/** A file as Flux's image automation leaves it: name, tag and digest wherever it is marked (image-automation-controller, pkg/update/setters.go). */
export function asFluxWrites(content: string, image: string, written: { name: string; tag: string; digest: string }): string {
  const marked = new RegExp(`^(\\s*(?:- )?[A-Za-z]+: )\\S+( # \\{"\\$imagepolicy": "[^":]+:${image}:(name|tag|digest)"\\})$`, "gm");
  return content.replaceAll(marked, (_, key: string, marker: string, field: "name" | "tag" | "digest") => `${key}${field === "name" ? written.name : JSON.stringify(written[field])}${marker}`);
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A run of the script starts a stand-in about ten times. */
const compiled = join(import.meta.dirname, "../../node_modules/.cache/scaffold-standins");

/** Programs that are stood in for, and the file that does. */
const standIns = ["docker", "az", "gh"];

export class TeamRepository {
  readonly root = mkdtempSync(join(tmpdir(), "mooring-scaffold-"));
  readonly folder = join(this.root, "orders");
  private readonly bin = join(this.root, "bin");

  /** @param further stand-ins, by program: a file that Node runs */
  constructor(files: readonly ScaffoldFile[], further: Record<string, string> = {}) {
    mkdirSync(this.bin);
    const programs = { ...Object.fromEntries(standIns.map((name) => [name, join(import.meta.dirname, "standins", `${name}.ts`)])), ...further };
    for (const [name, file] of Object.entries(programs)) this.program(name, `#!/bin/sh\nexec "${process.execPath}" "${file}" "$@"\n`);
    this.git(this.root, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git");
    this.git(this.root, "clone", "--quiet", "origin.git", "orders");
    this.git(this.folder, "switch", "--quiet", "--orphan", "main");
    writeWorld(emptyWorld([staging, prod]), this.root);
    this.commit("The first commit", Object.fromEntries(files.map(({ path, content }) => [path, content])));
  }

  static of(flavour: Flavour, overlays: readonly ScaffoldFile[], further?: Record<string, string>): TeamRepository {
    return new TeamRepository([...readScaffold(flavour), ...overlays], further);
  }

  /** Puts a program on the PATH. */
  program(name: string, script: string): void {
    writeFileSync(join(this.bin, name), script);
    chmodSync(join(this.bin, name), 0o755);
  }

  git(folder: string, ...args: string[]): string {
    const identity = ["-c", "user.name=Ann", "-c", "user.email=ann@acme.example"];
    const quiet = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", GIT_TERMINAL_PROMPT: "0" };
    return execFileSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8", env: { ...process.env, ...quiet }, stdio: ["ignore", "pipe", "pipe"] }).trim();
  }

  /** Writes files, commits and pushes them; returns the commit. */
  commit(message: string, files: Record<string, string>): string {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), content);
    }
    this.git(this.folder, "add", "--all");
    this.git(this.folder, "commit", "--quiet", "--allow-empty", "--message", message);
    this.git(this.folder, "push", "--quiet", "origin", "HEAD");
    return this.head();
  }

  head(): string {
    return this.git(this.folder, "rev-parse", "HEAD");
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  /** What the stand-ins know, after a change of it. */
  world(change: (world: World) => void = () => {}): World {
    const world = readWorld(this.root);
    change(world);
    writeWorld(world, this.root);
    return world;
  }

  /** What was called, with its arguments. */
  calls(): string[][] {
    return readFileSync(callsFile(this.root), { encoding: "utf8", flag: "a+" }).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as string[]);
  }

  forgetCalls(): void {
    writeFileSync(callsFile(this.root), "");
  }

  /** `bash build.sh …`, without the variables of the machine that the tests run on. */
  build(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
    return this.bash(["build.sh", ...args], environment);
  }

  /** A line of bash with the script's functions loaded. */
  call(line: string, environment: Record<string, string> = {}): Promise<Ended> {
    return this.bash(["-c", `set -euo pipefail; for part in lib context services tags registry push release markers forge versions promote tell tools flavour; do source "ci/$part.sh"; done; ${line}`], environment);
  }

  private bash(args: string[], environment: Record<string, string>): Promise<Ended> {
    const env = { PATH: `${this.bin}:${process.env.PATH}`, HOME: this.root, STANDINS: this.root, GIT_CONFIG_SYSTEM: "/dev/null", LANG: "C.UTF-8", NODE_COMPILE_CACHE: compiled, ...environment };
    const child = spawn("bash", args, { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const ended: Ended = { code: null, stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => { ended.stdout += text; });
    child.stderr.setEncoding("utf8").on("data", (text: string) => { ended.stderr += text; });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ ...ended, code }));
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
