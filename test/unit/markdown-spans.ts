/** What a Markdown renderer sees of a page beside its code spans. */

/**
 * Each line without its code spans, found as CommonMark 0.31 §6.1 says: a run of backticks, and the next run that is as
 * long; a run without such a partner is text. A backslash before a backtick makes it text, except within a span.
 */
export function outsideOfCode(markdown: string): string {
  return markdown.split("\n").map((line) => (line.startsWith("|") ? cells(line) : withoutSpans(line))).join("\n");
}

/** In a row of a table a vertical line ends a cell wherever it stands, unless a backslash is before it (GFM §4.10). */
function cells(row: string): string {
  return row.split(/(?<!\\)\|/).map(withoutSpans).join("|");
}

function withoutSpans(text: string): string {
  let rest = "";
  for (let at = 0; at < text.length; ) {
    if (text[at] === "\\") {
      rest += text.slice(at, at + 2);
      at += 2;
      continue;
    }
    const [run] = /^`+/.exec(text.slice(at)) ?? [];
    if (run === undefined) {
      rest += text[at++];
      continue;
    }
    const end = [...text.slice(at + run.length).matchAll(/`+/g)].find(([other]) => other.length === run.length);
    rest += end === undefined ? run : "";
    at += run.length + (end === undefined ? 0 : end.index + run.length);
  }
  return rest;
}
