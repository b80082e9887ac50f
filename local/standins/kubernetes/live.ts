/** What the provider keeps of a live object. */
import { UNKNOWN, type Value, type Values } from "../contract.ts";
import { isValues, mapAt, metadataOf, textAt, withMetadata } from "./object.ts";
import { withoutReadOnly } from "./inputs.ts";
import { sameQuantity } from "./quantity.ts";

/** The outputs of a resource: the live object without the bookkeeping of server-side apply, which is half its size. */
export function liveOutputs(live: Values): Values {
  return withMetadata(live, { managedFields: undefined });
}

/** The outputs of a dry run: what the server would store. A status of an object that does not exist means nothing. */
export function dryRunOutputs(answer: Values): Values {
  const outputs = liveOutputs(answer);
  delete outputs.status;
  return outputs;
}

/**
 * The outputs of a preview that the server was not asked about: the inputs, and unknown what only the server sets.
 *
 * @param before outputs of the object where it exists: its identity stays
 */
export function guessedOutputs(inputs: Values, before?: Values): Values {
  const { uid, creationTimestamp } = before ? metadataOf(before) : {};
  const identity = { uid: uid ?? UNKNOWN, creationTimestamp: creationTimestamp ?? UNKNOWN, resourceVersion: UNKNOWN, generation: UNKNOWN };
  return { ...withMetadata(inputs, identity), status: UNKNOWN };
}

/**
 * Inputs after a refresh: the live values of what the program declared, so that drift shows as a difference.
 * Fields that the program left out belong to the server or to other managers and are no drift.
 */
export function refreshedInputs(inputs: Values, live: Values): Values {
  const { stringData } = inputs;
  const refreshed = prune(live, inputs) as Values;
  // `stringData` can only be written; the server keeps it in `data`.
  if (isValues(stringData)) {
    const data = mapAt(live, "data");
    const kept = Object.keys(stringData).filter((key) => key in data);
    refreshed.stringData = Object.fromEntries(kept.map((key) => [key, Buffer.from(textAt(data, key), "base64").toString("utf8")]));
  }
  return refreshed;
}

function prune(live: Value, declared: Value): Value {
  if (isValues(live) && isValues(declared)) {
    const pruned: Values = {};
    for (const [key, value] of Object.entries(declared)) {
      if (key in live) pruned[key] = prune(live[key]!, value);
      // The server does not store what is empty.
      else if (isEmpty(value)) pruned[key] = value;
    }
    return pruned;
  }
  if (Array.isArray(live) && Array.isArray(declared)) {
    return live.map((item, index) => (index < declared.length ? prune(item, declared[index]!) : item));
  }
  return sameQuantity(live, declared) ? declared : live;
}

function isEmpty(value: Value): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(isEmpty);
  return value === null || value === "" || value === 0 || value === false;
}

/** Inputs for an object that is imported: all that a program could declare. */
export function importedInputs(live: Values): Values {
  const inputs = withoutReadOnly(liveOutputs(live));
  delete inputs.status;
  return inputs;
}
