/**
 * Text in a comment on a pull request that somebody else may have chosen: names, paths of properties, messages. All of it
 * stands in code spans, in which nothing is a mention, a link, a tag or a table's border.
 */
import { markdownCode } from "../render/tenants/escape.ts";

/** Characters of one code span; longer text is cut. */
const longest = 200;

/** Controls, line separators, and what changes the direction of text or is not seen at all: a name could pass for another one. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A code span on one line. */
export function code(text: string, most = longest): string {
  const line = text.toWellFormed().replaceAll(/\r?\n/g, " ").replaceAll(unseen, "\uFFFD").trim();
  return markdownCode(cut(line, most) || "?");
}

/** A code span in a cell of a table, in which a vertical line would end the cell even here (GitHub's tables extension). */
export const cell = (text: string): string => code(text).replaceAll("|", "\\|");

/** Several lines as code spans below each other, in one line of Markdown; blank ones are left out. */
export function lines(text: string, most = 30): string {
  const all = text.split("\n").filter((line) => line.trim() !== "");
  const shown = all.slice(0, most).map((line) => code(line, 400));
  return [...shown, ...(all.length > most ? [`… and ${all.length - most} more lines`] : [])].join("<br>");
}

/** `a`, `b` and 7 more */
export function some(names: readonly string[], most = 3, as: (name: string) => string = code): string {
  const shown = names.slice(0, most).map((name) => as(name));
  return names.length > most ? `${shown.join(", ")} and ${names.length - most} more` : shown.join(", ");
}

/** Cut by code points, so that no character is halved. */
function cut(text: string, most: number): string {
  const points = [...text];
  return points.length <= most ? text : `${points.slice(0, most - 1).join("")}…`;
}
