/** The stand-in for GitHub: real repositories, and every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { UNKNOWN } from "../../local/standins/contract.ts";
import { rows } from "../../local/standins/github/rows.ts";
import { publicKeyOf } from "../../local/standins/github/ssh-key.ts";
import { githubStandIn } from "../../local/standins/github.ts";
import { Driver, scratch } from "./standin-driver.ts";

const type = {
  repository: "github:index/repository:Repository",
  key: "github:index/repositoryDeployKey:RepositoryDeployKey",
  hook: "github:index/repositoryWebhook:RepositoryWebhook",
  branch: "github:index/branchDefault:BranchDefault",
  file: "github:index/repositoryFile:RepositoryFile",
  topics: "github:index/repositoryTopics:RepositoryTopics",
  team: "github:index/teamRepository:TeamRepository",
};

async function github(context: TestContext, folder = scratch(context)): Promise<{ driver: Driver; folder: string; git: (name: string, ...args: string[]) => string }> {
  const standIn = githubStandIn({ folder });
  await standIn.configure?.("first", { owner: "acme" });
  const git = (name: string, ...args: string[]): string => execFileSync("git", ["--git-dir", join(folder, "acme", `${name}.git`), ...args], { encoding: "utf8" }).trim();
  return { driver: new Driver(standIn), folder, git };
}

/** One length-prefixed part of a key. */
function part(bytes: Buffer | string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(bytes));
  return Buffer.concat([length, Buffer.from(bytes)]);
}

function ed25519(comment = ""): string {
  const { x } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const blob = Buffer.concat([part("ssh-ed25519"), part(Buffer.from(x ?? "", "base64url"))]);
  return `ssh-ed25519 ${blob.toString("base64")}${comment === "" ? "" : ` ${comment}`}`;
}

function rsa(bits: number): string {
  const { e, n } = generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" });
  const modulus = Buffer.concat([Buffer.from([0]), Buffer.from(n ?? "", "base64url")]);
  return `ssh-rsa ${Buffer.concat([part("ssh-rsa"), part(Buffer.from(e ?? "", "base64url")), part(modulus)]).toString("base64")}`;
}

test("rows speak of arguments that the type has", () => {
  for (const row of rows) {
    const named = [...row.createOnly, ...(row.refused ?? []), ...Object.keys(row.defaults ?? {})];
    assert.deepEqual(named.filter((name) => !(name in row.arguments.fields)), [], row.token);
  }
});

test("rows have the arguments of the real classes", () => {
  // Catches: an argument mistyped, forgotten or of another version.
  for (const row of rows) {
    const [, path = "", name = ""] = row.token.split(":");
    const declarations = readFileSync(new URL(`../../node_modules/@pulumi/github/${path.split("/")[1]}.d.ts`, import.meta.url), "utf8");
    const body = declarations.slice(declarations.indexOf(`export interface ${name}Args {`));
    const real = [...body.matchAll(/^ {4}(\w+)(\??): /gm)];
    assert.ok(real.length > 0, row.token);
    assert.deepEqual(Object.keys(row.arguments.fields).sort(), real.map((match) => match[1] ?? "").sort(), row.token);
    for (const [, argument = "", optional] of real) assert.equal(row.arguments.required.includes(argument), optional !== "?", `${row.token} ${argument}`);
  }
});

test("an owner is required, and types that are not known are refused by name", async (context) => {
  const standIn = githubStandIn({ folder: scratch(context) });
  await assert.rejects(async () => { await standIn.configure?.("x", {}); }, /owner must be the name of an organization or a user, not null/);
  await assert.rejects(new Driver(standIn, "unconfigured").create(type.repository, "r", {}), /was not configured/);
  const { driver } = await github(context);
  await assert.rejects(driver.create("github:index/team:Team", "t", {}), /does not know github:index\/team:Team/);
});

