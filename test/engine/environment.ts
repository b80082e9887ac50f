/**
 * One environment on the real engine: a control plane of its own, the stand-ins, and a copy of a stack file that tests
 * may change. Everything lives in a temporary folder.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse, stringify } from "yaml";
import { openEngine } from "../../local/engine.ts";
import type { Engine, EngineOptions } from "../../local/engine.ts";
import { silentProgress } from "../../local/progress.ts";
import type { RunOptions, RunResult } from "../../local/pulumi-process.ts";
import type { KubernetesClient } from "../../local/standins/kubernetes/rest.ts";
import { provideToolchain } from "../../local/toolchain/toolchain.ts";
import { startPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";

const root = join(import.meta.dirname, "../..");

type Config = Record<string, unknown>;

/** One step of a preview or an update: `create`, `update`, `delete`, `replace`, `same`, … and the resource. */
export interface Step {
  op: string;
  urn: string;
}

export interface StateResource {
  urn: string;
  type: string;
  protect?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export interface EnvironmentOptions {
  /** Default: the project's stack file of that name. */
  file?: string;
  /** The day in Azure. Default: today. */
  today?: Date;
  /**
   * Whether the engine writes the whole state after each step, as it does for users: more than half of its time at some hundred
   * resources. Default: at the end of an operation, also of one that failed; not of one that was killed.
   */
  checkpoints?: boolean;
}

export class Environment {
  readonly folder: string;
  readonly stack: string;
  /** All that the engine ever wrote, for tests that look for secrets. */
  transcript = "";
  readonly #engine: Engine;
  readonly #cluster: EngineOptions["cluster"];
  readonly #planes: Promise<Plane>[];
  #plane: Plane;

  private constructor(stack: string, folder: string, plane: Plane, cluster: EngineOptions["cluster"], engine: Engine) {
    this.stack = stack;
    this.folder = folder;
    this.#planes = [Promise.resolve(plane)];
    this.#plane = plane;
    this.#cluster = cluster;
    this.#engine = engine;
  }

  /** Opens an environment with a stack file; nothing is up yet. */
  static async open(stack: string, { file = join(root, `Pulumi.${stack}.yaml`), today, checkpoints = false }: EnvironmentOptions = {}): Promise<Environment> {
    const toolchain = await provideToolchain({ progress: silentProgress });
    const folder = mkdtempSync(join(tmpdir(), "mooring-engine-"));
    const plane = await startPlane(join(folder, "control-plane"));
    const { server, caPem, token } = plane;
    const cluster = { server, caPem, credential: { token } };
    const engine = await openEngine({ folder: join(folder, "platform"), pulumi: toolchain.pulumi, cluster, crdFolder: toolchain.crdFolder, today, env: checkpoints ? {} : { PULUMI_SKIP_CHECKPOINTS: "true" } });
    const environment = new Environment(stack, folder, plane, cluster, engine);
    // `stack init` writes the salt of the encryption into the stack file in the folder it runs in.
    for (const source of [join(root, "Pulumi.yaml"), file]) writeFileSync(join(folder, basename(source)), readFileSync(source));
    await environment.must(["stack", "init", stack], folder);
    return environment;
  }

