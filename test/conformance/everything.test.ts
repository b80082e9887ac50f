/** The stack files of test/everything use every setting that there is, so that no option goes unchecked. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import type * as z from "zod";
import { stackFileSchema } from "../../cli/schema.ts";
import { readStackSettings } from "../../cli/stack-settings.ts";
import { everything, root } from "./files.ts";
import { settingsUsed } from "./settings-used.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

const prefix = "mooring:";
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Values of enums that no file needs to use, and why. */
const exempt: Readonly<Record<string, { values: string[]; reason: string }>> = {
  "cluster.upgrades.window.day": { values: weekdays, reason: "all seven are handed on alike" },
  "cluster.upgrades.nodeWindow.day": { values: weekdays, reason: "all seven are handed on alike" },
  "registry.sku": { values: ["Standard"], reason: "the default outside production: the requests of Pulumi.staging.yaml are checked too" },
};

const uses = settingsUsed(schema(), everything.map(settingsOf));

/** The schema of a stack file's settings, without their prefix. */
function schema(): JsonSchema {
  const { properties = {} } = stackFileSchema().properties?.config as JsonSchema;
  return { type: "object", properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key.slice(prefix.length), value])) };
}

/** What a stack file says, with the teams of its folder. */
function settingsOf(file: string): Record<string, unknown> {
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  const settings = Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]));
  if (typeof settings.tenantsFolder !== "string") return settings;
  const folder = join(root, settings.tenantsFolder);
  const teams = readdirSync(folder).map((team) => [basename(team, ".yaml"), parse(readFileSync(join(folder, team), "utf8"))] as const);
  return { ...settings, tenants: { ...(settings.tenants as object | undefined), ...Object.fromEntries(teams) } };
}

describe("the stack files that use everything", () => {
  for (const file of everything) {
    test(`${basename(file)} has no mistake`, () => {
      const { mistakes, warnings } = readStackSettings({ root, file });
      assert.deepEqual([...mistakes, ...warnings].map(({ path, message }) => `${path}: ${message}`), []);
    });
  }

  test("use every setting", (t) => {
    assert.deepEqual([...uses].filter(([, { used }]) => !used).map(([path]) => path), []);
    t.diagnostic(`${uses.size} settings`);
  });

  test("use every value of an enum", () => {
    const unused = [...uses].flatMap(([path, { values }]) =>
      [...values].filter(([value, used]) => !used && !exempt[path]?.values.includes(value)).map(([value]) => `${path}: ${value}`),
    );
    assert.deepEqual(unused, []);
  });

  test("are excused from no setting that is gone", () => {
    for (const [path, { values }] of Object.entries(exempt)) assert.deepEqual(values.filter((value) => !uses.get(path)?.values.has(value)), [], path);
  });
});

describe("what a file does not use is found", () => {
  const example: JsonSchema = {
    type: "object",
    properties: {
      size: { type: "string", enum: ["small", "large"] },
      teams: { type: "object", additionalProperties: { type: ["object", "null"] as unknown as "object", properties: { owners: { type: "array", items: { type: "string" } }, quiet: { type: "boolean" } } } },
      who: { anyOf: [{ type: "string" }, { type: "object", properties: { id: { type: "number" } } }] },
      when: { anyOf: [{ type: "object", properties: {} }, { type: "null" }] },
    },
  };
  const unused = (...documents: unknown[]) => [...settingsUsed(example, documents)].filter(([, { used }]) => !used).map(([path]) => path);

  test("settings, at every depth", () => {
    assert.deepEqual(unused({}), ["size", "teams.*.owners[]", "teams.*.quiet", "who", "who.id", "when"]);
    assert.deepEqual(unused({ teams: { a: null, b: { owners: [], quiet: false } }, who: { id: 1 }, when: {} }), ["size", "teams.*.owners[]", "who", "when"]);
    assert.deepEqual(unused({ size: "small", who: "x" }, { teams: { b: { owners: ["x"], quiet: true } }, who: { id: 1 }, when: null }), []);
  });

  test("values of enums", () => {
    assert.deepEqual([...settingsUsed(example, [{ size: "small" }]).get("size")!.values], [["small", true], ["large", false]]);
  });
});
