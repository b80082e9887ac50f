/** The resources of a rendering, as far as another rendering has them differently: most files are the same and are never parsed. */
import { parse } from "yaml";
import type { Part } from "../comment/table.ts";
import { Failure } from "../arguments.ts";
import type { Values } from "../../local/standins/contract.ts";
import { partsOf } from "./parts.ts";
import type { Rendering } from "./rendered.ts";

export interface Resource {
  /** The type in the program; of a Kubernetes object its API version and kind, `apps/v1:Deployment`. */
  type: string;
  name: string;
  part: Part;
  inputs: Values;
}

/** An entry of a rendering's JSON files (cli/render/files.ts). */
interface Entry {
  type: string;
  name: string;
  parent: string | null;
  inputs: Values;
}

/** Made from what is in the other files. */
const derived = /^(tree\.txt|flux-values\.yaml|tenants\.(md|html))$/;
const object = /^kubernetes\/.*\.yaml$/;

/** By what makes it the same one in both: file and name in the program, or kind, namespace and name of an object. */
export function resourcesOf(rendering: Rendering, other: Rendering): Map<string, Resource> {
  const partOf = partsOf(rendering);
  const resources = new Map<string, Resource>();
  for (const [path, text] of rendering) {
    if (text === other.get(path)) continue;
    if (object.test(path)) {
      const inputs = read(path, () => parse(text) as Values);
      const { apiVersion, kind, metadata } = inputs as { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } };
      resources.set(path, { type: `${apiVersion}:${kind}`, name: metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`, part: partOf.object(path, kind), inputs });
    }
    for (const { type, name, parent, inputs } of entriesOf(path, text)) {
      const key = `${path} ${type} ${name}`;
      resources.set(resources.has(key) ? `${key} in ${parent}` : key, { type, name, part: partOf.entry(parent, type), inputs });
    }
  }
  return resources;
}

/** The files that are neither resources nor made from them, of either rendering, that differ. */
export function otherFiles(before: Rendering, after: Rendering): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.filter((path) => before.get(path) !== after.get(path) && !derived.test(path) && !object.test(path) && entriesOf(path, after.get(path) ?? before.get(path)!).length === 0 && !/^(azure|github|other)\.json$/.test(path));
}

function entriesOf(path: string, text: string): Entry[] {
  if (!/^[^/]+\.json$/.test(path)) return [];
  const entries = read(path, () => JSON.parse(text) as unknown);
  return Array.isArray(entries) ? entries.filter((entry): entry is Entry => typeof (entry as Partial<Entry> | null)?.type === "string" && typeof (entry as Partial<Entry>).name === "string") : [];
}

function read<T>(path: string, how: () => T): T {
  try {
    return how();
  } catch (error) {
    throw new Failure(`${path} of the rendering cannot be read: ${error instanceof Error ? error.message.split("\n")[0]! : String(error)}`, { cause: error });
  }
}
