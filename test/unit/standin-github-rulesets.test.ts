/** The stand-in for GitHub: rulesets, what it refuses of them, and what they forbid. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { describeOwner } from "../../local/standins/github/owners.ts";
import type { RefChange } from "../../local/standins/github/protection.ts";
import { expressionOf, judge } from "../../local/standins/github/protection.ts";
import { githubStandIn } from "../../local/standins/github.ts";
import { Driver, scratch } from "./standin-driver.ts";

const repository = "github:index/repository:Repository";
const ruleset = "github:index/repositoryRuleset:RepositoryRuleset";
const file = "github:index/repositoryFile:RepositoryFile";

async function github(context: TestContext, owner = "acme"): Promise<{ driver: Driver; folder: string; git: (...args: string[]) => string }> {
  const folder = scratch(context);
  const standIn = githubStandIn({ folder });
  await standIn.configure?.("first", { owner });
  const driver = new Driver(standIn);
  await driver.create(repository, "orders", { name: "orders", autoInit: true, visibility: "private" });
  return { driver, folder, git: (...args) => execFileSync("git", ["--git-dir", join(folder, owner, "orders.git"), ...args], { encoding: "utf8" }).trim() };
}

const rules = (more: Values = {}): Values => ({
  repository: "orders", name: "main", target: "branch", enforcement: "active",
  conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } }, rules: { pullRequest: { requiredApprovingReviewCount: 1 } }, ...more,
});
const naming = (...includes: string[]): Values => ({ conditions: { refName: { includes, excludes: [] } } });

test("a ruleset is made, changed in place, read by its number and removed", async (context) => {
  const { driver } = await github(context);
  const live = await driver.create(ruleset, "main", rules());
  assert.match(live.id, /^\d+$/);
  assert.equal(live.outputs.rulesetId, Number(live.id));
  const said = rules({ bypassActors: [{ actorType: "DeployKey", bypassMode: "always" }, { actorType: "OrganizationAdmin", bypassMode: "always" }] });
  assert.deepEqual((await driver.diff(live, said)).replaces, []);
  const updated = await driver.update(live, said);
  assert.equal(updated.id, live.id);
  const read = await driver.read({ ...updated, id: `orders:${live.id}` });
  assert.deepEqual(read?.inputs, said);
  const [one, two] = said.bypassActors as Values[];
  assert.deepEqual((await driver.diff(updated, { ...said, bypassActors: [two!, one!] })).changes, [], "actors have no order");
  await driver.delete(updated);
  assert.equal(await driver.read(updated), undefined);
});

test("a ruleset without a name gets one, and keeps it", async (context) => {
  const { driver } = await github(context);
  const { name: _, ...unnamed } = rules();
  const live = await driver.create(ruleset, "main", unnamed);
  assert.match(String(live.outputs.name), /^main-[0-9a-f]{7}$/);
  assert.deepEqual((await driver.diff(live, unnamed)).changes, []);
});

test("check: what the provider refuses before it asks", async (context) => {
  const { driver } = await github(context);
  const failing = async (more: Values): Promise<string[]> => ((await driver.check(ruleset, "r", rules(more))).failures ?? []).map(({ property }) => property);
  assert.deepEqual(await failing({}), []);
  assert.deepEqual(await failing({ target: "branches" }), ["target"]);
  assert.deepEqual(await failing({ enforcement: "on" }), ["enforcement"]);
  assert.deepEqual(await failing({ rules: { pullRequest: { requiredApprovingReviewCount: 11 } } }), ["rules.pullRequest.requiredApprovingReviewCount"]);
  assert.deepEqual(await failing({ rules: { requiredStatusChecks: { requiredChecks: [] } } }), ["rules.requiredStatusChecks.requiredChecks"]);
  assert.deepEqual(await failing({ bypassActors: [{ actorType: "Key", bypassMode: "always" }] }), ["bypassActors[0].actorType"]);
  assert.deepEqual(await failing({ conditions: { refName: { includes: [] } } }), ["conditions.refName.excludes"]);
});

test("create: what GitHub refuses", async (context) => {
  const { driver, folder } = await github(context);
  const live = await driver.create(ruleset, "main", rules());
  const refused = (more: Values, reason: RegExp): Promise<void> => assert.rejects(driver.create(ruleset, "other", rules({ name: "other", ...more })), reason);
  await refused({ name: "Main" }, /422 .*Name must be unique/);
  await refused(naming("main"), /422 .*Invalid target patterns: 'main'/);
  await refused(naming("refs/tags/v*"), /Invalid target patterns/);
  await refused({ target: "tag", ...naming("~DEFAULT_BRANCH"), rules: { creation: true } }, /Invalid target patterns/);
  await refused({ target: "tag", ...naming("refs/tags/v*") }, /422 .*Invalid rule 'pull_request'/);
  await refused({ bypassActors: [{ actorType: "Team", bypassMode: "always" }] }, /Actor Team needs an id/);
  await refused({ bypassActors: [{ actorType: "DeployKey", bypassMode: "pull_request" }] }, /not applicable to deploy keys/);
  await refused({ repository: "none" }, /404 Not Found/);
  await driver.create(ruleset, "tags", rules({ name: "tags", target: "tag", ...naming("refs/tags/v*"), rules: { creation: true } }));
  const evaluated = rules({ name: "evaluated", enforcement: "evaluate" });
  await driver.create(ruleset, "evaluated", evaluated);
  await assert.rejects(driver.update(live, rules({ name: "tags" })), /Name must be unique/);
  await driver.update(live, rules({ enforcement: "disabled" }));

  describeOwner(folder, "acme", { plan: "team" });
  await refused({ enforcement: "evaluate" }, /evaluate option is not supported on this plan/);
  describeOwner(folder, "acme", { plan: "free" });
  await refused({}, /403 Upgrade to GitHub Pro or make this repository public to enable this feature\./);
  await driver.create(repository, "open", { name: "open" });
  await driver.create(ruleset, "open", rules({ repository: "open" }));
});

const push = (more: Values = {}): Values => ({ repository: "orders", name: "keys", target: "push", enforcement: "active", rules: { filePathRestriction: { restrictedFilePaths: ["ci/**/*", "build.sh"] } }, ...more });