  /** Removes everything, whatever is up. */
  async close(): Promise<void> {
    await this.#engine.close();
    // One that did not start has removed itself.
    await Promise.allSettled(this.#planes.map(async (plane) => (await plane).stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The API server, as its administrator. */
  get kubernetes(): KubernetesClient {
    return this.#plane.client;
  }

  /** The control plane that Azure hands out the address of. */
  get plane(): Plane {
    return this.#plane;
  }

  /** Starts another, empty control plane. Nothing leads there yet. */
  startPlane(): Promise<Plane> {
    const plane = startPlane(join(this.folder, `control-plane-${this.#planes.length + 1}`), this.#plane.token);
    this.#planes.push(plane);
    return plane;
  }

  /** From now on Azure hands out this control plane's address for every cluster. */
  leadTo(plane: Plane): void {
    this.#plane = plane;
    Object.assign(this.#cluster, { server: plane.server, caPem: plane.caPem });
  }

  get stackFile(): string {
    return join(this.folder, `Pulumi.${this.stack}.yaml`);
  }

  get stateFolder(): string {
    return this.#engine.stateFolder;
  }

  /** The environment in which a command that calls `pulumi` works here. */
  get env(): NodeJS.ProcessEnv {
    return this.#engine.env;
  }

  /** Where the stand-ins keep what exists. */
  get platformFolder(): string {
    return join(this.folder, "platform");
  }

  /** Where the stand-in for GitHub keeps its repositories. */
  get repositories(): string {
    return join(this.platformFolder, "github");
  }

  /** Changes the configuration in the stack file: `mooring:` keys without their prefix. */
  configure(change: (config: Config) => void): void {
    const file = parse(readFileSync(this.stackFile, "utf8")) as { config: Config };
    const settings = Object.fromEntries(Object.entries(file.config).map(([key, value]) => [key.replace(/^mooring:/, ""), value]));
    change(settings);
    file.config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key.includes(":") ? key : `mooring:${key}`, value]));
    writeFileSync(this.stackFile, stackYaml(file));
  }

  /** Changes one tenant; `undefined` removes it. */
  configureTenant(name: string, tenant: object | undefined): void {
    this.configure((config) => {
      const { [name]: _, ...others } = config.tenants as Record<string, object>;
      config.tenants = tenant === undefined ? others : { ...others, [name]: tenant };
    });
  }

  /** Sets an encrypted `secret:<name>` in the stack file. */
  async setSecret(name: string, value: string): Promise<void> {
    await this.must(["config", "set", "--secret", `secret:${name}`, "--stack", this.stack, "--config-file", this.stackFile, value]);
  }

  /** Runs the CLI; the exit code is the caller's to look at. */
  async run(args: string[], { cwd = root, ...options }: Partial<RunOptions> = {}): Promise<RunResult> {
    const result = await this.#engine.run([...args, "--non-interactive", "--color", "never"], { cwd, ...options });
    this.transcript += result.stdout + result.stderr;
    return result;
  }

  /** Runs an operation on the stack with its file. */
  operate(operation: "up" | "preview" | "destroy" | "refresh", args: string[] = [], options: Partial<RunOptions> = {}): Promise<RunResult> {
    return this.run([operation, "--stack", this.stack, "--config-file", this.stackFile, ...args], options);
  }

  async up(args: string[] = []): Promise<string> {
    return succeeded("up", await this.operate("up", ["--yes", "--skip-preview", ...args]));
  }

  async destroy(args: string[] = []): Promise<string> {
    return succeeded("destroy", await this.operate("destroy", ["--yes", "--skip-preview", ...args]));
  }

  /** Lifts all protection, as the documentation says to do before a destroy. */
  async unprotect(): Promise<void> {
    await this.must(["state", "unprotect", "--all", "--yes", "--stack", this.stack]);
  }

  /** What an `up` would do: every step that changes something. */
  async preview(): Promise<Step[]> {
    const output = succeeded("preview", await this.operate("preview", ["--json"]));
    const { steps } = JSON.parse(output) as { steps?: Step[] };
    return (steps ?? []).filter(({ op }) => op !== "same" && op !== "read");
  }

  /** The state as the backend keeps it, secrets encrypted. */
  async state(): Promise<StateResource[]> {
    const { stdout } = await this.must(["stack", "export", "--stack", this.stack]);
    const { deployment } = JSON.parse(stdout) as { deployment: { resources?: StateResource[] } };
    return deployment.resources ?? [];
  }

  private async must(args: string[], cwd = root): Promise<RunResult> {
    const result = await this.run(args, { cwd });
    succeeded(args[0]!, result);
    return result;
  }
}

/** The engine reads YAML 1.1, where a day without quotes is a moment. */
export const stackYaml = (file: object): string => stringify(file, { version: "1.1" });

function succeeded(what: string, { code, stdout, stderr }: RunResult): string {
  if (code !== 0) throw new Error(`pulumi ${what} ended with ${code}:\n${stdout.slice(-6000)}\n${stderr.slice(-4000)}`);
  return stdout;
}

/** The last part of a URN: the resource's name in the program. */
export const nameOf = (urn: string): string => urn.split("::").at(-1)!;

/** The type without its parents. */
export const typeOf = (urn: string): string => urn.split("::")[2]!.split("$").at(-1)!;
