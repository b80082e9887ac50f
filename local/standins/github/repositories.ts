/** Repositories, their topics, and who may see them. */
import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Value, Values } from "../contract.ts";
import type { GithubAccount, RepositoryRecord } from "./account.ts";
import { makeRoom, same } from "./account.ts";
import { etag } from "./etag.ts";
import { commitFile, initBare } from "./git.ts";
import type { Handler } from "./handler.ts";
import { splitId } from "./handler.ts";

const FIRST_BRANCH = "main";

/** The branch that `HEAD` names; a repository without a commit has one too. */
export async function defaultBranch(account: GithubAccount, repository: RepositoryRecord): Promise<string> {
  const head = await readFile(join(account.path(repository), "HEAD"), "utf8");
  return head.trim().replace("ref: refs/heads/", "");
}

/** `visibility` rules over the older `private`; without both a repository is public. */
function visibilityOf(inputs: Values): Value {
  return inputs.visibility ?? (inputs.private === true ? "private" : "public");
}

export async function repositoryOutputs(account: GithubAccount, repository: RepositoryRecord): Promise<Values> {
  const fullName = `${repository.owner}/${repository.name}`;
  return {
    ...repository.inputs,
    name: repository.name,
    topics: repository.inputs.topics ?? [],
    visibility: visibilityOf(repository.inputs),
    private: visibilityOf(repository.inputs) !== "public",
    defaultBranch: await defaultBranch(account, repository),
    primaryLanguage: "",
    fullName,
    repoId: repository.repoId,
    nodeId: repository.nodeId,
    htmlUrl: `https://github.com/${fullName}`,
    httpCloneUrl: `https://github.com/${fullName}.git`,
    sshCloneUrl: `git@github.com:${fullName}.git`,
    gitCloneUrl: `git://github.com/${fullName}.git`,
    svnUrl: `https://github.com/${fullName}`,
    etag: etag(repository.inputs),
  };
}

function refuseTaken(account: GithubAccount, name: string, but?: RepositoryRecord): void {
  const taken = account.state.repositories.find((other) => other !== but && same(other.owner, account.owner) && same(other.name, name));
  if (taken) throw new Error(`422 Repository creation failed: name already exists on this account (${taken.owner}/${taken.name})`);
}

export const repositoryHandler: Handler = {
  async create(account, inputs) {
    const name = String(inputs.name);
    refuseTaken(account, name);
    const repoId = account.newId();
    const repository: RepositoryRecord = { owner: account.owner, name, formerNames: [], repoId, nodeId: `R_${Buffer.from(`repository:${repoId}`).toString("base64url")}`, inputs };
    const path = account.path(repository);
    const unfinished = `${path}.new`;
    await makeRoom(path);
    await rm(unfinished, { recursive: true, force: true });
    await initBare(unfinished, FIRST_BRANCH);
    if (inputs.autoInit === true) {
      const description = typeof inputs.description === "string" && inputs.description !== "" ? `${inputs.description}\n` : "";
      await commitFile(unfinished, { branch: FIRST_BRANCH, file: "README.md", content: `# ${name}\n${description}`, message: "Initial commit" });
    }
    await rename(unfinished, path);
    for (const other of account.state.repositories) {
      if (same(other.owner, account.owner)) other.formerNames = other.formerNames.filter((former) => !same(former, name));
    }
    account.state.repositories.push(repository);
    account.publish(repository);
    await account.save();
    return { id: name, outputs: await repositoryOutputs(account, repository) };
  },

  async update(account, id, inputs) {
    const repository = account.get(id);
    if (repository.inputs.archived === true && inputs.archived === true) account.getWritable(id);
    const name = String(inputs.name);
    if (name !== repository.name) {
      refuseTaken(account, name, repository);
      const old = account.path(repository);
      const path = account.path({ owner: repository.owner, name });
      if (!same(name, repository.name)) await makeRoom(path);
      await rename(old, path);
      repository.formerNames.push(repository.name);
      repository.name = name;
    }
    // Topics that this resource does not name are another resource's.
    repository.inputs = { ...inputs, topics: inputs.topics ?? repository.inputs.topics ?? [] };
    await account.save();
    return repositoryOutputs(account, repository);
  },

  async read(account, id) {
    const repository = account.find(id);
    if (repository === undefined || !existsSync(account.path(repository))) return undefined;
    return { inputs: repository.inputs, outputs: await repositoryOutputs(account, repository) };
  },

  async delete(account, id) {
    const repository = account.find(id);
    if (repository === undefined) return;
    if (repository.inputs.archiveOnDestroy === true) {
      repository.inputs = { ...repository.inputs, archived: true };
      return account.save();
    }
    const { state } = account;
    const remains = (record: { repoId: number }): boolean => record.repoId !== repository.repoId;
    state.repositories = state.repositories.filter(remains);
    state.keys = state.keys.filter(remains);
    state.hooks = state.hooks.filter(remains);
    state.teams = state.teams.filter(remains);
    await account.save();
    await rm(account.path(repository), { recursive: true, force: true });
  },
};

export const topicsHandler: Handler = {
  async create(account, inputs) {
    const repository = account.getWritable(String(inputs.repository));
    repository.inputs = { ...repository.inputs, topics: inputs.topics ?? [] };
    await account.save();
    return { id: String(inputs.repository), outputs: inputs };
  },
  async update(account, id, inputs) {
    return (await this.create(account, { ...inputs, repository: id })).outputs;
  },
  read(account, id) {
    const repository = account.find(id);
    const values: Values | undefined = repository && { repository: id, topics: repository.inputs.topics ?? [] };
    return Promise.resolve(values && { inputs: values, outputs: values });
  },
  async delete(account, id) {
    const repository = account.find(id);
    if (repository === undefined || repository.inputs.archived === true) return;
    repository.inputs = { ...repository.inputs, topics: [] };
    await account.save();
  },
};

export const teamHandler: Handler = {
  async create(account, inputs) {
    const repository = account.getWritable(String(inputs.repository));
    const teamId = String(inputs.teamId);
    const others = account.state.teams.filter((team) => team.repoId !== repository.repoId || team.teamId !== teamId);
    account.state.teams = [...others, { repoId: repository.repoId, teamId, permission: String(inputs.permission) }];
    await account.save();
    return { id: `${teamId}:${repository.name}`, outputs: { ...inputs, etag: etag(inputs) } };
  },
  async update(account, _, inputs) {
    return (await this.create(account, inputs)).outputs;
  },
  read(account, id) {
    const [teamId, name] = splitId(id);
    const team = account.state.teams.find((candidate) => candidate.teamId === teamId && candidate.repoId === account.find(name)?.repoId);
    const values: Values | undefined = team && { teamId, repository: name, permission: team.permission };
    return Promise.resolve(values && { inputs: values, outputs: { ...values, etag: etag(values) } });
  },
  async delete(account, id) {
    const [teamId, name] = splitId(id);
    const repository = account.find(name);
    if (repository === undefined || repository.inputs.archived === true) return;
    account.state.teams = account.state.teams.filter((team) => team.teamId !== teamId || team.repoId !== repository.repoId);
    await account.save();
  },
};
