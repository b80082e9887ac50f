/** A plan and its verdict in lines, for people. */
import { count } from "../arguments.ts";
import { holders } from "./holders.ts";
import { nameOf, shortType, title } from "./plan.ts";
import type { Change, Kind, Plan } from "./plan.ts";
import type { Loss, Verdict } from "./verdict.ts";

/** What is worth reading first comes first. */
export const order: readonly Kind[] = ["replace", "delete", "update", "create", "import"];

/** So many lines of one kind are still read; more are counted by type. */
const readable = 20;

/** `options` are those the command was called with, `--accept` left out: they belong into what is advised. */
export function report(plan: Plan, verdict: Verdict, stack: string, options: readonly string[] = []): string[] {
  const { refused, accepted, consequences, idle, violations, errors, drifted, passed } = verdict;
  const up = [...(stack === "local" ? ["npm run local -- up"] : ["npx pulumi up -s", stack]), ...options, "--policy-pack policies"].join(" ");
  return [
    `${stack}: ${plan.errors.length > 0 ? "the preview failed; as far as it came: " : ""}${counts(plan)}`,
    ...order.flatMap((kind) => changesOf(kind, plan.changes)),
    ...accepted.map((entry) => `accepted  ${sentence(entry)}`),
    ...refused.map((entry) => `refused   ${sentence(entry)}`),
    ...(consequences.length > 0 ? [`          with them: ${byType(consequences.map(({ change }) => change))}`] : []),
    ...violations.map(({ policy, urn, message, mandatory }) => `${mandatory ? "policy    " : "note      "}${policy}, ${title(urn)}: ${message}`),
    ...drifted.map(({ urn }) => `drift     ${title(urn)} is not as the program would make it`),
    ...errors.flatMap((error) => named(error).split("\n").map((line, index) => `${index === 0 ? "error     " : "          "}${line}`)),
    ...guarded(errors).map((note) => `note      ${note}`),
    ...idle.map((name) => `note      --accept ${name}: nothing of that name is lost`),
    ...(refused.length > 0 ? [`If that is meant: \`${advice(verdict, stack, options)}\`. Otherwise take the change back.`] : []),
    ...(passed ? [`${stack}: nothing stands against it.${plan.changes.length > 0 ? ` Next: \`${up}\`` : ""}`] : [`${stack}: not to be run like this.`]),
  ];
}

/** The command that accepts all that would be lost. */
export function advice({ accepted, refused }: Verdict, stack: string, options: readonly string[]): string {
  const names = [...new Set([...accepted, ...refused].map(({ change }) => change.name))];
  return ["npm run preview --", stack, ...options, ...names.map((name) => `--accept ${name}`)].join(" ");
}

export function counts({ changes, unchanged }: Plan): string {
  const parts = order.flatMap((kind) => {
    const number = changes.filter((change) => change.kind === kind).length;
    return number > 0 ? [`${number} to ${kind}`] : [];
  });
  return [...(parts.length > 0 ? parts : ["no changes"]), ...(unchanged > 0 ? [`${unchanged} unchanged`] : [])].join(", ");
}

/** What holds something, and what asks for a replacement, by name in any case. What exists in the state alone is left out. */
function changesOf(kind: Kind, changes: readonly Change[]): string[] {
  const those = changes.filter((change) => change.kind === kind && change.custom);
  const weighty = (change: Change): boolean => !change.consequence && (Object.hasOwn(holders, change.type) || kind === "replace");
  const named = those.length <= readable ? those : those.filter(weighty);
  const others = those.filter((change) => !named.includes(change));
  const verb = kind.padEnd(8);
  return [
    ...named.map((change) => `${verb}  ${title(change.urn)}${change.because.length > 0 ? ` (${change.because.join(", ")})` : ""}${change.retained && kind === "delete" ? " (from the state; it stays)" : ""}`),
    ...(others.length > 0 ? [`${verb}  ${named.length > 0 ? `${count(others.length, "other")}: ` : ""}${byType(others)}`] : []),
  ];
}

function sentence({ change, holds }: Loss): string {
  return `${title(change.urn)} would be ${change.kind}d, which loses ${holds}`;
}

/** `6 Namespace, 1 Release` */
function byType(changes: readonly Change[]): string {
  const types = Map.groupBy(changes, (change) => shortType(change.type));
  return [...types].sort(([, a], [, b]) => b.length - a.length).map(([type, those]) => `${those.length} ${type}`).join(", ");
}

/** What lifts the protection of tenants that the engine did not get past. */
export function guarded(errors: readonly string[]): string[] {
  const protection = errors.filter((error) => /protect/.test(error));
  const tenants = (verb: string): string[] => {
    const urns = protection.filter((error) => error.includes(verb)).flatMap((error) => [...error.matchAll(/"(urn:pulumi:[^"]+)"/g)].map(([, urn]) => urn!));
    const parts = urns.filter((urn) => urn.includes("$mooring:tenant:Tenant$")).map(nameOf);
    return [...new Set(parts.map((part) => part.replace(/(\/.*)?-(sync|control|workload)$/, "")))].sort();
  };
  const replaced = tenants("unable to replace");
  return [
    ...tenants("cannot be deleted").map((key) => `${key} is protected: write \`state: left\` before its entry goes, or \`formerly: ${key}\` beside a new name (docs/offboarding.md)`),
    ...(replaced.length > 0 ? [`${replaced.join(", ")}: protected; docs/rebuild-a-cluster.md says how that is lifted for a new cluster`] : []),
  ];
}

/** An error without long URNs; in a command that it advises they stay, in single quotes. */
export function named(error: string): string {
  return error.replace(/"(urn:pulumi:[^"]+)"/g, (_, urn: string) => title(urn));
}
