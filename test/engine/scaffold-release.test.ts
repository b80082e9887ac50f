/** A git tag gives an image its version: the image that was built, not another one. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import { mooring, overlayArgs, prod, staging, TeamRepository } from "../scaffold/repository.ts";
import type { Ended } from "../scaffold/repository.ts";

let repository: TeamRepository;
beforeEach(async () => {
  repository = TeamRepository.of("kustomize", [kustomizeOverlay(overlayArgs("staging")), kustomizeOverlay(overlayArgs("prod"))]);
  assert.equal((await repository.build(["push"], { MOORING: mooring("staging") })).code, 0);
});
afterEach(() => repository.remove());

const repo = "orders/orders-api";
const images = (host: string): Record<string, string> => repository.world().registries[host]![repo] ?? {};
const builds = (): number => repository.calls().filter((call) => call.includes("--push")).length;
const release = (tag: string, variables: Record<string, string> = {}): Promise<Ended> => repository.build(["push"], { MOORING: mooring("prod"), GITHUB_REF: `refs/tags/${tag}`, ...variables });

/** As a promotion would have written it. */
const names = (version: string): void => {
  repository.commit("Promote", { "deploy/prod/kustomization.yaml": kustomizeOverlay(overlayArgs("prod", [{ name: "orders-api", follow: { semver: version } }])).content });
};

test("the image that staging has is copied by digest, not built again", async () => {
  names("1.4.2");
  const [built] = Object.values(images(staging));
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 0, stderr);
  assert.deepEqual(images(prod), { "1.4.2": built });
  assert.equal(builds(), 1);
  // Once more, as after a run that was cancelled.
  assert.match((await release("v1.4.2")).stderr, /is there already/);
});

test("with one registry for both, the image gets its version there", async () => {
  names("1.4.2");
  const { code, stderr } = await release("v1.4.2", { MOORING: mooring("prod", { registry: staging, promoteFrom: null }) });
  assert.equal(code, 0, stderr);
  assert.equal(new Set(Object.values(images(staging))).size, 1);
  assert.ok("1.4.2" in images(staging));
});

test("what was never built is built", async () => {
  repository.commit("Change", { "app/new.go": "package main\n" });
  names("1.4.2");
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /no image was built from this content yet/);
  assert.equal(builds(), 2);
});

test("a version never becomes another image", async () => {
  names("1.4.2");
  await release("v1.4.2");
  const before = images(prod);
  repository.commit("Change", { "app/new.go": "package main\n" });
  assert.equal((await repository.build(["push"], { MOORING: mooring("staging") })).code, 0);
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 1);
  assert.match(stderr, /orders-api:1.4.2 is there already, with other content than [0-9a-f]{7}: a version never changes; release the next one/);
  assert.deepEqual(images(prod), before);
});

test("an image that was built twice from the same content may have the version in either form", async () => {
  names("1.4.2");
  await release("v1.4.2");
  assert.equal((await repository.build(["push", "--rebuild"], { MOORING: mooring("staging") })).code, 0);
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 0, stderr);
});

test("a release of which production's folder names other images is told", async () => {
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 1);
  assert.match(stderr, /deploy\/prod names what is not in acmeprod.azurecr.io: orders-api:0.1.0. Promote first/);
});

test("with several services a tag of one releases that one, and a plain one the configuration", async () => {
  const services = [{ name: "orders-api", path: "app" }, { name: "orders-worker", path: "worker" }];
  repository.commit("Two services", {
    "services.json": JSON.stringify({ environments: { main: "staging", release: "prod" }, services }),
    "worker/Dockerfile": "FROM scratch\nARG VERSION\n",
  });
  assert.equal((await repository.build(["push"], { MOORING: mooring("staging") })).code, 0);
  assert.equal((await release("orders-worker/v2.0.0")).code, 0);
  assert.deepEqual(Object.keys(repository.world().registries[prod]!), ["orders/orders-worker"]);
  assert.match((await release("v7.0.0")).stderr, /deploy\/prod names what is not in/);
  assert.equal((await release("orders-api/v1.4.2")).code, 0);
  names("1.4.2");
  const { code, stderr } = await release("v7.0.0");
  assert.equal(code, 0, stderr);
  assert.deepEqual(Object.keys(images(prod)), ["1.4.2"], "no image has the configuration's version");
});

test("a tag that is no version is refused before anything is pushed", async () => {
  const { code, stderr } = await release("v1.4");
  assert.equal(code, 1);
  assert.match(stderr, /write the version as v<major>.<minor>.<patch>/);
  assert.deepEqual(images(prod), {});
});
