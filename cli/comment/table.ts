/** How much happens where: a table with one row for each part of the platform and for tenants to which the same happens. */
import type { Section } from "./fit.ts";
import { cell, some } from "./text.ts";

/** Where a resource belongs. */
export interface Part {
  kind: "tenant" | "component";
  name: string;
}

/** A resource to which something happens. */
export interface Happening {
  part: Part;
  /** The table's column. */
  verb: string;
  /** Its type in short, `Namespace`. */
  what: string;
}

interface Row {
  part: Part;
  counts: number[];
  whats: string;
}

/** Components first, then tenants; in each the parts with most of the first column, then of the next, come first. */
export function table(happenings: readonly Happening[], verbs: readonly string[]): Section[] {
  if (happenings.length === 0) return [];
  const used = verbs.filter((verb) => happenings.some((happening) => happening.verb === verb));
  const rows = [...Map.groupBy(happenings, ({ part }) => `${part.kind} ${part.name}`).values()].map((those): Row => ({
    part: those[0]!.part,
    counts: used.map((verb) => those.filter((one) => one.verb === verb).length),
    whats: whats(those),
  }));
  const ordered = rows.sort((a, b) => rank(a) - rank(b) || firstDifference(b.counts, a.counts) || (a.part.name < b.part.name ? -1 : 1));
  const alike = [...Map.groupBy(ordered, ({ part, counts, whats }) => (part.kind === "tenant" ? `${counts.join(" ")} ${whats}` : part.name)).values()];
  return [{
    open: ["", `| where | ${used.join(" | ")} | what |`, `|---|${used.map(() => "--:|").join("")}---|`],
    lines: alike.map((those) => ({ text: `| ${where(those)} | ${those[0]!.counts.map((number) => each(number, those.length)).join(" | ")} | ${those[0]!.whats} |`, of: those.length })),
    more: (left) => ["", `… and ${left} more in the table`],
  }];
}

function where(rows: readonly Row[]): string {
  const names = rows.map(({ part }) => part.name);
  if (rows[0]!.part.kind === "component") return cell(names[0]!);
  return `${rows.length === 1 ? "tenant" : `${rows.length} tenants:`} ${some(names, 5, cell)}`;
}

function each(number: number, rows: number): string {
  return number === 0 ? "" : rows === 1 ? String(number) : `${number} each`;
}

/** `6 Namespace, 1 Release`; the types beyond eight are counted. */
function whats(those: readonly Happening[]): string {
  const types = [...Map.groupBy(those, ({ what }) => what)].sort(([a, of], [b, others]) => others.length - of.length || (a < b ? -1 : 1));
  const shown = types.slice(0, 8).map(([type, of]) => `${of.length} ${cell(type)}`);
  return [...shown, ...(types.length > 8 ? [`${types.length - 8} more types`] : [])].join(", ");
}

const rank = ({ part }: Row): number => (part.kind === "component" ? 0 : 1);

function firstDifference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
