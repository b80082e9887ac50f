import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { UNKNOWN, type Value, type Values } from "../../local/standins/contract.ts";
import { fromWire, hasUnknown, toWire } from "../../local/standins/serve/values.ts";
import { changedPaths, formatPath, isWithin, parsePath, valueAt } from "../../local/standins/serve/paths.ts";

const value = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string().filter((key) => key !== "__proto__"), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const values = fc.dictionary(fc.string().filter((key) => key !== "__proto__"), value, { noNullPrototype: true });

test("values survive the wire, bytes included", () => {
  fc.assert(
    fc.property(values, (given) => {
      const bytes = toWire(given).serializeBinary();
      assert.deepEqual(fromWire(struct.Struct.deserializeBinary(bytes)), given);
    }),
  );
});

test("an undefined member is left out instead of failing the call", () => {
  const given = { kept: 1, dropped: undefined, nested: { dropped: undefined } } as unknown as Values;
  assert.deepEqual(fromWire(toWire(given)), { kept: 1, nested: {} });
});

test("every kind of unknown reads as the one unknown, wherever it is", () => {
  const unknownArray = "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2";
  const unknownObject = "dd056dcd-154b-4c76-9bd3-c8f88648b5ff";
  const read = fromWire(struct.Struct.fromJavaScript({ list: unknownArray, in: [{ map: unknownObject }] }));
  assert.deepEqual(read, { list: UNKNOWN, in: [{ map: UNKNOWN }] });
  assert.equal(hasUnknown(read), true);
  assert.equal(hasUnknown({ a: ["b", { c: null }] }), false);
});

test("a secret's envelope is opened", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: { a: "b" } };
  assert.deepEqual(fromWire(struct.Struct.fromJavaScript({ secret })), { secret: { a: "b" } });
});

test("paths are written as the engine reads them, and read back", () => {
  assert.equal(formatPath(["metadata", "annotations", "a.b/c"]), 'metadata.annotations["a.b/c"]');
  assert.equal(formatPath(["spec", "rules", 0, "host"]), "spec.rules[0].host");
  const step = fc.oneof(fc.nat(99), fc.string({ minLength: 1 }).filter((text) => text !== "*" && !text.includes("\\")));
  fc.assert(fc.property(fc.string({ minLength: 1 }).filter((text) => !text.includes("\\")), fc.array(step), (first, rest) => assert.deepEqual(parsePath(formatPath([first, ...rest])), [first, ...rest])));
  assert.throws(() => parsePath("a[0"), /not a property path/);
});

test("a change is named at the smallest value that differs", () => {
  const before = { a: { same: 1, other: 1 }, list: [1, 2, 3], type: "text", gone: { x: 1 } };
  const after = { a: { same: 1, other: 2 }, list: [1, 5], type: { now: "object" }, added: true };
  assert.deepEqual(changedPaths(before, after).map(formatPath), ["a.other", "list[1]", "list[2]", "type", "gone", "added"]);
  assert.deepEqual(changedPaths({ a: null }, {}), [], "null and absent are the same");
  fc.assert(fc.property(values, (given) => assert.deepEqual(changedPaths(given, structuredClone(given)), [])));
});

test("an ignored path covers what lies beneath it, and no more", () => {
  assert.equal(isWithin(parsePath("agentPoolProfiles[0].count"), parsePath("agentPoolProfiles[*].count")), true);
  assert.equal(isWithin(parsePath("spec.a.b"), parsePath("spec.a")), true);
  assert.equal(isWithin(parsePath("spec"), parsePath("spec.a")), false);
  assert.equal(isWithin(parsePath("special"), parsePath("spec")), false);
  assert.equal(valueAt({ a: [{ b: 1 }] }, ["a", 0, "b"]), 1);
  assert.equal(valueAt({ a: "text" }, ["a", "b"]), undefined);
});
