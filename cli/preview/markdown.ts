/**
 * A plan and its verdict as Markdown, for a comment on a pull request: what would be lost first, then how much happens
 * where, the rest folded. No value of a property is in it; whatever others could have named stands in code spans.
 */
import { commentLimit, fit, folded, list } from "../comment/fit.ts";
import type { Line, Section } from "../comment/fit.ts";
import { table } from "../comment/table.ts";
import { code, lines, some } from "../comment/text.ts";
import { holders } from "./holders.ts";
import { shortType } from "./plan.ts";
import type { Change, Kind, Plan } from "./plan.ts";
import { advice, counts, guarded, named as shortened, order } from "./report.ts";
import type { Loss, Verdict } from "./verdict.ts";

export interface PreviewText {
  stack: string;
  /** What the command was called with, `--accept` left out. */
  options?: readonly string[];
  /** Whether the services were asked first what there is. */
  drift?: boolean;
  /** Characters. */
  limit?: number;
}

export function previewMarkdown(plan: Plan, verdict: Verdict, { stack, options = [], drift = false, limit = commentLimit }: PreviewText): string {
  const { refused, accepted, consequences, idle, violations, errors } = verdict;
  // What exists in the state alone, such as a component, is nobody's concern.
  const changes = plan.changes.filter(({ custom }) => custom);
  const named = new Set([...refused, ...accepted].map(({ change }) => change.urn));
  const of = (kind: Kind): Change[] => changes.filter((change) => change.kind === kind && !named.has(change.urn));
  const lost = (kind: Kind, verb: string): Section[] => list(`${[...refused, ...accepted].some(({ change }) => change.kind === kind) ? "Also to" : "To"} ${verb} (${of(kind).length})`, entries(of(kind)));
  const broken = violations.filter(({ mandatory }) => mandatory);
  return fit(
    [
      { open: [title(stack, drift, counts({ ...plan, changes })), "", judgement(plan, verdict)] },
      ...list(`Refused (${refused.length})`, refused.map(loss), refused.length > 0 ? [`If that is meant: ${meant(verdict, stack, options)}. Otherwise take the change back.`] : []),
      ...list(`Policies broken (${broken.length})`, broken.map(violation)),
      ...list(`Errors (${errors.length})`, [...errors.map((error) => ({ text: `- ${lines(shortened(error))}` })), ...guarded(errors).map((note) => ({ text: `- ${lines(note)}`, of: 0 }))]),
      ...list(`Accepted (${accepted.length})`, accepted.map(loss)),
      ...lost("replace", "replace"),
      ...lost("delete", "delete"),
      ...table(changes.map(({ part, kind, type }) => ({ part, verb: kind, what: shortType(type) })), order),
      ...list("Notes", [
        ...(consequences.length > 0 ? [{ text: `- ${consequences.length} more that hold something are replaced with them` }] : []),
        ...violations.filter(({ mandatory }) => !mandatory).map(violation),
        ...idle.map((name) => ({ text: `- ${code(`--accept ${name}`)}: nothing of that name is lost` })),
      ]),
      ...(["update", "create", "import"] as const).flatMap((kind) => folded(`${of(kind).length} to ${kind}`, entries(of(kind)))),
    ],
    limit,
  );
}

/** The command that accepts the losses, while it can be read. */
function meant(verdict: Verdict, stack: string, options: readonly string[]): string {
  const { refused, accepted } = verdict;
  return refused.length + accepted.length > 10 ? `${code("--accept")} with the name of each` : code(advice(verdict, stack, options), 1000);
}

/** When there is no plan at all, for example for a stack that Pulumi does not know. */
export function failedMarkdown(stack: string, message: string, drift = false): string {
  return fit([{ open: [title(stack, drift, "no plan"), "", "**The preview failed.**"] }, ...list("Errors (1)", [{ text: `- ${lines(message)}` }])]);
}

function title(stack: string, drift: boolean, said: string): string {
  return `### ${drift ? "Drift of" : "Preview of"} ${code(stack)}: ${said}`;
}

function judgement({ changes, errors }: Plan, { drifted, passed }: Verdict): string {
  const failed = errors.length > 0 ? "The preview failed; this is how far it came. " : "";
  const differs = drifted.length > 0 ? `${drifted.length} of what exists ${drifted.length === 1 ? "is" : "are"} not as the program would make ${drifted.length === 1 ? "it" : "them"}. ` : "";
  if (passed) return changes.length > 0 ? "**Nothing stands against it.**" : "**Nothing changes.**";
  return `**${failed}${differs}Not to be run like this.**`;
}

/** What holds something or is replaced for its own sake by name; of the rest those to which the same happens together. */
function entries(changes: readonly Change[]): Line[] {
  const weighty = (change: Change): boolean => change.kind !== "create" && Object.hasOwn(holders, change.type) && !change.consequence;
  const groups = [...Map.groupBy(changes, (change) => (weighty(change) ? change.urn : JSON.stringify([change.type, change.because, change.retained]))).values()];
  return groups
    .sort((a, b) => Number(weighty(b[0]!)) - Number(weighty(a[0]!)))
    .map((those) => ({ text: `- ${entry(those)}`, of: those.length }));
}

function entry(those: readonly Change[]): string {
  const [{ type, kind, because, retained }] = those as [Change];
  const why = because.length > 0 ? `: ${some(because, 12)}` : "";
  return `${code(shortType(type))} ${some(those.map(({ name }) => name))}${why}${retained && kind === "delete" ? " (from the state; it stays)" : ""}`;
}

function loss({ change, holds }: Loss): Line {
  const why = change.because.length > 0 ? ` (${some(change.because, 12)})` : "";
  return { text: `- ${code(shortType(change.type))} ${code(change.name)} would be ${change.kind}d${why}, which loses ${holds}` };
}

function violation({ policy, urn, message }: Verdict["violations"][number]): Line {
  const [type = "", name = ""] = urn.split("::").slice(2);
  return { text: `- ${code(policy)}${urn === "" ? "" : `, ${code(shortType(type))} ${code(name)}`}: ${lines(message)}` };
}
