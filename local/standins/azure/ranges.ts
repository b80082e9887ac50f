/** IPv4 ranges: overlap and containment. */
export interface Range {
  first: number;
  last: number;
}

function addressNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The range of `10.0.0.0/16`, or of one address; `undefined` for anything else (IPv6 is not judged). */
export function rangeOf(cidr: string): Range | undefined {
  const match = /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?:\/(\d{1,2}))?$/.exec(cidr);
  if (match?.[1] === undefined || match[1].split(".").some((part) => Number(part) > 255) || Number(match[2] ?? 32) > 32) return undefined;
  const size = 2 ** (32 - Number(match[2] ?? 32));
  const first = Math.floor(addressNumber(match[1]) / size) * size;
  return { first, last: first + size - 1 };
}

export function overlap(a: string, b: string): boolean {
  const left = rangeOf(a);
  const right = rangeOf(b);
  return left !== undefined && right !== undefined && left.first <= right.last && right.first <= left.last;
}

/** Whether all of `inner` lies in `outer`; `true` when one of them is not IPv4. */
export function contains(outer: string, inner: string): boolean {
  const large = rangeOf(outer);
  const small = rangeOf(inner);
  return large === undefined || small === undefined || (large.first <= small.first && small.last <= large.last);
}

/** Whether `address` is the first address of `cidr`. */
export function isFirst(cidr: string, address: string): boolean {
  const range = rangeOf(cidr);
  return range !== undefined && rangeOf(address)?.first === range.first + 1;
}

/** Not to be reached from the Internet (RFC 1918). */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Whether no address of the range is a private one. */
export function isPublic(cidr: string): boolean {
  return !PRIVATE.some((range) => overlap(range, cidr));
}
