import { chmodSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts into `binFolder` the command that runs policy packs written for Node. The engine asks a language host for that
 * only where it lies beside the CLI; for one that is attached it looks up this command on the PATH, and runs it in the
 * pack's folder with its own address and the folder as arguments (pkg/resource/plugin/analyzer_plugin.go).
 */
export function installPolicyRunner(binFolder: string): void {
  const node = `'${realpathSync(process.execPath).replaceAll("'", "'\\''")}'`;
  const file = join(binFolder, "pulumi-analyzer-policy-nodejs");
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, [
    "#!/bin/sh",
    `run=$(${node} -p 'require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [process.cwd()] })') || exit 1`,
    `exec ${node} "$run" "$@"`, "",
  ].join("\n"));
  chmodSync(temporary, 0o700);
  renameSync(temporary, file);
}
