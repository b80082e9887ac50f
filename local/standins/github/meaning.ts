/** What arguments mean to the provider, apart from how they are written. */
import type { Value, Values } from "../contract.ts";
import { differences } from "../differences.ts";
import { isObject } from "../shape.ts";
import type { Row } from "./row.ts";

/**
 * The arguments with defaults filled in, without what counts as not given, and with lists in one order where order means nothing.
 * In Terraform's SDK v2 an argument without a default that is false, 0, "" or an empty list does not differ from an absent one.
 */
export function meaning(row: Row, inputs: Values): Values {
  return clean({ ...row.defaults, ...inputs }, "", row.unordered ?? []) as Values;
}

function clean(value: Value, path: string, unordered: readonly string[]): Value {
  if (Array.isArray(value)) {
    const items = value.map((item) => clean(item, `${path}[]`, unordered));
    return unordered.includes(path) ? items.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other))) : items;
  }
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, inner]): [string, Value] => [name, clean(inner, path === "" ? name : `${path}.${name}`, unordered)]);
  return Object.fromEntries(fields.filter(([, inner]) => !isZero(inner)).sort(([one], [other]) => one.localeCompare(other)));
}

function isZero(value: Value): boolean {
  return value === null || value === false || value === 0 || value === "" || (Array.isArray(value) && value.length === 0);
}

/**
 * What a program would have to say to mean what was read. Of a resource that it has said already, what it left to
 * defaults and to GitHub stays unsaid unless it is no longer the default. An import knows nothing of what GitHub does not tell.
 */
export function readInputs(row: Row, said: Values, found: Values): Values {
  const isNew = Object.keys(said).length === 0;
  const isTold = ([name, value]: [string, Value]): boolean => {
    if (row.untold?.includes(name) || (!isNew && row.asSaid?.includes(name))) return false;
    if (name in said) return true;
    return differences({ value }, { value: row.defaults?.[name] ?? null }).length > 0 && (isNew || !row.computed.includes(name));
  };
  return { ...said, ...Object.fromEntries(Object.entries(found).filter(isTold)) };
}
