/** Reads the teams: each by itself, so that a mistake in one hides none in another. */
import { createRequire } from "node:module";
import type * as z from "zod";
import { settingPath } from "./setting-path.ts";
import { describe } from "./describe.ts";
import type { Mistake } from "./mistake.ts";
import type { Configuration } from "./read.ts";
import type { WrittenTenant } from "./resolve-tenant.ts";
import { tenant as tenantSchema, tenantName } from "./schema/tenant.ts";
import type { readTeamFiles, TeamFile } from "./team-files.ts";

const prefix = "mooring:";

/** Loaded only where a tenants folder is named: the YAML library takes a tenth of the program's start. */
const teamFiles = () => createRequire(import.meta.url)("./team-files.ts") as { readTeamFiles: typeof readTeamFiles };

export interface Tenants {
  /** Those that could be read; of a team with a mistake, what is right of it. */
  valid: WrittenTenant[];
  /** Whether any team is missing from `valid`. */
  incomplete: boolean;
  mistakes: Mistake[];
}

/** The teams of the stack file and of the tenants folder, never both for one team. */
export function readTenants({ root, written }: Configuration, sections: { tenants?: unknown; tenantsFolder?: unknown }): Tenants {
  const result: Tenants = { valid: [], incomplete: false, mistakes: [] };
  const inStack = Object.entries((sections.tenants ?? {}) as Record<string, unknown>);
  for (const [name, value] of inStack) {
    readTenant(result, { name, origin: `${prefix}tenants.${name}`, value, written: (path) => written?.(`${prefix}tenants`, [name, ...path]) });
  }
  if (sections.tenantsFolder === undefined) return result;

  const folder = sections.tenantsFolder as string;
  const files = teamFiles().readTeamFiles(root, folder);
  result.mistakes.push(...files.mistakes);
  result.incomplete ||= files.mistakes.length > 0;
  for (const file of files.teams) {
    if (inStack.some(([name]) => name === file.name)) {
      result.mistakes.push({ path: file.origin, message: `the tenant ${file.name} is also in ${prefix}tenants; keep one of the two` });
    } else {
      readTenant(result, file);
    }
  }
  return result;
}

function readTenant(result: Tenants, { name, origin, value, written }: TeamFile): void {
  const named = tenantName.safeParse(name, { reportInput: true });
  if (!named.success) result.mistakes.push({ path: origin, message: named.error.issues[0]!.message });
  // `orders:` alone is a team with nothing but defaults.
  const parsed = tenantSchema.safeParse(value ?? {}, { reportInput: true });
  if (!parsed.success) {
    result.mistakes.push(...describe(parsed.error, tenantSchema, (path) => (path === "" ? origin : settingPath({ origin }, path)), written));
  }
  // What is right of a wrong team still takes part in the cross-checks; with a mistake there is no result anyway.
  const usable = parsed.success ? parsed : tenantSchema.safeParse(withoutFaults(value, parsed.error));
  if (named.success && usable.success) result.valid.push({ name, origin, input: usable.data });
  else result.incomplete = true;
}

/** The value with every setting that the error names left out. */
function withoutFaults(value: unknown, { issues }: z.ZodError): unknown {
  const rest = structuredClone(value);
  // From the last to the first, so that the places of a list's entries stay what they are.
  for (const issue of issues.toReversed()) {
    const faulty = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of faulty) {
      const parent = path.slice(0, -1).reduce<unknown>((node, part) => (node as Record<PropertyKey, unknown> | undefined)?.[part], rest);
      const key = path.at(-1);
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (typeof parent === "object" && parent !== null && key !== undefined) delete (parent as Record<PropertyKey, unknown>)[key];
    }
  }
  return rest;
}
