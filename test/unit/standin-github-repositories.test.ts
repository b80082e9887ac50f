/** The stand-in for GitHub: templates, archives, owners, an Enterprise Server, and adopting a repository. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { hostsOf } from "../../local/standins/github/hosts.ts";
import { describeOwner } from "../../local/standins/github/owners.ts";
import { githubStandIn } from "../../local/standins/github.ts";
import type { Live } from "./standin-driver.ts";
import { Driver, scratch } from "./standin-driver.ts";

const repository = "github:index/repository:Repository";
const file = "github:index/repositoryFile:RepositoryFile";
const topics = "github:index/repositoryTopics:RepositoryTopics";
const team = "github:index/teamRepository:TeamRepository";
const hook = "github:index/repositoryWebhook:RepositoryWebhook";

async function github(context: TestContext, provider: Values = {}): Promise<{ driver: Driver; folder: string; git: (name: string, ...args: string[]) => string; as: (owner: string) => Promise<Driver> }> {
  const folder = scratch(context);
  const standIn = githubStandIn({ folder });
  const as = async (owner: string): Promise<Driver> => {
    await standIn.configure?.(owner, { owner, ...provider });
    return new Driver(standIn, owner);
  };
  const git = (name: string, ...args: string[]): string => execFileSync("git", ["--git-dir", join(folder, "acme", `${name}.git`), ...args], { encoding: "utf8" }).trim();
  return { driver: await as("acme"), folder, git, as };
}

/** A template with a program in it, a second branch and a history. */
async function template(driver: Driver, folder: string, more: Values = {}): Promise<Live> {
  const live = await driver.create(repository, "template", { name: "template-kustomize", autoInit: true, isTemplate: true, ...more });
  const clone = join(folder, "work");
  const git = (...args: string[]): unknown => execFileSync("git", ["-C", clone, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args]);
  execFileSync("git", ["clone", "--quiet", join(folder, "acme", "template-kustomize.git"), clone]);
  mkdirSync(join(clone, "build"));
  writeFileSync(join(clone, "build", "run"), "#!/bin/sh\n");
  chmodSync(join(clone, "build", "run"), 0o755);
  git("add", "--all");
  git("commit", "--quiet", "-m", "A build script");
  git("push", "--quiet", "origin", "main", "main:other");
  return live;
}

test("a repository from a template has its files in one commit, and no history", async (context) => {
  const { driver, folder, git } = await github(context);
  await template(driver, folder);
  const live = await driver.create(repository, "orders", { name: "orders", visibility: "private", autoInit: true, template: { owner: "acme", repository: "template-kustomize" } });
  assert.equal(git("orders", "rev-list", "--count", "--all"), "1");
  assert.equal(git("orders", "log", "--format=%s %an", "main"), "Initial commit GitHub (stand-in)");
  assert.throws(() => git("orders", "cat-file", "-e", git("template-kustomize", "rev-parse", "main")), "nothing of the template's history is there");
  const clone = join(folder, "clone");
  execFileSync("git", ["clone", "--quiet", `file://${join(folder, "acme", "orders.git")}`, clone]);
  assert.equal(execFileSync("git", ["-C", clone, "rev-parse", "--is-shallow-repository"], { encoding: "utf8" }).trim(), "false");
  assert.match(git("orders", "ls-tree", "-r", "main"), /^100644 blob \w+\tREADME\.md\n100755 blob \w+\tbuild\/run$/);
  assert.equal(git("orders", "show", "main:README.md"), "# template-kustomize", "autoInit adds nothing of its own");
  assert.equal(git("orders", "for-each-ref", "--format=%(refname)"), "refs/heads/main");
  assert.equal(live.outputs.defaultBranch, "main");
  await driver.create(repository, "all", { name: "all", template: { owner: "acme", repository: "template-kustomize", includeAllBranches: true } });
  assert.equal(git("all", "for-each-ref", "--format=%(refname:short)"), "main\nother");
  await driver.create(file, "more", { repository: "orders", file: "deploy/staging/kustomization.yaml", content: "{}\n" });
  assert.equal(git("orders", "rev-list", "--count", "main"), "2");
});

