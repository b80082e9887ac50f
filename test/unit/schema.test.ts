import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import * as z from "zod";
import { projectRoot } from "../../cli/arguments.ts";
import { schemaFiles, stackFileSchema, teamFileSchema } from "../../cli/schema.ts";
import { stackNames } from "../../cli/stack-file.ts";
import { stack } from "../../components/settings/schema/stack.ts";

const stackFile = z.fromJSONSchema(stackFileSchema());
const teamFile = z.fromJSONSchema(teamFileSchema());

const yamlAt = (path: string): unknown => parse(readFileSync(join(projectRoot, path), "utf8"));

for (const [path, text] of Object.entries(schemaFiles())) {
  test(`${path} is what \`npm run schema\` makes`, () => {
    assert.equal(readFileSync(join(projectRoot, path), "utf8"), text);
  });
}

test("every setting is in the schema of the stack file, with a description", () => {
  const config = stackFileSchema().properties?.config as z.core.JSONSchema.JSONSchema;
  assert.deepEqual(Object.keys(config.properties ?? {}), Object.keys(stack.shape).map((name) => `mooring:${name}`));
  for (const [key, value] of Object.entries(config.properties ?? {})) {
    assert.ok(typeof value === "object" && value.description, `${key} has no description`);
  }
});

describe("the project's own files are right", () => {
  for (const name of stackNames(projectRoot)) {
    test(`stack ${name}`, () => assert.deepEqual(faults(stackFile, yamlAt(`Pulumi.${name}.yaml`)), []));
  }
  for (const file of readdirSync(join(projectRoot, "tenants/local"))) {
    test(`team file ${file}`, () => assert.deepEqual(faults(teamFile, yamlAt(`tenants/local/${file}`)), []));
  }
});

describe("stack files", () => {
  const staging = yamlAt("Pulumi.staging.yaml") as { config: Record<string, Record<string, unknown>> };

  /** The paths of what is wrong after a change of the staging stack. */
  function after(change: (config: Record<string, Record<string, unknown>>) => void): string[] {
    const file = structuredClone(staging);
    change(file.config);
    return faults(stackFile, file);
  }

  test("the keys of providers, of the engine and encrypted secrets are right", () => {
    assert.deepEqual(after((config) => Object.assign(config, { "azure-native:location": "x", "pulumi:tags": { a: 1 }, "secret:orders-slack": { secure: "v1:AAAB" } })), []);
    assert.deepEqual(faults(stackFile, { ...staging, secretsprovider: "azurekeyvault://x", encryptedkey: "AAAB", encryptionsalt: "v1", environment: ["a"] }), []);
  });

  test("a secret in plain text is wrong", () => {
    assert.deepEqual(after((config) => Object.assign(config, { "secret:x": "plain" })), ["config.secret:x"]);
  });

  test("unknown keys are wrong at every depth", () => {
    assert.deepEqual(after((config) => Object.assign(config, { "mooring:githb": {} })), ["config"]);
    assert.deepEqual(after((config) => Object.assign(config["mooring:cluster"]!, { versoin: 1 })), ["config.mooring:cluster"]);
    assert.deepEqual(faults(stackFile, { ...staging, confg: {} }), [""]);
  });

  test("a missing section is wrong", () => {
    assert.deepEqual(after((config) => delete config["mooring:azure"]), ["config.mooring:azure"]);
  });

  test("an unquoted version is wrong, a quoted one right", () => {
    assert.deepEqual(after((config) => Object.assign(config["mooring:cluster"]!, { kubernetesVersion: 1.35 })), ["config.mooring:cluster.kubernetesVersion"]);
    assert.deepEqual(after((config) => Object.assign(config["mooring:cluster"]!, { kubernetesVersion: "1.35" })), []);
  });

  test("a team of one word is right, a name that is none is wrong", () => {
    assert.deepEqual(after((config) => Object.assign(config["mooring:tenants"]!, { shop: null })), []);
    assert.deepEqual(after((config) => Object.assign(config["mooring:tenants"]!, { Shop: null })), ["config.mooring:tenants.Shop"]);
  });

  test("quantities are numbers or texts with a unit", () => {
    assert.deepEqual(after((config) => Object.assign(config["mooring:tenants"]!, { shop: { quota: { cpu: 3, memory: "5Gi" } } })), []);
    assert.deepEqual(after((config) => Object.assign(config["mooring:tenants"]!, { shop: { quota: { memory: "5Gx" } } })), ["config.mooring:tenants.shop.quota.memory"]);
  });

  test("an identifier may have capital letters, as Azure prints some", () => {
    assert.deepEqual(after((config) => Object.assign(config["mooring:azure"]!, { tenant: "5F0C1D52-6F0B-4A7E-9D7C-0C8F5A1B2D3E" })), []);
  });
});

test("every example in the schemas is right by its own rule", () => {
  let seen = 0;
  const visit = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) return;
    if ("examples" in schema && Array.isArray(schema.examples)) {
      for (const example of schema.examples) {
        seen++;
        assert.deepEqual(faults(z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema), example), [], `${JSON.stringify(example)} in ${JSON.stringify(schema)}`);
      }
    }
    Object.values(schema).forEach(visit);
  };
  visit(stackFileSchema());
  assert.ok(seen > 20);
});

function faults(schema: z.ZodType, value: unknown): string[] {
  return schema.safeParse(value).error?.issues.map((issue) => issue.path.join(".")) ?? [];
}
