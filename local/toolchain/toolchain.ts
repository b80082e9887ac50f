/** Everything the local platform runs, from the cache, a download or a build. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../problem.ts";
import type { Progress } from "../progress.ts";
import { cacheFolder, provide, Unavailable } from "./cache.ts";
import type { Tool } from "./cache.ts";
import { etcdTool } from "./etcd.ts";
import { fluxCrdTool } from "./flux-crds.ts";
import { kubernetesTool } from "./kubernetes.ts";
import { thisMachine } from "./machine.ts";
import { pulumiHome, pulumiTool } from "./pulumi.ts";

/** The programs of the control plane, absolute paths. */
export interface ControlPlanePrograms {
  etcd: string;
  apiServer: string;
  controllerManager: string;
}

/** The Pulumi CLI. */
export interface PulumiCli {
  /** The folder for `PULUMI_HOME`. */
  home: string;
  /** The folder of the CLI and, in an official download, of its language hosts. */
  bin: string;
  /** Whether the Node language host lies beside the CLI; a CLI built from its module has none. */
  hasLanguageHost: boolean;
}

export interface Toolchain {
  pulumi: PulumiCli;
  controlPlane: ControlPlanePrograms;
  /** The Flux CRDs, one YAML file each. */
  crdFolder: string;
}

export interface ToolchainOptions {
  progress: Progress;
  signal?: AbortSignal;
  /** Default: {@link cacheFolder}. */
  cache?: string;
}

/** The Pulumi CLI alone: all that is needed with a cluster of one's own. */
export async function providePulumi(options: ToolchainOptions): Promise<PulumiCli> {
  thisMachine();
  const [folder] = await provideAll([pulumiTool(options.cache ?? cacheFolder())], options);
  return pulumiIn(options.cache ?? cacheFolder(), folder);
}

/** The whole local platform: the CLI, the control plane and the folder with the Flux CRDs, one YAML file each. */
export async function provideToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const cache = options.cache ?? cacheFolder();
  const machine = thisMachine();
  const [pulumi, etcd, kubernetes, crdFolder] = await provideAll(
    [pulumiTool(cache), etcdTool(cache, machine), kubernetesTool(cache, machine), fluxCrdTool(cache)], options);
  return {
    pulumi: pulumiIn(cache, pulumi),
    controlPlane: {
      etcd: join(etcd, "etcd"),
      apiServer: join(kubernetes, "kube-apiserver"),
      controllerManager: join(kubernetes, "kube-controller-manager"),
    },
    crdFolder,
  };
}

function pulumiIn(cache: string, folder: string): PulumiCli {
  const bin = join(folder, "bin");
  return { home: pulumiHome(cache), bin, hasLanguageHost: existsSync(join(bin, "pulumi-language-nodejs")) };
}

/** Provides the tools side by side. Every one is tried to the end, so that one message names all that is missing. */
async function provideAll<const T extends readonly Tool[]>(tools: T, { progress, signal }: ToolchainOptions): Promise<{ [K in keyof T]: string }> {
  const results = await Promise.allSettled(tools.map((tool) => provide(tool, { progress, signal })));
  signal?.throwIfAborted();
  const failures = results.flatMap((result): unknown[] => result.status === "rejected" ? [result.reason] : []);
  const unexpected = failures.find((failure) => !(failure instanceof Unavailable));
  if (unexpected !== undefined) throw unexpected;
  if (failures.length > 0) throw new Problem(explain(failures.filter((failure) => failure instanceof Unavailable)));
  return results.map((result) => result.status === "fulfilled" ? result.value : "") as { [K in keyof T]: string };
}

/** One message for all tools that no source could serve. */
export function explain(failures: readonly Unavailable[]): string {
  const tools = failures.map(({ title, attempts }) => [
    `  ${title}`, ...attempts.map(({ source, reason }) => `    from ${source}: ${reason}`),
  ].join("\n"));
  const goMissing = failures.some(({ attempts }) => attempts.some(({ missing }) => missing));
  const remedy = goMissing
    ? "Let this machine reach those servers, or install Go 1.26 or newer (https://go.dev/dl) to build them here; then run again."
    : "Mend that and run again: what is there already is kept.";
  return ["These tools can be neither downloaded nor built:", ...tools, remedy].join("\n");
}