test("a push ruleset is for files, in private and internal repositories of an organization, with the plan team or enterprise", async (context) => {
  const { driver, folder, git } = await github(context);
  const failing = async (args: Values): Promise<string[]> => ((await driver.check(ruleset, "r", args)).failures ?? []).map(({ property }) => property);
  assert.deepEqual(await failing(push()), []);
  assert.deepEqual(await failing(push(naming("~ALL"))), ["conditions.refName"]);
  assert.deepEqual(await failing(push({ rules: { update: true, creation: false, filePathRestriction: { restrictedFilePaths: [] } } })), ["rules.filePathRestriction.restrictedFilePaths", "rules.update"]);
  assert.deepEqual(await failing(rules({ rules: push().rules! })), ["rules.filePathRestriction"]);
  const create = (): Promise<unknown> => driver.create(ruleset, "keys", push());
  for (const plan of ["pro", "free"] as const) {
    describeOwner(folder, "acme", { plan });
    await assert.rejects(create(), /Push rulesets are not supported on this plan|403 Upgrade to GitHub Pro/, plan);
  }
  describeOwner(folder, "acme", { plan: "team" });
  await driver.create(repository, "open", { name: "open" });
  await assert.rejects(driver.create(ruleset, "open", push({ repository: "open" })), /Push rulesets are for private and internal repositories/);
  await assert.rejects(driver.create(ruleset, "ci", push({ bypassActors: [{ actorType: "Integration", actorId: 15_368, bypassMode: "always" }] })), /422 .*Actor GitHub Actions integration must be part of/);

  const write = (name: string, branch: Values = {}): Promise<unknown> => driver.create(file, name, { repository: "orders", file: name, content: "", ...branch });
  const live = await driver.create(ruleset, "keys", push());
  assert.deepEqual((await driver.read({ ...live, id: `orders:${live.id}` }))?.inputs, push());
  await assert.rejects(write("ci/a/b.sh"), /409 Repository rule violations found\n\nFile path is restricted: ci\/a\/b\.sh/);
  await assert.rejects(write("build.sh", { branch: "side", autocreateBranch: true }), /File path is restricted: build\.sh/, "on every branch");
  for (const name of ["ci", "sub/build.sh"]) await write(name);
  await driver.update(live, push({ bypassActors: [{ actorType: "OrganizationAdmin", bypassMode: "always" }] }));
  await write("build.sh");
  assert.equal(git("ls-tree", "-r", "--name-only", "main"), "README.md\nbuild.sh\nci\nsub/build.sh");
});

