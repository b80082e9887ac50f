/** What the engine plans for a stack file with changed settings. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { nameOf, stackYaml, typeOf } from "./environment.ts";
import type { Environment } from "./environment.ts";

export interface Plan {
  /** The engine's exit code. */
  code: number | null;
  /**
   * What would change, sorted: `create Replication mooring-registry-norwayeast`; of an update one line for each place
   * in the inputs, `update ManagedCluster mooring-cluster: sku.tier`; of a replacement one for each place that asks for it.
   */
  steps: string[];
  /** What the engine refused since it is protected: `replace ManagedCluster mooring-cluster`. */
  refused: string[];
  /** The diagnostics, for a test that fails. */
  output: string;
}

/**
 * Settings by their path in the stack file, `cluster.pools.apps.max`, and what they become; `undefined` removes one. In a
 * list an item is known by its number or its `name`.
 */
export type Settings = Record<string, unknown>;

/** The settings of an environment's stack file. */
export function settingsOf(environment: Environment): Settings {
  const { config } = parse(readFileSync(environment.stackFile, "utf8")) as { config: Settings };
  return Object.fromEntries(Object.entries(config).flatMap(([key, value]) => (key.startsWith("mooring:") ? [[key.slice("mooring:".length), value]] : [])));
}

/** Writes the environment's stack file with some settings changed beside it, and says where. */
export function variantOf(environment: Environment, changes: Settings): string {
  const file = parse(readFileSync(environment.stackFile, "utf8")) as { config: Settings };
  const others = Object.entries(file.config).filter(([key]) => !key.startsWith("mooring:"));
  const settings = Object.entries(changed(settingsOf(environment), changes)).map(([key, value]) => [`mooring:${key}`, value] as const);
  const folder = join(environment.folder, "variants", String(next++));
  mkdirSync(folder, { recursive: true });
  const variant = join(folder, `Pulumi.${environment.stack}.yaml`);
  writeFileSync(variant, stackYaml({ ...file, config: Object.fromEntries([...settings, ...others]) }));
  return variant;
}

let next = 0;

/** Previews the environment with some settings changed; its stack file stays as it is, so several may run at a time. */
export async function planOf(environment: Environment, changes: Settings): Promise<Plan> {
  const { code, stdout, stderr } = await environment.run(["preview", "--json", "--stack", environment.stack, "--config-file", variantOf(environment, changes)]);
  const { steps = [], diagnostics = [] } = parsed(stdout);
  const printed = diagnostics.map(({ message }) => message).join("");
  return { code, steps: steps.flatMap(lines).sort(), refused: refusals(printed), output: printed + stderr + (steps.length + diagnostics.length === 0 ? stdout : "") };
}

/** A copy of `settings` with some of them changed. */
export function changed(settings: Settings, changes: Settings): Settings {
  const copy = structuredClone(settings);
  for (const [path, value] of Object.entries(changes)) {
    const parts = path.split(".");
    const last = parts.pop()!;
    const parent = parts.reduce((within, part) => item(within, part) ?? ((within[part] = {}) as Settings), copy);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return copy;
}

function item(within: Settings, part: string): Settings | undefined {
  const named = Array.isArray(within) ? (within as Settings[]).find(({ name }) => name === part) : undefined;
  return named ?? (within[part] as Settings | undefined);
}

interface JsonStep {
  op: string;
  urn: string;
  detailedDiff?: Record<string, { kind: string }> | null;
  diffReasons?: string[] | null;
  replaceReasons?: string[] | null;
}

function parsed(stdout: string): { steps?: JsonStep[]; diagnostics?: { message: string }[] } {
  try {
    return JSON.parse(stdout) as { steps?: JsonStep[] };
  } catch {
    return {};
  }
}

/** The two forms of the engine's message about protection. */
function refusals(printed: string): string[] {
  const of = (what: string, message: RegExp) => [...printed.matchAll(message)].map(([, urn]) => `${what} ${resource(urn!)}`);
  return [...of("replace", /unable to replace resource "([^"]+)"[^"]*as it is currently marked for protection/g), ...of("delete", /resource "([^"]+)" cannot be deleted\s+because it is protected/g)];
}

const resource = (urn: string): string => `${typeOf(urn).split(":").at(-1)} ${nameOf(urn)}`;

function lines({ op, urn, detailedDiff, diffReasons, replaceReasons }: JsonStep): string[] {
  if (op === "same" || op === "read") return [];
  const step = `${op} ${resource(urn)}`;
  if (op !== "update" && op !== "replace") return [step];
  const places = Object.entries(detailedDiff ?? {}).flatMap(([place, { kind }]) => (op === "update" || kind.endsWith("-replace") ? [place] : []));
  const reasons = (op === "update" ? diffReasons : replaceReasons) ?? [];
  const all = places.length > 0 ? places : reasons;
  return all.length > 0 ? all.map((place) => `${step}: ${place}`) : [step];
}
