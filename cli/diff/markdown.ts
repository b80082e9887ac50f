/**
 * The difference of two renderings as Markdown, for a comment on a pull request: what cannot be undone or changed in place
 * first, then how much happens where, the rest folded. Values are those of the settings; secrets are marks in a rendering.
 */
import { commentLimit, fit, folded, list } from "../comment/fit.ts";
import type { Line } from "../comment/fit.ts";
import { table } from "../comment/table.ts";
import { code, lines, some } from "../comment/text.ts";
import { holders } from "../preview/holders.ts";
import { shortType } from "../preview/plan.ts";
import type { Difference, Differences, FieldChange } from "./compare.ts";

export interface Comparison extends Differences {
  /** The full hash of what was compared with. */
  commit: string;
  /** The base has no such stack. */
  isNew: boolean;
  /** The working tree has none any more. */
  isGone: boolean;
}

const verbs = { remove: "removed", change: "changed", add: "added" } as const;

export function diffMarkdown(stack: string, { commit, isNew, isGone, differences, files }: Comparison, limit = commentLimit): string {
  const of = (verb: Difference["verb"]): Difference[] => differences.filter((difference) => difference.verb === verb);
  const [removed, changed, added] = [of("remove"), of("change"), of("add")];
  const fixed = changed.filter(({ fields }) => fields.some((field) => field.fixed));
  const counts = [[removed, "removed"], [changed, "changed"], [added, "added"]].flatMap(([those, word]) => (those!.length > 0 ? [`${those!.length} ${word as string}`] : []));
  const about = isNew ? "The base has no such stack: all of it is new. " : isGone ? "**The stack's file is gone.** What it made stays until a `destroy`. " : "";
  return fit(
    [
      { open: [`${title(stack)} ${counts.join(", ") || (files.length > 0 ? "other files" : "nothing differs")}`, "", `${about}Compared with ${code(commit.slice(0, 12))}, by the settings alone: what exists only a preview can tell.`] },
      ...list(`Cannot be changed in place (${fixed.length})`, fixed.map((difference) => ({ text: `- ${line([difference], difference.fields.filter((field) => field.fixed))}` })), ["Each is replaced, or refused by the service."]),
      ...list(`Removed (${removed.length})`, entries(removed), ["From what is declared: what the program retains stays, and what it protects Pulumi refuses to delete."]),
      ...table(differences.map(({ part, verb, type }) => ({ part, verb: verbs[verb], what: shortType(type) })), Object.values(verbs)),
      ...folded(`${changed.length} changed`, entries(changed)),
      ...folded(`${added.length} added`, entries(added)),
      ...folded(`${files.length} other ${files.length === 1 ? "file" : "files"}`, files.map((file) => ({ text: `- ${code(file)}` }))),
    ],
    limit,
  );
}

/** When one side cannot be rendered. */
export function failedDiffMarkdown(stack: string, message: string): string {
  return fit([{ open: [`${title(stack)} no difference could be made`] }, ...list("Because", [{ text: `- ${lines(message, 60)}` }])]);
}

const title = (stack: string): string => `### What ${code(stack)} declares:`;

/** What holds something by name; of the rest those to which the same happens together. */
function entries(differences: readonly Difference[]): Line[] {
  const holds = ({ verb, type }: Difference): boolean => verb === "remove" && holding(type) !== undefined;
  const groups = [...Map.groupBy(differences, (difference) => (holds(difference) ? `${difference.type} ${difference.name}` : JSON.stringify([difference.type, difference.fields.map(({ path }) => path)]))).values()];
  return groups.sort((a, b) => Number(holds(b[0]!)) - Number(holds(a[0]!))).map((those) => ({ text: `- ${line(those, those[0]!.fields)}`, of: those.length }));
}

function line(those: readonly Difference[], fields: readonly FieldChange[]): string {
  const [first] = those as [Difference];
  const lost = first.verb === "remove" ? holding(first.type) : undefined;
  // Values stand where they are the same in all.
  const shown = fields.slice(0, 6).map(({ path, before, after }) => {
    const same = those.every(({ fields: others }) => others.some((other) => other.path === path && text(other.before) === text(before) && text(other.after) === text(after)));
    return same ? `${code(path)} ${change(before, after)}` : code(path);
  });
  const more = fields.length > shown.length ? [`and ${fields.length - shown.length} more`] : [];
  return `${code(shortType(first.type))} ${some(those.map(({ name }) => name))}${lost === undefined ? "" : `, which holds ${lost}`}${shown.length > 0 ? `: ${[...shown, ...more].join(", ")}` : ""}`;
}

function change(before: FieldChange["before"], after: FieldChange["after"]): string {
  if (before === undefined) return `now ${value(after)}`;
  return after === undefined ? `no longer ${value(before)}` : `${value(before)} → ${value(after)}`;
}

const value = (of: FieldChange["before"]): string => code(text(of), 60);
const text = (of: FieldChange["before"]): string => JSON.stringify(of) ?? "";

/** What a type holds; a Kubernetes object is named there with its package. */
function holding(type: string): string | undefined {
  const name = [type, `kubernetes:${type.includes("/") ? type : `core/${type}`}`].find((one) => Object.hasOwn(holders, one));
  return name === undefined || holders[name]!.replacementOnly === true ? undefined : holders[name]!.holds;
}