test("what is missing, or is no template, or is private elsewhere, makes no repository", async (context) => {
  const { driver, folder, as } = await github(context);
  const from = (owner: string, name: string): Values => ({ name: "orders", template: { owner, repository: name } });
  await assert.rejects(driver.create(repository, "r", from("acme", "none")), /404 Not Found: the template repository acme\/none does not exist/);
  await driver.create(repository, "plain", { name: "plain", autoInit: true });
  await assert.rejects(driver.create(repository, "r", from("acme", "plain")), /404 Not Found: acme\/plain is not a template repository/);
  const live = await template(driver, folder, { visibility: "private" });
  const other = await as("globex");
  await assert.rejects(other.create(repository, "r", from("acme", "template-kustomize")), /404 Not Found/);
  await driver.update(live, { name: "template-kustomize", isTemplate: true, visibility: "public" });
  assert.equal((await other.create(repository, "r", from("acme", "template-kustomize"))).outputs.fullName, "globex/orders");
});

test("the template of a repository that exists is told, and changing it changes nothing", async (context) => {
  const { driver, folder, git } = await github(context);
  await template(driver, folder);
  const args = { name: "orders", template: { owner: "acme", repository: "template-kustomize" } };
  const live = await driver.create(repository, "orders", args);
  const elsewhere = { ...args, template: { owner: "acme", repository: "another" } };
  assert.deepEqual(await driver.diff(live, elsewhere), { changes: ["template.repository"], replaces: [] });
  const updated = await driver.update(live, elsewhere);
  assert.equal(git("orders", "rev-list", "--count", "main"), "1");
  assert.deepEqual((await driver.read(updated))?.inputs.template, args.template);
});

test("an imported repository says what GitHub tells, so a program that says the same changes nothing", async (context) => {
  const { driver } = await github(context);
  await driver.create(repository, "orders", { name: "orders", visibility: "private", autoInit: true, hasIssues: true, hasWiki: false, description: "Takes orders", archiveOnDestroy: true, deleteBranchOnMerge: true });
  const imported = await driver.read({ type: repository, name: "orders", id: "orders" });
  assert.ok(imported);
  const { topics: _, ...inputs } = imported.inputs;
  assert.deepEqual(inputs, { name: "orders", visibility: "private", hasIssues: true, hasWiki: false, description: "Takes orders", deleteBranchOnMerge: true });
  assert.deepEqual([imported.outputs.fullName, imported.outputs.private, imported.outputs.allowMergeCommit, imported.outputs.squashMergeCommitTitle], ["acme/orders", true, true, "COMMIT_OR_PR_TITLE"]);
  const live = { type: repository, name: "orders", id: "orders", inputs: imported.inputs, outputs: imported.outputs };
  const said = { name: "orders", visibility: "private", hasIssues: true, description: "Takes orders", deleteBranchOnMerge: true };
  assert.deepEqual((await driver.diff(live, said)).changes, [], "false is as good as nothing, and so is a default");
  assert.deepEqual((await driver.diff(live, { ...said, allowMergeCommit: true, archived: false })).changes, []);
  assert.deepEqual((await driver.diff(live, { ...said, autoInit: true })).changes, ["autoInit"], "what GitHub does not tell differs");
  assert.deepEqual((await driver.diff(live, { ...said, allowMergeCommit: false, hasIssues: false })).changes.sort(), ["allowMergeCommit", "hasIssues"]);
  assert.equal(await driver.read({ type: repository, name: "none", id: "none" }), undefined);
});

