/**
 * The stand-in for the `random` provider: RandomString, RandomPassword, RandomUuid, RandomId and RandomPet.
 *
 * Values come from the operating system's randomness. It differs from the real provider in two things: RandomPassword
 * has no `bcryptHash` (Node has no bcrypt), and RandomPet chooses from a short word list of its own.
 */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { UNKNOWN, type StandIn, type Value, type Values } from "./contract.ts";
import { createOnlyStandIn, type CreateOnlyType } from "./create-only.ts";
import { generateText, textInputs, textMistakes } from "./random/text.ts";
import { adjectives, adverbs, animals } from "./random/words.ts";

export function randomStandIn(): StandIn {
  return createOnlyStandIn("random", "4.21.2", {
    "random:index/randomString:RandomString": { ...text, generate: (inputs) => withResult(generateText(inputs)) },
    // The value itself is not a fit id: ids are not secret.
    "random:index/randomPassword:RandomPassword": { ...text, generate: (inputs) => ({ id: "none", outputs: { result: generateText(inputs) } }) },
    "random:index/randomUuid:RandomUuid": uuid,
    "random:index/randomId:RandomId": bytes,
    "random:index/randomPet:RandomPet": pet,
  });
}

const text = { inputs: textInputs, outputs: ["result"], mistakes: textMistakes };

const uuid: CreateOnlyType = {
  inputs: { keepers: undefined },
  outputs: ["result"],
  mistakes: () => [],
  generate: () => withResult(randomUUID()),
};

const bytes: CreateOnlyType = {
  inputs: { byteLength: undefined, prefix: undefined, keepers: undefined },
  outputs: ["b64Std", "b64Url", "dec", "hex"],
  mistakes: (inputs) => wholeNumber(inputs, "byteLength", 1),
  generate(inputs) {
    const value = randomBytes(Number(inputs.byteLength));
    const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
    const hex = value.toString("hex");
    return {
      id: value.toString("base64url"),
      outputs: { b64Std: prefix + value.toString("base64"), b64Url: prefix + value.toString("base64url"), dec: prefix + BigInt(`0x${hex}`).toString(), hex: prefix + hex },
    };
  },
};

const pet: CreateOnlyType = {
  inputs: { length: 2, separator: "-", prefix: undefined, keepers: undefined },
  outputs: [],
  mistakes: (inputs) => wholeNumber(inputs, "length", 1),
  generate(inputs) {
    const words: Value[] = Array.from({ length: Math.max(0, Number(inputs.length) - 2) }, () => anyOf(adverbs));
    if (Number(inputs.length) > 1) words.push(anyOf(adjectives));
    words.push(anyOf(animals));
    if (typeof inputs.prefix === "string") words.unshift(inputs.prefix);
    return { id: words.join(String(inputs.separator)), outputs: {} };
  },
};

function withResult(result: string): { id: string; outputs: Values } {
  return { id: result, outputs: { result } };
}

function wholeNumber(inputs: Values, property: string, least: number): { property: string; reason: string }[] {
  const value = inputs[property];
  if (value === UNKNOWN || (typeof value === "number" && Number.isInteger(value) && value >= least)) return [];
  return [{ property, reason: `${property} must be a whole number of at least ${least}${value === undefined ? "" : `, not ${JSON.stringify(value)}`}` }];
}

function anyOf(words: string[]): string {
  return words[randomInt(words.length)]!;
}
