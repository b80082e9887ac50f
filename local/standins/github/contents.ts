/** Files and the default branch: what lives in the git repository itself. */
import type { Values } from "../contract.ts";
import type { GithubAccount, RepositoryRecord } from "./account.ts";
import { etag } from "./etag.ts";
import { commitFile, contentOf, git, objectAt } from "./git.ts";
import type { Handler } from "./handler.ts";
import { escaped, splitId, unescaped } from "./handler.ts";
import type { RefChange } from "./protection.ts";
import { judge } from "./protection.ts";
import { defaultBranch } from "./repositories.ts";

/**
 * Throws when a ruleset forbids the change and the provider's account may not bypass it.
 * Source of the answers: the API's for contents (409) and for references (422) as reported for release-please (googleapis/release-please-action#1194).
 */
async function refuseForbidden(account: GithubAccount, repository: RepositoryRecord, branch: string, kind: RefChange["kind"], paths: string[], status: 409 | 422): Promise<void> {
  const rulesets = account.state.rulesets.filter(({ repoId }) => repoId === repository.repoId).map(({ inputs }) => inputs);
  const change: RefChange = { ref: `refs/heads/${branch}`, kind, forced: false, merges: false, paths };
  const { refused } = judge(rulesets, change, { actor: account.actor, defaultBranch: await defaultBranch(account, repository) });
  if (refused.length > 0) throw new Error(`${status} Repository rule violations found\n\n${refused.join("\n\n")}\n\n(${repository.owner}/${repository.name}, branch ${branch})`);
}

/** The branch to write to, made first where the program asked for that; throws when there is none. */
async function branchFor(account: GithubAccount, repository: RepositoryRecord, inputs: Values): Promise<string> {
  const standard = await defaultBranch(account, repository);
  if (typeof inputs.branch !== "string") return standard;
  const path = account.path(repository);
  if (await objectAt(path, `refs/heads/${inputs.branch}`)) return inputs.branch;
  if (inputs.autocreateBranch !== true) throw new Error(`404 Branch not found: ${repository.name} has no branch ${inputs.branch}`);
  const source = String(inputs.autocreateBranchSourceBranch);
  const commit = await objectAt(path, `refs/heads/${source}`);
  if (commit === undefined) throw new Error(`404 Branch not found: ${repository.name} has no branch ${source} to start ${inputs.branch} from`);
  await refuseForbidden(account, repository, inputs.branch, "create", [], 422);
  await git(["--git-dir", path, "update-ref", `refs/heads/${inputs.branch}`, commit, ""]);
  return inputs.branch;
}

async function write(account: GithubAccount, repository: RepositoryRecord, branch: string, inputs: Values, verb: string): Promise<Values> {
  if ((inputs.commitAuthor === undefined) !== (inputs.commitEmail === undefined)) throw new Error("commitAuthor and commitEmail must be given together");
  const message = String(inputs.commitMessage ?? `${verb} ${String(inputs.file)}`);
  const author = typeof inputs.commitAuthor === "string" ? { name: inputs.commitAuthor, email: String(inputs.commitEmail) } : undefined;
  const path = account.path(repository);
  const parent = await objectAt(path, `refs/heads/${branch}`);
  await refuseForbidden(account, repository, branch, parent === undefined ? "create" : "update", [String(inputs.file)], 409);
  const { commit, blob } = await commitFile(path, { branch, parent, file: String(inputs.file), content: String(inputs.content), message, author });
  return { ...inputs, branch, commitMessage: message, commitSha: commit, sha: blob ?? "", ref: branch, repositoryId: repository.repoId };
}

