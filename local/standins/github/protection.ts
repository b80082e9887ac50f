/**
 * What rulesets make of a change to a branch or a tag. Used for pushes and for commits through the API alike.
 * A push ruleset is for what the new commits change, on any branch and tag; of its refusal GitHub documents no words.
 * Sources: docs.github.com, "Available rules for rulesets" and "Creating rulesets for a repository" (patterns, bypass); the words are
 * those of GitHub's answers to pushes (GH013). Checked 2026-11-21. Checks never pass and pull requests are never merged here, so a rule
 * that asks for them forbids.
 */
import type { Value, Values } from "../contract.ts";
import { isObject } from "../shape.ts";

export interface RefChange {
  /** `refs/heads/main` */
  ref: string;
  kind: "create" | "update" | "delete";
  /** What was there is not part of what is to be there. */
  forced: boolean;
  /** There are merge commits among the new ones. */
  merges: boolean;
  /** The files that one of the new commits adds, changes or removes. */
  paths: string[];
}

/** A deploy key that may write, the account that the provider works as, which administers the organization, or the app of this id. */
export type Actor = "deploy key" | "administrator" | { app: number };

export interface Verdict {
  /** Why the change is refused; none: it is not. */
  refused: string[];
  /** What would have been refused had the actor not been allowed to bypass it. */
  bypassed: string[];
}

/** The number of the role of a repository's administrators. */
const ADMIN_ROLE = 5;

/** `rulesets` are the arguments of those of the repository. */
export function judge(rulesets: readonly Values[], change: RefChange, { actor, defaultBranch }: { actor: Actor; defaultBranch: string }): Verdict {
  const verdict: Verdict = { refused: [], bypassed: [] };
  for (const ruleset of rulesets.filter((each) => each.enforcement === "active" && isMeant(each, change.ref, defaultBranch))) {
    const list = mayBypass(ruleset.bypassActors, actor) ? verdict.bypassed : verdict.refused;
    list.push(...violations(isObject(ruleset.rules) ? ruleset.rules : {}, change).filter((violation) => !list.includes(violation)));
  }
  return verdict;
}

function violations(rules: Values, { ref, kind, forced, merges, paths }: RefChange): string[] {
  const noun = ref.startsWith("refs/tags/") ? "tag" : "branch";
  if (kind === "delete") return rules.deletion === true ? [`Cannot delete this ${noun}`] : [];
  const checks = isObject(rules.requiredStatusChecks) ? rules.requiredStatusChecks : undefined;
  const isExempt = kind === "create" && checks?.doNotEnforceOnCreate === true;
  return [
    ...(kind === "create" && rules.creation === true ? ["Cannot create ref due to creations being restricted."] : []),
    ...(kind === "update" && rules.update === true ? ["Cannot update this protected ref."] : []),
    ...(forced && rules.nonFastForward === true ? [`Cannot force-push to this ${noun}`] : []),
    ...(isObject(rules.pullRequest) ? ["Changes must be made through a pull request."] : []),
    ...(checks === undefined || isExempt ? [] : expected(checks.requiredChecks)),
    ...restricted(rules.filePathRestriction, paths),
    ...(merges && rules.requiredLinearHistory === true ? ["This branch must not contain merge commits."] : []),
  ];
}

function restricted(rule: Value | undefined, paths: string[]): string[] {
  const patterns = isObject(rule) && Array.isArray(rule.restrictedFilePaths) ? rule.restrictedFilePaths.map((pattern) => expressionOf(String(pattern))) : [];
  const found = paths.filter((path) => patterns.some((pattern) => pattern.test(path)));
  return found.length === 0 ? [] : [`File path is restricted: ${found.join(", ")}`];
}

function expected(checks: Value | undefined): string[] {
  const names = (Array.isArray(checks) ? checks : []).filter(isObject).map(({ context }) => String(context));
  if (names.length === 0) return [];
  return [names.length === 1 ? `Required status check "${names[0]}" is expected.` : `${names.length} of ${names.length} required status checks are expected.`];
}

function mayBypass(actors: Value | undefined, actor: Actor): boolean {
  const isActor = ({ actorType, actorId }: Values): boolean => {
    if (typeof actor === "object") return actorType === "Integration" && actorId === actor.app;
    return actor === "deploy key" ? actorType === "DeployKey" : actorType === "OrganizationAdmin" || (actorType === "RepositoryRole" && actorId === ADMIN_ROLE);
  };
  return (Array.isArray(actors) ? actors : []).filter(isObject).some((each) => each.bypassMode !== "pull_request" && isActor(each));
}

/** Without a condition a ruleset is for every branch, or every tag; of a push for both. */
function isMeant({ target, conditions }: Values, ref: string, defaultBranch: string): boolean {
  if (target === "push") return true;
  if (!ref.startsWith(target === "tag" ? "refs/tags/" : "refs/heads/")) return false;
  const names = isObject(conditions) && isObject(conditions.refName) ? conditions.refName : undefined;
  if (names === undefined) return true;
  const isNamed = (patterns: Value | undefined): boolean => (Array.isArray(patterns) ? patterns : []).some((pattern) => matches(String(pattern), ref, defaultBranch));
  return isNamed(names.includes) && !isNamed(names.excludes);
}

function matches(pattern: string, ref: string, defaultBranch: string): boolean {
  if (pattern === "~ALL") return true;
  if (pattern === "~DEFAULT_BRANCH") return ref === `refs/heads/${defaultBranch}`;
  return expressionOf(pattern).test(ref);
}

/** As Ruby's `File.fnmatch` with FNM_PATHNAME: `*` and `?` stay within a part of the path, and `**` followed by a slash goes beyond. */
export function expressionOf(pattern: string): RegExp {
  const tokens = pattern.match(/\*\*\/|\*+|\?|\[[^\]]+\]|\\.|[^]/g) ?? [];
  const translated = tokens.map((token) => {
    if (token === "**/") return "(?:[^/]+/)*";
    if (token.startsWith("*")) return "[^/]*";
    if (token === "?") return "[^/]";
    if (/^\[.+\]$/.test(token)) return token.replace(/^\[[!^]/, "[^");
    return token.replace(/^\\(?=.)/, "").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  });
  return new RegExp(`^${translated.join("")}$`);
}
