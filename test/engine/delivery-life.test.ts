/**
 * Repositories outlive what made them: a tenant that has left, and an environment that is destroyed and brought up again. Each test
 * goes on where the one before ended.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Forge } from "./delivery/forge.ts";
import { Environment, nameOf, typeOf } from "./environment.ts";
import { planOf } from "./plans.ts";

const environment = await Environment.open("staging");
const forge = new Forge(environment.repositories, "acme");
after(() => environment.close());

const owners = ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"];
const orders = { owners, repository: { scaffold: "kustomize", topics: ["orders"], teams: { orders: "maintain" } }, images: [{ name: "orders-api", follow: { branch: "main" } }] };
const charts = { owners, repository: { scaffold: "helm" } };
const shop = { owners, repository: { scaffold: "helm", teams: { shop: "push" } } };

const tenants = (entries: Record<string, object>): void => environment.configure((config) => (config.tenants = entries));

async function planned(): Promise<string[]> {
  const { code, steps, output } = await planOf(environment, {});
  assert.equal(code, 0, output);
  return steps;
}

/** What is in a repository's git, and what GitHub keeps of it; not what lies around it, as keys and rules. */
const kept = (...names: string[]): unknown => names.map((name) => ({ settings: forge.repository(name), refs: forge.git(name, "for-each-ref") }));

before(async () => {
  environment.configure((config) => {
    delete config.pipelines;
    Object.assign(config, { fleet: {}, github: { owner: "acme", plan: "enterprise" }, webhooks: { host: "flux.staging.acme.example", ingress: { class: "nginx" } }, tenancy: { ingressNamespace: "ingress" } });
  });
  tenants({ orders, shop });
  await environment.up();
});

describe("a tenant that leaves", () => {
  test("loses its key, its webhook and its pipelines' environment; the repository stays open", async () => {
    tenants({ orders, shop: { ...shop, state: "leaving" } });
    await environment.up();
    const { keys, hooks, environments, rulesets } = forge.parts("shop");
    assert.deepEqual([keys, hooks, environments], [[], [], []]);
    assert.ok(rulesets.length > 0);
    assert.notEqual(forge.repository("shop").archived, true);
  });

  test("and has left, has its repository archived", async () => {
    tenants({ orders, shop: { ...shop, state: "left" } });
    const refs = forge.git("shop", "for-each-ref");
    const steps = await planned();
    assert.ok(steps.includes("update Repository shop-repository: archived"), steps.join("\n"));
    assert.deepEqual(steps.filter((step) => / orders/.test(step)), []);
    await environment.up();
    assert.equal(forge.repository("shop").archived, true);
    assert.equal(forge.git("shop", "for-each-ref"), refs);
    assert.deepEqual(await environment.preview(), []);
  });

  test("is removed without a word at its repository, which stays archived", async () => {
    const before = forge.snapshot("shop");
    tenants({ orders });
    await environment.up();
    assert.deepEqual(forge.snapshot("shop"), before);
    assert.ok(!(await environment.state()).some(({ urn }) => /^shop/.test(nameOf(urn))));
    assert.deepEqual(await environment.preview(), []);
  });

  test("takes the template along, when no other team starts from it; the next such team has it made again", async () => {
    assert.deepEqual(forge.names().filter((name) => name.startsWith("template-")), ["template-kustomize"]);
    tenants({ orders, charts });
    await environment.up();
    assert.ok(forge.files("template-helm").includes("build.sh"));
    assert.deepEqual(forge.files("charts").filter((path) => !path.startsWith("deploy/staging/") && path !== ".github/CODEOWNERS"), forge.files("template-helm"));
    assert.deepEqual(await environment.preview(), []);
  });
});

describe("a tenant that is said to have left at once", () => {
  const gifts = { owners, repository: { scaffold: "kustomize" } };

  test("has its repository archived before its parts there are removed, which GitHub refuses", async () => {
    tenants({ orders, charts, gifts });
    await environment.up();
    tenants({ orders, charts, gifts: { ...gifts, state: "left" } });
    const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /403 Repository was archived so is read-only: acme\/gifts/);
    assert.equal(forge.repository("gifts").archived, true);
    assert.deepEqual(forge.parts("gifts").environments, ["staging"]);
  });

  test("goes back a step, which opens the repository, and leaves as the others", async () => {
    tenants({ orders, charts, gifts: { ...gifts, state: "leaving" } });
    await environment.up();
    assert.equal(forge.repository("gifts").archived, false);
    assert.deepEqual([forge.parts("gifts").environments, await environment.preview()], [[], []]);
    tenants({ orders, charts, gifts: { ...gifts, state: "left" } });
    await environment.up();
    assert.equal(forge.repository("gifts").archived, true);
  });
});

describe("an environment that is destroyed", () => {
  /** All but the templates, which are Mooring's own. */
  const untouched = ["charts", "fleet", "gifts", "orders", "shop"];
  let before_: unknown;
  /** The cluster went with the environment; the next one has another. */
  const anotherCluster = async (): Promise<void> => environment.leadTo(await environment.startPlane());

  test("deletes no repository but its templates", async () => {
    await forge.merge("orders", "app/main.go", "package main // the team's\n");
    await forge.merge("fleet", "addons/own/kustomization.yaml", "resources: []\n");
    before_ = kept(...untouched);
    await environment.unprotect();
    await environment.destroy();
    assert.deepEqual(forge.names(), untouched);
    assert.deepEqual(kept(...untouched), before_);
  });

  test("and is to be made again says which repository is in the way", async () => {
    await anotherCluster();
    const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /name already exists on this account/);
    await environment.unprotect();
    await environment.destroy();
    assert.deepEqual(kept(...untouched), before_);
  });

  test("comes up again among its repositories with github.adoptRepositories, the fleet's too", async () => {
    await anotherCluster();
    environment.configure((config) => Object.assign(config.github as object, { adoptRepositories: true }));
    // A new team starts from the template, which is made again.
    tenants({ orders, books: { owners, repository: { scaffold: "kustomize", adopt: false } } });
    await environment.up();
    assert.deepEqual(kept(...untouched), before_);
    assert.deepEqual(forge.files("books"), [...forge.files("template-kustomize"), "deploy/staging/kustomization.yaml"].sort());
    assert.deepEqual(await environment.preview(), []);
    const imported = (await environment.state()).filter(({ type }) => type === "github:index/repository:Repository").map(({ urn }) => nameOf(urn)).sort();
    assert.deepEqual(imported, ["books-repository", "mooring-fleet-repository", "mooring-templates-kustomize", "orders-repository"]);
    const { keys, hooks, teams, rulesets, environments, variables } = forge.parts("orders");
    assert.deepEqual([keys.length, hooks.length, Object.values(teams), environments, variables.length], [1, 1, ["maintain"], ["staging"], 1]);
    assert.ok(["mooring default-branch", "mooring tags"].every((ruleset) => rulesets.some(({ name }) => name === ruleset)));
    assert.deepEqual(forge.parts("fleet").keys.length, 1);
  });

  test("a second time deletes none either", async () => {
    await environment.unprotect();
    await environment.destroy();
    assert.deepEqual(forge.names(), ["books", ...untouched].sort());
    assert.deepEqual(kept(...untouched), before_);
    assert.deepEqual((await environment.state()).map(({ urn }) => typeOf(urn)), []);
  });
});
