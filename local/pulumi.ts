/** `npm run local -- COMMAND`: any command of the Pulumi CLI, on the local platform and its stack. */
import "../cli/preload.mjs"; // says so when Node is too old
import { lockPlatform, openPlatform, readRecord, thisPlace } from "./platform.ts";
import { Problem, runCommand } from "./problem.ts";
import { silentProgress } from "./progress.ts";
import { clearStaleLock, configFile, prepareStack, stackName } from "./stack.ts";
import type { Place } from "./stack.ts";

/** The commands that read a stack's configuration, with their other names. */
const configured = ["up", "update", "preview", "pre", "destroy", "down", "dn", "refresh", "import", "watch", "config"];

if (import.meta.main) await runCommand(() => pulumi(process.argv.slice(2), thisPlace()));

async function pulumi(args: readonly string[], place: Place): Promise<number> {
  const [command] = args;
  if (command === undefined) throw new Problem("usage: npm run local -- COMMAND, for example: npm run local -- preview --diff");
  const record = readRecord(place);
  if (record === undefined) throw new Problem("The local platform is not running; `npm start` brings it up.");
  if (command === "config" && args.some((arg) => ["set", "set-all", "rm", "rm-all", "cp", "refresh"].includes(arg))) {
    throw new Problem(`The settings of the local stack are in Pulumi.${stackName}.yaml: change them there.`);
  }
  const lock = lockPlatform(place);
  try {
    const { engine } = await openPlatform({ place, context: record.context, progress: silentProgress });
    try {
      await prepareStack(engine, place);
      await clearStaleLock(engine, place, (line) => process.stderr.write(`${line}\n`));
      const { code } = await engine.run(completeArguments(args, place.folder), { cwd: place.root, stdio: "inherit", env: { PULUMI_STACK: stackName } });
      return code;
    } finally {
      await engine.close();
    }
  } finally {
    lock.release();
  }
}

/** Adds the platform's own configuration file where the command reads one and none is named. */
export function completeArguments(args: readonly string[], folder: string): string[] {
  const [command = ""] = args;
  const named = args.some((arg) => arg === "--config-file" || arg.startsWith("--config-file="));
  if (named || !configured.includes(command)) return [...args];
  return [command, "--config-file", configFile(folder), ...args.slice(1)];
}
