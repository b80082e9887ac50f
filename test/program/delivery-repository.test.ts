/** A team's repository at GitHub: made, adopted, started from a template, archived; teams, topics and keys. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { atGithub, keysOf, stackOf, treated } from "../delivered.ts";

const images = [{ name: "api", follow: { branch: "main" } }];
const program = await stackOf(
  {
    least: null,
    adopted: { repository: { adopt: true, teams: { "orders-leads": "maintain" } } },
    orders: { description: "Order service", repository: { name: "Shop", scaffold: "helm", visibility: "internal", topics: ["orders", "go"], teams: { orders: "push" } } },
    elsewhere: { repository: { manage: false, scaffold: "helm", name: "theirs" } },
    gone: { state: "left" },
    going: { state: "leaving" },
    stays: { state: "left", repository: { archive: false } },
    taken: { state: "left", repository: { adopt: true } },
    rotated: { repository: { keyRotation: 3 } },
    pushes: { images },
    proposes: { images, imageUpdates: { propose: true } },
    paused: { images, state: "suspended" },
    token: { repository: { token: { secret: "key" } } },
    app: { repository: { app: { id: 1, installationId: 2, secret: "app" } } },
    lab: { git: { url: "https://git.example/orders", secret: "lab" } },
  },
  { github: { owner: "acme", plan: "enterprise", teams: { platform: "admin", audit: "pull" }, adoptable: ["adopted", "theirs", "taken"] } },
  { secrets: ["key", "app", "lab"] },
);
const common = ["audit", "platform"];
const made = (name: string) => ({ name, description: `The repository of the ${name} team`, visibility: "private", autoInit: true, topics: [], deleteBranchOnMerge: true, hasIssues: true });
const repository = (key: string) => program.one("Repository", `${key}-repository`);

describe("a repository", () => {
  test("is made with a first commit, and stays when the team goes", () => {
    assert.deepEqual(repository("least").inputs, made("least"));
    assert.deepEqual(treated(repository("least")), { retainOnDelete: true, ignoreChanges: ["template", "autoInit"], deleteBeforeReplace: false, protect: false });
    assert.deepEqual(atGithub(program, "least"), [
      ...["Repository least-repository", "RepositoryDeployKey least-deploy-key", "RepositoryRuleset least-rules/default-branch", "RepositoryRuleset least-rules/tags"],
      ...common.map((team) => `TeamRepository least-team/${team}`),
    ]);
  });

  test("that exists is taken over as it is: none of its own settings is ever changed, and no file is put into it", () => {
    assert.deepEqual(repository("adopted").inputs, made("adopted"));
    assert.deepEqual(treated(repository("adopted")), { retainOnDelete: true, ignoreChanges: ["*"], deleteBeforeReplace: false, protect: false });
    assert.deepEqual(repository("adopted").importId, "adopted");
    assert.equal(repository("least").importId, undefined);
    assert.deepEqual(atGithub(program, "adopted"), [
      ...["Repository adopted-repository", "RepositoryDeployKey adopted-deploy-key", "RepositoryRuleset adopted-rules/default-branch", "RepositoryRuleset adopted-rules/tags"],
      ...["audit", "orders-leads", "platform"].map((team) => `TeamRepository adopted-team/${team}`),
    ]);
  });

  test("starts from the flavour's template once that is complete", () => {
    const { autoInit: _, ...rest } = made("Shop");
    assert.deepEqual(repository("orders").inputs, { ...rest, description: "Order service", visibility: "internal", topics: ["orders", "go"], template: { owner: "acme", repository: "template-helm" } });
    assert.deepEqual(repository("orders").ignoreChanges, ["template", "autoInit"]);
    const files = program.all("RepositoryFile").filter(({ name }) => name.startsWith("mooring-templates-helm-file/"));
    assert.ok(files.length > 10);
    for (const file of files) assert.ok(program.dependsOn(repository("orders"), file), file.name);
  });

  test("has the teams of the settings besides those of all repositories, each by itself", () => {
    const teams = program.all("TeamRepository").filter(({ name }) => name.startsWith("orders-"));
    assert.deepEqual(Object.fromEntries(teams.map(({ name, inputs }) => [name, inputs])), {
      "orders-team/audit": { repository: "Shop", teamId: "audit", permission: "pull" },
      "orders-team/platform": { repository: "Shop", teamId: "platform", permission: "admin" },
      "orders-team/orders": { repository: "Shop", teamId: "orders", permission: "push" },
    });
  });

  test("of another environment gets a key, a folder and an environment from this one, and nothing else", () => {
    assert.deepEqual(atGithub(program, "elsewhere"), [
      ...["ActionsEnvironmentVariable elsewhere-environment", "RepositoryDeployKey elsewhere-deploy-key", "RepositoryEnvironment elsewhere-environment"],
      "RepositoryFile elsewhere-file/deploy/staging/kustomization.yaml",
    ]);
    for (const { name, inputs } of program.registrations.filter(({ type, name }) => type.startsWith("github:") && name.startsWith("elsewhere-"))) assert.equal(inputs.repository, "theirs", name);
  });

  test("on another server is not Mooring's at all", () => assert.deepEqual(atGithub(program, "lab"), []));

  test("of a team that has left is archived, unless the settings say otherwise; an adopted one too", () => {
    assert.deepEqual([repository("gone").inputs, repository("gone").ignoreChanges], [{ ...made("gone"), archived: true }, ["template", "autoInit"]]);
    assert.deepEqual([repository("going").inputs, repository("stays").inputs], [made("going"), made("stays")]);
    const { inputs, ignoreChanges } = repository("taken");
    assert.equal(inputs.archived, true);
    // All the rest of it stays as it was.
    assert.deepEqual(Object.keys(inputs).filter((input) => !ignoreChanges.includes(input) && !ignoreChanges.includes("*")).sort(), ["archived", "name"]);
  });
});

describe("templates", () => {
  const templatesOf = (from: typeof program) => from.all("Repository").filter(({ inputs }) => inputs.isTemplate === true).map(({ name, inputs }) => `${name} ${String(inputs.name)}`).sort();

  test("are made of the flavours that this environment starts repositories with", async () => {
    const start = (scaffold: string, more: object = {}) => ({ repository: { scaffold, ...more } });
    assert.deepEqual(templatesOf(program), ["mooring-templates-helm template-helm"]);
    const both = await stackOf({ web: start("kustomize"), shop: start("helm"), more: start("helm") });
    assert.deepEqual(templatesOf(both), ["mooring-templates-helm template-helm", "mooring-templates-kustomize template-kustomize"]);
    assert.deepEqual(templatesOf(await stackOf({ web: start("kustomize", { adopt: true }), shop: start("helm", { manage: false }) }, { github: { owner: "acme", adoptable: ["web", "shop"] } })), []);
  });

  test("are kept as the project has them, and go as a whole; a team's repository is not touched when they change", () => {
    const template = program.one("Repository", "mooring-templates-helm");
    assert.deepEqual([template.inputs.isTemplate, template.inputs.visibility, template.retainOnDelete], [true, "private", false]);
    const within = program.registrations.filter(({ type, name }) => /:Repository(File|Ruleset)$/.test(type) && name.startsWith("mooring-templates"));
    for (const part of within) assert.deepEqual([part.ignoreChanges, part.retainOnDelete, part.deletedWith], [[], false, template.urn], part.name);
    for (const file of within.filter(({ type }) => type.endsWith("File"))) assert.equal(file.inputs.overwriteOnCreate, true, file.name);
  });

  test("are never taken over: a destroy leaves none", async () => {
    const again = await stackOf({ web: { repository: { scaffold: "kustomize", adopt: false } } }, { github: { owner: "acme", adoptRepositories: true } });
    assert.equal(again.one("Repository", "mooring-templates-kustomize").importId, undefined);
  });
});

describe("a deploy key", () => {
  const key = (tenant: string) => program.one("RepositoryDeployKey", `${tenant}-deploy-key`).inputs;

  test("writes only where this environment's automation does", () => {
    assert.deepEqual(["least", "adopted", "orders", "elsewhere"].map((tenant) => key(tenant).readOnly), [true, true, true, true]);
    assert.deepEqual(["pushes", "proposes", "paused"].map((tenant) => key(tenant).readOnly), [false, false, false]);
  });

  test("is new when its rotation is raised: another key under another name, in the Secret that is there", () => {
    assert.deepEqual(program.one("PrivateKey", "rotated-deploy-key-3").inputs, { algorithm: "ED25519" });
    const registered = program.one("RepositoryDeployKey", "rotated-deploy-key-3");
    assert.deepEqual(registered.inputs, { repository: "rotated", title: "Flux acme-staging-3", key: "<rotated-deploy-key-3.publicKeyOpenssh>", readOnly: true });
    assert.deepEqual(program.registrations.filter(({ name }) => name === "rotated-deploy-key").map(({ type }) => type), ["kubernetes:core/v1:Secret"]);
    assert.deepEqual(keysOf(program, "rotated-flux", "deploy-key"), ["identity", "identity.pub", "known_hosts"]);
    assert.deepEqual(program.needs(program.one("Secret", "rotated-deploy-key")), ["rotated-control", "rotated-deploy-key-3"]);
  });

  test("is not there where Flux reads in another way, and where the team is going", () => {
    const keys = program.registrations.filter(({ type }) => /:(PrivateKey|RepositoryDeployKey)$/.test(type)).map(({ name }) => name.replace(/-deploy-key.*/, ""));
    assert.deepEqual([...new Set(keys)].sort(), ["adopted", "elsewhere", "least", "orders", "paused", "proposes", "pushes", "rotated"]);
  });
});
