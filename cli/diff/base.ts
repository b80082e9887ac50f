/** A commit's tree in a temporary folder, with packages, so that its own program can run there. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../arguments.ts";
import { execute } from "../execute.ts";
import { quietEnvironment } from "./environment.ts";

export interface Base {
  root: string;
  /** The full hash. */
  commit: string;
  /** A folder that is removed afterwards. */
  temporary: string;
}

/**
 * Checks `ref` out into a temporary folder for as long as `work` takes. The checkout itself is not touched: neither its
 * files nor its index, and no worktree is registered. Compared is with where the two histories part, if that can be seen:
 * what others have merged into the base since is no part of the difference.
 *
 * @param install whether packages may be installed (network) where the base needs others than the checkout has
 * @throws Failure when there is no such commit, or its packages are missing
 */
export async function withBase<T>(root: string, ref: string, install: boolean, work: (base: Base) => Promise<T>): Promise<T> {
  const temporary = mkdtempSync(join(tmpdir(), "mooring-diff-"));
  try {
    const commit = await commitOf(root, ref);
    const tree = join(temporary, "tree");
    mkdirSync(tree);
    const index = { GIT_INDEX_FILE: join(temporary, "index") };
    await git(root, ["read-tree", commit], index);
    // In the project's folder of the repository only, which need not be its top.
    await git(root, ["checkout-index", "--all", `--prefix=${tree}/`], index);
    const prefix = (await git(root, ["rev-parse", "--show-prefix"])).trim();
    const project = join(tree, prefix);
    if (!existsSync(join(project, "cli/render.ts"))) throw new Failure(`${ref} has no \`render\` yet; there is nothing to compare with`);
    await providePackages(root, project, ref, install);
    return await work({ root: project, commit, temporary });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function commitOf(root: string, ref: string): Promise<string> {
  const { code, stdout, failure } = await gitRun(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (failure !== undefined) throw new Failure(`git: ${failure}`);
  const commit = stdout.trim();
  if (code !== 0 || commit === "") throw new Failure(`--base ${ref}: there is no such commit here; a shallow clone needs a fetch first (fetch-depth: 2 for HEAD^1)`);
  const parting = await gitRun(root, ["merge-base", commit, "HEAD"]);
  return parting.code === 0 ? parting.stdout.trim() : commit;
}

/** The head's packages where both trees lock the same; else those of the base, if they may be installed. */
async function providePackages(root: string, project: string, ref: string, install: boolean): Promise<void> {
  const lock = (folder: string): string => readFileSync(join(folder, "package-lock.json"), "utf8");
  if (existsSync(join(project, "package-lock.json")) && lock(project) === lock(root)) {
    const packages = join(root, "node_modules");
    if (!existsSync(packages)) throw new Failure("the packages are not installed: npm ci");
    // "junction" is what Windows lets everybody make; elsewhere it means nothing.
    symlinkSync(packages, join(project, "node_modules"), "junction");
    return;
  }
  if (!install) throw new Failure(`package-lock.json is not the same in ${ref}, whose program needs its own packages: add --install, which runs \`npm ci --ignore-scripts\` for it in a temporary folder`);
  // No script of a package runs: rendering needs none, and the lock may be a stranger's.
  const { code, stderr, failure } = await execute("npm", ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", project], { seconds: 600, env: quietEnvironment(process.env, ["npm_config_"]) });
  if (code !== 0) throw new Failure(`the packages of ${ref} could not be installed (npm ci): ${failure ?? stderr.trim().split("\n").slice(0, 5).join("\n")}`);
}

async function git(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, stdout, stderr, failure } = await gitRun(root, args, env);
  if (code !== 0) throw new Failure(`git ${args[0]!} failed: ${failure ?? stderr.trim()}`);
  return stdout;
}

function gitRun(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  // A hook of the clone is told of every index that is written, this passing one included.
  return execute("git", ["-C", root, "-c", "core.hooksPath=/dev/null", ...args], { seconds: 300, env: { ...process.env, ...env } });
}
