/** A comment within its limit: whole lines are left out, and each place says how many. */

/**
 * Characters that a comment may have, the marker left out. GitHub refuses more than 65,536 ("Body is too long (maximum is
 * 65536 characters)"; danger/danger#424, telia-oss/github-pr-resource#259), Azure Repos more than 150,000 ("A discussion
 * comment cannot be longer than 150000 characters"; runatlantis/atlantis#1585). Read 2026-11-21.
 */
export const commentLimit = 65_000;

export interface Line {
  text: string;
  /** So many things it is about; 1 by default. */
  of?: number;
}

/** A part of a comment. What opens and closes it always stands; its lines as far as there is room. */
export interface Section {
  open?: readonly string[];
  lines?: readonly Line[];
  /** What is said of things that have no line; stands before `close`. */
  more?: (left: number) => readonly string[];
  close?: readonly string[];
}

/** So many lines are read without being asked for. */
const open = 20;

/** A list under a heading, folded from its twenty-first line on; nothing when it is empty. */
export function list(heading: string, entries: readonly Line[], after: readonly string[] = []): Section[] {
  if (entries.length === 0) return [];
  const rest = entries.slice(open);
  return [
    { open: ["", `#### ${heading}`, ""], lines: entries.slice(0, open), more },
    ...folded(`${total({ lines: rest })} more`, rest),
    ...(after.length > 0 ? [{ open: ["", ...after] }] : []),
  ];
}

/** A folded list. `summary` is HTML: constant text and numbers only. */
export function folded(summary: string, entries: readonly Line[]): Section[] {
  if (entries.length === 0) return [];
  return [{ open: ["", `<details><summary>${summary}</summary>`, ""], lines: entries, more, close: ["", "</details>"] }];
}

/**
 * The sections as one text, at most `limit` characters. The first ones come first to the room, but none takes more than
 * half of what is left as long as later ones need it.
 *
 * @throws RangeError when not even what opens and closes the sections has room
 */
export function fit(sections: readonly Section[], limit = commentLimit): string {
  const least = sections.map(smallest);
  let room = limit - sum(least);
  if (room < 0) throw new RangeError(`${sections.length} sections do not fit into ${limit} characters`);
  const wanted = sections.map(({ lines = [] }) => sum(lines.map(({ text }) => text.length + 1)));
  const result: string[] = [];
  sections.forEach((section, index) => {
    const others = sum(wanted.slice(index + 1));
    let share = Math.max(Math.floor(room / 2), room - others);
    const shown: string[] = [];
    let left = total(section);
    for (const { text, of = 1 } of section.lines ?? []) {
      if (text.length + 1 > share) break;
      share -= text.length + 1;
      room -= text.length + 1;
      left -= of;
      shown.push(text);
    }
    result.push(...(section.open ?? []), ...shown, ...(left > 0 ? (section.more?.(left) ?? []) : []), ...(section.close ?? []));
  });
  return `${result.join("\n").trim()}\n`;
}

/** The characters of a section without any of its lines. */
function smallest(section: Section): number {
  const { open = [], more, close = [] } = section;
  const number = total(section);
  return sum([...open, ...(number > 0 ? (more?.(number) ?? []) : []), ...close].map((line) => line.length + 1));
}

const more = (left: number): string[] => [`- … and ${left} more`];
const total = ({ lines = [] }: Section): number => sum(lines.map(({ of = 1 }) => of));
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
