/** Real git on bare repositories: commits without a work tree. */
import { execFile } from "node:child_process";

export interface Author {
  name: string;
  email: string;
}

const STAND_IN: Author = { name: "GitHub (stand-in)", email: "noreply@github.com" };

/** Runs git apart from the user's and the caller's configuration; throws with git's own last line. */
export function git(args: string[], { input = "" }: { input?: string } = {}): Promise<string> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const env = {
    ...inherited,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
  return new Promise((resolve, reject) => {
    const child = execFile("git", args, { env, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.code === "ENOENT") reject(new Error("The stand-in for GitHub keeps real git repositories and needs git on the PATH; install git and run again."));
      else reject(new Error(`git ${args.at(0) === "--git-dir" ? args[2] : args[0]}: ${stderr.trim().split("\n").at(-1) ?? error.message}`, { cause: error }));
    });
    // A git that cannot start, or ends early, closes its input: the callback above has the reason.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

export async function initBare(folder: string, branch: string): Promise<void> {
  await git(["init", "--quiet", "--bare", "--template=", `--initial-branch=${branch}`, folder]);
}

/** The object a name such as `refs/heads/main` or `main:README.md` stands for; `undefined` when there is none. */
export async function objectAt(repository: string, name: string): Promise<string | undefined> {
  return git(["--git-dir", repository, "rev-parse", "--verify", "--quiet", name]).then((out) => out.trim(), () => undefined);
}

export function contentOf(repository: string, object: string): Promise<string> {
  return git(["--git-dir", repository, "cat-file", "blob", object]);
}

export interface FileChange {
  branch: string;
  /** The branch's present commit; absent: the branch begins with this change. */
  parent?: string;
  file: string;
  /** `undefined` removes the file. */
  content?: string;
  message: string;
  author?: Author;
}

/**
 * Commits one file to a branch in one step, without an index or a work tree. Throws when the branch is no longer at
 * `parent`. Answers with the commit, and with the file's object unless it was removed.
 */
export async function commitFile(repository: string, { branch, parent, file, content, message, author = STAND_IN }: FileChange): Promise<{ commit: string; blob?: string }> {
  const who = ({ name, email }: Author): string => `${name.replace(/[<>\n]/g, "")} <${email.replace(/[<>\n]/g, "")}> now`;
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const path = `"${file.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  const input = [
    content === undefined ? "" : `blob\nmark :2\n${data(content)}`,
    `commit refs/heads/${branch}\nmark :1\nauthor ${who(author)}\ncommitter ${who(STAND_IN)}\n${data(message)}`,
    parent === undefined ? "" : `from ${parent}\n`,
    content === undefined ? `D ${path}\n` : `M 100644 :2 ${path}\n`,
    "get-mark :1\n",
    content === undefined ? "" : "get-mark :2\n",
  ].join("");
  const answer = await git(["--git-dir", repository, "fast-import", "--quiet", "--date-format=now"], { input });
  const [commit = "", blob] = answer.trim().split("\n");
  return { commit, blob };
}

/** Makes a commit of a tree that is there, without a parent, on no branch. */
export async function commitTree(repository: string, tree: string, message: string): Promise<string> {
  const identity = ["-c", `user.name=${STAND_IN.name}`, "-c", `user.email=${STAND_IN.email}`];
  return (await git(["--git-dir", repository, ...identity, "commit-tree", tree, "-m", message])).trim();
}
