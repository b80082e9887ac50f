/** A git tag brings to production what its commit names: the image that was tried and reviewed, not another one. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import { asFluxWrites, mooring, overlayArgs, prod, staging, TeamRepository } from "../scaffold/repository.ts";
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

const folder = "deploy/prod/kustomization.yaml";

/** A version without a digest, as a person writes it. */
const names = (version: string): void => {
  repository.commit("Version", { [folder]: kustomizeOverlay(overlayArgs("prod", [{ name: "orders-api", follow: { semver: version } }])).content });
};

/** As a promotion writes it, once it is merged. */
const promoted = (tag: string, digest: string): void => {
  repository.commit("Promote", { [folder]: asFluxWrites(kustomizeOverlay(overlayArgs("prod")).content, "orders-api", { name: `${prod}/${repo}`, tag, digest }) });
};
const another = `sha256:${"e".repeat(64)}`;

test("the image that was promoted is copied, though main has another by now", async () => {
  const [tried] = Object.values(images(staging));
  repository.commit("Change", { "app/new.go": "package main\n" });
  assert.equal((await repository.build(["push"], { MOORING: mooring("staging") })).code, 0);
  promoted("1.4.2", tried!);
  repository.forgetCalls();
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 0, stderr);
  assert.deepEqual(images(prod), { "1.4.2": tried });
  assert.equal(builds(), 0);
  assert.match((await release("v1.4.2")).stderr, /orders-api:1.4.2 is there already/, "once more, as after a run that was cancelled");
});

test("an image that is not the one of the registry that it is promoted from is refused, and nothing is copied", async () => {
  const [tried] = Object.values(images(staging));
  promoted("1.4.2", another);
  const gone = await release("v1.4.2");
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /deploy\/prod names orders-api:1.4.2 by sha256:e+, which is not in acmestaging.azurecr.io, nor in acmeprod.azurecr.io: promote again/);
  // Somebody gave the version to another image there.
  promoted("1.4.2", tried!);
  repository.world(({ registries }) => { registries[staging]![repo]!["1.4.2"] = another; });
  const moved = await release("v1.4.2");
  assert.equal(moved.code, 1);
  assert.match(moved.stderr, /deploy\/prod names orders-api:1.4.2 by sha256:[0-9a-f]+, but acmestaging.azurecr.io\/orders\/orders-api:1.4.2 is sha256:e+: promote again/);
  assert.deepEqual(images(prod), {});
});

test("a version that production has keeps its image, whatever deploy/prod says", async () => {
  const [tried] = Object.values(images(staging));
  promoted("1.4.2", tried!);
  repository.world(({ registries }) => { registries[prod]![repo] = { "1.4.2": another }; });
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 1);
  assert.match(stderr, /names orders-api:1.4.2 by sha256:[0-9a-f]+, but acmeprod.azurecr.io\/orders\/orders-api:1.4.2 is sha256:e+: a version never changes; promote again, under the next one/);
  assert.deepEqual(images(prod), { "1.4.2": another });
});

test("going back: the next tag names an older image, which staging need not have any more, and builds nothing", async () => {
  repository.world(({ registries }) => { registries[prod]![repo] = { "1.4.1": another }; });
  repository.commit("Bad", { "app/new.go": "package main\n" });
  promoted("1.4.1", another);
  repository.forgetCalls();
  const { code, stderr } = await release("v1.4.3");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /app 1.4.3: no image was built from [0-9a-f]{7}, and none is now, since deploy\/prod names another/);
  assert.deepEqual(images(prod), { "1.4.1": another });
  assert.equal(builds(), 0);
  // A tag that is gone, of an image that is still there, is given again.
  repository.world(({ registries }) => { registries[prod]![repo] = { "kept-by-hand": another }; });
  assert.equal((await release("v1.4.4")).code, 0);
  assert.equal(images(prod)["1.4.1"], another);
});

test("an image from elsewhere is not this repository's to release", async () => {
  repository.commit("Theirs", { [folder]: asFluxWrites(kustomizeOverlay(overlayArgs("prod")).content, "orders-api", { name: "mcr.microsoft.com/dotnet/samples", tag: "aspnetapp-chiseled", digest: another }) });
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /orders-api is not released: deploy\/prod takes it from mcr.microsoft.com\/dotnet\/samples/);
});

test("it is done as the environment of releases, for which there is a folder", async () => {
  const asStaging = await release("v1.4.2", { MOORING: mooring("staging") });
  assert.equal(asStaging.code, 1);
  assert.match(asStaging.stderr, /this is done as prod \(services.json, environments.release\), but MOORING is of staging/);
  repository.git(repository.folder, "rm", "--quiet", "-r", "deploy/prod");
  repository.commit("No production", {});
  const nowhere = await release("v1.4.2");
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /there is no deploy\/prod\/kustomization.yaml/);
  assert.deepEqual(images(prod), {});
});

test("without a digest in deploy/prod it is the image that staging built from the same content", async () => {
  names("1.4.2");
  const [built] = Object.values(images(staging));
  const { code, stderr } = await release("v1.4.2");
  assert.equal(code, 0, stderr);
  assert.deepEqual(images(prod), { "1.4.2": built });
  assert.equal(builds(), 1);
});

test("with one registry for both, the image gets its version there", async () => {
  names("1.4.2");
  const { code, stderr } = await release("v1.4.2", { MOORING: mooring("prod", { registry: staging, registryName: "acmestaging", promoteFrom: null }) });
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
  const [, tried] = Object.entries(images(staging))[0]!;
  assert.equal((await repository.build(["push"], { MOORING: mooring("staging") })).code, 0);
  assert.equal((await release("orders-worker/v2.0.0")).code, 0);
  assert.deepEqual(Object.keys(repository.world().registries[prod]!), ["orders/orders-worker"]);
  assert.match((await release("v7.0.0")).stderr, /deploy\/prod names what is not in/);
  assert.equal((await release("orders-api/v1.4.2")).code, 0);
  names("1.4.2");
  const { code, stderr } = await release("v7.0.0");
  assert.equal(code, 0, stderr);
  assert.deepEqual(Object.keys(images(prod)), ["1.4.2"], "no image has the configuration's version");
  // What was promoted needs no tag of its own service, and has the promoted image where it gets one.
  promoted("1.5.0", tried);
  assert.equal((await release("orders-api/v1.5.0")).code, 0);
  promoted("1.6.0", tried);
  assert.equal((await release("v7.0.1")).code, 0);
  assert.deepEqual(images(prod), { "1.4.2": tried, "1.5.0": tried, "1.6.0": tried });
});

test("a tag that is no version is refused before anything is pushed", async () => {
  const { code, stderr } = await release("v1.4");
  assert.equal(code, 1);
  assert.match(stderr, /write the version as v<major>.<minor>.<patch>/);
  assert.deepEqual(images(prod), {});
});
