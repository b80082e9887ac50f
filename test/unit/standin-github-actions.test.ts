/** The stand-in for GitHub: environments, their deployment policies, variables and secrets. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { UNKNOWN } from "../../local/standins/contract.ts";
import type { State } from "../../local/standins/github/account.ts";
import { isSecretValue } from "../../local/standins/github/actions.ts";
import { describeOwner } from "../../local/standins/github/owners.ts";
import { githubStandIn } from "../../local/standins/github.ts";
import { Driver, scratch } from "./standin-driver.ts";

const repository = "github:index/repository:Repository";
const environment = "github:index/repositoryEnvironment:RepositoryEnvironment";
const policy = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy";
const variable = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable";
const plainVariable = "github:index/actionsVariable:ActionsVariable";
const secret = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret";

const inProd = (more: Values = {}): Values => ({ repository: "orders", environment: "prod", ...more });

/** An account with a private repository `orders`. */
async function github(context: TestContext): Promise<{ driver: Driver; folder: string; state: () => State }> {
  const folder = scratch(context);
  const standIn = githubStandIn({ folder });
  await standIn.configure?.("first", { owner: "acme" });
  const driver = new Driver(standIn);
  await driver.create(repository, "orders", { name: "orders", visibility: "private" });
  return { driver, folder, state: () => JSON.parse(readFileSync(join(folder, "github.json"), "utf8")) as State };
}

test("an environment is made or taken over, changed in place, and goes with what is in it", async (context) => {
  const { driver, state } = await github(context);
  const live = await driver.create(environment, "prod", inProd({ waitTimer: 5, reviewers: [{ teams: [1, 2], users: [3] }] }));
  assert.equal(live.id, "orders:prod");
  assert.equal(typeof live.outputs.repositoryId, "number");
  assert.equal(live.outputs.canAdminsBypass, true);
  assert.deepEqual((await driver.diff(live, inProd({ waitTimer: 5, reviewers: [{ users: [3], teams: [2, 1] }], preventSelfReview: false }))).changes, [], "teams have no order, and false is nothing");
  assert.deepEqual(await driver.diff(live, inProd({ environment: "staging" })), { changes: ["environment", "reviewers", "waitTimer"], replaces: ["environment"] });
  const again = await driver.create(environment, "again", inProd({ environment: "PROD" }));
  assert.equal(state().environments.length, 1, "one call makes and changes");
  await driver.create(variable, "v", inProd({ variableName: "MOORING", value: "{}" }));
  await driver.create(secret, "s", inProd({ secretName: "TOKEN", value: "hush" }));
  await driver.delete(again);
  const { environments, variables, secrets } = state();
  assert.deepEqual([environments, variables, secrets], [[], [], []]);
  assert.equal(await driver.read(live), undefined);
  await assert.rejects(driver.create(environment, "prod", inProd({ repository: "none" })), /404 Not Found: the repository acme\/none/);
});

test("an environment's name may hold a colon", async (context) => {
  const { driver } = await github(context);
  const live = await driver.create(environment, "e", inProd({ environment: "prod: west" }));
  assert.equal(live.id, "orders:prod?? west");
  assert.equal((await driver.read(live))?.inputs.environment, "prod: west");
});

test("check: reviewers, wait, policy, names and values", async (context) => {
  const { driver } = await github(context);
  const failing = async (type: string, args: Values): Promise<string[]> => ((await driver.check(type, "x", args)).failures ?? []).map(({ property }) => property);
  assert.deepEqual(await failing(environment, inProd({ reviewers: [{ teams: [1, 2, 3, 4], users: [5, 6] }] })), []);
  assert.deepEqual(await failing(environment, inProd({ reviewers: [{ teams: [1, 2, 3, 4], users: [5, 6, 7] }] })), ["reviewers"]);
  assert.deepEqual(await failing(environment, inProd({ waitTimer: 43_201 })), ["waitTimer"]);
  const branches = (protectedBranches: boolean, customBranchPolicies: boolean): Values => inProd({ deploymentBranchPolicy: { protectedBranches, customBranchPolicies } });
  assert.deepEqual([await failing(environment, branches(true, false)), await failing(environment, branches(true, true)), await failing(environment, branches(false, false))], [[], ["deploymentBranchPolicy"], ["deploymentBranchPolicy"]]);
  assert.deepEqual(await failing(environment, inProd({ environment: "" })), ["environment"]);
  for (const name of ["GITHUB_TOKEN", "github_x", "1A", "A-B", ""]) {
    assert.deepEqual(await failing(variable, inProd({ variableName: name, value: "" })), ["variableName"], name);
    assert.deepEqual(await failing(secret, inProd({ secretName: name, value: "" })), ["secretName"], name);
  }
  assert.deepEqual(await failing(secret, inProd({ secretName: "A" })), ["value"]);
  assert.deepEqual(await failing(secret, inProd({ secretName: "A", value: "x", plaintextValue: "x" })), ["plaintextValue"]);
  assert.deepEqual(await failing(secret, inProd({ secretName: "A", value: UNKNOWN })), []);
  assert.deepEqual(await failing(secret, inProd({ secretName: "A", encryptedValue: "eA==" })), ["encryptedValue"]);
  assert.deepEqual(await failing(policy, inProd({})), ["branchPattern"]);
  assert.deepEqual(await failing(policy, inProd({ branchPattern: "main", tagPattern: "v*" })), ["tagPattern"]);
});

