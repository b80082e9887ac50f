/**
 * The stack that the local platform deploys, set up so that no tracked file changes: the engine reads a copy of
 * Pulumi.local.yaml in the platform's folder, completed by the key and the secrets that belong to this machine.
 */
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { readStackSettings } from "../cli/stack-settings.ts";
import { formatMistake } from "../components/settings/mistake.ts";
import { secretKeys } from "../components/settings/read.ts";
import type { Engine } from "./engine.ts";
import { privateFolder, readIfThere, writePrivateFile } from "./private-files.ts";
import { Problem } from "./problem.ts";
import { programOf, startTimeOf } from "./processes.ts";

/** The stack's name. */
export const stackName = "local";

export interface Place {
  /** The project's folder, which holds Pulumi.yaml. */
  root: string;
  /** The platform's folder. */
  folder: string;
}

/** The configuration file that the engine is given. */
export function configFile(folder: string): string {
  return join(folder, `Pulumi.${stackName}.yaml`);
}

/**
 * A folder with a copy of Pulumi.yaml. The commands that write a stack's file write it here: the stack's encryption
 * key and the values of its secrets, encrypted.
 */
function keyFolder(folder: string): string {
  return join(folder, "stack");
}

/** Makes the stack, if it is new, and its configuration file, anew each time. Throws what is wrong with the settings. */
export async function prepareStack(engine: Engine, place: Place): Promise<void> {
  const own = keyFolder(place.folder);
  if (!existsSync(own)) await initialise(engine, place, own);
  const kept = join(own, `Pulumi.${stackName}.yaml`);
  for (const name of namedSecrets(place.root)) {
    if (encryptedValues(readFileSync(kept, "utf8")).has(`secret:${name}`)) continue;
    await succeed(engine, ["config", "set", "--secret", "--stack", stackName, `secret:${name}`], own, `local-${randomBytes(16).toString("hex")}`);
  }
  const tracked = readFileSync(join(place.root, `Pulumi.${stackName}.yaml`), "utf8");
  writePrivateFile(configFile(place.folder), completed(tracked, readFileSync(kept, "utf8")));
}

/** Made beside its place and renamed: an interrupted one is begun again. */
async function initialise(engine: Engine, place: Place, own: string): Promise<void> {
  const partial = `${own}.partial`;
  rmSync(partial, { recursive: true, force: true });
  privateFolder(partial);
  copyFileSync(join(place.root, "Pulumi.yaml"), join(partial, "Pulumi.yaml"));
  const stacks = JSON.parse(await succeed(engine, ["stack", "ls", "--json"], partial)) as { name: string }[];
  // Nothing was ever deployed to it, or its folder would have its name.
  if (stacks.some(({ name }) => name === stackName)) await succeed(engine, ["stack", "rm", stackName, "--yes", "--preserve-config"], partial);
  await succeed(engine, ["stack", "init", stackName, "--no-select"], partial);
  renameSync(partial, own);
}

async function succeed(engine: Engine, args: string[], cwd: string, input?: string): Promise<string> {
  const { code, stdout, stderr, interrupted } = await engine.run(args, { cwd, input });
  if (interrupted) throw new Problem("Interrupted.");
  if (code !== 0) throw new Problem(`pulumi ${args.slice(0, 2).join(" ")} failed: ${(stderr || stdout).trim()}`);
  return stdout;
}

/** The secrets that the stack's settings name. Throws a Problem with all mistakes when the settings are not right. */
export function namedSecrets(root: string): string[] {
  const { settings, mistakes, name } = readStackSettings({ root, stack: stackName });
  if (settings === undefined) throw new Problem([`${name} is not right:`, ...mistakes.map((mistake) => `  ${formatMistake(mistake)}`)].join("\n"));
  return secretKeys(settings).map((key) => key.slice("secret:".length));
}

/** The encrypted values of a stack file that the engine wrote. */
export function encryptedValues(written: string): Map<string, string> {
  const { config } = (parse(written) ?? {}) as { config?: Record<string, unknown> };
  return new Map(Object.entries(config ?? {}).flatMap(([key, value]): [string, string][] =>
    typeof value === "object" && value !== null && "secure" in value && typeof value.secure === "string" ? [[key, value.secure]] : []));
}

/**
 * The tracked stack file with this machine's key and secrets. The text stays as it is: to read and write it again
 * would change values on which YAML readers differ.
 */
export function completed(tracked: string, kept: string): string {
  const salt = /^encryptionsalt:.*$/m.exec(kept)?.[0];
  if (salt === undefined) throw new Error("the engine wrote no encryption key for the stack");
  const secrets = [...encryptedValues(kept)].flatMap(([key, value]) => [`  ${key}:`, `    secure: ${value}`]);
  const text = tracked.replace(/^encryptionsalt:.*\n?/m, "");
  const header = /^config:[^\S\n]*(#.*)?$/m.exec(text);
  if (header === null) return [salt, text.trimEnd(), ...(secrets.length > 0 ? ["config:", ...secrets] : []), ""].join("\n");
  const end = header.index + header[0].length;
  return [`${salt}\n${text.slice(0, end)}`, ...secrets].join("\n") + text.slice(end);
}

/** The process of the run that holds the stack's lock, and whether it is gone. */
export function lockHolder({ folder }: Place): { pid: number; gone: boolean } | undefined {
  const locks = join(folder, "state", ".pulumi", "locks");
  if (!existsSync(locks)) return undefined;
  for (const name of readdirSync(locks, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".json")) continue;
    const { pid, hostname: host } = JSON.parse(readIfThere(join(locks, name)) ?? "{}") as { pid?: number; hostname?: string };
    if (pid === undefined || host !== hostname()) continue;
    return { pid, gone: startTimeOf(pid) === undefined || programOf(pid) !== "pulumi" };
  }
  return undefined;
}

/** What a killed run was at work on: its names, for example `Namespace orders`. */
export function pendingOperations(place: Place): string[] {
  return (readState(place).pending_operations ?? []).map(({ resource }) => {
    const [type = "", name = ""] = resource.urn.split("::").slice(-2);
    return `${type.split(":").at(-1)} ${name}`;
  });
}

/** Whether a run has made anything that is still there. */
export function hasResources(place: Place): boolean {
  const { resources = [], pending_operations = [] } = readState(place);
  return resources.length + pending_operations.length > 0;
}

interface State {
  resources?: unknown[];
  pending_operations?: { resource: { urn: string } }[];
}

/** The stack's state as the file backend keeps it. Empty for a stack that was never deployed. */
function readState({ folder }: Place): State {
  const project = readIfThere(join(keyFolder(folder), "Pulumi.yaml"));
  if (project === undefined) return {};
  const { name } = parse(project) as { name: string };
  const state = readIfThere(join(folder, "state", ".pulumi", "stacks", name, `${stackName}.json`));
  return state === undefined ? {} : (JSON.parse(state) as { checkpoint: { latest?: State } }).checkpoint.latest ?? {};
}

/** Frees the stack from the lock of a run that was killed. Throws when that run is still at work. */
export async function clearStaleLock(engine: Engine, place: Place, say: (line: string) => void): Promise<void> {
  const holder = lockHolder(place);
  if (holder === undefined) return;
  if (!holder.gone) throw new Problem(`Another run of the stack is at work (process ${holder.pid}). Wait for it, or end it with Ctrl-C there.`);
  say(`an earlier run (process ${holder.pid}) was killed and left its lock: removing it with \`pulumi cancel\``);
  await succeed(engine, ["cancel", "--yes", "--stack", stackName], keyFolder(place.folder));
}
