/**
 * A tenant's life on the real engine: added, renamed, suspended, leaving, left and removed, with a neighbour in whose plans
 * none of it may show. Each test goes on where the one before ended.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Environment, nameOf, typeOf } from "./environment.ts";
import { planOf } from "./plans.ts";
import { addOutside } from "./production/outside.ts";
import { allowed, deployKeys, Journal, namesIn, objectsIn, tenantNamespaces, world } from "./world.ts";

const environment = await Environment.open("staging");
const { kubernetes } = environment;
after(() => environment.close());

const owners = "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e04";
const editors = "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e05";
const viewers = "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e06";
/** Connects to the other tenant, so it knows it by something. */
const web = { owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e02"] };
/** With everything that a tenant can have beside a registry of the environment's own. */
const shop = {
  owners: [owners],
  editors: [editors],
  viewers: [viewers],
  identity: { serviceAccounts: ["shop-api"] },
  vault: true,
  sops: true,
  notify: [{ slack: "#shop", secret: "shop-slack" }],
  traffic: { callers: [{ tenant: "web", ports: [8080] }] },
};
const namespaces = ["shop", "shop-flux", "web", "web-flux"];

function tenants(entries: Record<string, object>, deploysTo: string[] = ["shop"]): void {
  environment.configure((config) => {
    config.tenants = entries;
    config.pipelines = { deploy: { trust: [{ name: "pipeline", issuer: "https://ci.acme.example", subject: "deploy" }], namespaces: deploysTo } };
  });
}

/** What an `up` would do now. */
async function planned(): Promise<string[]> {
  const { code, steps, output } = await planOf(environment, {});
  assert.equal(code, 0, output);
  return steps;
}

/** Does what is planned, and that must be exactly this; the second preview finds nothing. */
async function brings(...expected: string[]): Promise<void> {
  assert.deepEqual(await planned(), expected.sort());
  await environment.up();
  assert.deepEqual(await planned(), []);
}

/** Where Kubernetes says that the team's own may do something in its namespace. */
const may = async () => ({
  flux: await allowed(environment, { user: "system:serviceaccount:shop-flux:reconciler" }, "create", "deployments.apps", "shop"),
  owner: await allowed(environment, { user: "somebody", groups: [owners] }, "get", "secrets", "shop"),
  editor: await allowed(environment, { user: "somebody", groups: [editors] }, "update", "deployments.apps", "shop"),
  viewer: await allowed(environment, { user: "somebody", groups: [viewers] }, "list", "pods", "shop"),
  observer: await allowed(environment, { user: "somebody", groups: [viewers] }, "list", "kustomizations.kustomize.toolkit.fluxcd.io", "shop-flux"),
});
const protectedNames = async () => (await environment.state()).filter(({ protect }) => protect === true).map(({ urn }) => `${typeOf(urn).split(":").at(-1)} ${nameOf(urn)}`).filter((name) => / shop/.test(name)).sort();

const update = (resource: string, ...places: string[]): string[] => places.map((place) => `update ${resource}: ${place}`);
const gone = (...resources: string[]): string[] => resources.map((resource) => `delete ${resource}`);
const suspending = ["GitRepository shop-source", "Kustomization shop-sync"].flatMap((resource) => update(resource, "spec.suspend"));
const fetching = [owners, editors, viewers].map((group) => `RoleAssignment mooring-user-${group}`);
const revoked = [
  ...["PrivateKey shop-deploy-key", "RepositoryDeployKey shop-deploy-key", "Secret shop-deploy-key"],
  ...["deployers", "editors", "observers", "owners", "viewers"].map((name) => `RoleBinding shop-${name}`),
  ...["encrypt", "write-secrets"].map((right) => `RoleAssignment shop-azure-owners-${right}-${owners}`),
  ...fetching,
];
const guards = ["Kustomization shop-sync", "Namespace shop-control", "Namespace shop-workload"];

before(async () => {
  await environment.setSecret("shop-slack", "https://hooks.slack.example/services/T0/B0/x");
  tenants({ web, shop });
  await environment.up();
});

describe("an entry that is taken away", () => {
  for (const [how, entries] of [["removed", { web }], ["under another name, without the old one", { web, store: { ...shop, traffic: {} } }]] as const) {
    test(`${how}: the preview stops at the protected tenant, and so does the up, and nothing is changed`, async () => {
      const before = await world(environment, namespaces);
      tenants(entries, []);
      const plan = await planOf(environment, {});
      assert.notEqual(plan.code, 0);
      assert.deepEqual(plan.refused, ["delete Kustomization shop-sync"]);
      const { code, stdout, stderr } = await environment.operate("up", ["--yes"]);
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, /mooring:tenant:Tenant\$\S+::shop-sync" cannot be deleted\s+because it is protected/);
      assert.deepEqual(await world(environment, namespaces), before);
    });
  }

  test("even in an up without a preview loses nothing that the old entry does not bring back", async () => {
    const before = { shop: await objectsIn(environment, "shop"), control: await objectsIn(environment, "shop-flux"), keys: deployKeys(environment, "shop") };
    tenants({ web }, []);
    const journal = new Journal();
    const { code } = await environment.operate("up", ["--yes", "--skip-preview"], { onLine: (line) => journal.read(line) });
    assert.notEqual(code, 0);
    // Alone who may fetch a kubeconfig stands for itself; the engine deletes it beside the refused one.
    assert.deepEqual(journal.done.filter((step) => !fetching.some((right) => step === `deleted ${right}`)), ["updated NetworkPolicy web-traffic"]);
    tenants({ web, shop });
    await environment.up();
    assert.deepEqual(await planned(), []);
    assert.deepEqual({ shop: await objectsIn(environment, "shop"), control: await objectsIn(environment, "shop-flux"), keys: deployKeys(environment, "shop") }, before);
  });
});

test("a new name with the old one beside it updates what names the tenant for people, and nothing else", async () => {
  const uids = async () => (await environment.state()).map(({ urn, outputs }) => [urn, (outputs?.metadata as { uid?: string } | undefined)?.uid]);
  const before = await uids();
  tenants({ web, store: { ...shop, formerly: "shop" } });
  await brings(
    ...update("Alert shop-notify/shop-dfec96", "spec.eventMetadata.tenant"),
    ...["shop-control", "shop-workload"].flatMap((name) => update(`Namespace ${name}`, 'metadata.annotations["mooring.platform/name"]')),
    ...update("Repository shop-repository", "description"),
    ...["UserAssignedIdentity shop-azure-flux", "UserAssignedIdentity shop-azure-workload", "Vault shop-azure-vault"].flatMap((resource) => update(resource, "tags.tenant")),
  );
  assert.deepEqual((await uids()).sort(), before.sort());
});

const renamed = { repository: { name: "store" } };

test("its repository under another name is the same one, with the same key", async () => {
  const keyOf = async () => (await environment.state()).find(({ urn }) => typeOf(urn).endsWith(":RepositoryDeployKey") && nameOf(urn) === "shop-deploy-key")?.inputs?.key;
  const key = await keyOf();
  tenants({ web, store: { ...shop, ...renamed, formerly: "shop" } });
  await brings(
    ...update("Repository shop-repository", "name"),
    ...["default-branch", "tags"].flatMap((rules) => update(`RepositoryRuleset shop-rules/${rules}`, "repository")),
    "replace RepositoryDeployKey shop-deploy-key: repository",
    ...update("GitRepository shop-source", "spec.url"),
    ...["shop-control", "shop-workload"].flatMap((name) => update(`Namespace ${name}`, 'metadata.annotations["mooring.platform/sources"]')),
  );
  assert.equal(await keyOf(), key);
  assert.deepEqual([deployKeys(environment, "store").length, existsSync(join(environment.repositories, "acme/shop.git"))], [1, false]);
});

describe("a tenant under its new name", () => {
  const store = { ...shop, ...renamed, formerly: "shop" };
  let workload: unknown;
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "by-hand" }, spec: { selector: { matchLabels: { app: "a" } }, template: { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "a", image: "mcr.microsoft.com/a:1" }] } } } };
  const byHand = async () => (await objectsIn(environment, "shop")).get("deployments by-hand");

  before(async () => {
    await kubernetes.create("/apis/apps/v1/namespaces/shop/deployments", deployment);
    workload = (await byHand())!.metadata;
  });

  test("suspended: Flux neither fetches nor applies and may not, people may, what runs stays", async () => {
    tenants({ web, store: { ...store, state: "suspended" } });
    await brings(...suspending, ...gone("RoleBinding shop-reconciler"));
    assert.deepEqual(await may(), { flux: false, owner: true, editor: true, viewer: true, observer: true });
    assert.deepEqual((await byHand())?.metadata, workload);
    for (const name of ["gitrepositories shop", "kustomizations shop"]) assert.equal(((await objectsIn(environment, "shop-flux")).get(name)?.spec as { suspend?: boolean }).suspend, true);
  });

  test("active again: as it was", async () => {
    tenants({ web, store });
    await brings(...suspending, "create RoleBinding shop-reconciler");
    assert.deepEqual(await may(), { flux: true, owner: true, editor: true, viewer: true, observer: true });
  });

  test("leaving: Flux is stopped before any right goes; keys and rights go in one run, data stays", async () => {
    tenants({ web, store: { ...store, state: "leaving" } });
    assert.deepEqual(await planned(), [...suspending, ...gone(...revoked, "RoleBinding shop-reconciler")].sort());
    const journal = new Journal();
    const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"], { onLine: (line) => journal.read(line) });
    assert.equal(code, 0, stdout + stderr);
    const at = (step: string) => journal.done.indexOf(step);
    const first = Math.min(...[...revoked, "RoleBinding shop-reconciler"].map((resource) => at(`deleted ${resource}`)));
    assert.ok(at("updated GitRepository shop-source") >= 0 && at("updated GitRepository shop-source") < at("updated Kustomization shop-sync"));
    assert.ok(at("updated Kustomization shop-sync") < first, journal.done.join("\n"));
    assert.ok(at("deleted RepositoryDeployKey shop-deploy-key") < at("deleted PrivateKey shop-deploy-key"), "the key is revoked before it is forgotten");
    assert.deepEqual(await planned(), []);
  });

  const kept = {
    shop: [
      ...["configmaps theirs", "deployments by-hand", "limitranges tenant", "networkpolicies identity", "networkpolicies tenant", "resourcequotas tenant"],
      ...["secrets theirs", "serviceaccounts reconciler", "serviceaccounts shop-api"],
    ],
    control: ["gitrepositories shop", "kustomizations shop", "secrets notify-shop-dfec96", "serviceaccounts reconciler"],
  };

  test("nobody of it may do anything any more; its namespaces, bounds, vault, repository and what runs are there, protected", async () => {
    for (const kind of ["ConfigMap", "Secret"]) await kubernetes.create(`/api/v1/namespaces/shop/${kind.toLowerCase()}s`, { apiVersion: "v1", kind, metadata: { name: "theirs" } });
    assert.deepEqual(await may(), { flux: false, owner: false, editor: false, viewer: false, observer: false });
    assert.deepEqual(deployKeys(environment, "store"), []);
    assert.deepEqual([await namesIn(environment, "shop"), await namesIn(environment, "shop-flux")], [kept.shop, kept.control]);
    assert.deepEqual((await byHand())?.metadata, workload);
    assert.ok((await environment.state()).some(({ urn }) => nameOf(urn) === "shop-azure-vault"));
    assert.deepEqual(await protectedNames(), guards);
  });

  test("leaving, and its entry removed: still stopped", async () => {
    tenants({ web }, []);
    const { code, refused } = await planOf(environment, {});
    assert.notEqual(code, 0);
    assert.deepEqual(refused, ["delete Kustomization shop-sync"]);
  });

  test("left: the protection goes, in an up of which the preview shows the vault's tag, and its repository is archived", async () => {
    tenants({ web, store: { ...store, state: "left" } });
    await brings(...update("Repository shop-repository", "archived"), ...update("Vault shop-azure-vault", "tags.tenant-state"));
    assert.deepEqual(await protectedNames(), []);
    assert.deepEqual([await namesIn(environment, "shop"), await namesIn(environment, "shop-flux")], [kept.shop, kept.control]);
  });

  test("removed: all of it goes but the repository, and of the others alone the way to it", async () => {
    tenants({ web }, []);
    const steps = await planned();
    assert.deepEqual(steps.filter((step) => !/^delete \S+ shop([-/]|$)/.test(step)), update("NetworkPolicy web-traffic", "spec.egress[2]"));
    for (const resource of [...guards, "Vault shop-azure-vault", "Repository shop-repository"]) assert.ok(steps.includes(`delete ${resource}`), resource);
    await environment.up();
    assert.deepEqual(await tenantNamespaces(environment), ["web", "web-flux"]);
    assert.equal(await kubernetes.get("/api/v1/namespaces/shop"), undefined);
    assert.ok(existsSync(join(environment.repositories, "acme/store.git")));
    assert.deepEqual(deployKeys(environment, "store"), []);
    assert.deepEqual(await planned(), []);
  });
});

