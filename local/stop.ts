/** `npm stop`: ends the local platform and removes what it made. */
import "../cli/preload.mjs"; // says so when Node is too old
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { lockPlatform, openPlatform, readRecord, removePlatform, thisPlace } from "./platform.ts";
import { Problem, runCommand } from "./problem.ts";
import { lineProgress } from "./progress.ts";
import { diagnosticsIn } from "./diagnostics.ts";
import { clearStaleLock, configFile, hasResources, lockHolder, stackName } from "./stack.ts";
import type { Place } from "./stack.ts";

if (import.meta.main) await runCommand(() => stop(process.argv.slice(2), thisPlace()));

async function stop(args: readonly string[], place: Place): Promise<number> {
  if (args.length > 0) throw new Problem(`npm stop takes no arguments, not ${args.join(" ")}.`);
  if (!existsSync(place.folder)) {
    // The folder may have been removed by hand while its processes went on.
    process.stdout.write(await removePlatform(place) ? "Ended what still ran of the local platform.\n" : "The local platform is not running.\n");
    return 0;
  }
  const lock = lockPlatform(place);
  try {
    const holder = lockHolder(place);
    if (holder !== undefined && !holder.gone) throw new Problem(`A run of the stack is at work (process ${holder.pid}). Wait for it, or end it with Ctrl-C there.`);
    const record = readRecord(place);
    if (record?.context !== undefined && hasResources(place)) await cleanOwnCluster(place, record.context);
    await removePlatform(place);
    process.stdout.write("The local platform is stopped; what it made is removed. The tools stay in the cache for the next start.\n");
    return 0;
  } finally {
    lock.release();
  }
}

/** A cluster of the user's own goes on, so what was deployed there is destroyed. */
async function cleanOwnCluster(place: Place, context: string): Promise<void> {
  const progress = lineProgress();
  const { engine } = await openPlatform({ place, context, progress });
  try {
    await clearStaleLock(engine, place, progress.say);
    const logFile = join(place.folder, "destroy.log");
    // As long as the provider stays, everything in the cluster is deleted piece by piece; what is kept besides exists in stand-ins alone.
    const inCluster = ["--exclude", "**::mooring-kubernetes"];
    const destroy = ["destroy", "--yes", "--skip-preview", "--non-interactive", "--color", "never", "--stack", stackName, "--config-file", configFile(place.folder), ...inCluster];
    const { code, stdout, stderr } = await progress.step(`pulumi destroy in the cluster of ${context}`, () => engine.run(destroy, { cwd: place.root, logFile }));
    if (code === 0) return;
    throw new Problem([
      `pulumi destroy failed, so nothing more was removed. All of its output: ${relative(process.cwd(), logFile)}`,
      ...diagnosticsIn(`${stdout}\n${stderr}`), "Mend that and run `npm stop` again.",
    ].join("\n"));
  } finally {
    await engine.close();
  }
}
