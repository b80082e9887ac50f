/** One line of the doctor's. */
import { Failure } from "../arguments.ts";

export interface Finding {
  /** `warning`: could not be found out, or may not matter. */
  state: "ok" | "missing" | "warning";
  /** What was looked at, and what was found. */
  what: string;
  remedy?: string;
}

export const ok = (what: string): Finding => ({ state: "ok", what });
export const missing = (what: string, remedy: string): Finding => ({ state: "missing", what, remedy });
export const warning = (what: string, remedy?: string): Finding => ({ state: "warning", what, remedy });

export function formatFinding({ state, what, remedy }: Finding): string {
  return `${state.padEnd(8)} ${what}${remedy === undefined ? "" : `; ${remedy}`}`;
}

/** What a check finds; that it could not be done, and why, is a warning. */
export async function attempt(what: string, check: () => Promise<Finding | Finding[]>): Promise<Finding[]> {
  try {
    return [await check()].flat();
  } catch (error) {
    if (error instanceof Failure) return [warning(`${what}: cannot be checked (${error.message})`)];
    throw error;
  }
}

/** Whether version `a` is `b` or newer; versions as `1.2.3`, with or without a leading `v`. */
export function isAtLeast(a: string, b: string): boolean {
  const numbers = (version: string) => version.replace(/^v/, "").split(/[.+-]/).slice(0, 3).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  const different = left.findIndex((part, index) => part !== right[index]);
  return different < 0 || (left[different] ?? 0) > (right[different] ?? 0);
}
