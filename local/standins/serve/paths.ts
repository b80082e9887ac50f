/**
 * Property paths as the engine writes them: `spec.rules[0].host`, `metadata.annotations["a.b/c"]`.
 * Source: `sdk/go/common/resource/property_path.go` of github.com/pulumi/pulumi.
 */
import type { Value } from "../contract.ts";

export type Path = (string | number)[];

const plainKey = /^[A-Za-z_$][\w$-]*$/;

export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (plainKey.test(step)) text += text === "" ? step : `.${step}`;
    else text += `["${step.replaceAll('"', '\\"')}"]`;
  }
  return text;
}

/** The steps of a path; `*` and `[*]` stand for any member. Throws when brackets or quotes do not close. */
export function parsePath(text: string): Path {
  const step = /\.?(?:\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.["\]]+))/y;
  const path: Path = [];
  while (step.lastIndex < text.length) {
    const start = step.lastIndex;
    const match = step.exec(text);
    if (!match) throw new Error(`"${text}" is not a property path (at character ${start + 1})`);
    const [, quoted, index, key] = match;
    if (quoted !== undefined) path.push(quoted.replaceAll('\\"', '"'));
    else if (index === undefined) path.push(key!);
    else path.push(index === "*" ? "*" : Number(index));
  }
  return path;
}

/** Whether `inner` is `outer` or lies beneath it. */
export function isWithin(inner: Path, outer: Path): boolean {
  return outer.length <= inner.length && outer.every((step, at) => step === "*" || step === inner[at]);
}

/**
 * The paths of the smallest values that differ. A missing member and null are the same; an added or removed
 * array item, object or value is one path; values of different types differ at their own path.
 */
export function changedPaths(before: Value | undefined, after: Value | undefined): Path[] {
  const changes: Path[] = [];
  compare(before ?? null, after ?? null, [], changes);
  return changes;
}

function compare(before: Value, after: Value, path: Path, changes: Path[]): void {
  if (before === after) return;
  if (before !== null && after !== null && typeof before === "object" && typeof after === "object") {
    if (Array.isArray(before) && Array.isArray(after)) {
      const length = Math.max(before.length, after.length);
      for (let index = 0; index < length; index++) {
        if (index < before.length && index < after.length) compare(before[index]!, after[index]!, [...path, index], changes);
        else changes.push([...path, index]);
      }
      return;
    }
    if (!Array.isArray(before) && !Array.isArray(after)) {
      for (const key of Object.keys(before)) compare(before[key] ?? null, after[key] ?? null, [...path, key], changes);
      for (const key of Object.keys(after)) {
        if (!(key in before)) compare(null, after[key] ?? null, [...path, key], changes);
      }
      return;
    }
  }
  changes.push(path);
}

/** The value at a path, `undefined` where there is none. */
export function valueAt(value: Value | undefined, path: Path): Value | undefined {
  let current: Value | undefined = value;
  for (const step of path) {
    if (current === null || typeof current !== "object") return undefined;
    current = Array.isArray(current) ? (typeof step === "number" ? current[step] : undefined) : current[step];
  }
  return current;
}
