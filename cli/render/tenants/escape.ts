/** Text that a user wrote, made harmless. */
import type { Phrase } from "./facts.ts";

/** Control characters and line separators, which neither format has a use for. */
const plain = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ");

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** For a text or an attribute's value within quotes. */
export const html = (text: string): string => plain(text).replaceAll(/[&<>"']/g, (character) => entities[character]!);

/** For running text, in which nothing becomes a link, a picture or a tag. */
export const markdown = (text: string): string =>
  plain(text)
    .replaceAll(/[\\`*[\]<>#|~&$]|(?<!\w)_|_(?!\w)/g, "\\$&")
    .replaceAll("://", "\\://")
    .replaceAll(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`);

/** A code span that may hold backticks itself (spec.commonmark.org, code spans). */
export function markdownCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 ? " " : "";
  return `${fence}${space}${plain(text)}${space}${fence}`;
}

export const markdownPhrase = (phrase: Phrase): string => phrase.map((piece) => (typeof piece === "string" ? markdown(piece) : markdownCode(piece.code))).join("");

/** An address may break behind a slash. */
export const htmlPhrase = (phrase: Phrase): string => phrase.map((piece) => (typeof piece === "string" ? html(piece) : `<code>${html(piece.code).replaceAll(/(?<=[^/])\/(?=[^/])/g, "/<wbr>")}</code>`)).join("");
