/**
 * Helm, the real one, but for `push`: that goes to registries that are a file. Helm reads Docker's credentials, so whoever az signed in
 * is signed in. Refusals worded as helm 4.2's (pkg/cmd/push.go, pkg/pusher/ocipusher.go, oras-go).
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { callsFile, options, Refusal, standIn } from "./world.ts";
import type { World } from "./world.ts";

const real = process.env.HELM;
if (real === undefined) throw new Error("HELM is not set to the real Helm");

function push(args: string[], world: World): string {
  const { rest } = options(args, {}, (flag) => new Refusal(`Error: unknown flag: ${flag}`));
  const [archive = "", remote = ""] = rest;
  if (rest.length !== 2) throw new Refusal(`Error: "helm push" requires 2 arguments`);
  if (!existsSync(archive)) throw new Refusal(`Error: ${archive}: no such file`);
  const [, host, parent] = /^oci:\/\/([a-z0-9][a-z0-9.-]*)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)$/.exec(remote) ?? [];
  if (host === undefined || parent === undefined) throw new Refusal(`Error: scheme prefix missing from remote (e.g. "oci://"), or no repository: ${remote}`);
  const registry = world.registries[host];
  if (registry === undefined) throw new Refusal(`Error: failed to perform "Exists" on destination: Head "https://${host}/v2/": dial tcp: lookup ${host}: no such host`);
  if (!world.signedIn.includes(host)) throw new Refusal(`Error: failed to perform "Exists" on destination: HEAD "https://${host}/v2/": response status code 401: unauthorized`);
  const shown = spawnSync(real!, ["show", "chart", archive], { encoding: "utf8" });
  if (shown.status !== 0) throw new Refusal(shown.stderr);
  const chart = parse(shown.stdout) as { name: string; version: string; appVersion: string };
  const digest = `sha256:${createHash("sha256").update(readFileSync(archive)).digest("hex")}`;
  const repository = `${parent}/${chart.name}`;
  registry[repository] = { ...registry[repository], [chart.version.replace("+", "_")]: digest };
  appendFileSync(callsFile(process.env.STANDINS!), `${JSON.stringify(["pushed chart", `${host}/${repository}`, chart.version, chart.appVersion])}\n`);
  return `Pushed: ${host}/${repository}:${chart.version}\nDigest: ${digest}`;
}

standIn("helm", ([command, ...args], world) => {
  if (command === "push") return push(args, world);
  const { status, stdout, stderr } = spawnSync(real, [command ?? "help", ...args], { encoding: "utf8" });
  if (status !== 0) throw new Refusal(`${stdout}${stderr}`.trimEnd(), status ?? 1);
  return stdout.trimEnd();
});
