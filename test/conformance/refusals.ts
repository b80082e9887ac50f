/** Requests made wrong, to show that a validator refuses them. */
import type { Fields } from "./arm-body.ts";

/** The places of every object of `value`, itself included: `/properties/subnet`. */
export function objects(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => objects(item, `${path}/${index}`));
  if (!isObject(value)) return [];
  return [path, ...Object.entries(value).flatMap(([key, item]) => objects(item, `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`))];
}

/** The places of every text, number and boolean. */
export function scalars(value: unknown, path = ""): string[] {
  if (value !== null && typeof value === "object") return Object.entries(value).flatMap(([key, item]) => scalars(item, `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`));
  return [path];
}

/** `body` with another value at `path`, a JSON pointer. */
export function changed(body: Fields, path: string, value: unknown): Fields {
  const copy = structuredClone(body);
  const keys = path.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop();
  if (last === undefined) throw new Error("a path begins with /");
  const holder = keys.reduce<Fields>((node, key) => {
    if (!isObject(node[key]) && !Array.isArray(node[key])) throw new Error(`${path} leads nowhere`);
    return node[key] as Fields;
  }, copy);
  holder[last] = value;
  return copy;
}

function isObject(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
