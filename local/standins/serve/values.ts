/**
 * Wire values (protocol buffer structs) to plain values and back.
 *
 * On the wire an unknown value is one of seven strings, by the type it will have, and a secret is an envelope.
 * A stand-in sees one string for every unknown ({@link UNKNOWN}) and never an envelope.
 * Source: `sdk/go/common/resource/plugin/rpc.go` and `sdk/go/common/resource/sig` of github.com/pulumi/pulumi.
 */
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { UNKNOWN, type Value, type Values } from "../contract.ts";

const unknowns = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  UNKNOWN, // string, and what the engine writes where the type is not known
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A struct from the wire as plain values; a message without one reads as empty. */
export function fromWire(message: struct.Struct | undefined): Values {
  const values: Values = {};
  message?.getFieldsMap().forEach((field, key) => {
    values[key] = fromWireValue(field);
  });
  return values;
}

function fromWireValue(value: struct.Value): Value {
  switch (value.getKindCase()) {
    case struct.Value.KindCase.STRING_VALUE: {
      const text = value.getStringValue();
      return unknowns.has(text) ? UNKNOWN : text;
    }
    case struct.Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case struct.Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case struct.Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(fromWireValue);
    case struct.Value.KindCase.STRUCT_VALUE: {
      const values = fromWire(value.getStructValue());
      return values[SIGNATURE] === SECRET ? (values.value ?? null) : values;
    }
    case struct.Value.KindCase.NULL_VALUE:
    case struct.Value.KindCase.KIND_NOT_SET:
      return null;
  }
}

/** Plain values as a struct for the wire. An `undefined` member is left out; in an array it becomes null. */
export function toWire(values: Values): struct.Struct {
  const message = new struct.Struct();
  const fields = message.getFieldsMap();
  for (const [key, value] of Object.entries(values) as [string, Value | undefined][]) {
    if (value !== undefined) fields.set(key, toWireValue(value));
  }
  return message;
}

function toWireValue(value: Value | undefined): struct.Value {
  const message = new struct.Value();
  if (value === null || value === undefined) message.setNullValue(struct.NullValue.NULL_VALUE);
  else if (typeof value === "string") message.setStringValue(value);
  else if (typeof value === "number") message.setNumberValue(value);
  else if (typeof value === "boolean") message.setBoolValue(value);
  else if (Array.isArray(value)) {
    const list = new struct.ListValue();
    list.setValuesList(value.map(toWireValue));
    message.setListValue(list);
  } else message.setStructValue(toWire(value));
  return message;
}

/** Whether an unknown value is anywhere in the tree. */
export function hasUnknown(value: Value | undefined): boolean {
  if (typeof value === "string") return value === UNKNOWN;
  if (value === null || typeof value !== "object") return false;
  return (Array.isArray(value) ? value : Object.values(value)).some(hasUnknown);
}
