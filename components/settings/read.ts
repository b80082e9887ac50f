/** Reads one environment's settings from its configuration. Collects every mistake; registers nothing. */
import * as z from "zod";
import { crosschecks } from "./crosschecks.ts";
import { describe } from "./describe.ts";
import { nearest } from "./mistake.ts";
import type { Mistake } from "./mistake.ts";
import { namedSecrets } from "./named-secrets.ts";
import { resolve } from "./resolve.ts";
import { readTenants } from "./read-tenants.ts";
import { stack } from "./schema/stack.ts";
import type { StackInput } from "./schema/stack.ts";
import type { Settings } from "./settings.ts";

/** A stack's configuration as the engine hands it to the program. */
export interface Configuration {
  /** The stack's name. */
  environment: string;
  /** Full keys (`mooring:tier`) to values: text as it is, maps and lists as JSON. */
  values: Record<string, string>;
  /** Whether a key is stored encrypted. */
  isSecret(key: string): boolean;
  /** The folder that `tenantsFolder` is relative to: the project's. */
  root: string;
  /** What stands unquoted in the file at `path` within a key's value, where the file is known: `1.30` for the number 1.3. */
  written?(key: string, path: readonly PropertyKey[]): string | undefined;
}

export interface Reading {
  /** Complete settings; absent when there is any mistake. */
  settings?: Settings;
  mistakes: Mistake[];
  /** Secrets that settings name and that are not set: `up` refuses, `check` and `render` warn. */
  missingSecrets: Mistake[];
}

/** Linux caps one environment variable, in which the program gets its configuration, at 128 KiB. */
export const configurationLimit = 120 * 1024;

const prefix = "mooring:";

export function readSettings(configuration: Configuration): Reading {
  const mistakes: Mistake[] = [...sizeMistakes(configuration), ...secretMistakes(configuration)];
  const sections = readSections(configuration);
  mistakes.push(...sections.mistakes);
  const tenants = readTenants(configuration, sections.values);
  mistakes.push(...tenants.mistakes);

  const broken = new Set([...sections.broken, ...(tenants.incomplete ? ["every tenant"] : [])]);
  const settings = resolve(configuration.environment, { ...placeholders, ...sections.values } as StackInput, tenants.valid);
  const written = { ...sections.values, tenants: Object.fromEntries(tenants.valid.map(({ name, input }) => [name, input])) } as Partial<StackInput>;
  // What is right in itself is checked together even while something else is wrong, so that one run shows all mistakes.
  for (const check of crosschecks) {
    if (!check.needs.some((section) => broken.has(section))) mistakes.push(...check.find(settings, written));
  }
  return {
    settings: mistakes.length === 0 ? settings : undefined,
    mistakes,
    missingSecrets: missingSecrets(settings, configuration),
  };
}

/** Fill the place of a section that is missing or wrong while the others are checked; never reach a result. */
const placeholders = {
  platform: "xx",
  tier: "nonproduction",
  owner: "",
  azure: { tenant: "", subscription: "", location: "" },
  cluster: { administrators: [] },
  github: { owner: "" },
};

function sizeMistakes({ values }: Configuration): Mistake[] {
  const size = Buffer.byteLength(JSON.stringify(values));
  if (size <= configurationLimit) return [];
  return [
    {
      path: "the stack file",
      message: `its configuration takes ${Math.ceil(size / 1024)} KiB, more than the ${configurationLimit / 1024} KiB that can be passed to the program; move teams into files of their own (mooring:tenantsFolder)`,
    },
  ];
}

function secretMistakes({ values, isSecret }: Configuration): Mistake[] {
  return Object.keys(values).flatMap((key): Mistake[] => {
    if (key.startsWith("secret:") && !isSecret(key)) {
      return [{ path: key, message: `is stored in plain text; set it anew with \`pulumi config set --secret ${key}\`, and treat the old value as known to others` }];
    }
    if (key.startsWith(prefix) && isSecret(key)) {
      return [{ path: key, message: "is stored encrypted, and settings are not secret; keep what is secret under a key of its own, `secret:<name>`" }];
    }
    return [];
  });
}

interface Sections {
  values: Partial<Record<keyof StackInput, unknown>>;
  broken: Set<string>;
  mistakes: Mistake[];
}

/** Each section parsed by itself; `tenants` only as far as being a map. */
function readSections({ values, written }: Configuration): Sections {
  const shape = { ...stack.shape, tenants: z.record(z.string(), z.unknown()).optional() };
  const result: Sections = { values: {}, broken: new Set(), mistakes: [] };
  for (const key of Object.keys(values)) {
    const name = key.slice(prefix.length);
    if (!key.startsWith(prefix) || Object.hasOwn(shape, name)) continue;
    const hint = nearest(name, Object.keys(shape));
    result.mistakes.push({ path: key, message: `there is no such setting; ${hint ? `did you mean ${prefix}${hint}?` : `there are ${Object.keys(shape).join(", ")}`}` });
  }
  for (const [name, schema] of Object.entries(shape)) {
    if (values[prefix + name]?.includes('"__proto__":')) {
      // JavaScript would lose such a key without a word.
      result.mistakes.push({ path: prefix + name, message: "__proto__ cannot be a name here; choose another" });
    }
    const parsed = schema.safeParse(decode(values[prefix + name], schema), { reportInput: true });
    if (parsed.success) {
      if (parsed.data !== undefined) result.values[name as keyof StackInput] = parsed.data;
    } else {
      result.broken.add(name);
      result.mistakes.push(...describe(parsed.error, schema, (path) => place(prefix + name, path), (path) => written?.(prefix + name, path)));
    }
  }
  return result;
}

/** The engine passes a top-level text as it is and everything else as JSON. */
function decode(value: string | undefined, schema: z.ZodType): unknown {
  const isText = [z.ZodString, z.ZodEnum].some((kind) => (schema instanceof z.ZodOptional ? schema.unwrap() : schema) instanceof kind);
  if (value === undefined || isText) return value;
  // A key with nothing after it reaches the program as an empty text.
  if (value === "") return null;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The keys of the secrets that settings name: `secret:orders-slack`. */
export function secretKeys(settings: Settings): string[] {
  return [...new Set(namedSecrets(settings).map(({ name }) => `secret:${name}`))];
}

function missingSecrets(settings: Settings, { values }: Configuration): Mistake[] {
  return namedSecrets(settings)
    .filter(({ name }) => !(`secret:${name}` in values))
    .map(({ name, path }) => ({ path, message: `the secret ${name} is not set; run \`pulumi config set --secret secret:${name}\`` }));
}

function place(section: string, path: string): string {
  return path === "" ? section : path.startsWith("[") ? section + path : `${section}.${path}`;
}
