/** `npm run schema`: makes the JSON Schemas with which editors complete and check stack files and teams' files. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { stack } from "../components/settings/schema/stack.ts";
import { tenant } from "../components/settings/schema/tenant.ts";
import { projectRoot, run } from "./arguments.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

const note = "Made from components/settings/schema by `npm run schema`. Do not edit.";

/** The schema of a whole stack file, `Pulumi.<environment>.yaml`. */
export function stackFileSchema(): JsonSchema {
  const { properties = {}, required = [] } = toJson(stack);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: note,
    title: "Stack file of Mooring",
    type: "object",
    properties: {
      config: {
        description: "The settings of this environment.",
        type: "object",
        properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [`mooring:${name}`, value])),
        patternProperties: {
          "^secret:[^:]+$": {
            description: "A secret, encrypted: `pulumi config set --secret secret:<name>`.",
            type: "object",
            properties: { secure: { type: "string" } },
            required: ["secure"],
            additionalProperties: false,
          },
          // The configuration of providers and of the engine.
          "^(?!mooring:|secret:)[^:]+:.+$": {},
        },
        required: required.map((name) => `mooring:${name}`),
        additionalProperties: false,
      },
      secretsprovider: { description: "What encrypts this stack's secrets. `pulumi` writes it.", type: "string" },
      encryptedkey: { description: "The encrypted key of this stack's secrets. `pulumi` writes it.", type: "string" },
      encryptionsalt: { description: "The salt of this stack's passphrase. `pulumi` writes it.", type: "string" },
      environment: { description: "Environments of Pulumi ESC from which configuration is taken." },
    },
    required: ["config"],
    additionalProperties: false,
  };
}

/** The schema of a team's own file in the tenants folder. */
export function teamFileSchema(): JsonSchema {
  return { $schema: "http://json-schema.org/draft-07/schema#", $comment: note, title: "Team of Mooring", ...toJson(tenant) };
}

/** The files and what they must contain. */
export function schemaFiles(): Record<string, string> {
  const text = (schema: JsonSchema) => `${JSON.stringify(schema, null, 2)}\n`;
  return {
    "components/settings/stack.schema.json": text(stackFileSchema()),
    "components/settings/team.schema.json": text(teamFileSchema()),
  };
}

/** Draft 7, which editors' YAML support knows best. */
function toJson(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, { io: "input", target: "draft-7", override: ({ zodSchema, jsonSchema }) => tidy(zodSchema, jsonSchema) }) as JsonSchema;
  delete json.$schema;
  return json;
}

function tidy(zodSchema: z.core.$ZodType, json: JsonSchema): void {
  // `orders:` with nothing after it is a team with nothing but defaults.
  if (zodSchema === tenant) json.type = ["object", "null"] as unknown as "object";
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  const names = json.propertyNames;
  if (typeof names === "object" && Object.keys(names).join() === "type") delete json.propertyNames;
}

if (import.meta.main) {
  await run({ name: "schema", usage: ["", "--check"], target: "none", options: { check: { type: "boolean" } } }, ({ options }) => {
    const old = Object.entries(schemaFiles()).filter(([path, text]) => current(path) !== text);
    for (const [path, text] of old) {
      if (options.check) process.stdout.write(`${path} is not current; run \`npm run schema\` and commit it\n`);
      else writeFileSync(join(projectRoot, path), text);
    }
    if (!options.check) process.stdout.write(`${old.length === 0 ? "nothing to change" : old.map(([path]) => `wrote ${path}`).join("\n")}\n`);
    return options.check && old.length > 0 ? 1 : 0;
  });
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(projectRoot, path), "utf8");
  } catch {
    return undefined;
  }
}
