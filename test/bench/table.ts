/** The result, for a person to read. */
import type { Verdict } from "./measure.ts";

export interface Line {
  /** What was measured. */
  what: string;
  /** The numbers it follows from. */
  measured: string;
  result: string;
  goal: string;
  verdict: Verdict;
}

const headings: Record<keyof Line, string> = { what: "what", measured: "measured", result: "result", goal: "goal", verdict: "verdict" };

export function table(lines: readonly Line[]): string {
  const columns = Object.keys(headings) as (keyof Line)[];
  const rows = [headings, ...lines];
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column].length)));
  const format = (row: Record<keyof Line, string>) => columns.map((column, index) => row[column].padEnd(widths[index]!)).join("  ").trimEnd();
  return [format(headings), widths.map((width) => "-".repeat(width)).join("  "), ...lines.map(format)].join("\n");
}