test("a person's repository has no push rulesets", async (context) => {
  const { driver, folder } = await github(context, "ada");
  describeOwner(folder, "ada", { kind: "user", plan: "pro" });
  await assert.rejects(driver.create(ruleset, "keys", push()), /422 .*Push rulesets are not supported/);
});

test("a person's repository knows neither teams nor administrators of an organization", async (context) => {
  const { driver, folder } = await github(context, "ada");
  describeOwner(folder, "ada", { kind: "user" });
  for (const actorType of ["OrganizationAdmin", "Team"]) {
    await assert.rejects(driver.create(ruleset, "r", rules({ bypassActors: [{ actorType, actorId: 1, bypassMode: "always" }] })), /422 .*no organization owns/);
  }
  await driver.create(ruleset, "r", rules({ bypassActors: [{ actorType: "RepositoryRole", actorId: 5, bypassMode: "always" }] }));
});

test("an archived repository takes no ruleset, and keeps those that it has", async (context) => {
  const { driver } = await github(context);
  const live = await driver.create(ruleset, "main", rules());
  const shelf = await driver.read({ type: repository, name: "orders", id: "orders" });
  await driver.update({ type: repository, name: "orders", id: "orders", inputs: shelf!.inputs, outputs: shelf!.outputs }, { name: "orders", archived: true });
  await assert.rejects(driver.create(ruleset, "more", rules({ name: "more" })), /cannot create ruleset on archived repository acme\/orders/);
  await driver.update(live, rules({ enforcement: "disabled" }));
  await driver.delete(live);
  assert.equal((await driver.read(live))?.inputs.enforcement, "active");
});

test("files are refused where a ruleset forbids them, unless the provider's account may bypass it", async (context) => {
  const { driver, git } = await github(context);
  const write = (more: Values = {}): Values => ({ repository: "orders", file: "f", content: "1\n", ...more });
  const before = await driver.create(file, "before", write({ file: "before" }));
  const live = await driver.create(ruleset, "main", rules());
  await assert.rejects(driver.create(file, "f", write()), /409 Repository rule violations found\n\nChanges must be made through a pull request\./);
  await assert.rejects(driver.update(before, write({ file: "before", content: "2\n" })), /409 Repository rule violations found/);
  await assert.rejects(driver.delete(before), /409 Repository rule violations found/);
  assert.equal(git("ls-tree", "--name-only", "main"), "README.md\nbefore");
  await driver.create(file, "side", write({ branch: "side", autocreateBranch: true }));
  for (const bypassMode of ["pull_request", "always"]) {
    await driver.update(live, rules({ bypassActors: [{ actorType: "OrganizationAdmin", bypassMode }] }));
    const attempt = driver.create(file, bypassMode, write({ file: bypassMode }));
    if (bypassMode === "always") await attempt;
    else await assert.rejects(attempt, /409/);
  }
  await driver.create(ruleset, "branches", rules({ name: "branches", ...naming("refs/heads/prod"), rules: { creation: true } }));
  await assert.rejects(driver.create(file, "prod", write({ branch: "prod", autocreateBranch: true })), /422 Repository rule violations found\n\nCannot create ref due to creations being restricted\./);
  assert.equal(git("branch", "--list", "prod"), "");
});

test("an app is let by as the app that it is", async (context) => {
  const { driver } = await github(context);
  for (const id of ["12", "13"]) await driver.standIn.configure?.(`app ${id}`, { owner: "acme", appAuth: JSON.stringify({ id, installationId: "1", pemFile: "x" }) });
  await driver.create(ruleset, "main", rules({ bypassActors: [{ actorType: "OrganizationAdmin", bypassMode: "always" }, { actorType: "Integration", actorId: 12, bypassMode: "always" }] }));
  const write = (id: string): Promise<unknown> => new Driver(driver.standIn, `app ${id}`).create(file, id, { repository: "orders", file: id, content: "" });
  await write("12");
  await assert.rejects(write("13"), /409 Repository rule violations found/);
  await assert.rejects(async () => { await driver.standIn.configure?.("odd", { owner: "acme", appAuth: "{}" }); }, /appAuth\.id must be the number of a GitHub App/);
});

