/** The request to Azure Resource Manager that a registered resource becomes. */
import { addressArguments, armTypes, topLevel } from "./arm-types.ts";
import type { ArmType } from "./arm-types.ts";

export interface ArmResource {
  type: string;
  /** Parents first: `aks-acme-prod/apps`. */
  name: string;
  apiVersion: string;
  /** What is sent with PUT. */
  body: Fields;
}

export type Fields = Record<string, unknown>;

/** `token` is `azure-native:<module>:<class>`, `inputs` its resolved arguments. Throws for a type without a row. */
export function toArm(token: string, inputs: Fields, apiVersion: string): ArmResource {
  const row = armTypes[token.replace("azure-native:", "")];
  if (row === undefined) throw new Error(`no row says how ${token} becomes a request; add it to test/conformance/arm-types.ts`);
  const name = row.name.map((argument) => (argument.startsWith('"') ? (JSON.parse(argument) as string) : inputs[argument]));
  const unnamed = name.findIndex((part) => typeof part !== "string" || part === "");
  if (unnamed >= 0) throw new Error(`${token} is registered without ${row.name[unnamed]}`);
  const type = row.type.replace(/\{(\w+)\}/g, (_, argument: string) => String(inputs[argument]));
  return { type, name: name.join("/"), apiVersion, body: body(row, inputs) };
}

function body(row: ArmType, inputs: Fields): Fields {
  const beside: Fields = {};
  const within: Fields = {};
  for (const [argument, value] of Object.entries(inputs)) {
    if ((addressArguments.includes(argument) && !row.within?.includes(argument)) || row.name.includes(argument)) continue;
    const isBeside = (topLevel.includes(argument) || row.beside?.includes(argument)) && !row.within?.includes(argument);
    (isBeside ? beside : within)[row.renamed?.[argument] ?? argument] = argument === "identity" ? identity(value) : shaped(value, argument, row);
  }
  if (row.bare) return { ...beside, ...within };
  // The schemas are those of deployment templates, which must have `properties` even when they are empty.
  return { ...beside, properties: { ...(beside.properties as Fields | undefined), ...within } };
}

/** The class takes a list of identities where Azure has a map. */
function identity(value: unknown): unknown {
  const fields = value as Fields;
  if (!Array.isArray(fields.userAssignedIdentities)) return fields;
  return { ...fields, userAssignedIdentities: Object.fromEntries((fields.userAssignedIdentities as string[]).map((id) => [id, {}])) };
}

/** A value as Azure takes it: renamed fields, and `properties` where the class has none. */
function shaped(value: unknown, path: string, row: ArmType): unknown {
  if (Array.isArray(value)) return value.map((item) => shaped(item, `${path}[]`, row));
  if (value === null || typeof value !== "object") return value;
  const beside = row.nested?.[path];
  const result: Fields = {};
  const within: Fields = {};
  for (const [key, item] of Object.entries(value)) {
    const at = `${path}.${key}`;
    (beside === undefined || beside.includes(key) ? result : within)[row.renamed?.[at] ?? key] = shaped(item, at, row);
  }
  // A mere reference, `{ id }`, has none.
  return Object.keys(within).length === 0 ? result : { ...result, properties: within };
}
