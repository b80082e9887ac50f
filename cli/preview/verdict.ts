/** Whether a plan may go ahead. All of it is computed here; nothing is run or read. */
import { holders } from "./holders.ts";
import type { Change, Plan, Violation } from "./plan.ts";

/** A resource that would be gone, with what it holds. */
export interface Loss {
  change: Change;
  holds: string;
}

export interface Verdict {
  /** Losses that nobody accepted. */
  refused: Loss[];
  accepted: Loss[];
  /** Losses that come with an accepted or refused one, and need no word of their own. */
  consequences: Loss[];
  /** Names that were accepted, and nothing of that name is lost. */
  idle: string[];
  violations: Violation[];
  errors: string[];
  /** With `drift`: what differs from what the program would make. */
  drifted: Change[];
  passed: boolean;
}

/** The name of the policy pack, without which a plan does not pass. */
export const pack = "mooring";

/**
 * @param accepted names of resources that may be lost. What is replaced only for the sake of others needs no word of
 *   its own where each of those is in the plan by its own name: an accepted cluster takes its namespaces along.
 * @param drift whether nothing at all may differ
 */
export function judge({ changes, violations, errors, packs }: Plan, accepted: readonly string[], drift = false): Verdict {
  const lost = changes.flatMap((change) => loss(change) ?? []);
  const causes = changes.filter(({ kind, consequence }) => kind === "replace" && !consequence);
  // A cause that holds nothing itself is not asked about, so what follows from it is.
  const asked = causes.length > 0 && causes.every((change) => loss(change) !== undefined || accepted.includes(change.name));
  const follows = ({ change }: Loss): boolean => change.consequence && asked;
  const own = lost.filter((entry) => !follows(entry));
  const isAccepted = ({ change }: Loss): boolean => accepted.includes(change.name);
  const refused = own.filter((entry) => !isAccepted(entry));
  // A provider or a component exists in the state alone.
  const drifted = drift ? changes.filter(({ custom }) => custom) : [];
  const problems = [...errors, ...(packs === undefined || ran(packs) ? [] : [`the policy pack ${pack} did not run`])];
  return {
    refused,
    accepted: own.filter(isAccepted),
    consequences: lost.filter(follows),
    idle: accepted.filter((name) => ![...lost.map(({ change }) => change), ...causes].some((change) => change.name === name)),
    violations,
    errors: problems,
    drifted,
    passed: drifted.length === 0 && refused.length === 0 && problems.length === 0 && packs !== undefined && !violations.some(({ mandatory }) => mandatory),
  };
}

/** What is gone with a change; `undefined` when nothing is that matters. */
function loss(change: Change): Loss | undefined {
  const holder = Object.hasOwn(holders, change.type) ? holders[change.type] : undefined;
  if (holder === undefined || change.retained) return undefined;
  const goes = change.kind === "replace" || (change.kind === "delete" && holder.replacementOnly !== true);
  return goes ? { change, holds: holder.holds } : undefined;
}

/** The engine names a local pack `mooring|local|policies`, one of an organisation `mooring`. */
function ran(packs: Record<string, string>): boolean {
  return Object.keys(packs).some((name) => name.split("|")[0] === pack);
}
