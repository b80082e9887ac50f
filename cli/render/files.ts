/** From registrations to the files of a rendering: path to content. The same registrations give the same bytes. */
import { stringify } from "yaml";
import { Failure } from "../arguments.ts";
import type { Registration } from "./evaluate.ts";
import { tree } from "./tree.ts";

export type Files = Map<string, string>;

export function renderFiles(registrations: readonly Registration[]): Files {
  const files: Files = new Map();
  const json: Record<"azure.json" | "github.json" | "other.json", Registration[]> = { "azure.json": [], "github.json": [], "other.json": [] };
  for (const registration of [...registrations].sort(byTypeAndName)) {
    const { type, custom, inputs } = registration;
    if (!custom) continue;
    if (isObject(registration)) {
      const path = objectPath(inputs);
      if (files.has(path)) throw new Failure(`two objects would be written to ${path}; they have the same kind, namespace and name`);
      files.set(path, stringify(sorted(inputs), { lineWidth: 0, aliasDuplicateObjects: false }));
    } else {
      json[type.startsWith("azure-native:") ? "azure.json" : type.startsWith("github:") ? "github.json" : "other.json"].push(registration);
    }
    if (type === releaseType) files.set("flux-values.yaml", stringify(sorted(inputs.values), { lineWidth: 0, aliasDuplicateObjects: false }));
  }
  const byUrn = new Map(registrations.map((registration) => [registration.urn, registration]));
  for (const [path, rows] of Object.entries(json)) {
    const entries = rows.map(({ type, name, parent, inputs }) => ({
      type,
      name,
      parent: parent === undefined ? null : (byUrn.get(parent)?.name ?? null),
      inputs: sorted(inputs),
    }));
    files.set(path, `${JSON.stringify(entries, null, 2)}\n`);
  }
  files.set("tree.txt", tree(registrations));
  return files;
}

const releaseType = "kubernetes:helm.sh/v3:Release";

/** Whether it is an object of the Kubernetes API: neither a Helm release nor a provider. */
function isObject({ type }: Registration): boolean {
  return type.startsWith("kubernetes:") && type !== releaseType;
}

function objectPath(inputs: Record<string, unknown>): string {
  const metadata = inputs.metadata as { name: string; namespace?: string };
  // A colon is legal in the names of roles and not in file names everywhere.
  const name = metadata.name.replaceAll(":", "_");
  return `kubernetes/${metadata.namespace ?? "_cluster"}/${String(inputs.kind).toLowerCase()}-${name}.yaml`;
}

function byTypeAndName(a: Registration, b: Registration): number {
  return compare(a.type, b.type) || compare(a.name, b.name);
}

/** By code points: the order does not depend on the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const manifestOrder = ["apiVersion", "kind", "metadata"];

/** Keys in order, a manifest's usual first keys first, so that a diff of two renderings shows only what changed. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const rank = (key: string) => (manifestOrder.includes(key) ? manifestOrder.indexOf(key) : manifestOrder.length);
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || compare(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
