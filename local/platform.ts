/** The local platform as a whole: what `npm start`, `npm run local` and `npm stop` work on. */
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { startControlPlane, stopControlPlane } from "./control-plane/control-plane.ts";
import { openEngine, repositoriesFolder } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { findPrograms } from "./git-server/programs.ts";
import { removeGitServer, startGitServer } from "./git-server/server.ts";
import type { GitServer } from "./git-server/server.ts";
import { writeKubeconfig } from "./kubeconfig.ts";
import { tryLock } from "./lock.ts";
import type { Lock } from "./lock.ts";
import { readContext } from "./own-cluster.ts";
import { choosePlugins } from "./plugins.ts";
import type { PluginChoice } from "./plugins.ts";
import { privateFolder, readIfThere, writePrivateFile } from "./private-files.ts";
import { Problem } from "./problem.ts";
import type { Progress } from "./progress.ts";
import type { Place } from "./stack.ts";
import { providePulumi, provideToolchain } from "./toolchain/toolchain.ts";

/** The place of this checkout's platform. */
export function thisPlace(): Place {
  const root = resolve(import.meta.dirname, "..");
  return { root, folder: join(root, ".mooring") };
}

export interface Platform {
  engine: Engine;
  /** `https://…` */
  server: string;
  /** The user's own context, or `undefined` with the control plane that was started here. */
  context: string | undefined;
  plugins: PluginChoice;
  /** For kubectl: `--kubeconfig FILE`, or `--context NAME` of the user's own. */
  kubectlOptions: string[];
}

export interface OpenOptions {
  place: Place;
  /** A context of the user's own kubeconfig. */
  context?: string;
  progress: Progress;
  signal?: AbortSignal;
}

/** Brings up what is not up, and opens the engine. Close the engine when done. */
export async function openPlatform({ place, context, progress, signal }: OpenOptions): Promise<Platform> {
  privateFolder(place.folder);
  // First what can be wrong at once.
  const own = context === undefined ? undefined : readContext(context);
  // Written before the first process or object is made, and not before: what fails until then leaves nothing to stop.
  const record = (): void => writePrivateFile(recordFile(place), JSON.stringify({ context } satisfies PlatformRecord));
  if (own !== undefined) {
    const pulumi = await providePulumi({ progress, signal });
    const plugins = await choosePlugins({ folder: place.folder, pulumi, ownCluster: true, progress, signal });
    record();
    const engine = await openEngine({ folder: place.folder, pulumi, cluster: own, standIns: plugins.standIns });
    return { engine, server: own.server, context, plugins, kubectlOptions: ["--context", context ?? ""] };
  }
  const { pulumi, controlPlane, crdFolder } = await provideToolchain({ progress, signal });
  const plugins = await choosePlugins({ folder: place.folder, pulumi, ownCluster: false, progress, signal });
  record();
  const start = (): ReturnType<typeof startControlPlane> => startControlPlane({ folder: controlPlaneFolder(place), programs: controlPlane, signal });
  const { server, caPem, token } = await progress.step("Kubernetes API", start);
  const kubeconfig = join(place.folder, "kubeconfig");
  writeKubeconfig(kubeconfig, { name: "mooring-local", server, caPem, user: { name: "mooring-admin", token } });
  const engine = await openEngine({ folder: place.folder, pulumi, crdFolder, cluster: { server, caPem, credential: { token } }, standIns: plugins.standIns });
  return { engine, server, context, plugins, kubectlOptions: ["--kubeconfig", kubeconfig] };
}

/** Serves the repositories over SSH until `npm stop`; or says why not: the platform is of use without it. */
export async function serveRepositories({ folder }: Place, address: string | undefined, signal?: AbortSignal): Promise<{ server: GitServer } | { missing: string }> {
  const found = findPrograms();
  if ("missing" in found) return found;
  try {
    return { server: await startGitServer({ folder: gitServerFolder({ folder }), repositories: repositoriesFolder(folder), programs: found.programs, address, outlives: true, signal }) };
  } catch (error) {
    if (signal?.aborted === true || !(error instanceof Problem)) throw error;
    return { missing: error.message };
  }
}

interface PlatformRecord {
  context?: string;
}

/** How the platform was started, or `undefined` when it was not. */
export function readRecord(place: Place): PlatformRecord | undefined {
  const text = readIfThere(recordFile(place));
  return text === undefined ? undefined : JSON.parse(text) as PlatformRecord;
}

function recordFile({ folder }: Place): string {
  return join(folder, "platform.json");
}

function gitServerFolder({ folder }: Pick<Place, "folder">): string {
  return join(folder, "git-server");
}

function controlPlaneFolder({ folder }: Place): string {
  return join(folder, "control-plane");
}

/** One command at a time changes the platform. Throws when another one is at work. */
export function lockPlatform(place: Place): Lock {
  privateFolder(place.folder);
  const attempt = tryLock(join(place.folder, "start.lock"));
  if ("lock" in attempt) return attempt.lock;
  throw new Problem(`Another npm start, npm stop or npm run local is at work here (process ${attempt.heldBy}). Wait for it, or end it with Ctrl-C there.`);
}

/** Ends the processes of the control plane and of the git server, if any, and removes the platform's folder. Returns whether there was anything. */
export async function removePlatform(place: Place): Promise<boolean> {
  const existed = existsSync(place.folder);
  const served = await removeGitServer(gitServerFolder(place));
  const ended = await stopControlPlane(controlPlaneFolder(place));
  rmSync(place.folder, { recursive: true, force: true, maxRetries: 5 });
  return existed || served || ended.length > 0;
}
