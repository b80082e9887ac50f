/**
 * What a plain (unquoted) YAML scalar means to the Pulumi engine.
 *
 * The engine reads YAML with Go's yaml.v3, whose rules are a mixture of YAML 1.1 and 1.2 and differ from those of the
 * npm package `yaml`: `017` is 15, a date is a timestamp, `yes` is a text.
 * Source: `resolve` of gopkg.in/yaml.v3 (v3.0.1), and `config.Value` of the Pulumi SDK.
 */

/** Integers are exact; the engine keeps 64 bits. A timestamp is a text already, as Go prints it. */
export type EngineScalar = null | boolean | bigint | number | string;

const constants = new Map<string, EngineScalar>([
  ...["", "~", "null", "Null", "NULL"].map((text) => [text, null] as const),
  ...["true", "True", "TRUE"].map((text) => [text, true] as const),
  ...["false", "False", "FALSE"].map((text) => [text, false] as const),
  ...[".nan", ".NaN", ".NAN"].map((text) => [text, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((text) => [text, Number.POSITIVE_INFINITY] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((text) => [text, Number.NEGATIVE_INFINITY] as const),
]);

/** The value of a plain scalar, given its text. */
export function engineScalar(text: string): EngineScalar {
  const constant = constants.get(text);
  if (constant !== undefined) return constant;
  if (!/^[-+.0-9]/.test(text)) return text;
  // After a leading point an underscore must stand between digits; else it may stand anywhere.
  if (text.startsWith(".") && /(?<![0-9])_|_(?![0-9])/.test(text)) return text;
  const plain = text.replaceAll("_", "");
  return timestamp(text) ?? integer(plain) ?? float(plain) ?? text;
}

const integerForms: [pattern: RegExp, base: string][] = [
  [/^([-+]?)0[xX]([0-9a-fA-F]+)$/, "0x"],
  [/^([-+]?)0[bB]([01]+)$/, "0b"],
  [/^([-+]?)0[oO]?([0-7]+)$/, "0o"],
  [/^([-+]?)(0|[1-9][0-9]*)$/, ""],
];

/** Go's `strconv.ParseInt(text, 0, 64)`, else `ParseUint`: a sign is for 64 signed bits only. */
function integer(text: string): bigint | undefined {
  for (const [pattern, base] of integerForms) {
    const [, sign, digits] = pattern.exec(text) ?? [];
    if (sign === undefined || digits === undefined) continue;
    const value = BigInt(base + digits) * (sign === "-" ? -1n : 1n);
    const largest = sign === "" ? 2n ** 64n : 2n ** 63n;
    return value < largest && value >= -(2n ** 63n) ? value : undefined;
  }
  return undefined;
}

/** Not a number when the text is none, or is beyond what 64 bits hold. */
function float(text: string): number | bigint | undefined {
  if (!/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const timestampForm =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt]| +)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?(Z|[-+][0-9]{2}:[0-9]{2})?)?$/;

/**
 * A date, or a date with a time, as Go prints it: `2026-11-20 00:00:00 +0000 UTC`. An offset other than UTC is printed
 * as such; the engine itself prints the local zone's name where the machine's zone has that offset.
 */
function timestamp(text: string): string | undefined {
  const [, year, month, day, separator, hour = "0", minute = "0", second = "0", fraction = "", zone] = timestampForm.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  // With a `T` the zone is needed, with a space there may be none.
  if (separator !== undefined && separator.startsWith(" ") !== (zone === undefined)) return undefined;
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (time.getUTCMonth() !== Number(month) - 1 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const clock = [hour, minute, second].map((part) => part.padStart(2, "0")).join(":");
  const rest = fraction.slice(0, 9).replace(/0+$/, "");
  const offset = zone === undefined || zone === "Z" || zone.endsWith("00:00") ? "+0000 UTC" : `${zone.replace(":", "")} ${zone.replace(":", "")}`;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")} ${clock}${rest && `.${rest}`} ${offset}`;
}

/** The text of a value within a map or list, as the program receives it. */
export function scalarJson(value: EngineScalar): string {
  // Beyond 63 bits the engine goes through a floating point number.
  if (typeof value === "bigint") return value < 2n ** 63n ? value.toString() : JSON.stringify(Number(value));
  return JSON.stringify(value);
}

/** The text of a key's whole value, as the program receives it. Nothing is an empty text. */
export function scalarText(value: EngineScalar): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
