/** What a resource answers: when it exists, and in a preview. */
import { randomUUID } from "node:crypto";
import type { Value, Values } from "../contract.ts";
import { UNKNOWN } from "../contract.ts";
import { valueAt, withValueAt } from "../differences.ts";
import type { Shape } from "../shape.ts";
import { isObject } from "../shape.ts";
import type { Cloud, Resource } from "./cloud.ts";
import { idArguments, nameOf } from "./ids.ts";
import { identityAnswers } from "./managed-identity.ts";
import { normalizedLocation } from "./regions.ts";
import type { Answer, ResourceRule } from "./rule.ts";
import type { Write } from "./service.ts";
import { serviceOf } from "./services.ts";

/** Arguments that Azure answers with: all but those that only say where the resource is. */
function isAnswered(rule: ResourceRule, argument: string): boolean {
  if (rule.echoed?.includes(argument) === true) return true;
  return !idArguments(rule).includes(argument) && rule.silent?.includes(argument) !== true;
}

/** The outputs of a resource that was just created or updated. GUIDs stay what they are for its life. */
export function writtenOutputs(write: Write, alongside: Resource[]): Values {
  const { rule, id, inputs, account, previous } = write;
  let outputs: Values = { name: nameOf(id), type: rule.armType, azureApiVersion: rule.apiVersion };
  for (const [name, value] of Object.entries(inputs)) {
    if (name in rule.arguments.fields && isAnswered(rule, name)) outputs[name] = value;
  }
  if (typeof outputs.location === "string") outputs.location = normalizedLocation(outputs.location);
  for (const [path, answer] of Object.entries(rule.answers ?? {})) {
    const value = answered(answer, valueAt(outputs, path), valueAt(previous?.outputs ?? {}, path), { ...inputs, ...account });
    if (value !== undefined) outputs = withValueAt(outputs, path, value);
  }
  const computed = { ...identityAnswers(write), ...serviceOf(rule.token).computed?.(write, alongside) };
  for (const [path, value] of Object.entries(computed)) outputs = withValueAt(outputs, path, value ?? "");
  return outputs;
}

/** What a GET answers now: as it was written, and what follows from other resources. */
export function liveOutputs(resource: Resource, cloud: Cloud): Values {
  return { ...resource.outputs, ...serviceOf(resource.token).live?.(resource, cloud) };
}

function answered(answer: Answer, given: Value | undefined, before: Value | undefined, values: Values): Value | undefined {
  if ("constant" in answer) return answer.constant;
  if ("standard" in answer) return given ?? before ?? answer.standard;
  if ("guid" in answer) return before ?? randomUUID();
  if ("text" in answer) return answer.text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
  return undefined;
}

/**
 * The outputs of a preview: inputs, and unknown for everything else that Azure answers with, nested properties included.
 * Of an update `name` and `location` stay known, and nothing more, as in the real provider: whatever else a program
 * feeds into a create-only property plans a replacement.
 */
export function previewOutputs(rule: ResourceRule, inputs: Values, olds?: Values): Values {
  let outputs: Values = { type: rule.armType, azureApiVersion: rule.apiVersion, name: UNKNOWN };
  for (const [name, shape] of Object.entries(rule.arguments.fields)) {
    if (isAnswered(rule, name)) outputs[name] = previewed(shape, inputs[name]);
  }
  const identity = rule.arguments.fields.identity === undefined ? [] : ["identity.principalId", "identity.tenantId"];
  for (const path of [...identity, ...Object.keys(rule.answers ?? {})]) {
    if (isReachable(outputs, path) && valueAt(outputs, path) === undefined) outputs = withValueAt(outputs, path, UNKNOWN);
  }
  for (const name of ["name", "location"]) {
    const value = olds?.[name];
    if (value !== undefined) outputs[name] = value;
  }
  return outputs;
}

function previewed(shape: Shape, value: Value | undefined): Value {
  if (value === undefined || value === null) return UNKNOWN;
  if (typeof shape === "string") return value;
  if (shape.kind === "object" && isObject(value)) return Object.fromEntries(Object.entries(shape.fields).map(([name, field]) => [name, previewed(field, value[name])]));
  if (shape.kind === "list" && Array.isArray(value)) return value.map((item) => previewed(shape.of, item));
  if (shape.kind === "map" && isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, previewed(shape.of, item)]));
  return value;
}

/** A path whose beginning is unknown is unknown already. */
function isReachable(outputs: Values, path: string): boolean {
  const beginnings = path.split(".").map((_, index, parts) => parts.slice(0, index).join("."));
  return !beginnings.some((beginning) => beginning !== "" && valueAt(outputs, beginning) === UNKNOWN);
}
