/** Repositories, their topics, and who may see them. */
import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Values } from "../contract.ts";
import { isObject } from "../shape.ts";
import type { GithubAccount, RepositoryRecord } from "./account.ts";
import { makeRoom, same } from "./account.ts";
import { etag } from "./etag.ts";
import { commitFile, initBare } from "./git.ts";
import type { Handler } from "./handler.ts";
import { splitId } from "./handler.ts";
import { teamNumber } from "./owners.ts";
import { generate, templateFor } from "./templates.ts";
import { refuseVisibility, visibilityOf } from "./visibility.ts";

const FIRST_BRANCH = "main";

/** The branch that `HEAD` names; a repository without a commit has one too. */
export async function defaultBranch(account: GithubAccount, repository: RepositoryRecord): Promise<string> {
  const head = await readFile(join(account.path(repository), "HEAD"), "utf8");
  return head.trim().replace("ref: refs/heads/", "");
}

export async function repositoryOutputs(account: GithubAccount, repository: RepositoryRecord): Promise<Values> {
  const fullName = `${repository.owner}/${repository.name}`;
  const { web, host } = account.hosts;
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
    htmlUrl: `${web}/${fullName}`,
    httpCloneUrl: `${web}/${fullName}.git`,
    sshCloneUrl: `git@${host}:${fullName}.git`,
    gitCloneUrl: `git://${host}/${fullName}.git`,
    svnUrl: `${web}/${fullName}`,
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
    refuseVisibility(account, inputs);
    const template = isObject(inputs.template) ? { args: inputs.template, path: account.path(templateFor(account, inputs.template)) } : undefined;
    const repoId = account.newId();
    const repository: RepositoryRecord = { owner: account.owner, name, formerNames: [], repoId, nodeId: `R_${Buffer.from(`repository:${repoId}`).toString("base64url")}`, inputs };
    const path = account.path(repository);
    const unfinished = `${path}.new`;
    await makeRoom(path);
    await rm(unfinished, { recursive: true, force: true });
    if (template === undefined) await initBare(unfinished, FIRST_BRANCH);
    else await generate(unfinished, template.path, template.args);
    // The call that generates a repository does not know of a first commit.
    if (inputs.autoInit === true && template === undefined) {
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
    // The provider leaves an archived repository as it is, and says nothing of it.
    if (repository.inputs.archived === true && inputs.archived === true) return { ...(await repositoryOutputs(account, repository)), ...inputs };
    refuseVisibility(account, inputs);
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
    const { template, ...said } = inputs;
    const origin = repository.inputs.template;
    repository.inputs = { ...said, topics: inputs.topics ?? repository.inputs.topics ?? [], ...(origin === undefined ? {} : { template: origin }) };
    account.publish(repository);
    await account.save();
    return { ...(await repositoryOutputs(account, repository)), ...(template === undefined ? {} : { template }) };
  },

  async read(account, id) {
    const repository = account.find(id);
    if (repository === undefined || !existsSync(account.path(repository))) return undefined;
    // Of the template GitHub tells the name and nothing else.
    const { template } = repository.inputs;
    const origin: Values = isObject(template) ? { template: { owner: template.owner ?? "", repository: template.repository ?? "" } } : {};
    return { inputs: { ...repository.inputs, ...origin }, outputs: { ...(await repositoryOutputs(account, repository)), ...origin } };
  },

  async delete(account, id, { archiveOnDestroy }) {
    const repository = account.find(id);
    if (repository === undefined) return;
    if (archiveOnDestroy === true) {
      repository.inputs = { ...repository.inputs, archived: true };
      account.publish(repository);
      return account.save();
    }
    const { state } = account;
    const remains = (record: { repoId: number }): boolean => record.repoId !== repository.repoId;
    state.repositories = state.repositories.filter(remains);
    state.keys = state.keys.filter(remains);
    state.hooks = state.hooks.filter(remains);
    state.teams = state.teams.filter(remains);
    state.rulesets = state.rulesets.filter(remains);
    state.environments = state.environments.filter(remains);
    state.policies = state.policies.filter(remains);
    state.variables = state.variables.filter(remains);
    state.secrets = state.secrets.filter(remains);
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
  async update(account, _, inputs) {
    return (await this.create(account, inputs)).outputs;
  },
  read(account, id) {
    const repository = account.find(id);
    const values: Values | undefined = repository && { repository: id, topics: repository.inputs.topics ?? [] };
    return Promise.resolve(values && { inputs: values, outputs: values });
  },
  async delete(account, id) {
    const repository = account.find(id);
    if (repository === undefined) return;
    account.refuseArchived(repository);
    repository.inputs = { ...repository.inputs, topics: [] };
    await account.save();
  },
};

export const teamHandler: Handler = {
  async create(account, inputs) {
    // A number or a slug; the resource's id has the number.
    const teamId = String(teamNumber(account.folder, account.owner, String(inputs.teamId)));
    const repository = account.getWritable(String(inputs.repository));
    const others = account.state.teams.filter((team) => team.repoId !== repository.repoId || team.teamId !== teamId);
    account.state.teams = [...others, { repoId: repository.repoId, teamId, permission: String(inputs.permission) }];
    await account.save();
    return { id: `${teamId}:${repository.name}`, outputs: { ...inputs, etag: etag(inputs) } };
  },
  async update(account, _, inputs) {
    return (await this.create(account, inputs)).outputs;
  },
  read(account, id) {
    const [team_, name] = splitId(id);
    const teamId = String(teamNumber(account.folder, account.owner, team_));
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
