/** `.github/CODEOWNERS` of a team's repository: whom GitHub asks to review what. Where the branch's rules say so (`rules.codeOwners`), one of them must approve. */
import type { RepositorySettings } from "../../settings/github-settings.ts";
import type { ScaffoldFile } from "./overlay-args.ts";

const path = ".github/CODEOWNERS";

/**
 * The settings' patterns, else everything by the teams of the settings that have the role maintain or admin in the repository. Nothing
 * when nobody is named: a file without owners would have no effect. Of several owners in a line one is enough.
 * @param organisation owner of the repository, whose teams these are
 */
export function codeowners(organisation: string, { teams, codeOwners }: Pick<RepositorySettings, "teams" | "codeOwners">): ScaffoldFile | undefined {
  const maintainers = Object.entries(teams)
    .filter(([, role]) => role === "maintain" || role === "admin")
    .map(([team]) => `@${organisation}/${team}`)
    .sort();
  const rules = codeOwners ?? (maintainers.length > 0 ? { "*": maintainers } : {});
  const lines = inOrder(Object.entries(rules)).map(([pattern, owners]) => `${pattern} ${owners.join(" ")}`);
  if (lines.length === 0) return undefined;
  const content = ["# Who is asked to review a change, and approves it where the branch requires that. Of several lines that fit a file the last one counts.", ...lines, ""].join("\n");
  return { path, content };
}

/** The pattern for everything first, or it would hide all before it. The others as they were written. */
function inOrder<T>(rules: [string, T][]): [string, T][] {
  const isWide = ([pattern]: [string, T]): boolean => pattern === "*";
  return [...rules.filter(isWide), ...rules.filter((rule) => !isWide(rule))];
}