test("check names unknown, wrong, conflicting and unavailable arguments", async (context) => {
  const { driver } = await github(context);
  const { failures = [] } = await driver.check(type.repository, "r", { name: "a b", visibilty: "private", topics: ["Team"], mergeCommitTitle: "TITLE", pages: {} });
  assert.deepEqual(failures.map(({ property }) => property).sort(), ["mergeCommitTitle", "name", "pages", "topics[0]", "visibilty"]);
  assert.match(failures.find(({ property }) => property === "visibilty")?.reason ?? "", /did you mean 'visibility'/);
  assert.deepEqual((await driver.check(type.repository, "r", { private: true, visibility: "private" })).failures?.map(({ property }) => property), ["private"]);
  assert.deepEqual((await driver.check(type.repository, "r", { visibility: UNKNOWN })).failures, []);
  for (const file of ["/a", "a/../b", ".git/config", "a/", ".."]) assert.equal((await driver.check(type.file, "f", { repository: "r", content: "", file })).failures?.length, 1, file);
  for (const file of ["a", "a/b.yaml", ".gitignore", "a..b", ".github/workflows/x.yml"]) assert.deepEqual((await driver.check(type.file, "f", { repository: "r", content: "", file })).failures, [], file);
});

test("a repository is a real bare repository, with a first commit where asked", async (context) => {
  const { driver, folder, git } = await github(context);
  const live = await driver.create(type.repository, "orders", { name: "orders", visibility: "private", autoInit: true, description: "Takes orders" });
  assert.equal(live.id, "orders");
  assert.equal(git("orders", "show", "main:README.md"), "# orders\nTakes orders");
  assert.equal(git("orders", "rev-list", "--count", "main"), "1");
  const { fullName, sshCloneUrl, httpCloneUrl, htmlUrl, defaultBranch, repoId, nodeId, private: isPrivate } = live.outputs;
  assert.deepEqual([fullName, sshCloneUrl, httpCloneUrl, htmlUrl, defaultBranch, isPrivate],
    ["acme/orders", "git@github.com:acme/orders.git", "https://github.com/acme/orders.git", "https://github.com/acme/orders", "main", true]);
  assert.equal(typeof repoId, "number");
  assert.equal(typeof nodeId, "string");

  await driver.create(type.repository, "empty", { name: "empty" });
  assert.equal(git("empty", "symbolic-ref", "HEAD"), "refs/heads/main");
  assert.equal(git("empty", "count-objects"), "0 objects, 0 kilobytes");
  await assert.rejects(driver.create(type.repository, "again", { name: "Orders" }), /422 .*name already exists on this account/);
  assert.equal(statSync(join(folder, "github.json")).mode & 0o777, 0o600);
  const clone = join(folder, "clone");
  execFileSync("git", ["clone", "--quiet", join(folder, "acme", "orders.git"), clone]);
  assert.ok(existsSync(join(clone, "README.md")));
});

test("updating, renaming, reading back and deleting a repository", async (context) => {
  const { driver, folder, git } = await github(context);
  const live = await driver.create(type.repository, "orders", { name: "orders", autoInit: true });
  assert.deepEqual(await driver.diff(live, { name: "orders", autoInit: true, hasIssues: true }), { changes: ["hasIssues"], replaces: [] });
  assert.equal((await driver.update(live, { name: "orders", autoInit: true, hasIssues: true })).outputs.hasIssues, true);

  const renamed = await driver.update(live, { name: "sales", autoInit: true });
  assert.equal(renamed.outputs.fullName, "acme/sales");
  assert.equal(git("sales", "rev-list", "--count", "main"), "1");
  assert.equal((await driver.read(live))?.outputs.repoId, live.outputs.repoId, "the old name leads to it");

  const other = await github(context, folder);
  assert.deepEqual((await other.driver.read({ ...live, id: "sales" }))?.inputs, { name: "sales", topics: [] }, "GitHub does not tell whether there was a first commit");
  await driver.delete(renamed);
  assert.equal(existsSync(join(folder, "acme", "sales.git")), false);
  assert.equal(await other.driver.read(live), undefined);
  await driver.delete(renamed);
});

