/** What the provider does with a resource's arguments before anything is asked of Azure: defaults, names, checks, differences. */
import { createHash, randomBytes } from "node:crypto";
import type { CheckResult, DiffResult, Values } from "../contract.ts";
import { UNKNOWN } from "../contract.ts";
import { differences, isWithin } from "../differences.ts";
import { failuresOf, withoutNulls } from "../shape.ts";
import { idArguments } from "./ids.ts";
import { normalizedLocation } from "./regions.ts";
import type { ResourceRule } from "./rule.ts";

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
  const argument = rule.name.argument;
  if (inputs[argument] === undefined) {
    const kept = olds[argument];
    inputs[argument] = kept ?? generatedName(rule, name, randomSeed);
    if (kept === undefined || olds[CREATE_BEFORE_DELETE] === true) inputs[CREATE_BEFORE_DELETE] = true;
  }
  if (inputs.location === undefined && rule.arguments.fields.location !== undefined) {
    const location = olds.location ?? (inputs.resourceGroupName === UNKNOWN && defaultLocation === undefined ? UNKNOWN : defaultLocation);
    if (location !== undefined) inputs.location = location;
  }
  inputs.azureApiVersion ??= rule.apiVersion;

  const judged = Object.fromEntries(Object.entries(inputs).filter(([key]) => !OWN.includes(key)));
  const failures = failuresOf(rule.arguments, judged);
  const given = inputs[argument];
  if (typeof given === "string" && given !== UNKNOWN && !rule.name.pattern.test(given)) {
    failures.push({ property: argument, reason: `"${given}" is not a legal name: ${rule.name.says}` });
  }
  return { inputs, failures };
}

function generatedName(rule: ResourceRule, name: string, randomSeed: Uint8Array): string {
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(32);
  const hex = createHash("sha256").update(seed).update(name).digest("hex");
  if (rule.name.generated === "random") return `${name}${hex.slice(0, 8)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** Inputs old against new; what is in the id or create-only plans a replacement, also when it is merely unknown. */
export function diffInputs(rule: ResourceRule, olds: Values, news: Values): DiffResult {
  const changes = differences(withoutNulls(olds), withoutNulls(news)).filter((path) => path !== CREATE_BEFORE_DELETE && !(path === "location" && sameLocation(olds, news)));
  const replaces = changes.filter((path) => isWithin(path, [...idArguments(rule), ...(rule.createOnly?.paths ?? [])]));
  return { changes, replaces, deleteBeforeReplace: replaces.length > 0 && olds[CREATE_BEFORE_DELETE] !== true };
}

function sameLocation(olds: Values, news: Values): boolean {
  return typeof olds.location === "string" && typeof news.location === "string" && normalizedLocation(olds.location) === normalizedLocation(news.location);
}

/** Create-only and fixed properties that an update would change all the same: the service refuses it. */
export function refusedChanges(rule: ResourceRule, olds: Values, news: Values): string[] {
  const paths = [...(rule.createOnly?.paths ?? []), ...(rule.fixed?.paths ?? [])];
  return differences(olds, news).filter((path) => isWithin(path, paths) && !(path === "location" && sameLocation(olds, news)));
}
