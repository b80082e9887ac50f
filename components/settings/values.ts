/**
 * The kinds of values a setting may have, each with its rule, its error text and an example. The example also
 * appears in the JSON Schema that editors use.
 */
import { BlockList, isIPv4 } from "node:net";
import * as z from "zod";

/** A text with a pattern; `what` completes the sentence `"x" is not …`. `shown` is the example as it stands in YAML. */
function text(pattern: RegExp, what: string, example: string, shown = example) {
  return z
    .string()
    .regex(pattern, { error: (issue) => `${JSON.stringify(issue.input)} is not ${what}; write for example ${shown}` })
    .meta({ examples: [example] });
}

/** Entra writes ids in lower case, and Kubernetes compares the groups of a token exactly. */
export const guid = () =>
  text(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, "a GUID", "3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e").transform((id) => id.toLowerCase());

/** A day, `2026-12-01`, in quotes: YAML reads a bare date as something else. */
export const date = () =>
  text(/^\d{4}-\d{2}-\d{2}$/, "a day in quotes", "2026-12-01", '"2026-12-01"').refine((value) => !/^\d{4}-\d{2}-\d{2}$/.test(value) || isDay(value), {
    error: (issue) => `${JSON.stringify(issue.input)} is not a day of the calendar`,
  });

function isDay(value: string): boolean {
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

/** The id of a resource that exists, as the Azure CLI prints it. `type` is `Namespace/type` or `Namespace/type/subtype`. */
export const armId = (type: string, what: string) => {
  const [namespace, ...types] = type.split("/");
  const tail = types.map((part) => `${part}/[^/]+`).join("/");
  const example = `/subscriptions/8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/rg-hub/providers/${namespace}/${types.map((part) => `${part}/name`).join("/")}`;
  const pattern = new RegExp(`^/subscriptions/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/resourceGroups/[^/]+/providers/${namespace!.replaceAll(".", "\\.")}/${tail}$`, "i");
  return text(pattern, `the id of a ${what}`, example);
};

/** Entra groups by their object ids, each once. */
export const groups = () =>
  z.array(guid()).refine((ids) => new Set(ids).size === ids.length, { error: "names a group twice" });

/** A DNS label: Kubernetes namespaces and most object names (RFC 1123, at most 63 characters). */
export const dnsLabel = (example: string) =>
  text(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a name of lower-case letters, digits and hyphens (at most 63 characters)", example);

/** The name of a secret, whose value is kept apart: `pulumi config set --secret secret:<name> <value>`. */
export const secretName = () => text(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a secret's name (lower-case letters, digits and hyphens)", "orders-slack");

/** What git takes for the name of a branch or tag (git check-ref-format), less what nobody uses. */
export const gitRef = (example: string) =>
  text(/^(?![-/.])(?!.*(\.\.|\/\/|@\{|\/\.|\.lock(\/|$)))[^\s~^:?*[\\]+(?<![/.])$/, "the name of a branch or tag", example);

/** A range of versions, as Flux reads it (github.com/Masterminds/semver): numbers, `*` or `x`, with operators. */
export const versionRange = () =>
  text(/^(?=.*([0-9*]|\b[xX]\b))[0-9A-Za-z.*^~<>=!|,+ -]+$/, "a range of versions", "1.4.x", '"1.4.x"');

/** A folder of a repository. */
export const folder = () => text(/^\.\/(?!.*\.\.)[A-Za-z0-9._/-]*$/, "a folder of the repository", "./deploy/staging");

/** A line of a known_hosts file: host, kind of key, key. */
export const hostKey = () =>
  text(/^\S+ (ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) [A-Za-z0-9+/]+=*$/, "a line of a known_hosts file, as ssh-keyscan prints it", "git.acme.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl");

/** A DNS name of at least two labels, without a wildcard. */
export const domain = (example: string) =>
  text(/^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a domain name with a dot, in lower case and without a *", example);

/** An address that Flux fetches from, without a slash at its end: what lies below it is meant too. */
export const sourceUrl = () =>
  text(/^(https|ssh|oci):\/\/([A-Za-z0-9_-]+@)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?(\/(?!\.+(\/|$))[A-Za-z0-9._-]+)*$/, "an address that begins with https://, ssh:// or oci:// and ends without a slash", "https://charts.acme.example");

/**
 * A registry, or a part of one, from which images come: `quay.io/prometheus`. A leading slash means the environment's own
 * registry: `/shared`.
 */
export const imagePrefix = () =>
  text(/^(?=\/|[^/]*[.:])([a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?)?(\/(?!\.+(\/|$))[a-z0-9._-]+)*$/, "a registry with its host, in lower case, without a scheme and a slash at its end", "quay.io/prometheus");

/** A Kubernetes minor version as AKS takes it for an alias: patches follow by themselves. */
export const minorVersion = () => text(/^\d+\.\d+$/, "a minor version in quotes", "1.35", '"1.35"');

/** Kubernetes CPU: cores or milli-cores. A bare number is taken as cores. */
export const cpu = () => quantity(/^(\d+(\.\d{1,3})?|\d+m)$/, "500m or 8");

/** Kubernetes memory: bytes with a binary or decimal suffix. */
export const memory = () => quantity(/^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/, "512Mi or 16Gi");

function quantity(pattern: RegExp, examples: string) {
  return z
    .union([z.string(), z.number()], { error: (issue) => `${JSON.stringify(issue.input)} is not a quantity; write ${examples}` })
    .meta({ pattern: pattern.source, examples: examples.split(" or ") })
    .transform(String)
    .pipe(z.string().regex(pattern, { error: (issue) => `${JSON.stringify(issue.input)} is not a quantity; write ${examples}` }));
}

/** A Flux duration: hours, minutes and seconds (there are no days), at least 30 seconds. */
export const interval = () =>
  text(durationPattern, "a duration", "10m").refine((value) => !durationPattern.test(value) || seconds(value) >= 30, {
    error: (issue) => `${JSON.stringify(issue.input)} is shorter than 30 seconds, the shortest that is allowed; write 30s or more`,
  });

const durationPattern = /^([0-9]+(\.[0-9]+)?(s|m|h))+$/;

/** Seconds of a duration that {@link interval} accepted. */
export function seconds(duration: string): number {
  const unit = { s: 1, m: 60, h: 3600 };
  return [...duration.matchAll(/([0-9.]+)(s|m|h)/g)].reduce((sum, [, n, u]) => sum + Number(n) * unit[u as "s" | "m" | "h"], 0);
}

/** An IPv4 range whose address is the first of the range. */
export const cidr = (example = "10.240.0.0/16") =>
  z
    .string()
    .refine(isCidr, { error: (issue) => `${JSON.stringify(issue.input)} is not an IPv4 range; write for example ${example}` })
    .refine((value) => !isCidr(value) || firstAddress(value) === value.split("/")[0], {
      error: (issue) => `${JSON.stringify(issue.input)} is not the start of its range; write ${firstAddress(issue.input as string)}/${(issue.input as string).split("/")[1]}`,
    })
    .meta({ pattern: "^([0-9]{1,3}\\.){3}[0-9]{1,3}/([0-9]|[12][0-9]|3[0-2])$", examples: [example] });

export function isCidr(value: string): boolean {
  const [address, bits, rest] = value.split("/");
  return rest === undefined && isIPv4(address ?? "") && /^([0-9]|[12][0-9]|3[0-2])$/.test(bits ?? "");
}

/** Whether two IPv4 ranges share an address. */
export function overlap(a: string, b: string): boolean {
  return contains(a, b.split("/")[0]!) || contains(b, a.split("/")[0]!);
}

/** Whether the whole range `inner` lies within `outer`. */
export function within(inner: string, outer: string): boolean {
  return contains(outer, inner.split("/")[0]!) && Number(inner.split("/")[1]) >= Number(outer.split("/")[1]);
}

/** How many addresses a range has. */
export function size(range: string): number {
  return 2 ** (32 - Number(range.split("/")[1]));
}

/** A range that a firewall of a public service takes. */
export const publicCidr = (whose: string) =>
  cidr("203.0.113.0/24").refine((range) => !isCidr(range) || isPublic(range), {
    error: (issue) => `${JSON.stringify(issue.input)} is a private range, and ${whose}'s firewall takes public addresses only`,
  });

/** Ranges that only private networks use (RFC 1918). */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Whether a range has public addresses alone. */
export function isPublic(range: string): boolean {
  return !privateRanges.some((own) => overlap(range, own));
}

function contains(range: string, address: string): boolean {
  const [network, bits] = range.split("/");
  const list = new BlockList();
  list.addSubnet(network!, Number(bits), "ipv4");
  return list.check(address, "ipv4");
}

/** The nth address of a range, counted from its first, which is 0. */
export function addressAt(range: string, index: number): string {
  const number = toNumber(firstAddress(range)) + index;
  return [24, 16, 8, 0].map((shift) => (number / 2 ** shift) & 255).join(".");
}

function firstAddress(range: string): string {
  const [address, bits] = range.split("/");
  const size = 2 ** (32 - Number(bits));
  const number = Math.floor(toNumber(address!) / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The number a Kubernetes quantity means: cores for CPU, bytes for memory. */
export function amount(quantity: string): number {
  const [, number, suffix] = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor: Record<string, number> = {
    "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40,
  };
  return Number(number) * (factor[suffix ?? ""] ?? Number.NaN);
}
