/** What the provider does with a resource's arguments before anything is asked of Azure: defaults, names, checks, differences. */
import { createHash, randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { CheckResult, DiffResult, Value, Values } from "../contract.ts";
import { UNKNOWN } from "../contract.ts";
import { differences, isWithin } from "../differences.ts";
import { changedPaths, formatPath } from "../serve/paths.ts";
import { failuresOf, isObject, withoutNulls } from "../shape.ts";
import { createOnlyPaths } from "./create-only.ts";
import { idArguments } from "./ids.ts";
import { normalizedLocation } from "./regions.ts";
import type { NameRule, ResourceRule } from "./rule.ts";

/** Set by the provider on resources whose name it made: their replacement may be created before the old one is deleted. */
const CREATE_BEFORE_DELETE = "__createBeforeDelete";
const OWN = [CREATE_BEFORE_DELETE, "azureApiVersion"];

export interface Check {
  rule: ResourceRule;
  /** The resource's name in the program. */
  name: string;
  olds?: Values;
  news: Values;
  randomSeed: Uint8Array;
  /** The location a resource gets that names none: the provider's, else its resource group's. */
  defaultLocation?: string;
}

/**
 * Fills in the name, the location and the API version, and checks everything against the type's row. The real provider
 * cannot be given an unknown property (the SDK drops it); here it is a failure, so that no mistake stays hidden.
 */
export function checkInputs({ rule, name, olds = {}, news, randomSeed, defaultLocation }: Check): CheckResult {
  const inputs = withoutNulls(news);
  if (rule.name !== undefined && inputs[rule.name.argument] === undefined) {
    const kept = olds[rule.name.argument];
    inputs[rule.name.argument] = kept ?? generatedName(rule.name, name, randomSeed);
    if (kept === undefined || olds[CREATE_BEFORE_DELETE] === true) inputs[CREATE_BEFORE_DELETE] = true;
  }
  if (inputs.location === undefined && rule.arguments.fields.location !== undefined) {
    const location = olds.location ?? (inputs.resourceGroupName === UNKNOWN && defaultLocation === undefined ? UNKNOWN : defaultLocation);
    if (location !== undefined) inputs.location = location;
  }
  inputs.azureApiVersion ??= rule.apiVersion;

  const judged = Object.fromEntries(Object.entries(inputs).filter(([key]) => !OWN.includes(key)));
  const failures = failuresOf(rule.arguments, judged);
  const given = rule.name && inputs[rule.name.argument];
  if (rule.name !== undefined && typeof given === "string" && given !== UNKNOWN && !rule.name.pattern.test(given)) {
    failures.push({ property: rule.name.argument, reason: `"${given}" is not a legal name: ${rule.name.says}` });
  }
  return { inputs, failures };
}

function generatedName({ generated }: NameRule, name: string, randomSeed: Uint8Array): string {
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(32);
  const hex = createHash("sha256").update(seed).update(name).digest("hex");
  if (generated === "random") return `${name}${hex.slice(0, 8)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** Inputs old against new; what is in the id or create-only plans a replacement, also when it is merely unknown. */
export function diffInputs(rule: ResourceRule, olds: Values, news: Values): DiffResult {
  const changes = differences(withoutNulls(olds), withoutNulls(news)).filter((path) => path !== CREATE_BEFORE_DELETE && !(path === "location" && sameLocation(olds, news)));
  const replaces = changes.filter((path) => isWithin(path, [...idArguments(rule), ...createOnlyPaths(rule.token, "replaces")]));
  return { changes, replaces, deleteBeforeReplace: replaces.length > 0 && olds[CREATE_BEFORE_DELETE] !== true };
}

function sameLocation(olds: Values, news: Values): boolean {
  return typeof olds.location === "string" && typeof news.location === "string" && normalizedLocation(olds.location) === normalizedLocation(news.location);
}

/** Create-only properties that an update would change all the same: the service refuses it. What it chose itself may be spelled out later. */
export function refusedChanges(rule: ResourceRule, previous: { inputs: Values; outputs: Values }, news: Values): string[] {
  const rows = [...createOnlyPaths(rule.token, "replaces"), ...createOnlyPaths(rule.token, "refused")];
  return rows.flatMap((row) => placesOf(row, news)).flatMap((place) => {
    const [before, chosen, after] = [valueOf(previous.inputs, place), valueOf(previous.outputs, place), valueOf(news, place)];
    const isNewItem = place.some((step, index) => typeof step === "object" && valueOf(previous.inputs, place.slice(0, index + 1)) === undefined);
    if (isNewItem || isDeepStrictEqual(chosen, after) || (place[0] === "location" && sameLocation(previous.inputs, news))) return [];
    const path = place.map((step) => (typeof step === "object" ? step.index : step));
    return changedPaths(before, after).map((inner) => formatPath([...path, ...inner]));
  });
}

/** A step into a list: an item is known by its name, or by its place where items have none. */
type Place = (string | { index: number; name?: Value })[];

/** Where a row's path, `a[].b`, leads in these inputs: once for each item of a list. */
function placesOf(row: string, inputs: Values): Place[] {
  let places: Place[] = [[]];
  for (const step of row.split(".")) {
    places = places.map((place) => [...place, step.replace(/\[\]$/, "")]);
    if (!step.endsWith("[]")) continue;
    places = places.flatMap((place) => {
      const items = valueOf(inputs, place);
      return Array.isArray(items) ? items.map((item, index) => [...place, { index, ...(isObject(item) && item.name !== undefined && { name: item.name }) }]) : [];
    });
  }
  return places;
}

function valueOf(values: Values, place: Place): Value | undefined {
  return place.reduce<Value | undefined>((value, step) => {
    if (typeof step === "string") return isObject(value) ? value[step] : undefined;
    if (!Array.isArray(value)) return undefined;
    return step.name === undefined ? value[step.index] : value.find((item) => isObject(item) && item.name === step.name);
  }, values);
}