test("a refresh of an unchanged resource asks for no change", async (context) => {
  const { driver } = await github(context);
  const said = { repository: { name: "orders", autoInit: true }, file: { repository: "orders", file: "a.txt", content: "a\n" }, key: { repository: "orders", title: "t", key: ed25519("me@here") } };
  for (const [token, args] of [[type.repository, said.repository], [type.file, said.file], [type.key, said.key]] as [string, Values][]) {
    const live = await driver.create(token, "x", args);
    const read = await driver.standIn.read({ urn: "", type: token, name: "x", connection: "first", id: live.id, inputs: live.inputs, outputs: live.outputs });
    assert.deepEqual((await driver.diff({ ...live, inputs: read?.inputs ?? {} }, args)).changes, [], token);
  }
});

test("an archived repository is read-only, keeps its name, and is what archiveOnDestroy leaves", async (context) => {
  const { driver, folder, git } = await github(context);
  const live = await driver.create(type.repository, "orders", { name: "orders", autoInit: true, archiveOnDestroy: true });
  const key = await driver.create(type.key, "key", { repository: "orders", title: "flux", key: ed25519() });
  await driver.delete(live);
  assert.ok(existsSync(join(folder, "acme", "orders.git")));
  assert.equal((await driver.read(live))?.outputs.archived, true);
  await assert.rejects(driver.create(type.file, "file", { repository: "orders", file: "a", content: "" }), /403 Repository was archived/);
  await assert.rejects(driver.create(type.repository, "orders", { name: "orders" }), /name already exists/);
  await driver.delete(key);
  assert.ok(await driver.read(key), "what lies in an archived repository stays");
  assert.equal(git("orders", "rev-list", "--count", "main"), "1");
});

test("what an interrupted run left on disk is kept aside", async (context) => {
  const { driver, folder, git } = await github(context);
  mkdirSync(join(folder, "acme", "orders.git"), { recursive: true });
  writeFileSync(join(folder, "acme", "orders.git", "precious"), "");
  mkdirSync(join(folder, "acme", "orders.git.new"));
  await driver.create(type.repository, "orders", { name: "orders", autoInit: true });
  assert.equal(git("orders", "rev-list", "--count", "main"), "1");
  assert.ok(existsSync(join(folder, "acme", "orders.git.left-1", "precious")));
});

test("public keys: the kinds GitHub takes, and nothing else", () => {
  for (const good of [ed25519(), `${ed25519("a comment with spaces")}\n`, rsa(2048)]) assert.ok(publicKeyOf(good).data.length > 0);
  const key = ed25519();
  const bad = ["", "ssh-ed25519", "ssh-ed25519 AAAA", key.replace("ssh-ed25519 ", "ssh-rsa "), key.slice(0, -8), `${key}\n${ed25519()}`, "-----BEGIN PUBLIC KEY-----"];
  for (const line of bad) assert.throws(() => publicKeyOf(line), /key is invalid/, line);
  assert.throws(() => publicKeyOf(rsa(1024)), /too short/);
});

test("a deploy key belongs to one repository, and stands beside it for a server to read", async (context) => {
  const { driver, folder } = await github(context);
  for (const name of ["one", "two"]) await driver.create(type.repository, name, { name });
  const key = ed25519();
  const live = await driver.create(type.key, "key", { repository: "one", title: "flux", key: `${key} first` });
  assert.match(live.id, /^one:\d+$/);
  assert.equal(live.outputs.readOnly, true);
  await assert.rejects(driver.create(type.key, "again", { repository: "one", title: "other", key }), /422 Validation Failed: key is already in use/);
  await assert.rejects(driver.create(type.key, "second", { repository: "two", title: "flux", key: `${key} second` }), /key is already in use/);
  await assert.rejects(driver.create(type.key, "none", { repository: "three", title: "flux", key: ed25519() }), /404 Not Found: the repository acme\/three/);
  await assert.rejects(driver.create(type.key, "bad", { repository: "two", title: "flux", key: "ssh-ed25519 AAAA" }), /key is invalid/);
  await driver.create(type.key, "writes", { repository: "one", title: "images", key: ed25519(), readOnly: false });

  const file = join(folder, "acme", "one.git", "mooring-deploy-keys.json");
  const recorded = (): { title: string; readOnly: boolean }[] => JSON.parse(readFileSync(file, "utf8")) as { title: string; readOnly: boolean }[];
  assert.deepEqual(recorded().map(({ title, readOnly }) => [title, readOnly]), [["flux", true], ["images", false]]);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual((await driver.diff(live, { repository: "one", title: "new", key: `${key} first` })).replaces, ["title"]);
  await driver.delete(live);
  assert.deepEqual(recorded().map(({ title }) => title), ["images"]);
  await driver.create(type.key, "moved", { repository: "two", title: "flux", key });
});

