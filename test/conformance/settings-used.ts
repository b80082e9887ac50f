/** Which settings of a schema values make use of. */
import type * as z from "zod";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** One setting. Entries of maps stand as `*`, those of lists as `[]`: `tenants.*.owners[]`. */
export interface Use {
  used: boolean;
  /** Of an enum: each value and whether it is used. */
  values: Map<string, boolean>;
}

/** Every setting that holds a value of its own, by its path, and what `documents` use of it. */
export function settingsUsed(schema: JsonSchema, documents: readonly unknown[]): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const value of [undefined, ...documents]) visit(schema, value, "", uses);
  return uses;
}

function visit(schema: JsonSchema, value: unknown, path: string, uses: Map<string, Use>): void {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])] as JsonSchema[];
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  const entries = isObject ? Object.entries(value) : [];
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    visit(field as JsonSchema, isObject ? (value as Record<string, unknown>)[key] : undefined, path === "" ? key : `${path}.${key}`, uses);
  }
  if (typeof schema.additionalProperties === "object") {
    for (const item of [undefined, ...entries.filter(([key]) => !Object.hasOwn(schema.properties ?? {}, key)).map(([, item]) => item)]) {
      visit(schema.additionalProperties, item, `${path}.*`, uses);
    }
  }
  if (schema.items !== undefined) {
    for (const item of [undefined, ...(Array.isArray(value) ? (value as unknown[]) : [])]) visit(schema.items as JsonSchema, item, `${path}[]`, uses);
  }
  for (const choice of choices) visit(choice, value, path, uses);
  const holdsOthers = schema.properties !== undefined || typeof schema.additionalProperties === "object" || schema.items !== undefined || choices.length > 0;
  if (!holdsOthers) note(schema, value, path, uses);
}

function note(schema: JsonSchema, value: unknown, path: string, uses: Map<string, Use>): void {
  const use = uses.get(path) ?? { used: false, values: new Map<string, boolean>() };
  use.used ||= value === null ? schema.type === "null" : value !== undefined && typeof value !== "object";
  for (const possible of schema.enum ?? []) use.values.set(String(possible), (use.values.get(String(possible)) ?? false) || value === possible);
  uses.set(path, use);
}
