/** Kubernetes objects as plain values, and the few members that every object has. */
import { UNKNOWN, type Value, type Values } from "../contract.ts";

export function isValues(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member as a map; empty where there is none. */
export function mapAt(values: Values, key: string): Values {
  const value = values[key];
  return isValues(value) ? value : {};
}

/** The member as text; empty where there is none. */
export function textAt(values: Values, key: string): string {
  const value = values[key];
  return typeof value === "string" ? value : "";
}

export function metadataOf(object: Values): Values {
  return mapAt(object, "metadata");
}

export function nameOf(object: Values): string {
  return textAt(metadataOf(object), "name");
}

export function namespaceOf(object: Values): string {
  return textAt(metadataOf(object), "namespace");
}

export function annotationsOf(object: Values): Values {
  return mapAt(metadataOf(object), "annotations");
}

/** `namespace/name`, or `name` for an object without a namespace: the id of a Kubernetes resource in Pulumi. */
export function idOf(object: Values): string {
  return namespaceOf(object) === "" ? nameOf(object) : `${namespaceOf(object)}/${nameOf(object)}`;
}

/** For people: `Secret flux-system/key`. */
export function describe(object: Values): string {
  return `${textAt(object, "kind")} ${idOf(object)}`;
}

/** The object with members of `metadata` replaced; an `undefined` member is removed. Metadata not known as a whole stays so. */
export function withMetadata(object: Values, changes: { [member: string]: Value | undefined }): Values {
  if (object.metadata === UNKNOWN) return object;
  const metadata: Values = {};
  for (const [member, value] of Object.entries({ ...metadataOf(object), ...changes })) {
    if (value !== undefined) metadata[member] = value;
  }
  return { ...object, metadata };
}
