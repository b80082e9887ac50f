/**
 * A compact notation for what a resource accepts, and the check against it. The stand-ins keep their rules
 * as data in this notation; nothing here knows a cloud.
 *
 *     object({ "name!": "string", sku: object({ tier: oneOf("Free", "Standard") }), ...each("number", "min", "max") })
 *
 * A key that ends in `!` is required. Values may hold {@link UNKNOWN} anywhere: what is unknown is not judged.
 */
import type { Value, Values } from "./contract.ts";
import { UNKNOWN } from "./contract.ts";

export type Shape =
  | "string"
  | "number"
  | "boolean"
  | "any"
  | { kind: "text"; pattern: RegExp; says: string }
  | { kind: "range"; from: number; to: number }
  | { kind: "enum"; values: readonly string[] }
  | { kind: "list"; of: Shape }
  | { kind: "map"; of: Shape }
  | ObjectShape;

export interface ObjectShape {
  kind: "object";
  fields: { readonly [name: string]: Shape };
  required: readonly string[];
}

export interface Failure {
  /** Where, `a.b[0].c` style. */
  property: string;
  reason: string;
}

/** Text that matches `pattern`; `says` tells a person what is legal. */
export const text = (pattern: RegExp, says: string): Shape => ({ kind: "text", pattern, says });
/** A number from `from` to `to`, both included. */
export const range = (from: number, to: number): Shape => ({ kind: "range", from, to });
export const oneOf = (...values: string[]): Shape => ({ kind: "enum", values });
export const listOf = (of: Shape): Shape => ({ kind: "list", of });
export const mapOf = (of: Shape): Shape => ({ kind: "map", of });
/** Fields of one and the same shape. */
export const each = (shape: Shape, ...names: string[]): Record<string, Shape> => Object.fromEntries(names.map((name) => [name, shape]));

/** An object with exactly these fields; a name that ends in `!` is required. */
export function object(fields: Record<string, Shape>): ObjectShape {
  const required = Object.keys(fields).filter((name) => name.endsWith("!"));
  return {
    kind: "object",
    fields: Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name.replace(/!$/, ""), shape])),
    required: required.map((name) => name.slice(0, -1)),
  };
}

export function isObject(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy without `null`s (also nested ones): providers do not tell null from absent. */
export function withoutNulls(values: Values): Values {
  const clean = (value: Value): Value => {
    if (Array.isArray(value)) return value.map(clean);
    return isObject(value) ? withoutNulls(value) : value;
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [name, clean(value)]));
}

/** Every way in which `value` breaks `shape`; empty: it is legal as far as it is known. */
export function failuresOf(shape: Shape, value: Value, path = ""): Failure[] {
  if (value === UNKNOWN || shape === "any") return [];
  const fail = (reason: string): Failure[] => [{ property: path, reason }];
  if (typeof shape === "string") return typeof value === shape ? [] : fail(`must be a ${shape}, not ${describe(value)}`);
  switch (shape.kind) {
    case "text":
      return typeof value === "string" && shape.pattern.test(value) ? [] : fail(`${describe(value)} is not legal: ${shape.says}`);
    case "range":
      if (typeof value !== "number") return fail(`must be a number, not ${describe(value)}`);
      return value >= shape.from && value <= shape.to ? [] : fail(`${value} is out of range: ${shape.from} to ${shape.to}`);
    case "enum":
      if (typeof value === "string" && shape.values.includes(value)) return [];
      return fail(`${describe(value)} is not one of ${shape.values.join(", ")}`);
    case "list":
      if (!Array.isArray(value)) return fail(`must be a list, not ${describe(value)}`);
      return value.flatMap((item, index) => failuresOf(shape.of, item, `${path}[${index}]`));
    case "map":
      if (!isObject(value)) return fail(`must be a map, not ${describe(value)}`);
      return Object.entries(value).flatMap(([key, item]) => failuresOf(shape.of, item, join(path, key)));
    case "object":
      return isObject(value) ? objectFailures(shape, value, path) : fail(`must be an object, not ${describe(value)}`);
  }
}

function objectFailures(shape: ObjectShape, values: Values, path: string): Failure[] {
  const missing = shape.required
    .filter((name) => values[name] === undefined || values[name] === null)
    .map((name) => ({ property: join(path, name), reason: `missing required property '${join(path, name)}'` }));
  const wrong = Object.entries(values).flatMap(([name, value]) => {
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (field) return failuresOf(field, value, join(path, name));
    const near = nearest(name, Object.keys(shape.fields));
    return [{ property: join(path, name), reason: `unknown property '${join(path, name)}'${near ? `; did you mean '${near}'?` : ""}` }];
  });
  return [...missing, ...wrong];
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function describe(value: Value): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : JSON.stringify(value);
}

/** The name closest to `name` by edits (case ignored), unless even that one is far off. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const scored = names.map((candidate) => ({ candidate, distance: edits(name.toLowerCase(), candidate.toLowerCase()) }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(2, Math.floor(name.length / 3)) ? best.candidate : undefined;
}

/** Levenshtein distance, one row at a time. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
