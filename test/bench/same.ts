/** Makes sure that two programs which are compared declare the same resources. */
import { isDeepStrictEqual } from "node:util";
import type { StateEntry } from "./engine.ts";
import type { Registered } from "./monitor.ts";

/** Throws unless both register the same resources, components aside: names, inputs and dependencies. */
export function requireSame(ours: readonly Registered[], flat: readonly Registered[]): void {
  compare(ours.filter(({ custom }) => custom).map(asText), flat.filter(({ custom }) => custom).map(asText));
}

/** Throws unless both states hold the same resources, components aside: names, inputs and how many dependencies. */
export function requireSameState(ours: readonly StateEntry[], flat: readonly StateEntry[]): void {
  const texts = (entries: readonly StateEntry[]) =>
    entries.filter(({ custom }) => custom).map(({ urn, type, inputs, dependencies = [] }) => [type, urn.split("::").at(-1), sorted(inputs), dependencies.length]);
  compare(texts(ours), texts(flat));
}

function asText({ type, name, inputs, dependencies, protect, ignoreChanges }: Registered): unknown {
  return [type, name, sorted(inputs), dependencies.toSorted(), protect, ignoreChanges];
}

function compare(ours: unknown[], flat: unknown[]): void {
  const [left, right] = [ours, flat].map((entries) => entries.map((entry) => JSON.stringify(entry)).sort());
  if (isDeepStrictEqual(left, right)) return;
  const known = new Set(right);
  const missing = left!.filter((entry) => !known.has(entry));
  throw new Error(`the flat program declares something else (${left!.length} and ${right!.length} resources), for example not ${missing[0]}`);
}

/** The marker of a secret in a state; what follows it is encrypted anew for each state. */
const secretSignature = "4dabf18193072939515e22adb298388d";

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  if (secretSignature in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
