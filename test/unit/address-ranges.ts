/** IPv4 ranges as numbers from first to last address, for tests that must not believe the program's own arithmetic. */

export interface Span {
  first: number;
  last: number;
}

/** A CIDR range, or a single address. */
export function span(range: string): Span {
  const [address, bits = "32"] = range.split("/");
  const first = address!.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
}

/** What an `ipBlock` of a network policy opens: its range without its exceptions. */
export function opened({ cidr, except = [] }: { cidr: string; except?: string[] }): Span[] {
  return except.map(span).reduce((left, hole) => left.flatMap((part) => without(part, hole)), [span(cidr)]);
}

function without(part: Span, hole: Span): Span[] {
  if (hole.last < part.first || hole.first > part.last) return [part];
  return [
    { first: part.first, last: hole.first - 1 },
    { first: hole.last + 1, last: part.last },
  ].filter(({ first, last }) => first <= last);
}

/** Whether any address of `range` is opened by the block. */
export function opens(block: { cidr: string; except?: string[] }, range: string): boolean {
  const { first, last } = span(range);
  return opened(block).some((part) => part.first <= last && part.last >= first);
}

/** The text of an address. */
export function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
