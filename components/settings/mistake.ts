/** One thing wrong in what the user wrote. */
export interface Mistake {
  /** Where: `mooring:tenants.orders.quota.cpu`, or a file and the path in it. */
  path: string;
  /** What is wrong and what to write instead, one line. */
  message: string;
}

/** All mistakes of one input. Its message is one line a mistake. */
export class SettingsError extends Error {
  readonly mistakes: readonly Mistake[];
  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(formatMistake).join("\n"));
    this.name = "SettingsError";
    this.mistakes = mistakes;
  }
}

export function formatMistake(mistake: Mistake): string {
  return `${mistake.path}: ${mistake.message}`;
}

/** The known name that `written` is most likely a misspelling of: at most two edits away, or a different case. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of known) {
    const distance = editDistance(written.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance < candidate.length) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
