/** Runs a Pulumi program against the monitor, the way the Node.js language host runs it for the engine. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Monitor } from "./monitor.ts";

export interface Program {
  /** The project's folder. */
  folder: string;
  entryPoint: string;
  /** Arguments for Node, as in `nodeargs` of Pulumi.yaml. */
  nodeArguments: string[];
  /** `runtime.options.typescript` of Pulumi.yaml. */
  typescript: boolean;
  stack: string;
  /** Full keys (`mooring:tier`) to values. */
  configuration: Record<string, string>;
}

/**
 * Seconds from the start of the program's process to its first registration. Resolves when the program has ended;
 * throws when it failed.
 *
 * `temporary` is the program's folder for temporary files; ts-node keeps its cache there.
 * Source of arguments and environment: `constructArguments` and `execNodejs` in
 * sdk/nodejs/cmd/pulumi-language-nodejs/main.go of github.com/pulumi/pulumi.
 */
export async function runProgram(program: Program, monitor: Monitor, temporary: string): Promise<number> {
  const { folder, entryPoint, nodeArguments, typescript, stack, configuration } = program;
  monitor.reset();
  const values = Object.fromEntries(Object.entries(configuration).map(([key, value]) => [key.replace(":", ":config:"), value]));
  const runner = createRequire(join(folder, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  const args = ["--monitor", monitor.address, "--engine", monitor.address, "--organization", "organization", "--project", "mooring"];
  args.push("--root-directory", folder, "--stack", stack, "--pwd", folder, "--dry-run", "--parallel", "16", entryPoint);
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;

  const started = performance.now();
  const child = spawn(process.execPath, [...nodeArguments, runner, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...environment,
      TMPDIR: temporary,
      TEMP: temporary,
      PULUMI_CONFIG: JSON.stringify(values),
      PULUMI_CONFIG_SECRET_KEYS: "[]",
      PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0 || monitor.first === undefined || monitor.errors.length > 0) {
    throw new Error(`the program in ${folder} failed (exit code ${code}):\n${[...monitor.errors, output].join("\n")}`);
  }
  return (monitor.first - started) / 1000;
}
