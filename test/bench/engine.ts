/** The real Pulumi engine over providers that make nothing, for projects that are measured. */
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { serveLanguageHost } from "../../local/language-host.ts";
import { lineProgress } from "../../local/progress.ts";
import { serveStandIns } from "../../local/standins/serve.ts";
import { providePulumi } from "../../local/toolchain/toolchain.ts";
import { peakOf, stack } from "./checkout.ts";
import { echoProviders } from "./echo.ts";
import { run } from "./processes.ts";

/** One run of the engine. */
export interface Measured {
  /** The command's whole time. */
  seconds: number;
  /** Highest memory of the program's Node process, bytes. */
  program: number;
  /** Highest memory of the Pulumi CLI, bytes; absent where the system does not tell. */
  cli?: number;
}

export interface Engine {
  /** A new stack for the project in `folder`, its state in files beside it. */
  open(folder: string): Promise<Project>;
  close(): Promise<void>;
}

/** Serves providers and language host for any number of projects. The CLI comes from the cache or is built once. */
export async function openEngine(): Promise<Engine> {
  const { bin, home } = await providePulumi({ progress: lineProgress() });
  const standIns = await serveStandIns(echoProviders());
  const environment: NodeJS.ProcessEnv = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"))),
    PULUMI_HOME: home,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: standIns.address,
  };
  const languageHost = await serveLanguageHost(environment);
  environment.PULUMI_DEBUG_LANGUAGES = languageHost.address;
  return {
    async open(folder) {
      const state = join(folder, "state");
      mkdirSync(state);
      const project = new Project(folder, join(bin, "pulumi"), { ...environment, PULUMI_BACKEND_URL: `file://${state}` });
      await project.initialize();
      return project;
    },
    async close() {
      await Promise.all([standIns.close(), languageHost.close()]);
    },
  };
}

export class Project {
  readonly folder: string;
  private readonly cli: string;
  private readonly environment: NodeJS.ProcessEnv;

  constructor(folder: string, cli: string, environment: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.cli = cli;
    this.environment = environment;
  }

  async initialize(): Promise<void> {
    await run(this.cli, ["stack", "init", stack, "--non-interactive"], { cwd: this.folder, env: this.environment });
  }

  /** Makes what the program declares, without a preview before. `checkpoints`: whether the state is written after each resource. */
  up({ checkpoints }: { checkpoints: boolean }): Promise<Measured> {
    const env = checkpoints ? this.environment : { ...this.environment, PULUMI_SKIP_CHECKPOINTS: "true" };
    return this.command(["up", "--yes", "--skip-preview"], env);
  }

  /** A preview that fails when anything would change. */
  preview(): Promise<Measured> {
    return this.command(["preview", "--expect-no-changes"], this.environment);
  }

  get stateFile(): string {
    return join(this.folder, "state/.pulumi/stacks/mooring", `${stack}.json`);
  }

  get stateBytes(): number {
    return statSync(this.stateFile).size;
  }

  /** The state's entries; each has at least type, URN and, for what is not a component, inputs. */
  resources(): StateEntry[] {
    const { checkpoint } = JSON.parse(readFileSync(this.stateFile, "utf8")) as { checkpoint: { latest: { resources: StateEntry[] } } };
    return checkpoint.latest.resources;
  }

  private async command(args: string[], env: NodeJS.ProcessEnv): Promise<Measured> {
    const options = ["--stack", stack, "--non-interactive", "--suppress-progress", "--suppress-outputs"];
    const { seconds, peak } = await run(this.cli, [...args, ...options], { cwd: this.folder, env });
    return { seconds, program: peakOf(this.folder), cli: peak };
  }
}

export interface StateEntry {
  urn: string;
  type: string;
  custom: boolean;
  inputs?: Record<string, unknown>;
  dependencies?: string[];
}
