/** Reads a stack file as the Pulumi engine does, without the engine. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Node } from "yaml";
import { nearest } from "../components/settings/mistake.ts";
import type { Mistake } from "../components/settings/mistake.ts";
import type { Configuration } from "../components/settings/read.ts";
import { EngineYaml, YamlMistake } from "./engine-yaml.ts";
import { fullKey, readProjectFile } from "./project-file.ts";

export interface StackFileSource {
  /** The project's folder, which holds Pulumi.yaml. */
  root: string;
  /** The stack's name; its file is `Pulumi.<stack>.yaml`. */
  stack?: string;
  /** Instead of a stack's name: a stack file anywhere. The environment's name is made from the file's. */
  file?: string;
}

export interface StackFile {
  environment: string;
  /** The file, for messages. */
  name: string;
  /** Absent when the file cannot be read at all. Values that are encrypted are `[secret]`. */
  configuration?: Configuration;
  /** The keys whose values are encrypted. */
  secrets: string[];
  /** Whether the file says how its secrets are encrypted, as it does after `pulumi stack init`. */
  initialised: boolean;
  mistakes: Mistake[];
  warnings: Mistake[];
}

/** What may stand at the top of a stack file. The engine ignores everything else, a misspelled `config` included. */
const stackFileKeys = ["config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/** Never throws for what a person wrote: every mistake is in the result. */
export function readStackFile({ root, stack, file }: StackFileSource): StackFile {
  const path = file ?? join(root, `Pulumi.${stack}.yaml`);
  const environment = stack ?? environmentOf(path);
  const name = file === undefined ? basename(path) : relative(process.cwd(), path).startsWith("..") ? path : relative(process.cwd(), path);
  const result: StackFile = { environment, name, secrets: [], initialised: false, mistakes: [], warnings: [] };

  const unknown = stack === undefined ? undefined : unknownStack(root, stack);
  if (unknown !== undefined) return { ...result, mistakes: [{ path: `stack ${stack}`, message: unknown }] };
  let source: string;
  try {
    source = readFileSync(path, "utf8");
  } catch (error) {
    return { ...result, mistakes: [{ path: name, message: unreadable(error) }] };
  }
  try {
    return readText(result, root, source);
  } catch (error) {
    if (error instanceof YamlMistake) return { ...result, mistakes: [{ path: name, message: error.message }] };
    throw error;
  }
}

/** `Pulumi.staging.yaml` is the environment `staging`; any other file's name is used without its ending. */
export function environmentOf(path: string): string {
  return /^(?:Pulumi\.)?(.+?)(?:\.ya?ml)?$/.exec(basename(path))?.[1] ?? basename(path);
}

/** The names of the stacks that have a file in the project, in order. */
export function stackNames(root: string): string[] {
  return readdirSync(root)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}

function unknownStack(root: string, stack: string): string | undefined {
  const known = stackNames(root);
  if (known.includes(stack)) return undefined;
  const hint = nearest(environmentOf(stack), known);
  const choice = known.length === 0 ? "; the project has none yet" : hint === undefined ? `; there are ${known.join(", ")}` : `; did you mean ${hint}? There are ${known.join(", ")}`;
  return `there is no file Pulumi.${stack}.yaml${choice}`;
}

function unreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "is a folder, a stack file is needed";
  return `cannot be read (${code ?? String(error)})`;
}

function readText(result: StackFile, root: string, source: string): StackFile {
  const yaml = new EngineYaml(source);
  const file = yaml.entries();
  const mistakes: Mistake[] = [...unknownKeys(result.name, file)];
  const warnings: Mistake[] = [];
  if (file.has("environment")) {
    warnings.push({ path: result.name, message: "what `environment` brings in from Pulumi ESC is not seen here, only by the engine" });
  }

  const project = readProjectFile(root);
  mistakes.push(...project.mistakes);
  const values: Record<string, string> = {};
  const secrets: string[] = [];
  const nodes = new Map<string, Node | null>();
  const config = file.get("config") ?? null;
  const entries = yaml.entriesOf(config) ?? (yaml.value(config).scalar === null ? new Map<string, Node | null>() : undefined);
  if (entries === undefined) mistakes.push({ path: result.name, message: "`config` must be a map of keys and values" });
  for (const [written, node] of entries ?? []) {
    const key = fullKey(written, project.name);
    if (key === undefined) {
      mistakes.push({ path: written, message: "is not a configuration key; write `<namespace>:<name>`" });
      continue;
    }
    const value = yaml.value(node);
    values[key] = value.text;
    nodes.set(key, node);
    if (value.secret) secrets.push(key);
    const text = yaml.written(node, []);
    if (key.startsWith(`${project.name}:`) && value.scalar !== null && text !== undefined && text !== value.text) {
      mistakes.push({ path: key, message: `${text} is read as ${value.text}; put it in quotes: "${text}"` });
    }
  }
  for (const [key, value] of project.values) values[key] ??= value;
  for (const key of project.required) {
    if (!(key in values)) mistakes.push({ path: key, message: "is required by Pulumi.yaml" });
  }

  const configuration: Configuration = {
    environment: result.environment,
    values,
    isSecret: (key) => secrets.includes(key),
    root,
    written: (key, path) => (nodes.has(key) ? yaml.written(nodes.get(key) ?? null, path) : undefined),
  };
  return { ...result, configuration, secrets, initialised: file.has("secretsprovider") || file.has("encryptionsalt"), mistakes, warnings };
}

function unknownKeys(name: string, file: ReadonlyMap<string, unknown>): Mistake[] {
  return [...file.keys()]
    .filter((key) => !stackFileKeys.includes(key))
    .map((key) => {
      const hint = nearest(key, stackFileKeys) ?? (key.includes(":") ? "config" : undefined);
      const remedy = key.includes(":") ? "settings belong under `config:`, indented" : hint ? `did you mean \`${hint}\`?` : `there are ${stackFileKeys.join(", ")}`;
      return { path: name, message: `\`${key}\` is not a part of a stack file; ${remedy}` };
    });
}
