/** Reading values of unknown form. */
import type { Value, Values } from "../contract.ts";
import { isObject } from "../shape.ts";

/** The texts of a list; empty for anything else. */
export function texts(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The objects of a list; empty for anything else. */
export function objects(value: Value | undefined): Values[] {
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : [];
}

/** Every text at a path whose lists are written `a[].b`. */
export function textsAt(values: Values, path: string): string[] {
  let found: (Value | undefined)[] = [values];
  for (const step of path.split(".")) {
    const name = step.replace(/\[\]$/, "");
    found = found.map((value) => (isObject(value) ? value[name] : undefined)).flatMap((value) => (step.endsWith("[]") ? (Array.isArray(value) ? value : []) : [value]));
  }
  return found.filter((value) => typeof value === "string");
}