test("a refresh leaves a repository's former name as it was said", async (context) => {
  const { driver } = await github(context);
  const live = await driver.create(ruleset, "main", rules());
  await driver.update({ type: repository, name: "orders", id: "orders", inputs: { name: "orders" }, outputs: {} }, { name: "sales", visibility: "private" });
  const read = await driver.standIn.read({ urn: "", type: ruleset, name: "main", connection: "first", id: live.id, inputs: live.inputs, outputs: live.outputs });
  assert.deepEqual(read?.inputs, live.inputs);
  assert.equal((await driver.read(live))?.inputs.repository, "sales", "an import has the name of today");
});

test("a first commit, and a branch from one that is not there", async (context) => {
  const { driver } = await github(context);
  const write = { repository: "orders", file: "f", content: "1\n", branch: "dev", autocreateBranch: true };
  await driver.create("github:index/branchDefault:BranchDefault", "d", { repository: "orders", branch: "trunk", rename: true });
  await assert.rejects(driver.create(file, "f", write), /404 Branch not found: orders has no branch main to start dev from/, "the source is main unless the program says otherwise");
  await driver.create(file, "f", { ...write, autocreateBranchSourceBranch: "trunk" });
});

const change = (more: Partial<RefChange> = {}): RefChange => ({ ref: "refs/heads/main", kind: "update", forced: false, merges: false, paths: [], ...more });
const refusals = (kinds: Values, of: Partial<RefChange> = {}, more: Values = {}): string[] =>
  judge([rules({ ...naming("refs/heads/main", "refs/tags/v*"), ...(of.ref?.startsWith("refs/tags/") ? { target: "tag" } : {}), rules: kinds, ...more })], change(of), { actor: "deploy key", defaultBranch: "main" }).refused;

test("each rule forbids its own kind of change", () => {
  const all: [Values, Partial<RefChange>, RegExp][] = [
    [{ creation: true }, { kind: "create" }, /Cannot create ref/],
    [{ update: true }, { kind: "update" }, /Cannot update this protected ref/],
    [{ deletion: true }, { kind: "delete" }, /Cannot delete this branch/],
    [{ nonFastForward: true }, { forced: true }, /Cannot force-push to this branch/],
    [{ requiredLinearHistory: true }, { merges: true }, /must not contain merge commits/],
    [{ pullRequest: {} }, {}, /through a pull request/],
    [{ requiredStatusChecks: { requiredChecks: [{ context: "build" }] } }, {}, /Required status check "build" is expected/],
    [{ requiredStatusChecks: { requiredChecks: [{ context: "a" }, { context: "b" }] } }, {}, /2 of 2 required status checks are expected/],
  ];
  for (const [kinds, of, reason] of all) {
    const found = refusals(kinds, of);
    assert.equal(found.length, 1);
    assert.match(found[0]!, reason);
    assert.deepEqual(refusals(kinds, of, { enforcement: "disabled" }), []);
    assert.deepEqual(refusals(kinds, { ...of, ref: "refs/heads/other" }), []);
  }
  assert.deepEqual(refusals({ creation: true, deletion: true, nonFastForward: true, requiredLinearHistory: true }), [], "an ordinary update");
  assert.deepEqual(refusals({ pullRequest: {}, update: true }, { kind: "delete" }), []);
  assert.deepEqual(refusals({ deletion: true }, { ref: "refs/tags/v1", kind: "delete" }), ["Cannot delete this tag"]);
  assert.deepEqual(refusals({ requiredStatusChecks: { requiredChecks: [{ context: "a" }], doNotEnforceOnCreate: true } }, { kind: "create" }), []);
});

