import { spawn } from "node:child_process";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import type { RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { resolveFrom, runtimeOptions, untilEnd } from "./program.ts";

/** Runs a plugin written for Node, above all a policy pack, and hands on what it writes. `signal` interrupts it. */
export async function runPlugin(
  request: RunPluginRequest, write: (response: RunPluginResponse) => void, environment: NodeJS.ProcessEnv, signal: AbortSignal,
): Promise<void> {
  const info = request.getInfo();
  if (info === undefined) throw new Error("the engine names no plugin");
  const folder = info.getProgramDirectory();
  const { nodeArguments, typescript } = runtimeOptions(info);
  // A policy pack runs in its own folder and gets that as the last argument; any other plugin gets it as the first.
  const isPolicyPack = request.getKind() === "analyzer";
  const args = request.getArgsList();
  const child = spawn(process.execPath, [
    ...nodeArguments,
    ...(isPolicyPack
      ? [resolveFrom(folder, "@pulumi/pulumi/cmd/run-policy-pack"), ...args, folder]
      : [resolveFrom(folder, "@pulumi/pulumi/cmd/run-plugin"), folder, ...args]),
  ], {
    cwd: isPolicyPack ? folder : request.getPwd(),
    env: {
      ...environment,
      ...Object.fromEntries(request.getEnvList().map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)])),
      ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  child.stdout.on("data", (bytes: Buffer) => write(new messages.RunPluginResponse().setStdout(bytes)));
  child.stderr.on("data", (bytes: Buffer) => write(new messages.RunPluginResponse().setStderr(bytes)));
  const closed = new Promise((resolve) => child.once("close", resolve));
  const code = await untilEnd(child, signal);
  await closed;
  write(new messages.RunPluginResponse().setExitcode(typeof code === "number" ? code : 1));
}