test("archiving leaves a repository that the provider leaves alone, until it is taken back", async (context) => {
  const { driver, git } = await github(context);
  const live = await driver.create(repository, "orders", { name: "orders", autoInit: true });
  const written = await driver.create(file, "f", { repository: "orders", file: "f", content: "1\n" });
  const archived = await driver.update(live, { name: "orders", autoInit: true, archived: true });
  assert.equal(archived.outputs.archived, true);
  for (const [type, args] of [[file, { file: "g", content: "" }], [topics, { topics: ["a"] }], [team, { teamId: "people" }]] as [string, Values][]) {
    await assert.rejects(driver.create(type, "x", { repository: "orders", ...args }), /403 Repository was archived so is read-only/, type);
  }
  await assert.rejects(driver.update(written, { repository: "orders", file: "f", content: "2\n" }), /403 Repository was archived/);
  await driver.delete(written);
  assert.equal(git("orders", "show", "main:f"), "1");
  await driver.update(archived, { name: "orders", archived: true, description: "not taken" });
  assert.equal((await driver.read(live))?.outputs.description, undefined, "the provider skips it without a word");
  assert.equal((await driver.update(archived, { name: "orders", description: "back" })).outputs.archived, false);
  await driver.create(file, "g", { repository: "orders", file: "g", content: "" });
});

test("archiveOnDestroy counts as the state has it", async (context) => {
  const { driver } = await github(context);
  const live = await driver.create(repository, "orders", { name: "orders" });
  await driver.delete({ ...live, inputs: { ...live.inputs, archiveOnDestroy: true } });
  assert.equal((await driver.read(live))?.outputs.archived, true);
  await driver.delete(live);
  assert.equal(await driver.read(live), undefined);
});