test("webhooks keep their secret in a file of the user alone", async (context) => {
  const { driver, folder } = await github(context);
  await driver.create(type.repository, "orders", { name: "orders" });
  const args = (more: Values = {}): Values => ({ repository: "orders", events: ["push"], configuration: { url: "https://hooks.example.com/hook/1", contentType: "json", secret: "s3cret" }, ...more });
  const live = await driver.create(type.hook, "hook", args());
  assert.equal(live.outputs.active, true);
  assert.match(String(live.outputs.url), /^https:\/\/api\.github\.com\/repos\/acme\/orders\/hooks\/\d+$/);
  const file = join(folder, "acme", "orders.git", "mooring-webhooks.json");
  assert.match(readFileSync(file, "utf8"), /s3cret/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await assert.rejects(driver.create(type.hook, "twin", args()), /Hook already exists/);
  await assert.rejects(driver.create(type.hook, "odd", args({ events: ["pushed"] })), /events\[0\]: "pushed" is not one of/);
  await driver.create(type.hook, "other", args({ events: ["release"] }));
  const updated = await driver.update(live, args({ active: false }));
  assert.equal(updated.outputs.active, false);
  await driver.delete(updated);
  assert.equal(await driver.read(updated), undefined);
});

test("files are commits, made one after another even when asked for at once", async (context) => {
  const { driver, git } = await github(context);
  await driver.create(type.repository, "orders", { name: "orders", autoInit: true });
  const file = (name: string, more: Values = {}): Values => ({ repository: "orders", file: name, content: `${name}\n`, ...more });
  const [live] = await Promise.all(["deploy/a.yaml", "deploy/b.yaml", "c"].map((name) => driver.create(type.file, name, file(name, { commitMessage: `Put ${name}` }))));
  assert.ok(live);
  assert.equal(git("orders", "rev-list", "--count", "main"), "4");
  assert.equal(git("orders", "show", "main:deploy/b.yaml"), "deploy/b.yaml");
  assert.equal(live.id, "orders:deploy/a.yaml:main");
  assert.equal(git("orders", "rev-parse", "main:deploy/a.yaml"), live.outputs.sha);
  await assert.rejects(driver.create(type.file, "again", file("c")), /refusing to overwrite existing file c/);
  await driver.create(type.file, "over", file("c", { overwriteOnCreate: true, content: "new\n", commitAuthor: "Ada", commitEmail: "ada@example.com" }));
  assert.equal(git("orders", "log", "-1", "--format=%an <%ae> %s", "main"), "Ada <ada@example.com> Update c");

  const updated = await driver.update(live, file("deploy/a.yaml", { content: "changed\n" }));
  assert.equal(git("orders", "show", "main:deploy/a.yaml"), "changed");
  assert.equal((await driver.read(updated))?.inputs.content, "changed\n");
  await driver.delete(updated);
  assert.equal(git("orders", "ls-tree", "-r", "--name-only", "main"), "README.md\nc\ndeploy/b.yaml");

  await assert.rejects(driver.create(type.file, "branch", file("d", { branch: "dev" })), /404 Branch not found/);
  await driver.create(type.file, "branch", file("d", { branch: "dev", autocreateBranch: true }));
  assert.equal(git("orders", "rev-list", "--count", "main..dev"), "1");
  await driver.create(type.repository, "empty", { name: "empty" });
  await driver.create(type.file, "first", { ...file("first"), repository: "empty" });
  assert.equal(git("empty", "rev-list", "--count", "main"), "1");
});

test("the default branch is one that exists, or the renamed one", async (context) => {
  const { driver, git } = await github(context);
  await driver.create(type.repository, "orders", { name: "orders", autoInit: true });
  await assert.rejects(driver.create(type.branch, "b", { repository: "orders", branch: "trunk" }), /422 .*The branch trunk was not found/);
  await driver.create(type.branch, "b", { repository: "orders", branch: "trunk", rename: true });
  assert.equal(git("orders", "symbolic-ref", "--short", "HEAD"), "trunk");
  assert.equal(git("orders", "branch", "--list", "main"), "");
  assert.equal((await driver.invoke("github:index/getRepository:getRepository", { fullName: "acme/orders" })).defaultBranch, "trunk");
});

test("topics and teams are recorded, and other resources leave them alone", async (context) => {
  const { driver } = await github(context);
  const live = await driver.create(type.repository, "orders", { name: "orders" });
  await driver.create(type.topics, "topics", { repository: "orders", topics: ["gitops"] });
  assert.deepEqual((await driver.update(live, { name: "orders", hasWiki: false })).outputs.topics, ["gitops"]);
  const team = await driver.create(type.team, "team", { repository: "orders", teamId: "7", permission: "push" });
  assert.equal((await driver.read(team))?.outputs.permission, "push");
  await assert.rejects(driver.create(type.team, "odd", { repository: "orders", teamId: "7", permission: "owner" }), /"owner" is not one of/);
  await driver.delete(team);
  assert.equal(await driver.read(team), undefined);
});

test("previews: a create leaves computed values unknown, an update keeps them", async (context) => {
  const { driver, folder } = await github(context);
  const { id, outputs } = await driver.previewCreate(type.repository, "orders", { name: "orders", visibility: "private" });
  assert.deepEqual([id, outputs.fullName, outputs.sshCloneUrl, outputs.repoId, outputs.visibility, outputs.archived], ["", UNKNOWN, UNKNOWN, UNKNOWN, "private", false]);
  assert.equal(existsSync(join(folder, "acme", "orders.git")), false);
  const live = await driver.create(type.repository, "orders", { name: "orders", visibility: "private" });
  const preview = (await driver.update(live, { name: "orders", visibility: "private", hasIssues: true }, true)).outputs;
  assert.deepEqual([preview.fullName, preview.repoId, preview.hasIssues], ["acme/orders", live.outputs.repoId, true]);
  assert.equal((await driver.read(live))?.outputs.hasIssues, undefined);
});

test("look-ups", async (context) => {
  const { driver } = await github(context);
  assert.deepEqual(await driver.invoke("github:index/getRepository:getRepository", { fullName: "acme/none" }), {});
  assert.deepEqual(await driver.invoke("github:index/getRepository:getRepository", { fullName: "others/orders" }), {});
  await driver.create(type.repository, "orders", { name: "orders" });
  assert.equal((await driver.invoke("github:index/getRepository:getRepository", { name: "orders" })).fullName, "acme/orders");
  const organization = await driver.invoke("github:index/getOrganization:getOrganization", { name: "acme" });
  assert.match(String(organization.id), /^\d+$/);
  assert.deepEqual(organization.repositories, ["acme/orders"]);
  await assert.rejects(driver.invoke("github:index/getTree:getTree", {}), /does not know the function github:index\/getTree:getTree/);
});

test("without git the message says so", async (context) => {
  const { driver } = await github(context);
  const path = process.env.PATH;
  context.after(() => { process.env.PATH = path; });
  process.env.PATH = scratch(context);
  await assert.rejects(driver.create(type.repository, "orders", { name: "orders" }), /needs git on the PATH/);
});
