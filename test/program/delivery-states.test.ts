/** A team with everything on its way out: what is suspended, what is taken back, and that nothing with data goes before it has left. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Registration } from "../../cli/render/evaluate.ts";
import type { Program } from "../evaluate.ts";
import { objectsIn, short, spec, stackOf } from "../delivered.ts";

const secrets = ["git", "db", "hook", "key", "own", "app", "token"];
const sources = {
  tools: { git: "ssh://git@github.com/acme/tools.git", branch: "main", secret: "git" },
  api: { oci: "/orders/charts/api", semver: "1.x" },
  signed: { oci: "oci://ghcr.io/acme/signed", tag: "v1", verify: { provider: "cosign", secret: "key" } },
  charts: { helm: "https://charts.acme.example", secret: "own", username: "reader" },
  files: { bucket: "files", endpoint: "s3.acme.example" },
};
const orders = {
  owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"],
  repository: { scaffold: "helm", topics: ["orders"], teams: { leads: "maintain" } },
  images: [{ name: "api", follow: { branch: "main" } }],
  sources,
  releases: { cache: { source: "charts", chart: "redis", valuesFrom: [{ secret: "db" }] } },
  kustomizations: { databases: { path: "./databases" } },
  notify: [{ slack: "#orders", secret: "hook" }],
  webhooks: { registry: "acr" },
};
const stack = (state: string) =>
  stackOf(
    {
      orders: { ...orders, state },
      // Read in other ways.
      app: { repository: { app: { id: 1, installationId: 2, secret: "app" } }, state },
      token: { git: { url: "https://git.example/token", secret: "token" }, state },
    },
    { webhooks: { host: "flux.acme.example", gateway: { name: "g", namespace: "gateways" } }, tenancy: { ingressNamespace: "gateways", charts: ["https://charts.acme.example", "oci://ghcr.io/acme", "https://s3.acme.example"] } },
    { secrets },
  );
const [active, suspended, leaving, left] = [await stack("active"), await stack("suspended"), await stack("leaving"), await stack("left")];

const without = (program: Program, other: Program): string[] => {
  const rest = new Set(other.registrations.map(({ urn }) => urn));
  return program.registrations.filter(({ urn }) => !rest.has(urn)).map(short).sort();
};
const twins = (program: Program, other: Program): [Registration, Registration][] =>
  program.registrations.flatMap((one): [Registration, Registration][] => {
    const twin = other.registrations.find(({ urn }) => urn === one.urn);
    return twin ? [[one, twin]] : [];
  });
const changed = (program: Program, other: Program): string[] =>
  twins(program, other).filter(([one, twin]) => JSON.stringify([one.inputs, one.protect]) !== JSON.stringify([twin.inputs, twin.protect])).map(([one]) => short(one)).sort();

/** Everything of Flux's in the control namespace that has work to do. */
const working = /^(GitRepository|OCIRepository|HelmRepository|Bucket|Kustomization|HelmRelease|ImageRepository|ImageUpdateAutomation|Receiver)$/;
const atWork = (program: Program): string[] =>
  ["orders", "app", "token"].flatMap((tenant) =>
    objectsIn(program, `${tenant}-flux`, working).filter((object) => {
      const [kind, name] = object.split(" ") as [string, string];
      return spec(program, kind, `${tenant}-flux`, name).suspend !== true;
    }).map((object) => `${tenant}: ${object}`),
  );

