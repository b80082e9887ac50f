/** From a zod error to the lines a person reads. */
import type * as z from "zod";
import { nearest } from "./mistake.ts";
import type { Mistake } from "./mistake.ts";

/**
 * One mistake an issue; an unknown key each its own. `prefix` joins a place and the path within it; `written` gives what
 * stands unquoted in the file at a path, where that is known.
 */
export function describe(
  error: z.ZodError,
  schema: z.core.$ZodType,
  prefix: (path: string) => string,
  written: (path: readonly PropertyKey[]) => string | undefined = () => undefined,
): Mistake[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ path: prefix(join([...path, key])), message: unknownKey(key, knownKeys(schema, path)) }));
    }
    if (issue.code === "invalid_key") return [{ path: prefix(join(path)), message: issue.issues[0] ? sentence(issue.issues[0], undefined, undefined) : issue.message }];
    return [{ path: prefix(join(path)), message: sentence(issue, at(schema, path), written(issue.path)) }];
  });
}

function sentence(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined, written: string | undefined): string {
  if (issue.code === "invalid_type") {
    const example = exampleOf(schema);
    if (issue.input === undefined) return `is required${example === undefined ? "" : `; write for example ${JSON.stringify(example)}`}`;
    if (issue.expected === "string" && ["number", "boolean"].includes(typeof issue.input)) {
      // The number alone does not tell 1.3 from 1.30.
      const remedy = written === undefined ? `put it in quotes as you wrote it, for example "${String(issue.input)}"` : `put it in quotes: "${written}"`;
      return `${written ?? String(issue.input)} is read as a ${typeof issue.input}, a text is needed; ${remedy}`;
    }
    const found = issue.input === null ? "nothing" : Array.isArray(issue.input) ? "a list" : typeof issue.input === "object" ? "a map" : JSON.stringify(issue.input);
    return `${words[issue.expected] ?? `a ${issue.expected}`} is needed, not ${found}${example === undefined ? "" : `; write for example ${JSON.stringify(example)}`}`;
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const hint = typeof issue.input === "string" ? nearest(issue.input, values) : undefined;
    if (issue.input === undefined) return `is required; write ${values.join(" or ")}`;
    return `${JSON.stringify(issue.input)} is not one of ${values.join(", ")}${hint ? `; did you mean ${hint}?` : ""}`;
  }
  if (issue.code === "too_small" && isDefault(issue)) return bound(issue, issue.inclusive === false ? "more than" : "at least", issue.minimum);
  if (issue.code === "too_big" && isDefault(issue)) return bound(issue, "at most", issue.maximum);
  return issue.message;
}

/** Whether the message is zod's own and not the schema's. */
function isDefault({ message }: z.core.$ZodIssue): boolean {
  return /^Too (small|big):/.test(message);
}

function bound({ origin, input }: { origin: string; input?: unknown }, direction: string, limit: number | bigint): string {
  if (origin === "string") return input === "" ? "must not be empty" : `has ${String(input).length} characters, ${direction} ${limit} are allowed`;
  if (origin === "array" && (input as unknown[]).length === 0) return "must not be empty";
  if (origin === "array" || origin === "set") return `has ${(input as unknown[]).length} entries, ${direction} ${limit} are allowed`;
  return `${String(input)} is not allowed, ${direction} ${limit} is`;
}

const words: Record<string, string> = { string: "a text", number: "a number", int: "a whole number", boolean: "true or false", array: "a list", object: "a map", record: "a map" };

function unknownKey(key: string, known: string[]): string {
  const hint = nearest(key, known);
  return hint ? `there is no such setting; did you mean ${hint}?` : `there is no such setting; there are ${known.join(", ")}`;
}

/** `["tenants", "orders", "notify", 0]` as `tenants.orders.notify[0]`. */
function join(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`), "");
}

function knownKeys(schema: z.core.$ZodType, path: readonly (string | number)[]): string[] {
  const target = at(schema, path)?._zod.def;
  return target && "shape" in target ? Object.keys(target.shape as object) : [];
}

/** The schema of the value at `path`. */
function at(schema: z.core.$ZodType, path: readonly (string | number)[]): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = unwrap(schema);
  for (const part of path) {
    const def = current?._zod.def as Definition | undefined;
    const next: z.core.$ZodType | undefined = def?.shape?.[part] ?? def?.valueType ?? def?.element;
    current = next && unwrap(next);
  }
  return current;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = schema._zod.def as Definition;
  return innerType ? unwrap(innerType) : schema;
}

/** The parts of a zod definition that lead further in: an object's, a record's, an array's, an optional's. */
interface Definition extends z.core.$ZodTypeDef {
  shape?: Record<string, z.core.$ZodType>;
  valueType?: z.core.$ZodType;
  element?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
}

function exampleOf(schema: z.core.$ZodType | undefined): unknown {
  const meta = schema && "meta" in schema ? (schema as z.ZodType).meta() : undefined;
  return (meta?.examples as unknown[] | undefined)?.[0];
}
