/** Images that are followed and written for a team, and who tells Flux of something new. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { production } from "../azure.ts";
import { keysOf, objectsIn, spec, stackOf } from "../delivered.ts";

const follow = (name: string, how: object, more: object = {}) => ({ name, follow: how, ...more });
const images = [
  follow("api", { branch: "main" }),
  follow("branchy", { branch: "Feature/X.1" }, { digest: true, interval: "2m" }),
  follow("worker", { semver: "1.4.x" }, { digest: true }),
  follow("ranged", { semver: ">=1.0.0" }),
  follow("tools", { tag: "stable.1" }, { interval: "3m" }),
  follow("floating", { tag: "latest" }, { digest: false }),
];
const reachable = { webhooks: { host: "flux.acme.example", gateway: { name: "g", namespace: "gateways" } }, tenancy: { ingressNamespace: "gateways" } };
const one = [follow("api", { branch: "main" })];
const program = await stackOf(
  {
    orders: { images },
    proposes: { images: one, imageUpdates: { propose: true, base: "main", branch: "flux/images", path: "./releases", interval: "2m" }, deploy: { branch: "release" } },
    tagged: { images: one, deploy: { tag: "v1" } },
    moved: { images: one, deploy: { branch: "live", path: "./live" } },
    nothing: null,
    fetches: { sources: { api: { oci: "/fetches/charts/api", semver: "1.x" } }, webhooks: { registry: "acr", rotation: 3 } },
    quiet: { images: one, webhooks: { repository: false, registry: "none" } },
    lab: { git: { url: "https://git.example/lab", secret: "lab" }, images: one },
  },
  reachable,
  { secrets: ["lab"] },
);
const policy = (name: string) => spec(program, "ImagePolicy", "orders-flux", name);
const automation = (tenant: string) => spec(program, "ImageUpdateAutomation", `${tenant}-flux`, tenant);
const kinds = (tenant: string, of: RegExp) => objectsIn(program, `${tenant}-flux`, of);

describe("an image", () => {
  test("is looked for in the team's part of the registry, as the team's identity", () => {
    const common = { provider: "azure", serviceAccountName: "reconciler" };
    const host = "cracmestaging<mooring-registry-suffix.result>.azurecr.io";
    assert.deepEqual(spec(program, "ImageRepository", "orders-flux", "api"), { ...common, image: `${host}/orders/api`, interval: "5m" });
    assert.equal(spec(program, "ImageRepository", "orders-flux", "tools").interval, "3m");
    assert.deepEqual(kinds("orders", /^Image/), [...["ImagePolicy", "ImageRepository"].flatMap((kind) => images.map(({ name }) => `${kind} ${name}`)), "ImageUpdateAutomation orders"].sort());
    assert.deepEqual(kinds("nothing", /^Image/), []);
  });

  test("is the branch's newest, the range's highest, or one tag; with its digest where that is asked for", () => {
    const ref = (name: string) => ({ imageRepositoryRef: { name } });
    const newest = (branch: string) => ({ filterTags: { pattern: `^${branch}-[a-f0-9]{7}-(?P<ts>[1-9][0-9]*)$`, extract: "$ts" }, policy: { numerical: { order: "asc" } } });
    assert.deepEqual(policy("api"), { ...ref("api"), ...newest("main") });
    assert.deepEqual(policy("branchy"), { ...ref("branchy"), ...newest("feature-x-1"), digestReflectionPolicy: "IfNotPresent" });
    assert.deepEqual(policy("worker"), { ...ref("worker"), policy: { semver: { range: "1.4.x" } }, digestReflectionPolicy: "IfNotPresent" });
    assert.deepEqual(policy("ranged"), { ...ref("ranged"), policy: { semver: { range: ">=1.0.0" } } });
    const exactly = (pattern: string) => ({ filterTags: { pattern }, policy: { alphabetical: { order: "asc" } } });
    assert.deepEqual(policy("tools"), { ...ref("tools"), ...exactly("^stable\\.1$"), digestReflectionPolicy: "Always", interval: "3m" });
    assert.deepEqual(policy("floating"), { ...ref("floating"), ...exactly("^latest$") });
  });
});

describe("a newer image", () => {
  const written = (tenant: string) => {
    const { git, update, interval, sourceRef } = automation(tenant) as { git: { checkout: { ref: object }; push: object; commit: object }; update: object; interval: string; sourceRef: object };
    return { from: git.checkout.ref, to: git.push, update, interval, sourceRef };
  };

  test("is written to the branch that is followed, by whom and why", () => {
    assert.deepEqual(written("orders"), { from: { branch: "main" }, to: { branch: "main" }, update: { strategy: "Setters", path: "./deploy/staging" }, interval: "5m", sourceRef: { kind: "GitRepository", name: "orders" } });
    assert.deepEqual(written("moved"), { from: { branch: "live" }, to: { branch: "live" }, update: { strategy: "Setters", path: "./live" }, interval: "5m", sourceRef: { kind: "GitRepository", name: "moved" } });
    const { commit } = (automation("orders") as { git: { commit: { author: unknown; messageTemplate: string; messageTemplateValues: unknown } } }).git;
    assert.deepEqual([commit.author, commit.messageTemplateValues], [{ name: "Flux staging", email: "flux@mooring.invalid" }, { tenant: "orders", environment: "staging" }]);
    assert.match(commit.messageTemplate, /\$change\.OldValue \}\} -> \{\{ \$change\.NewValue/);
  });

  test("is proposed from a branch of its own where the settings say so, and where no branch is followed", () => {
    assert.deepEqual(written("proposes"), { from: { branch: "main" }, to: { branch: "flux/images" }, update: { strategy: "Setters", path: "./releases" }, interval: "2m", sourceRef: { kind: "GitRepository", name: "proposes" } });
    assert.deepEqual([written("tagged").from, written("tagged").to], [{ branch: "main" }, { branch: "mooring/staging-images" }]);
  });

  test("is proposed in production, always", async () => {
    const prod = await stackOf({ orders: { images: one } }, production(), { environment: "prod" });
    const { git } = spec(prod, "ImageUpdateAutomation", "orders-flux", "orders") as { git: { checkout: unknown; push: unknown } };
    assert.deepEqual([git.checkout, git.push], [{ ref: { branch: "main" } }, { branch: "mooring/prod-images" }]);
  });

  test("waits for the source and the policies", () => {
    const registered = program.one("ImageUpdateAutomation", "orders-images");
    assert.deepEqual(program.needs(registered), ["orders-control", ...images.map(({ name }) => `orders-image/${name}`).sort(), "orders-source"]);
  });
});

describe("who tells Flux", () => {
  const receivers = (tenant: string) => kinds(tenant, /^Receiver$/);
  const resources = (list: [string, string][]) => list.map(([kind, name]) => ({ apiVersion: kind === "ImageRepository" ? "image.toolkit.fluxcd.io/v1" : "source.toolkit.fluxcd.io/v1", kind, name }));
  const secretRef = { name: "webhook-token" };

  test("is GitHub of a push, and the team's pipeline of an image; each with what it may concern", () => {
    assert.deepEqual(receivers("orders"), ["Receiver images", "Receiver repository"]);
    assert.deepEqual(spec(program, "Receiver", "orders-flux", "repository"), { type: "github", events: ["ping", "push"], secretRef, resources: resources([["GitRepository", "orders"]]) });
    assert.deepEqual(spec(program, "Receiver", "orders-flux", "images"), { type: "generic-hmac", secretRef, resources: resources(images.map(({ name }) => ["ImageRepository", name])) });
    assert.deepEqual(keysOf(program, "orders-flux", "webhook-token"), ["token"]);
  });

  test("is the registry itself where the settings say so, of artifacts too", () => {
    assert.deepEqual(spec(program, "Receiver", "fetches-flux", "images"), { type: "acr", secretRef, resources: resources([["OCIRepository", "api"]]) });
    const called = program.all("Webhook").filter(({ type }) => type.startsWith("azure-native:"));
    assert.deepEqual(called.map(({ name, inputs }) => [name, inputs.scope, inputs.serviceUri]), [["fetches-registry-webhook/fetches/charts/api", "fetches/charts/api:*", "[secret]"]]);
  });

  test("is nobody where there is nothing new to tell, or nobody may", () => {
    assert.deepEqual([receivers("nothing"), receivers("quiet"), receivers("lab")], [["Receiver repository"], [], ["Receiver images"]]);
    const made = (kind: string) => program.all(kind).map(({ name }) => name.replace(/-webhook.*/, "")).sort();
    assert.deepEqual(made("RepositoryWebhook"), ["fetches", "moved", "nothing", "orders", "proposes", "tagged"]);
    assert.deepEqual(made("RandomPassword"), ["fetches", "lab", "moved", "nothing", "orders", "proposes", "tagged"]);
  });

  test("needs an address: without one nothing is registered and nobody is told of any", async () => {
    const closed = await stackOf({ orders: { images } });
    assert.deepEqual(closed.registrations.filter(({ type }) => /:(Receiver|RandomPassword|RepositoryWebhook|HTTPRoute|Ingress)$/.test(type)), []);
    assert.deepEqual(objectsIn(closed, "orders-flux", /^Secret$/), ["Secret deploy-key"]);
  });

  test("signs with a secret made at random, anew when the rotation is raised", () => {
    const secret = program.one("RandomPassword", "orders-webhooks");
    assert.deepEqual([secret.inputs, secret.secretOutputs.includes("result")], [{ length: 40, special: false }, true]);
    assert.ok(program.one("RandomPassword", "fetches-webhooks-3"));
  });

  test("is registered at GitHub when the receiver is there: GitHub calls at once", () => {
    const hook = program.one("RepositoryWebhook", "orders-webhook");
    assert.deepEqual(hook.inputs, { repository: "orders", active: true, events: ["push"], configuration: { url: "[secret]", contentType: "json", insecureSsl: false, secret: "<orders-webhooks.result>" } });
    assert.ok(program.dependsOn(hook, program.one("Receiver", "orders-receiver/repository")));
    assert.ok(program.dependsOn(program.one("Receiver", "orders-receiver/repository"), program.one("Secret", "orders-webhook-token")));
    assert.deepEqual([hook.deleteBeforeReplace, hook.secretOutputs.includes("url")], [true, true]);
  });
});
