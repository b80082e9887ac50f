/** Random strings of chosen characters. */
import { randomInt } from "node:crypto";
import { UNKNOWN, type Values } from "../contract.ts";

const sets = [
  { input: "upper", minimum: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
  { input: "lower", minimum: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { input: "numeric", minimum: "minNumeric", characters: "0123456789" },
  { input: "special", minimum: "minSpecial", characters: "!@#$%&*()-_=+[]{}<>:?" },
];

/** Inputs of RandomString and RandomPassword and their defaults. */
export const textInputs = {
  length: undefined,
  upper: true,
  lower: true,
  numeric: true,
  special: true,
  minUpper: 0,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  overrideSpecial: undefined,
  keepers: undefined,
};

/** @param inputs with defaults filled in */
export function textMistakes(inputs: Values): { property: string; reason: string }[] {
  const mistakes: { property: string; reason: string }[] = [];
  const { length } = inputs;
  const minimums = sets.map(({ minimum }) => inputs[minimum]);
  if (length === undefined) mistakes.push({ property: "length", reason: "length is required" });
  else if (length !== UNKNOWN && !(typeof length === "number" && Number.isInteger(length) && length >= 1)) {
    mistakes.push({ property: "length", reason: `length must be a whole number of at least 1, not ${JSON.stringify(length)}` });
  }
  for (const { minimum } of sets) {
    const value = inputs[minimum];
    if (value !== UNKNOWN && !(typeof value === "number" && Number.isInteger(value) && value >= 0)) {
      mistakes.push({ property: minimum, reason: `${minimum} must be a whole number of at least 0, not ${JSON.stringify(value)}` });
    }
  }
  if (mistakes.length > 0) return mistakes;
  if (typeof length === "number" && minimums.every((value) => typeof value === "number")) {
    const sum = minimums.reduce((total, value) => total + value, 0);
    if (length < sum) mistakes.push({ property: "length", reason: `length is ${length}, but minUpper, minLower, minNumeric and minSpecial add up to ${sum}` });
  }
  if (sets.every(({ input }) => inputs[input] === false)) {
    mistakes.push({ property: "special", reason: "at least one of special, upper, lower and numeric must be true" });
  }
  return mistakes;
}

/** @param inputs known and without mistakes */
export function generateText(inputs: Values): string {
  const charactersOf = ({ input, characters }: (typeof sets)[number]): string =>
    input === "special" && typeof inputs.overrideSpecial === "string" && inputs.overrideSpecial !== "" ? inputs.overrideSpecial : characters;
  const allowed = sets.filter(({ input }) => inputs[input] === true).map(charactersOf).join("");
  const text: string[] = [];
  // As the real provider: a minimum adds characters of its set even where the set itself is switched off.
  for (const set of sets) text.push(...pick(charactersOf(set), Number(inputs[set.minimum])));
  text.push(...pick(allowed, Number(inputs.length) - text.length));
  for (let last = text.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [text[last], text[other]] = [text[other]!, text[last]!];
  }
  return text.join("");
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)]!);
}
