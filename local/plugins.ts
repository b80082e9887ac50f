/** Which provider packages are the real ones and which are stood in for. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readIfThere, writePrivateFile } from "./private-files.ts";
import { Problem, reasonOf } from "./problem.ts";
import type { Progress } from "./progress.ts";
import { runToEnd } from "./pulumi-process.ts";
import { probe } from "./toolchain/download.ts";
import type { PulumiCli } from "./toolchain/toolchain.ts";

export const packages = ["azure-native", "azuread", "github", "kubernetes", "random", "tls"] as const;
export type Package = (typeof packages)[number];

/** There is no real one of these without an account. */
const alwaysStandIns: readonly Package[] = ["azure-native", "azuread", "github"];

export interface PluginChoice {
  /** The packages that are stood in for; the others' plugins are installed. */
  standIns: Package[];
}

export interface PluginOptions {
  /** The platform's folder: the choice is kept there, for a state made by one of the two is not for the other. */
  folder: string;
  pulumi: PulumiCli;
  /** A cluster of the user's own: only the real Kubernetes plugin, with its Helm, works there. */
  ownCluster: boolean;
  progress: Progress;
  signal?: AbortSignal;
  /** Throws when the server of the plugins is out of reach. */
  reach?: (signal?: AbortSignal) => Promise<void>;
}

/**
 * Chooses once for a platform. Azure, Entra and GitHub are always stood in for. So is Kubernetes on the local control plane:
 * the real plugin would wait for the chart's pods and hook jobs, and there are no nodes to run them. random and tls
 * are the real ones where they can be had; `MOORING_STANDINS=all` asks for stand-ins.
 */
export async function choosePlugins(options: PluginOptions): Promise<PluginChoice> {
  const file = join(options.folder, "plugins.json");
  const text = readIfThere(file);
  const kept = text === undefined ? undefined : JSON.parse(text) as PluginChoice;
  const wanted = kept === undefined ? wantedPlugins(options.ownCluster) : packages.filter((name) => !kept.standIns.includes(name) && !alwaysStandIns.includes(name));
  const failures = new Map<Package, string>();
  await Promise.all(wanted.filter((name) => !isInstalled(options.pulumi, name)).map(async (name) => {
    const reason = await install(name, options);
    if (reason !== undefined) failures.set(name, reason);
  }));
  const needed = kept === undefined ? wanted.filter((name) => name === "kubernetes") : wanted;
  for (const [name, reason] of failures) {
    if (!needed.includes(name)) continue;
    const remedy = name === "kubernetes" ? "run `npm start` without --context: that brings its own Kubernetes API" : "begin anew with `npm stop` and `npm start`";
    const who = name === "kubernetes" ? "A cluster of your own" : "What is deployed here";
    throw new Problem(`${who} needs the real ${name} plugin ${versionOf(name)}, which cannot be had: ${reason}\nLet this machine reach get.pulumi.com, or ${remedy}.`);
  }
  const choice: PluginChoice = { standIns: packages.filter((name) => !wanted.includes(name) || failures.has(name)) };
  writePrivateFile(file, JSON.stringify(choice));
  return choice;
}

function wantedPlugins(ownCluster: boolean): Package[] {
  return [...(ownCluster ? ["kubernetes" as const] : []), ...(process.env.MOORING_STANDINS === "all" ? [] : ["random" as const, "tls" as const])];
}

/** The version of the SDK that the program uses, and so of the plugin. */
export function versionOf(name: Package): string {
  const { version } = createRequire(import.meta.url)(`@pulumi/${name}/package.json`) as { version: string };
  return version.replace(/^v/, "");
}

function isInstalled({ home }: PulumiCli, name: Package): boolean {
  const folder = join(home, "plugins", `resource-${name}-v${versionOf(name)}`);
  // The engine marks an installation under way by these files.
  return existsSync(folder) && !existsSync(`${folder}.partial`);
}

/** The CLI itself tries five times, for seconds, when the server is out of reach. */
async function reachPlugins(signal?: AbortSignal): Promise<void> {
  await probe("https://get.pulumi.com/", signal);
}

/** Installs the plugin; returns why that failed. */
async function install(name: Package, { pulumi, progress, signal, reach = reachPlugins }: PluginOptions): Promise<string | undefined> {
  try {
    await reach(signal);
  } catch (error) {
    signal?.throwIfAborted();
    return reasonOf(error);
  }
  const args = ["plugin", "install", "resource", name, versionOf(name)];
  const { code, stderr } = await progress.step(`plugin ${name} ${versionOf(name)}: downloading`, () =>
    runToEnd(join(pulumi.bin, "pulumi"), args, { ...process.env, PULUMI_HOME: pulumi.home, PULUMI_SKIP_UPDATE_CHECK: "true" }, { cwd: pulumi.home }));
  return code === 0 ? undefined : stderr.trim().split("\n").at(-1) ?? "the download failed";
}
