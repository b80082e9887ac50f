/**
 * A repository that is generated from a template: its files, in one first commit a branch, and nothing of its history.
 * Source: docs.github.com/rest/repos/repos, "Create a repository using a template". Checked 2026-11-21.
 */
import { existsSync } from "node:fs";
import type { Values } from "../contract.ts";
import type { GithubAccount, RepositoryRecord } from "./account.ts";
import { same } from "./account.ts";
import { commitTree, git, initBare } from "./git.ts";
import { visibilityOf } from "./visibility.ts";

/** The template's record; throws when there is none that this owner may see, or when it is no template. */
export function templateFor(account: GithubAccount, { owner, repository: name }: Values): RepositoryRecord {
  const own = same(String(owner), account.owner);
  const elsewhere = account.state.repositories.find((candidate) => same(candidate.owner, String(owner)) && same(candidate.name, String(name)));
  const found = own ? account.find(String(name)) : elsewhere;
  const isVisible = found !== undefined && (own || visibilityOf(found.inputs) === "public");
  if (!isVisible || !existsSync(account.path(found))) throw new Error(`404 Not Found: the template repository ${String(owner)}/${String(name)} does not exist`);
  if (found.inputs.isTemplate !== true) throw new Error(`404 Not Found: ${found.owner}/${found.name} is not a template repository`);
  return found;
}

/** Makes the bare repository `folder` with the files of `template`, a bare repository too. */
export async function generate(folder: string, template: string, { includeAllBranches }: Values): Promise<void> {
  const standard = (await git(["--git-dir", template, "symbolic-ref", "--short", "HEAD"])).trim();
  await initBare(folder, standard);
  const all = (await git(["--git-dir", template, "for-each-ref", "--format=%(refname)", "refs/heads/"])).split("\n").filter((ref) => ref !== "");
  const refs = all.filter((ref) => includeAllBranches === true || ref === `refs/heads/${standard}`);
  if (refs.length === 0) return;
  // Into single objects, of which those that nothing needs in the end can be told and removed.
  await git(["--git-dir", folder, "-c", "fetch.unpackLimit=1000000", "fetch", "--quiet", "--no-tags", "--depth=1", template, ...refs.map((ref) => `${ref}:${ref}`)]);
  for (const ref of refs) {
    const tree = (await git(["--git-dir", folder, "rev-parse", `${ref}^{tree}`])).trim();
    await git(["--git-dir", folder, "update-ref", ref, await commitTree(folder, tree, "Initial commit")]);
  }
  // What is left of the template's commits, and the note that their history is missing.
  await git(["--git-dir", folder, "prune", "--expire=now"]);
}
