/** The configuration that Pulumi.yaml gives to every stack. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Node } from "yaml";
import type { Mistake } from "../components/settings/mistake.ts";
import { EngineYaml, YamlMistake } from "./engine-yaml.ts";

export interface ProjectFile {
  /** The project's name: the namespace of keys that are written without one. */
  name: string;
  /** Full keys to the values of stacks that do not set them. */
  values: Map<string, string>;
  /** Full keys that are declared without a value: every stack must set them. */
  required: string[];
  mistakes: Mistake[];
}

/**
 * Reads `Pulumi.yaml`. Values and defaults are read as the engine applies them; the types that a key may declare are
 * left to the engine. Source: `mergeConfig` of the Pulumi CLI (pkg/workspace/config.go).
 */
export function readProjectFile(root: string): ProjectFile {
  const result: ProjectFile = { name: "mooring", values: new Map(), required: [], mistakes: [] };
  try {
    const yaml = new EngineYaml(readFileSync(join(root, "Pulumi.yaml"), "utf8"));
    const file = yaml.entries();
    result.name = yaml.value(file.get("name") ?? null).text;
    for (const [written, node] of yaml.entriesOf(file.get("config") ?? null) ?? []) readEntry(result, yaml, written, node);
  } catch (error) {
    if (error instanceof YamlMistake) result.mistakes.push({ path: "Pulumi.yaml", message: error.message });
    else if ((error as NodeJS.ErrnoException).code === "ENOENT") result.mistakes.push({ path: "Pulumi.yaml", message: "there is no such file in the project" });
    else throw error;
  }
  return result;
}

function readEntry(result: ProjectFile, yaml: EngineYaml, written: string, node: Node | null): void {
  const key = fullKey(written, result.name);
  if (key === undefined || /[.[\]"]/.test(key)) {
    result.mistakes.push({ path: `Pulumi.yaml: config.${written}`, message: "is not a key that Mooring's commands read; write `<namespace>:<name>`" });
    return;
  }
  const declared = yaml.entriesOf(node);
  // A default comes before a value; a value written directly is one of the two, whichever the namespace asks for.
  const given = declared === undefined ? node : (declared.get("default") ?? declared.get("value"));
  const value = given === undefined || given === null ? undefined : yaml.value(given);
  if (value !== undefined && value.scalar !== null) result.values.set(key, value.text);
  else if (key.startsWith(`${result.name}:`)) result.required.push(key);
}

/** A configuration key with its namespace, the project's when none is written. Absent when it is no key. */
export function fullKey(written: string, project: string): string | undefined {
  const parts = written.split(":");
  if (parts.length === 1) return `${project}:${written}`;
  if (parts.length === 2) return written;
  // An old form that the engine still takes: `<namespace>:config:<name>`.
  return parts.length === 3 && parts[1] === "config" ? `${parts[0]}:${parts[2]}` : undefined;
}
