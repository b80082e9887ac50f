/** `npm run local -- COMMAND`: any command of the Pulumi CLI, on the local platform and its stack. */
import "../cli/preload.mjs"; // says so when Node is too old
import { thisPlace } from "./platform.ts";
import { Problem, runCommand } from "./problem.ts";
import { configFile, stackName } from "./stack.ts";
import type { Place } from "./stack.ts";
import { withEngine } from "./with-engine.ts";

/** The commands that read a stack's configuration, with their other names. */
const configured = ["up", "update", "preview", "pre", "destroy", "down", "dn", "refresh", "import", "watch", "config"];

if (import.meta.main) await runCommand(() => pulumi(process.argv.slice(2), thisPlace()));

async function pulumi(args: readonly string[], place: Place): Promise<number> {
  const [command] = args;
  if (command === undefined) throw new Problem("usage: npm run local -- COMMAND, for example: npm run local -- preview --diff");
  if (command === "config" && args.some((arg) => ["set", "set-all", "rm", "rm-all", "cp", "refresh"].includes(arg))) {
    throw new Problem(`The settings of the local stack are in Pulumi.${stackName}.yaml: change them there.`);
  }
  if (["destroy", "down", "dn"].includes(command) && !args.some((arg) => /^(--(target|exclude)|-t$)/.test(arg))) {
    throw new Problem("`npm stop` removes everything. `pulumi destroy` would leave what is in the cluster to a cluster's end, and the local API server goes on; "
      + "to delete it piece by piece: npm run local -- destroy --exclude '**::mooring-kubernetes'");
  }
  const { code } = await withEngine(place, (engine) =>
    engine.run(completeArguments(args, place.folder), { cwd: place.root, stdio: "inherit", env: { PULUMI_STACK: stackName } }));
  return code;
}

/** Adds the platform's own configuration file where the command reads one and none is named. */
export function completeArguments(args: readonly string[], folder: string): string[] {
  const [command = ""] = args;
  const named = args.some((arg) => arg === "--config-file" || arg.startsWith("--config-file="));
  if (named || !configured.includes(command)) return [...args];
  return [command, "--config-file", configFile(folder), ...args.slice(1)];
}
