/** What a strict schema takes and refuses, by a validator. */
import assert from "node:assert/strict";
import { test } from "node:test";
import ajv from "ajv-draft-04";
import { strict } from "./strict.ts";

const expression = { $ref: "https://schema.management.azure.com/schemas/common/definitions.json#/definitions/expression" };

/** Whether each of the values is right. */
function verdicts(schema: unknown, ...values: unknown[]): boolean[] {
  const validate = new ajv.default({ strict: true }).compile(strict(schema) as object);
  return values.map((value) => validate(value));
}

test("an object has only the fields that the schema names, at every depth", () => {
  const inner = { type: "object", properties: { size: { type: "integer" } } };
  const schema = { type: "object", properties: { disk: inner, disks: { type: "array", items: inner }, properties: { type: "string" } } };
  assert.deepEqual(verdicts(schema, { disk: { size: 1 }, disks: [{ size: 2 }], properties: "x" }), [true]);
  assert.deepEqual(verdicts(schema, { colour: 1 }, { disk: { colour: 1 } }, { disks: [{ colour: 1 }] }), [false, false, false]);
});

test("a map has whatever names its writer chose, with values of the right kind", () => {
  const schema = { type: "object", properties: {}, additionalProperties: { type: "object", properties: { size: { type: "integer" } } } };
  assert.deepEqual(verdicts(schema, { mine: { size: 1 } }, { mine: { colour: 1 } }, { mine: "x" }), [true, false, false]);
});

test("an object whose fields the schema leaves open stays open; one that it names as empty is empty", () => {
  assert.deepEqual(verdicts({ type: "object" }, { colour: 1 }), [true]);
  assert.deepEqual(verdicts({ type: "object", properties: {} }, {}, { colour: 1 }), [true, false]);
});

test("a template expression is no value", () => {
  const schema = { description: "how many", oneOf: [{ type: "integer" }, expression] };
  assert.deepEqual(verdicts(schema, 3, "[parameters('count')]", "3"), [true, false, false]);
});

test("alternatives are closed one by one, and know the fields they have in common", () => {
  const kind = (name: string, field: string) => ({ type: "object", properties: { kind: { type: "string", enum: [name] }, [field]: { type: "string" } }, required: ["kind"] });
  const schema = { type: "object", properties: { name: { type: "string" } }, oneOf: [kind("a", "x"), kind("b", "y"), expression] };
  assert.deepEqual(verdicts(schema, { kind: "a", name: "n", x: "1" }, { kind: "b", y: "1" }), [true, true]);
  assert.deepEqual(verdicts(schema, { kind: "a", y: "1" }, { kind: "a", colour: "1" }, { name: 1, kind: "a" }), [false, false, false]);
});
