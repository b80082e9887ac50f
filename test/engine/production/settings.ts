/** The settings of the schema, and which of them differ between two stack files. */
import type * as z from "zod";
import { stackFileSchema } from "../../../cli/schema.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

const prefix = "mooring:";

/** Which chart is installed, whose repositories they are and where the settings stand: other tests change it. */
const elsewhere = ["flux.", "github.", "tenantsFolder"];

/** One schema and one program read every list of whom an identity trusts; each part of an entry need change in one of them. */
const oneList = (setting: string): string => setting.replace(/^.*\.(trust\[\]\.)/, "$1");

/** Every setting that changes what is in Azure or what a team has, by its path in the schema: entries of maps stand as `*`, those of lists as `[]`. */
export function knownSettings(): string[] {
  return [...new Set(values(schema, undefined).map(({ setting }) => oneList(setting)))].filter((setting) => !elsewhere.some((other) => setting.startsWith(other)));
}

/** The settings that differ, by their path in the schema. */
export function differences(before: unknown, after: unknown): string[] {
  const at = (document: unknown) => new Map(values(schema, document).filter(({ value }) => value !== undefined).map((entry) => [entry.place, entry]));
  const [olds, news] = [at(before), at(after)];
  const entries = [...olds.values(), ...news.values()].filter(({ place }) => olds.get(place)?.value !== news.get(place)?.value);
  return [...new Set(entries.map(({ setting }) => oneList(setting)))];
}

const schema: JsonSchema = (() => {
  const { properties = {} } = stackFileSchema().properties?.config as JsonSchema;
  return { type: "object", properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key.slice(prefix.length), value])) };
})();

interface Setting {
  /** In the schema, `cluster.pools.*.max`. */
  setting: string;
  /** In the document, `cluster.pools.apps.max`. */
  place: string;
  value: unknown;
}

/** The values of a document at every setting; one that a document does not have is there without a value. */
function values(schemaOrNothing: JsonSchema, value: unknown, setting = "", place = ""): Setting[] {
  // What may also be `null` has two forms.
  const within = (schemaOrNothing.anyOf?.find((form) => (form as JsonSchema).type === "object") as JsonSchema | undefined) ?? schemaOrNothing;
  const dot = setting === "" ? "" : ".";
  const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const named = Object.entries(within.properties ?? {}).flatMap(([key, inner]) => values(inner as JsonSchema, fields[key], `${setting}${dot}${key}`, `${place}${dot}${key}`));
  if (named.length > 0) return named;
  const isMap = typeof within.additionalProperties === "object";
  const inner = (isMap ? within.additionalProperties : within.items) as JsonSchema | undefined;
  if (inner === undefined) return [{ setting, place, value }];
  const entries = Object.entries(fields);
  return (entries.length > 0 ? entries : [["", undefined] as const]).flatMap(([key, item]) =>
    values(inner, item, isMap ? `${setting}.*` : `${setting}[]`, isMap ? `${place}.${key}` : `${place}[${key}]`),
  );
}