test("below Enterprise, a private repository's environments have no reviewers and no wait", async (context) => {
  const { driver, folder } = await github(context);
  describeOwner(folder, "acme", { plan: "team" });
  await assert.rejects(driver.create(environment, "e", inProd({ reviewers: [{ users: [1] }] })), /422 Failed to create the environment protection rule\. .*the required reviewers protection rule/);
  await assert.rejects(driver.create(environment, "e", inProd({ waitTimer: 1 })), /the wait timer protection rule/);
  await driver.create(environment, "e", inProd({ reviewers: [], waitTimer: 0 }));
  await driver.create(repository, "open", { name: "open" });
  await driver.create(environment, "open", inProd({ repository: "open", reviewers: [{ users: [1] }], waitTimer: 1 }));
});

test("deployment policies need an environment with custom ones, and are of one kind", async (context) => {
  const { driver, state } = await github(context);
  await assert.rejects(driver.create(policy, "p", inProd({ branchPattern: "main" })), /404 Not Found: acme\/orders has no environment prod/);
  const open = await driver.create(environment, "prod", inProd());
  await assert.rejects(driver.create(policy, "p", inProd({ branchPattern: "main" })), /404 Not Found: the environment prod has no custom branch policies/);
  const custom = inProd({ deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true } });
  const closed = await driver.update(open, custom);
  const live = await driver.create(policy, "p", inProd({ branchPattern: "main" }));
  assert.equal(live.id, `orders:prod:${String(live.outputs.policyId)}`);
  await assert.rejects(driver.create(policy, "twin", inProd({ branchPattern: "main" })), /303 See Other: .* has the branch pattern main already/);
  await driver.create(policy, "tag", inProd({ tagPattern: "main" }));
  assert.deepEqual(await driver.diff(live, inProd({ branchPattern: "release/*" })), { changes: ["branchPattern"], replaces: [] });
  const updated = await driver.update(live, inProd({ branchPattern: "release/*" }));
  assert.equal(updated.outputs.policyId, live.outputs.policyId);
  assert.deepEqual((await driver.read(updated))?.inputs, inProd({ branchPattern: "release/*" }));
  assert.deepEqual((await driver.diff(live, inProd({ tagPattern: "v*" }))).replaces?.sort(), ["branchPattern", "tagPattern"], "another kind is another policy");
  await driver.delete(updated);
  assert.equal(await driver.read(updated), undefined);
  await driver.update(closed, inProd());
  assert.deepEqual(state().policies, [], "they go with the setting");
});

test("variables of an environment and of the repository are apart; a second one of a name is refused", async (context) => {
  const { driver } = await github(context);
  await assert.rejects(driver.create(variable, "v", inProd({ variableName: "MOORING", value: "{}" })), /404 Not Found: acme\/orders has no environment prod/);
  await driver.create(environment, "prod", inProd());
  const live = await driver.create(variable, "v", inProd({ variableName: "MOORING", value: "{}" }));
  assert.equal(live.id, "orders:prod:MOORING");
  assert.match(String(live.outputs.createdAt), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC$/);
  await assert.rejects(driver.create(variable, "twin", inProd({ variableName: "mooring", value: "{}" })), /409 Already exists/);
  const plain = await driver.create(plainVariable, "p", { repository: "orders", variableName: "MOORING", value: "plain" });
  assert.equal(plain.id, "orders:MOORING");
  await assert.rejects(driver.create(plainVariable, "twin", { repository: "orders", variableName: "MOORING", value: "" }), /409 Already exists/);
  assert.deepEqual(await driver.diff(live, inProd({ variableName: "MOORING", value: "{1}" })), { changes: ["value"], replaces: [] });
  const updated = await driver.update(live, inProd({ variableName: "MOORING", value: "{1}" }));
  assert.deepEqual((await driver.read(updated))?.inputs, inProd({ variableName: "MOORING", value: "{1}" }));
  assert.equal((await driver.read(plain))?.inputs.value, "plain");
  assert.deepEqual((await driver.diff(live, inProd({ environment: "staging", variableName: "OTHER", value: "{}" }))).replaces, ["environment", "variableName"]);
  await assert.rejects(driver.update(live, inProd({ variableName: "MOORING", value: "x".repeat(48 * 1024 + 1) })), /422 .*longer than 48 KB/);
  await driver.delete(updated);
  assert.equal(await driver.read(updated), undefined);
  assert.ok(await driver.read(plain));
  await assert.rejects(driver.update(updated, inProd({ variableName: "MOORING", value: "" })), /404 Not Found/);
});