test("a person's account has no teams and nothing internal; an organization without an enterprise nothing internal", async (context) => {
  const { driver, folder, as } = await github(context);
  describeOwner(folder, "Ada", { kind: "user", plan: "pro" });
  const ada = await as("ada");
  await ada.create(repository, "orders", { name: "orders", visibility: "private" });
  await assert.rejects(ada.create(team, "t", { repository: "orders", teamId: "people" }), /this resource can only be used in the context of an organization, "ada" is a user/);
  await assert.rejects(ada.create(repository, "r", { name: "r", visibility: "internal" }), /422 .*visibility internal is only for organizations of an enterprise, and ada is a person's account/);
  await assert.rejects(ada.invoke("github:index/getOrganization:getOrganization", { name: "ada" }), /404 Not Found/);
  await assert.rejects(ada.invoke("github:index/getTeam:getTeam", { slug: "people" }), /"ada" is a user/);
  const live = await driver.create(repository, "inside", { name: "inside", visibility: "internal" });
  describeOwner(folder, "acme", { plan: "team" });
  await assert.rejects(driver.create(repository, "r", { name: "r", visibility: "internal" }), /422 .*acme is none of them/);
  await assert.rejects(driver.update(live, { name: "inside", visibility: "internal", hasWiki: true }), /422/);
});

test("teams are found by slug or number, and where they are listed no other one is", async (context) => {
  const { driver, folder } = await github(context);
  describeOwner(folder, "acme", { teams: ["people"] });
  const found = await driver.invoke("github:index/getTeam:getTeam", { slug: "people" });
  await assert.rejects(driver.invoke("github:index/getTeam:getTeam", { slug: "nobody" }), /404 Not Found: acme has no team nobody/);
  await driver.create(repository, "orders", { name: "orders" });
  const bySlug = await driver.create(team, "t", { repository: "orders", teamId: "people", permission: "maintain" });
  assert.equal(bySlug.id, `${String(found.id)}:orders`);
  const read = await driver.standIn.read({ urn: "", type: team, name: "t", connection: "acme", id: bySlug.id, inputs: bySlug.inputs, outputs: bySlug.outputs });
  assert.equal(read?.inputs.teamId, "people", "a refresh keeps the slug");
  const byNumber = await driver.create(team, "t", { repository: "orders", teamId: found.id ?? "", permission: "push" });
  assert.equal(byNumber.id, bySlug.id);
  assert.equal((await driver.read(bySlug))?.outputs.permission, "push", "giving it again changes it");
  await assert.rejects(driver.create(team, "t", { repository: "orders", teamId: "nobody" }), /404/);
  assert.deepEqual((await driver.diff(bySlug, { repository: "orders", teamId: "others", permission: "pull" })).replaces, ["teamId"]);
  const user = await driver.invoke("github:index/getUser:getUser", { username: "ada" });
  assert.deepEqual([user.login, user.id], ["ada", (await driver.invoke("github:index/getUser:getUser", { username: "Ada" })).id]);
});

test("names follow the Enterprise Server", async (context) => {
  const { driver } = await github(context, { baseUrl: "https://git.acme.example/" });
  const { outputs } = await driver.create(repository, "orders", { name: "orders" });
  assert.deepEqual([outputs.htmlUrl, outputs.httpCloneUrl, outputs.sshCloneUrl], ["https://git.acme.example/acme/orders", "https://git.acme.example/acme/orders.git", "git@git.acme.example:acme/orders.git"]);
  const live = await driver.create(hook, "h", { repository: "orders", events: ["push"], configuration: { url: "https://hooks.example.com/1" } });
  assert.match(String(live.outputs.url), /^https:\/\/git\.acme\.example\/api\/v3\/repos\/acme\/orders\/hooks\/\d+$/);
});

test("addresses of a GitHub", () => {
  assert.deepEqual(hostsOf(), { web: "https://github.com", api: "https://api.github.com", host: "github.com" });
  assert.deepEqual(hostsOf("https://acme.ghe.com/"), { web: "https://acme.ghe.com", api: "https://api.acme.ghe.com", host: "acme.ghe.com" });
  assert.deepEqual(hostsOf("https://git.example:8443/api/v3/"), { web: "https://git.example:8443", api: "https://git.example:8443/api/v3", host: "git.example" });
  for (const bad of ["git.example", "ftp://git.example/", "https://git.example/else", "https://git.example/?a", 7, ""]) assert.throws(() => hostsOf(bad), /baseUrl must be the address of a GitHub/);
  for (const bad of ["http://github.com/", "https://api.github.com/api/v3"]) assert.throws(() => hostsOf(bad), /must be https and without a path/);
});

test("two webhooks of one address may not hear the same event", async (context) => {
  const { driver } = await github(context);
  await driver.create(repository, "orders", { name: "orders" });
  const args = (events: string[], url = "https://hooks.example.com/1"): Values => ({ repository: "orders", events, configuration: { url } });
  const live = await driver.create(hook, "one", args(["push", "ping"]));
  for (const events of [["push", "release"], ["*"]]) await assert.rejects(driver.create(hook, "two", args(events)), /422 .*Hook already exists on this repository/);
  await driver.create(hook, "two", args(["release"]));
  await driver.create(hook, "three", args(["push"], "https://hooks.example.com/2"));
  assert.deepEqual((await driver.diff(live, args(["ping", "push"]))).changes, [], "events have no order");
});

test("a file follows its repository to another name, and is made anew in another one", async (context) => {
  const { driver } = await github(context);
  const live = await driver.create(repository, "orders", { name: "orders", autoInit: true });
  await driver.create(repository, "shop", { name: "shop", autoInit: true });
  const written = await driver.create(file, "f", { repository: "orders", file: "a:b", content: "1\n" });
  assert.equal(written.id, "orders:a??b:main");
  assert.equal((await driver.read(written))?.inputs.file, "a:b");
  await driver.update(live, { name: "sales", autoInit: true });
  assert.deepEqual(await driver.diff(written, { repository: "sales", file: "a:b", content: "1\n" }), { changes: ["repository"], replaces: [] });
  assert.deepEqual((await driver.diff(written, { repository: "shop", file: "a:b", content: "1\n" })).replaces, ["repository"]);
});
