/** What the provider makes of a resource's inputs before it compares or sends them. */
import { createHash } from "node:crypto";
import type { Value, Values } from "../contract.ts";
import { annotationsOf, metadataOf, nameOf, textAt, withMetadata } from "./object.ts";

const AUTONAMED = "pulumi.com/autonamed";

/** Set by the server: in inputs they would only make differences. Source: `normalizeInputs` of pulumi-kubernetes. */
const readOnly = ["creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "uid"];

/** Why these inputs cannot be an object at all, or nothing. */
export function objectMistakes(inputs: Values): { property: string; reason: string }[] {
  const mistakes: { property: string; reason: string }[] = [];
  const kind = textAt(inputs, "kind");
  for (const property of ["apiVersion", "kind"]) {
    if (textAt(inputs, property) === "") mistakes.push({ property, reason: `${property} must be set` });
  }
  if (kind.endsWith("List")) mistakes.push({ property: "kind", reason: "a list cannot be created: declare its items as resources" });
  if (metadataOf(inputs).generateName !== undefined && nameOf(inputs) === "") {
    mistakes.push({ property: "metadata.generateName", reason: "generateName cannot be used with server-side apply: set metadata.name or neither" });
  }
  return mistakes;
}

/** The inputs without what only a server sets. */
export function withoutReadOnly(inputs: Values): Values {
  return withMetadata(inputs, Object.fromEntries(readOnly.map((member) => [member, undefined])));
}

export function isAutonamed(inputs: Values): boolean {
  return annotationsOf(inputs)[AUTONAMED] === "true";
}

/**
 * Inputs with a name: the given one (also when it is not known yet), else the generated name of the old inputs, else
 * the resource's name with eight hexadecimal digits from the seed. A generated name is marked by an annotation.
 */
export function named(inputs: Values, resourceName: string, randomSeed: Uint8Array, olds?: Values): Values {
  const given: Value | undefined = metadataOf(inputs).name;
  if (given !== undefined && given !== "") return inputs;
  const name = olds && isAutonamed(olds) ? nameOf(olds) : `${resourceName}-${suffix(resourceName, randomSeed)}`;
  return withMetadata(inputs, { name, annotations: { ...annotationsOf(inputs), [AUTONAMED]: "true" } });
}

/** Eight hexadecimal digits: the same for the same seed and name, so that a preview and its `up` agree. */
export function suffix(resourceName: string, randomSeed: Uint8Array): string {
  return createHash("sha256").update(randomSeed).update(resourceName).digest("hex").slice(0, 8);
}
