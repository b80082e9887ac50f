/** What is left out of the settings of repositories, images, releases and the fleet, as literal values: a change of one is a change of every environment that says nothing. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Settings, TenantSettings } from "../../components/settings/settings.ts";
import { production } from "../azure.ts";
import { settings } from "../settings.ts";

const reachable = { webhooks: { host: "flux.acme.example", gateway: { name: "g", namespace: "gateways" } }, tenancy: { ingressNamespace: "gateways" } };
const both = (tenant: object | null, more: object = {}): TenantSettings[] => [settings({ tenants: { orders: tenant }, ...more }), settings(production({ tenants: { orders: tenant }, ...more }), { environment: "prod" })].map(({ tenants }) => tenants[0]!);
const images = [{ name: "api", follow: { branch: "main" } }, { name: "worker", follow: { semver: "1.x" } }, { name: "tools", follow: { tag: "stable" } }];

describe("what is left out", () => {
  test("of an environment: nothing reaches Flux from outside, nobody is told, and the platform runs nothing of its own", () => {
    for (const all of [settings(), settings(production())]) {
      const { webhooks, notify, fleet, addons, dns }: Settings = all;
      assert.deepEqual({ webhooks, notify, fleet, addons, dns }, { webhooks: undefined, notify: [], fleet: undefined, addons: {}, dns: undefined });
    }
  });

  test("of GitHub: an organisation of github.com with the plan team, whose repositories this environment makes", () => {
    const { owner, ownerType, plan, host, hostKeys, app, managedBy } = settings().github;
    assert.deepEqual({ owner, ownerType, plan, host, hostKeys, app, managedBy }, { owner: "acme", ownerType: "organization", plan: "team", host: "github.com", hostKeys: undefined, app: undefined, managedBy: undefined });
  });

  test("of a repository: private, empty, reviewed once by an owner of the code, and no deploy key makes a tag", () => {
    for (const { repository, git } of both(null)) {
      const { rules, ...rest } = repository!;
      assert.deepEqual(rest, {
        ...{ name: "orders", manage: true, adopt: false, visibility: "private", scaffold: undefined, environment: false, topics: [], teams: {}, codeOwners: undefined, archived: false, keyRotation: 1 },
      });
      const { reviews, codeOwners, checks, branches, tags, keysMayPush } = rules!;
      assert.deepEqual({ reviews, codeOwners, checks, branches, tags, keysMayPush }, { reviews: 1, codeOwners: true, checks: [], branches: [], tags: ["~ALL"], keysMayPush: false });
      assert.deepEqual(git, { url: "ssh://git@github.com/acme/orders.git", access: { kind: "deployKey", write: false }, ignore: undefined, submodules: false });
    }
    // What a team's pipelines need comes with the pipelines.
    assert.deepEqual(both({ repository: { scaffold: "helm" } }, { github: { owner: "acme", releaseEnvironment: "live" } }).map(({ repository }) => repository!.environment), [true, true]);
  });

  test("of what is applied: the folder of the environment's name, whole; in production what was released", () => {
    const apply = { prune: true, wait: true, healthChecks: [], patches: [], images: [], components: [], substitute: undefined, dependsOn: [] };
    const pace = { interval: "10m", retryInterval: "2m", timeout: "5m" };
    assert.deepEqual(both(null).map(({ deploy }) => deploy), [
      { path: "./deploy/staging", ref: { branch: "main" }, ...pace, apply },
      { path: "./deploy/prod", ref: { semver: ">=1.0.0" }, ...pace, apply },
    ]);
    // With health checks Flux waits for those.
    assert.deepEqual(both({ deploy: { healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "api" }] } })[0]!.deploy.apply, { ...apply, wait: false, healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "api", namespace: "orders" }] });
  });

  test("of a tenant: no images, sources, releases and further folders, and nobody calls or is called", () => {
    for (const { images: list, imageUpdates, sources, releases, kustomizations, webhooks, notify, pulls } of both(null)) {
      assert.deepEqual({ list, imageUpdates, sources, releases, kustomizations, webhooks, notify, pulls }, {
        ...{ list: [], imageUpdates: undefined, sources: [], releases: [], kustomizations: [], webhooks: { repository: false, registry: "none", rotation: 1 }, notify: [], pulls: false },
      });
    }
  });

  test("of images: looked for every five minutes, with the digest where a tag moves and in production; written to the branch outside production, proposed there", () => {
    for (const [index, { images: list, pulls, git }] of both({ images }).entries()) {
      // In production what runs does not change under its name.
      const pinned = index === 1;
      assert.deepEqual(list, [
        { name: "api", follow: { branch: "main" }, digest: pinned, interval: "5m" },
        { name: "worker", follow: { semver: "1.x" }, digest: pinned, interval: "5m" },
        { name: "tools", follow: { tag: "stable" }, digest: true, interval: "5m" },
      ]);
      assert.deepEqual([pulls, git.access], [true, { kind: "deployKey", write: true }]);
    }
    assert.deepEqual(both({ images }).map(({ imageUpdates }) => imageUpdates), [
      { base: "main", push: "main", path: "./deploy/staging", interval: "5m" },
      { base: "main", push: "mooring/prod-images", path: "./deploy/prod", interval: "5m" },
    ]);
  });

  test("of who tells Flux: GitHub, and the team's pipeline where there are images; of whom Flux tells: failures alone in production", () => {
    assert.deepEqual(both({ images }, reachable).map(({ webhooks }) => webhooks), Array(2).fill({ repository: true, registry: "pipeline", rotation: 1 }));
    assert.deepEqual(both(null, reachable).map(({ webhooks }) => webhooks), Array(2).fill({ repository: true, registry: "none", rotation: 1 }));
    const notified = (tenant: object) => [settings({ tenants: { orders: tenant } }, { secrets: { hook: true } }), settings(production({ tenants: { orders: tenant } }), { secrets: { hook: true } })].map(({ tenants }) => tenants[0]!.notify[0]);
    const told = { secret: "hook", include: [], exclude: [] };
    assert.deepEqual(notified({ notify: [{ slack: "#orders", secret: "hook" }] }), [{ ...told, kind: "slack", to: "#orders", bot: false, severity: "info" }, { ...told, kind: "slack", to: "#orders", bot: false, severity: "error" }]);
    assert.deepEqual(notified({ notify: [{ github: "acme/orders", secret: "hook" }] }), Array(2).fill({ ...told, kind: "github", to: "acme/orders", severity: "info" }));
  });

  test("of sources, releases and further folders", () => {
    const [tenant] = both(
      {
        sources: { charts: { helm: "https://charts.acme.example" }, packed: { oci: "/orders/charts/api", semver: "1.x" }, plain: { oci: "/orders/manifests", tag: "v1" } },
        releases: { cache: { source: "charts", chart: "redis" }, api: { source: "packed" } },
        kustomizations: { databases: { path: "./databases" } },
      },
      { tenancy: { charts: ["https://charts.acme.example"] } },
    );
    // An artifact is a chart where a release takes it.
    assert.deepEqual(tenant!.sources.map((source) => [source.name, source.interval, source.kind === "oci" && source.chart]), [["charts", "10m", false], ["packed", "10m", true], ["plain", "10m", false]]);
    const [, cache] = tenant!.releases;
    assert.deepEqual(cache, {
      ...{ name: "cache", source: "charts", chart: "redis", version: undefined, namespace: "orders", releaseName: "cache", values: undefined, valuesFrom: [] },
      ...{ install: { retries: 3, timeout: undefined }, upgrade: { retries: 3, timeout: undefined, then: "rollback" }, crds: "Skip", rollbackTimeout: undefined, test: false },
      ...{ driftDetection: { mode: "enabled", ignore: [] }, dependsOn: [], interval: "10m", timeout: "5m" },
    });
    const [databases] = tenant!.kustomizations;
    assert.deepEqual([databases!.source, databases!.namespace, databases!.apply.prune, databases!.apply.wait, databases!.interval, databases!.timeout], [undefined, "orders", true, true, "10m", "5m"]);
    assert.equal(tenant!.pulls, true);
  });

  test("of durations: never against the platform's own bounds", () => {
    const [tenant] = both({ images, sources: { open: { git: "https://git.example/open", branch: "main" } }, kustomizations: { a: { path: "./a" } } }, { tenancy: { minimumInterval: "20m", maximumTimeout: "3m" } });
    const pace = { interval: "20m", retryInterval: "20m", timeout: "3m" };
    const { interval, retryInterval, timeout } = tenant!.deploy;
    assert.deepEqual([{ interval, retryInterval, timeout }, tenant!.images[0]!.interval, tenant!.imageUpdates!.interval, tenant!.sources[0]!.interval, tenant!.kustomizations[0]!.interval], [pace, "20m", "20m", "20m", "20m"]);
  });

  test("of the fleet: a repository of its own, the environment's folder, and time for modules to come up", () => {
    const fleets = [settings({ fleet: {} }), settings(production({ fleet: {} }), { environment: "prod" })].map(({ fleet }) => fleet!);
    const pace = { interval: "10m", retryInterval: "2m", timeout: "10m" };
    assert.deepEqual(fleets.map(({ repository: _, ...rest }) => rest), [
      { path: "./environments/staging", ref: { branch: "main" }, ...pace },
      { path: "./environments/prod", ref: { semver: ">=1.0.0" }, ...pace },
    ]);
    for (const { repository } of fleets) {
      const { name, manage, adopt, visibility, teams, rules } = repository;
      assert.deepEqual({ name, manage, adopt, visibility, teams, reviews: rules?.reviews, keysMayPush: rules?.keysMayPush }, { name: "fleet", manage: true, adopt: false, visibility: "private", teams: {}, reviews: 1, keysMayPush: false });
    }
  });

  test("of Flux's address: the Gateway of the add-on; of an Ingress: a certificate that somebody else makes", () => {
    const of = (webhooks: object) => settings({ webhooks: { host: "flux.apps.acme.example", ...webhooks }, tenancy: { domain: "apps.acme.example" }, dns: { zone: "acme.example" }, fleet: {}, addons: { certManager: { email: "p@acme.example" }, gateway: null } }).webhooks!;
    const { gateway } = of({});
    assert.deepEqual([gateway!.name, gateway!.namespace, gateway!.section], ["public", "envoy-gateway-system", "flux"]);
    assert.deepEqual(of({ ingress: { class: "nginx" } }).ingress, { class: "nginx", certificate: "flux-webhooks-tls", issuer: undefined });
  });
});
