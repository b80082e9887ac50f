/** Where two trees of inputs differ, and which of the differences mean a new object. */
import type { Value, Values } from "./contract.ts";
import { changedPaths, formatPath } from "./serve/paths.ts";
import { isObject } from "./shape.ts";

/** Paths (`a.b[0].c`) at which `olds` and `news` differ; an added or removed branch is one path. */
export function differences(olds: Values, news: Values): string[] {
  return changedPaths(olds, news).map(formatPath);
}

/** Whether `path` is one of `names` or lies beneath one. Names write a list's items as `[]`, or not at all. */
export function isWithin(path: string, names: readonly string[]): boolean {
  const plain = path.replace(/\[\d+\]/g, "[]");
  return names.some((name) => plain === name || plain.startsWith(`${name}.`) || plain.startsWith(`${name}[`));
}

/** The value at a dotted path (no lists), `undefined` where there is none. */
export function valueAt(values: Values, path: string): Value | undefined {
  return path.split(".").reduce<Value | undefined>((value, name) => (isObject(value) ? value[name] : undefined), values);
}

/** A copy of `values` with `value` set at a dotted path; objects on the way are made where missing. */
export function withValueAt(values: Values, path: string, value: Value): Values {
  const [name = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...values, [name]: value };
  const inner = values[name];
  return { ...values, [name]: withValueAt(isObject(inner) ? inner : {}, rest.join("."), value) };
}
