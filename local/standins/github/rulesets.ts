/** Rulesets of a repository. What they forbid is decided in protection.ts. */
import type { Value, Values } from "../contract.ts";
import { isObject } from "../shape.ts";
import type { GithubAccount, RepositoryRecord, RulesetRecord } from "./account.ts";
import { same } from "./account.ts";
import { etag } from "./etag.ts";
import type { Handler } from "./handler.ts";
import { visibilityOf } from "./visibility.ts";

function outputs(repository: string, { id, inputs }: RulesetRecord): Values {
  return { ...inputs, repository, rulesetId: id, nodeId: `RRS_${Buffer.from(`ruleset:${id}`).toString("base64url")}`, etag: etag(inputs) };
}

const listAt = (value: Value | undefined, name: string): Value[] => (isObject(value) && Array.isArray(value[name]) ? value[name] : []);

/**
 * As GitHub refuses. Sources: docs.github.com, "About rulesets" (plans) and rest/repos/rules; the answers "Invalid target patterns" and
 * "Invalid rule" as reported in integrations/terraform-provider-github#2660 and eclipse-csi/otterdog#483; "Upgrade to GitHub Pro" as in
 * SoftEtherApp/SoftEther-Web#37; that of GitHub Actions as in tetherto/qvac#3555. Of push rulesets "About rulesets" says who has them, and
 * nobody how the others are refused: those words are not GitHub's. Checked 2026-11-21.
 */
function refuse(account: GithubAccount, repository: RepositoryRecord, inputs: Values, but?: RulesetRecord): void {
  const { kind, plan } = account.facts;
  if (plan === "free" && visibilityOf(repository.inputs) !== "public") throw new Error("403 Upgrade to GitHub Pro or make this repository public to enable this feature.");
  const invalid = (what: string): never => { throw new Error(`422 Validation Failed: ${what}`); };
  if (inputs.enforcement === "evaluate" && plan !== "enterprise") invalid("Enforcement evaluate option is not supported on this plan");
  const twin = account.state.rulesets.find((other) => other !== but && other.repoId === repository.repoId && same(String(other.inputs.name), String(inputs.name)));
  if (twin !== undefined) invalid("Name must be unique");
  if (inputs.target === "push") refusePush(account, repository, invalid);
  const isTag = inputs.target === "tag";
  const named = isObject(inputs.conditions) ? inputs.conditions.refName : undefined;
  const pattern = isTag ? /^(refs\/tags\/.+|~ALL)$/ : /^(refs\/heads\/.+|~ALL|~DEFAULT_BRANCH)$/;
  const odd = [...listAt(named, "includes"), ...listAt(named, "excludes")].filter((name) => !pattern.test(String(name)));
  if (odd.length > 0) invalid(`Invalid target patterns: ${odd.map((name) => `'${String(name)}'`).join(", ")}`);
  if (isTag && isObject(inputs.rules) && inputs.rules.pullRequest !== undefined) invalid("Invalid rule 'pull_request': ");
  for (const actor of listAt(inputs, "bypassActors").filter(isObject)) {
    const { actorType, actorId, bypassMode } = actor;
    if (kind === "user" && (actorType === "OrganizationAdmin" || actorType === "Team")) invalid(`Actor ${actorType} is not part of a repository that no organization owns`);
    if (["Team", "Integration", "RepositoryRole", "User"].includes(String(actorType)) && typeof actorId !== "number") invalid(`Actor ${String(actorType)} needs an id`);
    if (actorType === "Integration" && actorId === GITHUB_ACTIONS) invalid("Actor GitHub Actions integration must be part of the ruleset source or owner organization");
    if (actorType === "DeployKey" && bypassMode === "pull_request") invalid("Bypass mode pull_request is not applicable to deploy keys");
  }
}

/** The id of the app as which workflows work. */
const GITHUB_ACTIONS = 15_368;

function refusePush({ facts }: GithubAccount, { inputs }: RepositoryRecord, invalid: (what: string) => never): void {
  if (visibilityOf(inputs) === "public") invalid("Push rulesets are for private and internal repositories");
  if (facts.kind === "user" || !["team", "enterprise"].includes(facts.plan)) invalid("Push rulesets are not supported on this plan");
}

function withoutRepository({ repository: _, ...inputs }: Values): Values {
  return inputs;
}

export const rulesetHandler: Handler = {
  async create(account, inputs) {
    const repository = account.get(String(inputs.repository));
    if (repository.inputs.archived === true) throw new Error(`cannot create ruleset on archived repository ${repository.owner}/${repository.name}`);
    refuse(account, repository, inputs);
    const record: RulesetRecord = { id: account.newId(), repoId: repository.repoId, inputs: withoutRepository(inputs) };
    account.state.rulesets.push(record);
    account.publish(repository);
    await account.save();
    return { id: String(record.id), outputs: outputs(String(inputs.repository), record) };
  },
  async update(account, id, inputs) {
    const repository = account.get(String(inputs.repository));
    const record = account.state.rulesets.find((ruleset) => ruleset.id === Number(id) && ruleset.repoId === repository.repoId);
    if (record === undefined) throw new Error(`404 Not Found: ${repository.owner}/${repository.name} has no ruleset ${id}`);
    // The provider leaves an archived repository's rulesets alone, and says nothing of it.
    if (repository.inputs.archived === true) return { ...outputs(String(inputs.repository), record), ...inputs };
    refuse(account, repository, inputs, record);
    record.inputs = withoutRepository(inputs);
    account.publish(repository);
    await account.save();
    return outputs(String(inputs.repository), record);
  },
  read(account, id) {
    // `repository:number` when it is imported, the number alone afterwards.
    const record = account.state.rulesets.find((ruleset) => ruleset.id === Number(id.slice(id.lastIndexOf(":") + 1)));
    const repository = account.state.repositories.find(({ repoId }) => repoId === record?.repoId);
    const found = record && repository && { inputs: { ...record.inputs, repository: repository.name }, outputs: outputs(repository.name, record) };
    return Promise.resolve(found);
  },
  async delete(account, id) {
    const record = account.state.rulesets.find((ruleset) => ruleset.id === Number(id));
    const repository = account.state.repositories.find(({ repoId }) => repoId === record?.repoId);
    if (record === undefined || repository === undefined || repository.inputs.archived === true) return;
    account.state.rulesets = account.state.rulesets.filter((other) => other !== record);
    account.publish(repository);
    await account.save();
  },
};