export const fileHandler: Handler = {
  async create(account, inputs) {
    const repository = account.getWritable(String(inputs.repository));
    const branch = await branchFor(account, repository, inputs);
    const file = String(inputs.file);
    const existing = await objectAt(account.path(repository), `refs/heads/${branch}:${file}`);
    if (existing !== undefined && inputs.overwriteOnCreate !== true) {
      throw new Error(`refusing to overwrite existing file ${file} in ${repository.name}: set overwriteOnCreate to overwrite it`);
    }
    const outputs = await write(account, repository, branch, inputs, existing === undefined ? "Add" : "Update");
    return { id: `${repository.name}:${escaped(file)}:${branch}`, outputs };
  },
  async update(account, id, inputs) {
    const repository = account.getWritable(String(inputs.repository));
    return write(account, repository, id.slice(id.lastIndexOf(":") + 1), inputs, "Update");
  },
  async read(account, id) {
    const [name, place] = splitId(id);
    const at = place.lastIndexOf(":");
    const file = unescaped(at === -1 ? place : place.slice(0, at));
    const repository = account.find(name);
    if (repository === undefined) return undefined;
    const branch = place.slice(at + 1) || await defaultBranch(account, repository);
    const sha = await objectAt(account.path(repository), `refs/heads/${branch}:${file}`);
    if (sha === undefined) return undefined;
    const inputs: Values = { repository: name, file, branch, content: await contentOf(account.path(repository), sha) };
    const last = await git(["--git-dir", account.path(repository), "log", "-1", "--format=%H%n%B", `refs/heads/${branch}`, "--", file]);
    const [commitSha = "", ...message] = last.split("\n");
    return { inputs, outputs: { ...inputs, commitSha, commitMessage: message.join("\n").trim(), sha, ref: branch, repositoryId: repository.repoId } };
  },
  async delete(account, id) {
    const found = await this.read(account, id);
    const repository = account.find(splitId(id)[0]);
    if (found === undefined || repository === undefined || repository.inputs.archived === true) return;
    const file = String(found.inputs.file);
    const branch = String(found.inputs.branch);
    const parent = await objectAt(account.path(repository), `refs/heads/${branch}`);
    await refuseForbidden(account, repository, branch, "update", [file], 409);
    await commitFile(account.path(repository), { branch, parent, file, message: `Delete ${file}` });
  },
};

function branchOutputs(inputs: Values, repository: RepositoryRecord): Values {
  return { ...inputs, repositoryId: repository.repoId, etag: etag(inputs) };
}

export const branchDefaultHandler: Handler = {
  async create(account, inputs) {
    const repository = account.getWritable(String(inputs.repository));
    const path = account.path(repository);
    const branch = String(inputs.branch);
    const current = await defaultBranch(account, repository);
    const tip = await objectAt(path, `refs/heads/${current}`);
    if (inputs.rename === true && branch !== current) {
      if (tip === undefined) throw new Error(`404 Branch not found: ${repository.name} has no commit yet`);
      await git(["--git-dir", path, "update-ref", `refs/heads/${branch}`, tip, ""]);
      await git(["--git-dir", path, "symbolic-ref", "HEAD", `refs/heads/${branch}`]);
      await git(["--git-dir", path, "update-ref", "-d", `refs/heads/${current}`, tip]);
    } else {
      if (await objectAt(path, `refs/heads/${branch}`) === undefined) {
        throw new Error(`422 Validation Failed: The branch ${branch} was not found in ${repository.name}. Please push that ref first or create it via the Git Data API.`);
      }
      await git(["--git-dir", path, "symbolic-ref", "HEAD", `refs/heads/${branch}`]);
    }
    return { id: repository.name, outputs: branchOutputs(inputs, repository) };
  },
  async update(account, _, inputs) {
    return (await this.create(account, inputs)).outputs;
  },
  async read(account, id) {
    const repository = account.find(id);
    if (repository === undefined) return undefined;
    const inputs: Values = { repository: id, branch: await defaultBranch(account, repository) };
    return { inputs, outputs: branchOutputs(inputs, repository) };
  },
  /** A repository always has a default branch: it stays. */
  delete: () => Promise.resolve(),
};
