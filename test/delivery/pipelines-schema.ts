/** The official schema of Azure Pipelines, as the editor's extension has it. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import type { Fields, Node } from "./azure-expand.ts";

/** What is wrong with an expanded pipeline, a line each; none for a right one. */
export function schemaMistakes(schemaFile: string, pipeline: Fields): string[] {
  validate ??= compiled(schemaFile);
  return validate(asSchema(pipeline)) ? [] : concise(validate.errors ?? []);
}

/** Takes seconds. */
let validate: ValidateFunction | undefined;

function compiled(schemaFile: string): ValidateFunction {
  // Its patterns have escapes that the flag `u` refuses; `ignoreCase`, `aliases` and others are for editors.
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  ajv.addKeyword({
    keyword: "firstProperty",
    validate: (first: string[], value: unknown) => typeof value !== "object" || value === null || Array.isArray(value) || first.includes(Object.keys(value)[0] ?? ""),
  });
  return ajv.compile(JSON.parse(readFileSync(schemaFile, "utf8")) as object);
}

/** Scalars are text to the schema, except for what is true or false among a task's inputs. */
function asSchema(node: Node, inputs = false): unknown {
  if (Array.isArray(node)) return node.map((item) => asSchema(item));
  if (typeof node === "object" && node !== null) return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, asSchema(value, inputs ? true : key === "inputs")]));
  return inputs && (node === "true" || node === "false") ? node === "true" : node;
}

/** Every task that a step is not is an error too; the deepest ones say most. */
function concise(errors: readonly ErrorObject[]): string[] {
  const told = errors.filter(({ keyword }) => !["anyOf", "firstProperty", "const"].includes(keyword));
  const depth = ({ instancePath }: ErrorObject): number => instancePath.split("/").length;
  const deepest = Math.max(...told.map(depth));
  return [...new Set(told.filter((error) => depth(error) === deepest).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`))];
}