describe("a team with everything that is", () => {
  test("suspended: Flux does nothing of it any more, by whoever asks; and all of it is still there", () => {
    assert.deepEqual(atWork(suspended), []);
    assert.equal(atWork(active).length, [...Object.keys(sources), "orders", "cache", "databases", "root", "api", "automation", "repository", "images"].length + 2 * 2 + 1);
    assert.deepEqual(without(active, suspended).filter((name) => !name.startsWith("RoleBinding")), []);
    assert.deepEqual(without(suspended, active), []);
    const suspends = (name: string) => working.test(name.split(" ")[0]!);
    assert.deepEqual(changed(active, suspended).filter((name) => !suspends(name)), []);
  });

  test("leaving: keys, tokens, write access and addresses are taken back", () => {
    const gone = without(suspended, leaving);
    const expected = [
      ...["PrivateKey orders-deploy-key", "RepositoryDeployKey orders-deploy-key", "Secret orders-deploy-key"],
      ...["Secret orders-source/tools", "Secret orders-source/charts", "Secret orders-verify/signed", "Secret app-repository-access", "Secret token-repository-access"],
      // Who writes to the repository, and who calls.
      ...["ImagePolicy orders-image/api", "ImageRepository orders-image/api", "ImageUpdateAutomation orders-images"],
      ...["Receiver orders-receiver/images", "Receiver orders-receiver/repository", "RepositoryWebhook orders-webhook", "Secret orders-webhook-token", "RandomPassword orders-webhooks"],
      ...["Receiver app-receiver/repository", "RepositoryWebhook app-webhook", "Secret app-webhook-token", "RandomPassword app-webhooks"],
      ...["Webhook orders-registry-webhook/orders/api", "Webhook orders-registry-webhook/orders/charts/api"],
      // No key gets past the default branch's rule any more: its history is kept by that rule.
      "RepositoryRuleset orders-rules/history", "RepositoryRuleset orders-rules/keys",
      // What pipelines act with; files are the team's, and stay in the repository.
      ...["RepositoryEnvironment orders-environment", "ActionsEnvironmentVariable orders-environment", "RepositoryFile orders-file/.github/CODEOWNERS", "RepositoryFile orders-file/deploy/staging/kustomization.yaml"],
    ];
    const inAzureOrRights = (name: string) => /^(RoleBinding|RoleAssignment|UserAssignedIdentity|Identity|FederatedIdentityCredential|TenantCloud) /.test(name);
    assert.deepEqual(gone.filter((name) => !inAzureOrRights(name)), expected.sort());
    assert.deepEqual(without(leaving, suspended), []);
    assert.deepEqual(atWork(leaving), []);
    for (const file of active.all("RepositoryFile").filter(({ name }) => name.startsWith("orders-"))) assert.ok(file.retainOnDelete, file.name);
  });

  test("leaving: nothing with data goes; all that runs stays, suspended and protected", () => {
    const holding = /^(Namespace|PersistentVolumeClaim|Repository|Kustomization|HelmRelease|Vault|GitRepository|OCIRepository|HelmRepository|Bucket) /;
    assert.deepEqual(without(active, leaving).filter((name) => holding.test(name)), []);
    const applied = [...leaving.all("Kustomization"), ...leaving.all("HelmRelease")];
    assert.deepEqual(applied.map(({ name, protect }) => [name, protect]).sort(), ["app-sync", "orders-kustomization/databases", "orders-release/cache", "orders-sync", "token-sync"].map((name) => [name, true]));
    for (const [before, after] of twins(active, leaving).filter(([{ type }]) => /:(Kustomization|HelmRelease)$/.test(type))) {
      assert.deepEqual(after.inputs.spec, { ...(before.inputs.spec as object), suspend: true }, before.name);
    }
    // A release without its values would be installed without them, if somebody resumed it.
    assert.ok(leaving.one("Secret", "orders-values/db"));
    // The team still hears of what happens to it, and its rules and teams are as they were.
    assert.ok(leaving.all("Alert").some(({ name }) => name.startsWith("orders-notify/")));
    const rules = ["RepositoryRuleset orders-rules/tags", "TeamRepository orders-team/leads"];
    assert.deepEqual(without(active, leaving).filter((name) => rules.includes(name)), []);
    assert.deepEqual(changed(suspended, leaving).filter((name) => name.startsWith("Repository")), ["RepositoryRuleset orders-rules/default-branch"]);
  });

  test("left: the same, without protection, and with its repository archived", () => {
    assert.deepEqual([without(leaving, left), without(left, leaving)], [[], []]);
    assert.deepEqual(changed(leaving, left).filter((name) => !name.startsWith("Namespace")), [
      ...["HelmRelease orders-release/cache", "Kustomization app-sync", "Kustomization orders-kustomization/databases", "Kustomization orders-sync", "Kustomization token-sync"],
      ...["Repository app-repository", "Repository orders-repository"],
    ]);
    assert.deepEqual(twins(leaving, left).filter(([one, twin]) => JSON.stringify(one.inputs) !== JSON.stringify(twin.inputs)).map(([one]) => short(one)).sort(), ["Repository app-repository", "Repository orders-repository"]);
  });
});