describe("a tenant with a build identity of its own", () => {
  let abac: Environment;
  const build = { trust: [{ name: "pipeline", issuer: "https://ci.acme.example", subject: "build" }] };
  const configure = (state: string) =>
    abac.configure((config) => {
      // Not the name of a resource group that stands there already.
      config.platform = "acmeb";
      config.registry = { existing: { name: "cracmeshared", resourceGroup: "rg-acme-shared", permissions: "abac" } };
      config.tenants = { shop: { build, state }, web };
    });
  before(async () => {
    abac = await Environment.open("staging");
    await addOutside(abac.platformFolder);
    configure("active");
    await abac.up();
  });
  after(() => abac?.close());

  test("keeps it while it is suspended", async () => {
    configure("suspended");
    assert.deepEqual((await planOf(abac, {})).steps, [...suspending, ...gone("RoleBinding shop-reconciler")].sort());
  });

  test("loses it, with whom it trusts and what it may push, when it leaves", async () => {
    configure("leaving");
    const { code, steps, output } = await planOf(abac, {});
    assert.equal(code, 0, output);
    const identity = steps.filter((step) => / shop-azure/.test(step)).map((step) => step.replace(/-[0-9a-f]{8}$/, ""));
    assert.deepEqual(identity, gone("FederatedIdentityCredential shop-azure-build-trusts", "Identity shop-azure-build", "RoleAssignment shop-azure-build-pushes", "TenantCloud shop-azure", "UserAssignedIdentity shop-azure-build"));
    const rest = ["PrivateKey shop-deploy-key", "RepositoryDeployKey shop-deploy-key", "RoleBinding shop-reconciler", "Secret shop-deploy-key"];
    assert.deepEqual(steps.filter((step) => !/ shop-azure/.test(step)), [...gone(...rest), ...suspending].sort());
  });
});
