/**
 * Git's hook before a push is taken: the repository's rulesets decide. One reference that is refused refuses the push.
 * Run by git in the bare repository; lines `<old> <new> <reference>` come in.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { RefChange } from "../standins/github/protection.ts";
import { judge } from "../standins/github/protection.ts";
import type { PublishedRepository } from "../standins/github/published.ts";
import { readPublished, REPOSITORY_FILE } from "../standins/github/published.ts";

// The environment is git's own: it tells where the objects are that came with the push and are not taken yet.
const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
const isNone = (object: string): boolean => /^0+$/.test(object);

/** What the commits change that no branch or tag has yet; of a merge, what is as in none of its parents. */
function changedPaths(next: string): string[] {
  const names = execFileSync("git", ["log", "--format=", "--name-only", "--no-renames", "-c", "-z", next, "--not", "--all"], { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
  return [...new Set(names.split("\0").map((name) => name.replace(/^\n+/, "")).filter((name) => name !== ""))].sort();
}

function changeOf(line: string): RefChange {
  const [old = "", next = "", ref = ""] = line.split(" ");
  if (isNone(next)) return { ref, kind: "delete", forced: false, merges: false, paths: [] };
  const paths = changedPaths(next);
  const merges = ref.startsWith("refs/heads/") && git("rev-list", "--merges", "--max-count=1", next, "--not", "--all") !== "";
  if (isNone(old)) return { ref, kind: "create", forced: false, merges, paths };
  return { ref, kind: "update", forced: spawnSync("git", ["merge-base", "--is-ancestor", old, next]).status !== 0, merges, paths };
}

const repository = readPublished<PublishedRepository>(process.cwd(), REPOSITORY_FILE);
if (repository === undefined) throw new Error("this repository is not one of the stand-in for GitHub");
const defaultBranch = git("symbolic-ref", "--short", "HEAD");
const changes = readFileSync(0, "utf8").split("\n").filter((line) => line !== "").map(changeOf);
for (const change of changes) {
  const { refused, bypassed } = judge(repository.rulesets, change, { actor: "deploy key", defaultBranch });
  const list = (words: string[]): string => words.map((word) => `- ${word}\n\n`).join("");
  if (refused.length > 0) {
    const page = `${repository.htmlUrl}/rules?ref=${encodeURIComponent(change.ref)}`;
    process.stderr.write(`error: GH013: Repository rule violations found for ${change.ref}.\nReview all repository rules at ${page}\n\n${list(refused)}`);
    process.exitCode = 1;
  } else if (bypassed.length > 0) {
    process.stderr.write(`Bypassed rule violations for ${change.ref}:\n\n${list(bypassed)}`);
  }
}