test("a push ruleset looks at what the new commits change, whatever the reference", () => {
  const of = (more: Partial<RefChange>): string[] => judge([push()], change(more), { actor: "deploy key", defaultBranch: "main" }).refused;
  const paths = ["ci/deploy.sh", "app/main.go", "build.sh"];
  for (const ref of ["refs/heads/main", "refs/heads/any/other", "refs/tags/w1"]) assert.deepEqual(of({ ref, paths }), ["File path is restricted: ci/deploy.sh, build.sh"], ref);
  assert.deepEqual(of({ paths: ["app/main.go", "ci", "x/build.sh"] }), []);
  assert.deepEqual(of({ kind: "delete", paths: [] }), []);
  const by = (actorType: string, actorId?: number): Values => push({ bypassActors: [{ actorType, bypassMode: "always", ...(actorId !== undefined && { actorId }) }] });
  const past = (set: Values, actor: "deploy key" | "administrator"): number => judge([set], change({ paths }), { actor, defaultBranch: "main" }).bypassed.length;
  assert.deepEqual([past(by("RepositoryRole", 4), "deploy key"), past(by("DeployKey"), "deploy key"), past(by("OrganizationAdmin"), "administrator")], [0, 1, 1]);
});

test("who may bypass, and that each ruleset decides for itself", () => {
  const by = (actorType: string, bypassMode: string, more: Values = {}): Values => rules({ rules: { update: true }, bypassActors: [{ actorType, bypassMode, ...more }] });
  const may = (set: Values, actor: "deploy key" | "administrator"): boolean => judge([set], change(), { actor, defaultBranch: "main" }).refused.length === 0;
  assert.deepEqual(["always", "exempt", "pull_request"].map((mode) => may(by("DeployKey", mode), "deploy key")), [true, true, false]);
  assert.deepEqual(["DeployKey", "Team", "OrganizationAdmin"].map((type) => may(by(type, "always", { actorId: 7 }), "administrator")), [false, false, true]);
  assert.deepEqual([5, 4].map((actorId) => may(by("RepositoryRole", "always", { actorId }), "administrator")), [true, false]);
  assert.equal(may(by("OrganizationAdmin", "always"), "deploy key"), false);
  const app = rules({ rules: { update: true }, bypassActors: [{ actorType: "Integration", actorId: 12, bypassMode: "always" }] });
  assert.deepEqual([12, 13].map((id) => judge([app], change(), { actor: { app: id }, defaultBranch: "main" }).refused.length), [0, 1]);
  const both = judge([by("DeployKey", "always"), rules({ name: "more" })], change(), { actor: "deploy key", defaultBranch: "main" });
  assert.deepEqual(both, { refused: ["Changes must be made through a pull request."], bypassed: ["Cannot update this protected ref."] });
});

test("patterns of references", () => {
  const cases: [string, string[], string[]][] = [
    ["refs/heads/main", ["refs/heads/main"], ["refs/heads/main2", "refs/heads/main/x"]],
    ["refs/tags/v*", ["refs/tags/v1.2.3", "refs/tags/v"], ["refs/tags/orders/v1", "refs/tags/v1/x"]],
    ["refs/tags/*/v*", ["refs/tags/orders/v1"], ["refs/tags/v1", "refs/tags/a/b/v1"]],
    ["refs/heads/release/**/*", ["refs/heads/release/a", "refs/heads/release/a/b"], ["refs/heads/release"]],
    ["refs/heads/v[0-9].?", ["refs/heads/v1.x"], ["refs/heads/v1x", "refs/heads/va.x"]],
    ["refs/heads/a+b(c)", ["refs/heads/a+b(c)"], ["refs/heads/aab(c)"]],
  ];
  for (const [pattern, fitting, others] of cases) {
    for (const ref of fitting) assert.match(ref, expressionOf(pattern), pattern);
    for (const ref of others) assert.doesNotMatch(ref, expressionOf(pattern), pattern);
  }
  const of = (conditions: Values, ref: string, target = "branch"): number => judge([rules({ target, conditions, rules: { update: true } })], change({ ref }), { actor: "deploy key", defaultBranch: "trunk" }).refused.length;
  const all = (includes: string[], excludes: string[] = []): Values => ({ refName: { includes, excludes } });
  assert.deepEqual([of(all(["~DEFAULT_BRANCH"]), "refs/heads/trunk"), of(all(["~DEFAULT_BRANCH"]), "refs/heads/main")], [1, 0]);
  assert.deepEqual([of(all(["~ALL"]), "refs/heads/x/y"), of(all(["~ALL"]), "refs/tags/x"), of(all(["~ALL"]), "refs/tags/x", "tag")], [1, 0, 1]);
  assert.equal(of(all(["~ALL"], ["refs/heads/mooring/*"]), "refs/heads/mooring/prod-images"), 0);
});
