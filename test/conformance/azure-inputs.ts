/**
 * The arguments of classes whose API version has no published schema, against what was extracted from the package's
 * declarations: two spaces a level, `name?: type`, enums as `enum Name{a|b}`, maps as `{ [key: string]: type`; of classes that
 * were not extracted, against the declarations themselves.
 */
import { existsSync, readFileSync } from "node:fs";
import { argumentsOf, fieldsOf } from "../unit/sdk-arguments.ts";
import type { Property } from "../unit/sdk-arguments.ts";

const folder = new URL("../../../shared/data/azure-inputs/", import.meta.url);

export const noInputs = existsSync(folder) ? false : "the extracted arguments of azure-native are not on this machine";

interface Field {
  required: boolean;
  holds: "value" | "list" | "map";
  /** `string`, `number`, `boolean`, `any`, or `object` with `fields`. */
  type: string;
  values?: string[];
  fields: Map<string, Field>;
}

/** What is wrong with a class's arguments, a line each. */
export function inputMistakes(token: string, inputs: Record<string, unknown>): string[] {
  return fieldMistakes(inputs, extract(token).fields, "");
}

function extract(token: string): Field {
  const [, module = "", name = ""] = token.split(":");
  const file = new URL(`${module}_${name[0]?.toLowerCase()}${name.slice(1)}.txt`, folder);
  if (!existsSync(file)) return declared(token, argumentsOf(token));
  const top: Field = { required: true, holds: "value", type: "object", fields: new Map() };
  const open: Field[] = [top];
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [, indent = "", key, optional, type = ""] = /^( +)(\w+)(\??): (.*)$/.exec(line) ?? [];
    if (key === undefined) continue;
    const values = /enum \w+(?:\[\])?\{(.*)\}/.exec(type)?.[1]?.split("|");
    const field: Field = {
      required: optional !== "?",
      holds: type.includes("[key: string]") ? "map" : /\[\]/.test(type) ? "list" : "value",
      type: values ? "string" : (/\w+Args/.exec(type) ? "object" : (/(string|number|boolean|any)(\[\])?$/.exec(type)?.[1] ?? "unreadable")),
      values,
      fields: new Map(),
    };
    if (field.type === "unreadable") throw new Error(`${token}: ${line.trim()} cannot be read`);
    const depth = indent.length / 2;
    open[depth - 1]!.fields.set(key, field);
    open[depth] = field;
  }
  return top;
}

/** What the package declares of an object. */
function declared(token: string, properties: Map<string, Property>, required = true, holds: Field["holds"] = "value"): Field {
  const fields = new Map([...properties].map(([name, property]): [string, Field] => {
    const { required: isRequired, holds: held, values, scalar, type } = property;
    if (type !== undefined) return [name, declared(token, fieldsOf(token, type), isRequired, held)];
    return [name, { required: isRequired, holds: held, type: scalar, values, fields: new Map() }];
  }));
  return { required, holds, type: "object", fields };
}

function fieldMistakes(value: Record<string, unknown>, fields: Map<string, Field>, path: string): string[] {
  const missing = [...fields].filter(([key, { required }]) => required && value[key] === undefined).map(([key]) => `${path}/${key} is required`);
  return [
    ...missing,
    ...Object.entries(value).flatMap(([key, item]) => {
      const field = fields.get(key);
      return field === undefined ? [`${path}/${key} is not an argument of the class`] : held(item, field, `${path}/${key}`);
    }),
  ];
}

function held(value: unknown, field: Field, path: string): string[] {
  if (field.holds === "value") return valueMistakes(value, field, path);
  if (value === null || typeof value !== "object" || Array.isArray(value) !== (field.holds === "list")) return [`${path} must be a ${field.holds}`];
  return Object.entries(value).flatMap(([key, item]) => valueMistakes(item, field, `${path}/${key}`));
}

function valueMistakes(value: unknown, { type, values, fields }: Field, path: string): string[] {
  if (type === "any") return [];
  if (typeof value !== type || value === null || Array.isArray(value)) return [`${path} must be ${type}`];
  if (values !== undefined && !values.includes(value as string)) return [`${path} must be one of ${values.join(", ")}`];
  return type === "object" ? fieldMistakes(value as Record<string, unknown>, fields, path) : [];
}
