/** Environments of a repository, and which branches and tags may be deployed to them. */
import type { Values } from "../contract.ts";
import { isObject } from "../shape.ts";
import type { DeploymentPolicyRecord, EnvironmentRecord, GithubAccount, RepositoryRecord } from "./account.ts";
import { same } from "./account.ts";
import type { Handler } from "./handler.ts";
import { escaped, splitId, unescaped } from "./handler.ts";
import { visibilityOf } from "./visibility.ts";

export function findEnvironment(account: GithubAccount, repository: RepositoryRecord, name: string): EnvironmentRecord | undefined {
  return account.state.environments.find((environment) => environment.repoId === repository.repoId && same(environment.name, name));
}

/** The repository, which may be written to, and its environment; throws when there is none. */
export function environmentOf(account: GithubAccount, inputs: Values): { repository: RepositoryRecord; environment: EnvironmentRecord } {
  const repository = account.getWritable(String(inputs.repository));
  const environment = findEnvironment(account, repository, String(inputs.environment));
  if (environment === undefined) throw new Error(`404 Not Found: ${repository.owner}/${repository.name} has no environment ${String(inputs.environment)}`);
  return { repository, environment };
}

/**
 * Source: docs.github.com, "Deployments and environments" (on plans below Enterprise, reviewers and wait timers are for public
 * repositories); the answer as in backstage/backstage#28977. Checked 2026-11-21.
 */
function refusePlan(account: GithubAccount, repository: RepositoryRecord, { reviewers, waitTimer }: Values): void {
  if (account.facts.plan === "enterprise" || visibilityOf(repository.inputs) === "public") return;
  const rules = [...(Array.isArray(reviewers) && reviewers.length > 0 ? ["required reviewers"] : []), ...(Number(waitTimer ?? 0) > 0 ? ["wait timer"] : [])];
  if (rules.length === 0) return;
  throw new Error(`422 Failed to create the environment protection rule. Please ensure the billing plan supports the ${rules[0]} protection rule.`);
}

const outputsOf = (inputs: Values, repository: RepositoryRecord): Values => ({ ...inputs, repositoryId: repository.repoId });

export const environmentHandler: Handler = {
  /** One call makes and changes: what is there already is taken over. */
  async create(account, inputs) {
    const repository = account.getWritable(String(inputs.repository));
    const name = String(inputs.environment);
    refusePlan(account, repository, inputs);
    const { repository: _, environment: __, ...rules } = inputs;
    const found = findEnvironment(account, repository, name);
    if (found === undefined) account.state.environments.push({ repoId: repository.repoId, name, inputs: rules });
    else found.inputs = rules;
    const policy = rules.deploymentBranchPolicy;
    if (!isObject(policy) || policy.customBranchPolicies !== true) dropPolicies(account, repository, name);
    await account.save();
    return { id: `${String(inputs.repository)}:${escaped(name)}`, outputs: outputsOf(inputs, repository) };
  },
  async update(account, _, inputs) {
    return (await this.create(account, inputs)).outputs;
  },
  read(account, id) {
    const [repositoryName, part] = splitId(id);
    const repository = account.find(repositoryName);
    const environment = repository && findEnvironment(account, repository, unescaped(part));
    if (repository === undefined || environment === undefined) return Promise.resolve(undefined);
    const inputs: Values = { ...environment.inputs, repository: repositoryName, environment: unescaped(part) };
    return Promise.resolve({ inputs, outputs: outputsOf(inputs, repository) });
  },
  async delete(account, id) {
    const [repositoryName, part] = splitId(id);
    const repository = account.find(repositoryName);
    const environment = repository && findEnvironment(account, repository, unescaped(part));
    if (repository === undefined || environment === undefined) return;
    account.refuseArchived(repository);
    const { state } = account;
    const remains = (record: { repoId: number; environment?: string }): boolean => record.repoId !== repository.repoId || !same(record.environment ?? "", environment.name);
    state.environments = state.environments.filter((other) => other !== environment);
    state.policies = state.policies.filter(remains);
    state.variables = state.variables.filter(remains);
    state.secrets = state.secrets.filter(remains);
    await account.save();
  },
};

