/**
 * Inputs after a refresh. Azure tells no inputs, so the provider takes what changed between the outputs of the state and
 * those of now, as far as an input can say it, and changes the state's inputs in the same places.
 * Source: Read in pulumi/pulumi-azure-native provider/pkg/provider/provider.go 006a62af and diff.go 03707ff7.
 */
import { isDeepStrictEqual } from "node:util";
import type { Value, Values } from "../contract.ts";
import type { Shape } from "../shape.ts";
import { isObject, withoutNulls } from "../shape.ts";
import { idArguments } from "./ids.ts";
import type { ResourceRule } from "./rule.ts";

export function refreshedInputs(rule: ResourceRule, inputs: Values, before: Values, now: Values): Values {
  const unset = (rule.subResources ?? []).filter((name) => inputs[name] === undefined);
  const known = Object.fromEntries(Object.entries(withoutNulls(now)).filter(([name]) => !unset.includes(name)));
  return applied(inputs, projected(rule, withoutNulls(before)), projected(rule, known));
}

/** Outputs as inputs: what an input cannot say is left out. */
function projected(rule: ResourceRule, outputs: Values): Values {
  const path = idArguments(rule);
  const fields = Object.fromEntries(Object.entries(rule.arguments.fields).filter(([name]) => !path.includes(name)));
  return projection({ kind: "object", fields, required: [] }, outputs) as Values;
}

function projection(shape: Shape, value: Value): Value {
  if (typeof shape === "string") return value;
  if (shape.kind === "object" && isObject(value)) {
    return Object.fromEntries(Object.entries(value).flatMap(([name, item]) => {
      const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
      return field === undefined ? [] : [[name, projection(field, item)]];
    }));
  }
  // Ids that a program lists are the keys of a map in the answer.
  if (shape.kind === "list" && isObject(value)) return Object.keys(value).sort();
  if (shape.kind === "list" && Array.isArray(value)) return value.map((item) => projection(shape.of, item));
  if (shape.kind === "map" && isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, projection(shape.of, item)]));
  return value;
}

/** `values` with the difference between `before` and `now`, and nothing else. */
function applied(values: Values, before: Values, now: Values): Values {
  const result = Object.fromEntries(Object.entries(values).filter(([name]) => !(name in before) || name in now));
  for (const [name, value] of Object.entries(now)) {
    const old = before[name];
    if (old !== undefined && isDeepStrictEqual(old, value)) continue;
    const base = values[name];
    result[name] = old === undefined || base === undefined ? value : appliedValue(base, old, value);
  }
  return result;
}

function appliedValue(base: Value, before: Value, now: Value): Value {
  if (isObject(base) && isObject(before) && isObject(now)) return applied(base, before, now);
  if (Array.isArray(base) && Array.isArray(before) && Array.isArray(now)) {
    return now.map((item, index) => (index >= base.length || index >= before.length ? item : appliedValue(base[index]!, before[index]!, item)));
  }
  return now;
}