test("a secret is told to nobody: what is kept tells two values apart", async (context) => {
  const { driver, folder, state } = await github(context);
  await assert.rejects(driver.create(secret, "s", inProd({ secretName: "TOKEN", value: "hush-hush" })), /404 Not Found: acme\/orders has no environment prod/);
  await driver.create(environment, "prod", inProd());
  const live = await driver.create(secret, "s", inProd({ secretName: "TOKEN", value: "hush-hush" }));
  assert.equal(live.id, "orders:prod:TOKEN");
  assert.equal(live.outputs.value, "hush-hush", "the state has it, as a secret");
  assert.equal(readFileSync(join(folder, "github.json"), "utf8").includes("hush-hush"), false);
  const [kept] = state().secrets;
  assert.ok(kept && isSecretValue(kept, "hush-hush") && !isSecretValue(kept, "hush"));
  const read = await driver.standIn.read({ urn: "", type: secret, name: "s", connection: "first", id: live.id, inputs: live.inputs, outputs: live.outputs });
  assert.deepEqual(read?.inputs, live.inputs, "a refresh keeps what the program said");
  assert.deepEqual((await driver.read(live))?.inputs, inProd({ secretName: "TOKEN" }), "an import does not know the value");
  const updated = await driver.update(live, inProd({ secretName: "TOKEN", plaintextValue: "other" }));
  assert.ok(isSecretValue(state().secrets[0]!, "other"));
  assert.equal(state().secrets.length, 1);
  await driver.create(secret, "again", inProd({ secretName: "token", value: "third" }));
  assert.equal(state().secrets.length, 1, "one call makes and changes");
  await driver.delete(updated);
  assert.deepEqual(state().secrets, []);
});

test("a repository's other name changes nothing; another repository makes them anew", async (context) => {
  const { driver } = await github(context);
  await driver.create(environment, "prod", inProd());
  const types: [string, Values][] = [[environment, inProd()], [variable, inProd({ variableName: "A", value: "a" })], [plainVariable, { repository: "orders", variableName: "A", value: "a" }], [secret, inProd({ secretName: "A", value: "a" })]];
  const lives = await Promise.all(types.map(([type, args]) => driver.create(type, "x", args)));
  await driver.create(repository, "shop", { name: "shop" });
  await driver.update({ type: repository, name: "orders", id: "orders", inputs: { name: "orders" }, outputs: {} }, { name: "sales", visibility: "private" });
  for (const live of lives) {
    assert.deepEqual(await driver.diff(live, { ...live.inputs, repository: "sales" }), { changes: ["repository"], replaces: [] }, live.type);
    assert.deepEqual((await driver.diff(live, { ...live.inputs, repository: "shop" })).replaces, ["repository"], live.type);
    assert.deepEqual((await driver.diff(live, { ...live.inputs, repository: "unborn" })).replaces, [], "as the provider takes it");
  }
});

test("an archived repository refuses that its environments, policies, variables, secrets, topics and workflows' rights are removed", async (context) => {
  const { driver, state } = await github(context);
  const shelf = await driver.read({ type: repository, name: "orders", id: "orders" });
  const made = [
    await driver.create(environment, "e", inProd({ deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true } })),
    await driver.create(policy, "p", inProd({ tagPattern: "v*" })),
    await driver.create(variable, "v", inProd({ variableName: "MOORING", value: "{}" })),
    await driver.create(plainVariable, "w", { repository: "orders", variableName: "PLAIN", value: "" }),
    await driver.create(secret, "s", inProd({ secretName: "TOKEN", value: "hush" })),
    await driver.create("github:index/repositoryTopics:RepositoryTopics", "t", { repository: "orders", topics: ["a"] }),
    await driver.create("github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions", "r", { repository: "orders", canApprovePullRequestReviews: true }),
  ];
  const open = { type: repository, name: "orders", id: "orders", inputs: shelf!.inputs, outputs: shelf!.outputs };
  const archived = await driver.update(open, { name: "orders", visibility: "private", archived: true });
  const before = state();
  for (const each of made) await assert.rejects(driver.delete(each), /403 Repository was archived so is read-only: acme\/orders/, each.type);
  assert.deepEqual(state(), before);
  await driver.update(archived, { name: "orders", visibility: "private" });
  for (const each of made.reverse()) await driver.delete(each);
  const { environments, policies, variables, secrets } = state();
  assert.deepEqual([environments, policies, variables, secrets], [[], [], [], []]);
});