function dropPolicies(account: GithubAccount, repository: RepositoryRecord, environment: string): void {
  account.state.policies = account.state.policies.filter((policy) => policy.repoId !== repository.repoId || !same(policy.environment, environment));
}

function patternOf(inputs: Values): Pick<DeploymentPolicyRecord, "kind" | "pattern"> {
  return typeof inputs.branchPattern === "string" ? { kind: "branch", pattern: inputs.branchPattern } : { kind: "tag", pattern: String(inputs.tagPattern) };
}

function refuseTwin(account: GithubAccount, { repoId }: RepositoryRecord, { kind, pattern }: Pick<DeploymentPolicyRecord, "kind" | "pattern">, environment: string, but?: DeploymentPolicyRecord): void {
  const isTwin = (other: DeploymentPolicyRecord): boolean => other !== but && other.repoId === repoId && same(other.environment, environment) && other.kind === kind && other.pattern === pattern;
  if (account.state.policies.some(isTwin)) throw new Error(`303 See Other: the environment ${environment} has the ${kind} pattern ${pattern} already`);
}

/** Source: docs.github.com/rest/deployments/branch-policies: 404 unless the environment has custom policies, 303 for a pattern that is there. Checked 2026-11-21. */
export const deploymentPolicyHandler: Handler = {
  async create(account, inputs) {
    const { repository, environment } = environmentOf(account, inputs);
    const policy = environment.inputs.deploymentBranchPolicy;
    if (!isObject(policy) || policy.customBranchPolicies !== true) throw new Error(`404 Not Found: the environment ${environment.name} has no custom branch policies (deploymentBranchPolicy.customBranchPolicies)`);
    refuseTwin(account, repository, patternOf(inputs), environment.name);
    const record: DeploymentPolicyRecord = { id: account.newId(), repoId: repository.repoId, environment: environment.name, ...patternOf(inputs) };
    account.state.policies.push(record);
    await account.save();
    return { id: `${String(inputs.repository)}:${escaped(String(inputs.environment))}:${record.id}`, outputs: { ...outputsOf(inputs, repository), policyId: record.id } };
  },
  async update(account, id, inputs) {
    const { repository, environment } = environmentOf(account, inputs);
    const record = policyAt(account, id);
    if (record === undefined) throw new Error(`404 Not Found: the environment ${environment.name} has no deployment policy ${id}`);
    refuseTwin(account, repository, patternOf(inputs), environment.name, record);
    record.pattern = patternOf(inputs).pattern;
    await account.save();
    return { ...outputsOf(inputs, repository), policyId: record.id };
  },
  read(account, id) {
    const [repositoryName, rest] = splitId(id);
    const record = policyAt(account, id);
    const repository = account.find(repositoryName);
    if (record === undefined || repository?.repoId !== record.repoId) return Promise.resolve(undefined);
    const inputs: Values = { repository: repositoryName, environment: unescaped(splitId(rest)[0]), [`${record.kind}Pattern`]: record.pattern };
    return Promise.resolve({ inputs, outputs: { ...outputsOf(inputs, repository), policyId: record.id } });
  },
  async delete(account, id) {
    const record = policyAt(account, id);
    const repository = account.find(splitId(id)[0]);
    if (record === undefined || repository === undefined) return;
    account.refuseArchived(repository);
    account.state.policies = account.state.policies.filter((other) => other !== record);
    await account.save();
  },
};

function policyAt(account: GithubAccount, id: string): DeploymentPolicyRecord | undefined {
  return account.state.policies.find((policy) => policy.id === Number(id.slice(id.lastIndexOf(":") + 1)));
}
