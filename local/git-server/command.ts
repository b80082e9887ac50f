/**
 * What a login with a deploy key may do, given what it asks for. The answers are GitHub's. Sources: docs.github.com, "Error: Repository
 * not found", "Managing deploy keys", "Testing your SSH connection"; checked 2026-11-21.
 */
import type { PublishedRepository } from "../standins/github/published.ts";

export interface Login {
  /** What the key's repository says of itself; absent when it is gone. */
  repository?: PublishedRepository;
  mayWrite: boolean;
  /** The command line that the client sent; absent: it wants a shell. */
  asked?: string;
}

/** The program of git to run on the key's repository, or what to tell the client and with what exit code. */
export function decide({ repository, mayWrite, asked }: Login): { program: "upload-pack" | "receive-pack" } | { error: string; code: number } {
  if (repository === undefined) return notFound;
  const fullName = `${repository.owner}/${repository.name}`;
  if (asked === undefined) return { error: `Hi ${fullName}! You've successfully authenticated, but GitHub does not provide shell access.`, code: 1 };
  const [, program, path] = /^git[- ](upload-pack|receive-pack) '?\/?([^']+?)'?$/.exec(asked) ?? [];
  if (program === undefined || path === undefined) return { error: `Invalid command: ${asked}\n  You appear to be using ssh to clone a git:// URL.\n  Make sure your core.gitProxy config option and the\n  GIT_PROXY_COMMAND environment variable are NOT set.`, code: 1 };
  const names = [repository.name, ...repository.formerNames].map((name) => `${repository.owner}/${name}`.toLowerCase());
  if (!names.includes(path.replace(/\.git$/, "").replace(/\/$/, "").toLowerCase())) return notFound;
  if (program === "upload-pack") return { program };
  if (!mayWrite) return { error: "ERROR: The key you are authenticating with has been marked as read only.", code: 1 };
  if (repository.archived) return { error: "ERROR: This repository was archived so it is read-only.", code: 1 };
  return { program: "receive-pack" };
}

const notFound = { error: "ERROR: Repository not found.", code: 1 };
