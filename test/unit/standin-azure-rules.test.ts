/** The rows of the stand-in for Azure against the arguments of the real package's classes. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { rules } from "../../local/standins/azure/rules.ts";
import { idArguments } from "../../local/standins/azure/ids.ts";
import type { Shape } from "../../local/standins/shape.ts";

/** Extracted from the package's declarations: two spaces a level, `name?: type`, enums as `enum Name{a|b}`. */
const folder = new URL("../../../shared/data/azure-inputs/", import.meta.url);
const skip = existsSync(folder) ? false : "the extracted arguments of azure-native are not on this machine";

interface Argument {
  required: boolean;
  enum?: string[];
  /** Whether the extract lists what the argument holds; it stops at some depth. */
  open: boolean;
}

function extracted(token: string): Map<string, Argument> {
  const [, module = "", name = ""] = token.split(":");
  const lines = readFileSync(new URL(`${module}_${name[0]?.toLowerCase() ?? ""}${name.slice(1)}.txt`, folder), "utf8").split("\n");
  const found = new Map<string, Argument>();
  const path: string[] = [];
  for (const line of lines) {
    const match = /^( +)(\w+)(\??): (.*)$/.exec(line);
    if (!match) continue;
    const depth = (match[1]?.length ?? 0) / 2 - 1;
    path.splice(depth, path.length, match[2] ?? "");
    const type = match[4] ?? "";
    const values = /enum [\w[\]]+\{(.*)\}/.exec(type)?.[1];
    found.set(path.join("."), { required: match[3] !== "?", enum: values?.split("|").sort(), open: /\w+Args/.test(type) });
  }
  for (const [key, argument] of found) argument.open &&= ![...found.keys()].some((other) => other.startsWith(`${key}.`));
  return found;
}

function flattened(shape: Shape, prefix = "", required = false): [string, { required: boolean; enum?: string[] }][] {
  if (typeof shape === "string") return [[prefix, { required }]];
  if (shape.kind === "list" || shape.kind === "map") return flattened(shape.of, prefix, required);
  if (shape.kind !== "object") return [[prefix, { required, enum: shape.kind === "enum" ? [...shape.values].sort() : undefined }]];
  const inner = Object.entries(shape.fields).flatMap(([name, field]) => flattened(field, prefix === "" ? name : `${prefix}.${name}`, shape.required.includes(name)));
  return prefix === "" ? inner : [[prefix, { required }], ...inner];
}

for (const rule of rules) {
  // Catches: a property, enum value or required mark that was mistyped, forgotten, or belongs to another version.
  test(`arguments of ${rule.token} are those of the real class`, { skip }, () => {
    const real = extracted(rule.token);
    const closed = [...real].filter(([, argument]) => argument.open).map(([key]) => `${key}.`);
    const ours = new Map(flattened(rule.arguments).filter(([key]) => !closed.some((beginning) => key.startsWith(beginning))));

    assert.deepEqual([...ours.keys()].sort(), [...real.keys()].sort());
    for (const [key, argument] of ours) {
      const expected = real.get(key);
      // conditionVersion is free text in the class; ARM accepts one value. A location is required where nothing can supply one.
      if (argument.enum !== undefined && expected?.enum !== undefined) assert.deepEqual(argument.enum, expected.enum, key);
      assert.equal(argument.enum === undefined && expected?.enum !== undefined, false, `${key} is an enum in the class`);
      if (expected?.required === true) assert.equal(argument.required, true, `${key} is required`);
    }
  });
}

for (const rule of rules) {
  // Catches: a row that names an argument which does not exist, so that its rule never applies.
  test(`the row of ${rule.token} speaks of its own arguments`, () => {
    const ours = new Set(flattened(rule.arguments).map(([key]) => key));
    const named = [...idArguments(rule), rule.name.argument, ...(rule.createOnly?.paths ?? []), ...(rule.fixed?.paths ?? [])];
    assert.deepEqual(named.filter((path) => !ours.has(path)), []);
    assert.match(rule.name.checked, /^\d{4}-\d\d-\d\d$/);
    assert.notEqual(rule.name.source, "");
  });
}
