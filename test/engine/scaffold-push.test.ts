/** What a push builds and what it leaves alone. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import { servicesFile } from "../../components/github/scaffold/services.ts";
import { mooring, overlayArgs, prod, staging, TeamRepository } from "../scaffold/repository.ts";
import type { Ended } from "../scaffold/repository.ts";

let repository: TeamRepository;
beforeEach(() => { repository = TeamRepository.of("kustomize", [kustomizeOverlay(overlayArgs("staging"))]); });
afterEach(() => repository.remove());

const environment = { MOORING: mooring("staging") };

const tags = (image = "orders-api"): Record<string, string> => repository.world().registries[staging]![`orders/${image}`] ?? {};
const push = async (...args: string[]): Promise<Ended> => repository.build(["push", ...args], environment);
async function pushed(...args: string[]): Promise<Ended> {
  const ended = await push(...args);
  assert.equal(ended.code, 0, ended.stderr);
  return ended;
}
const builds = (): number => repository.calls().filter((call) => call.includes("--push")).length;
const secondsOf = (tag: string): number => Number(tag.split("-").at(-1));

test("a commit of main is built, signed in first, and pushed under the tag that Flux looks for", async () => {
  const before = Math.floor(Date.now() / 1000);
  await pushed();
  const [tag, ...others] = Object.keys(tags());
  assert.deepEqual(others, []);
  assert.match(tag!, new RegExp(`^main-${repository.head().slice(0, 7)}-[0-9]{10}$`));
  assert.ok(secondsOf(tag!) >= before && secondsOf(tag!) <= before + 60, "seconds of now");
  const programs = repository.calls().map((call) => call.slice(0, 3).join(" "));
  assert.deepEqual(programs, ["az acr login", "az acr repository", "az acr repository", "docker buildx build", "docker buildx imagetools"]);
  const build = repository.calls().find((call) => call.includes("--push"))!;
  assert.ok(build.includes(`org.opencontainers.image.revision=${repository.head()}`), "the image says its commit");
});

test("a commit that changes nothing of a service builds nothing; Flux's own commits are such", async () => {
  await pushed();
  repository.commit("Update images", { "deploy/staging/kustomization.yaml": "# changed\n" });
  const { stderr } = await pushed();
  assert.match(stderr, /app: nothing changed since main-/);
  assert.equal(builds(), 1);
  await pushed("--rebuild");
  assert.equal(builds(), 2);
});

test("what was reverted is not built again, and is the newest", async () => {
  const original = repository.read("app/main.go");
  await pushed();
  const [first] = Object.values(tags());
  repository.commit("Change", { "app/main.go": `${original}\n// changed\n` });
  await pushed();
  repository.commit("Revert", { "app/main.go": original });
  await pushed();
  assert.equal(builds(), 2);
  const all = Object.keys(tags());
  assert.equal(all.length, 3);
  const newest = all.toSorted((one, other) => secondsOf(other) - secondsOf(one))[0]!;
  assert.ok(newest.startsWith(`main-${repository.head().slice(0, 7)}-`));
  assert.equal(tags()[newest], first, "by digest");
});

test("seconds grow even where the clock of the last agent was ahead", async () => {
  const ahead = Math.floor(Date.now() / 1000) + 3600;
  const first = repository.head().slice(0, 7);
  repository.world(({ registries }) => { registries[staging]!["orders/orders-api"] = { [`main-${first}-${ahead}`]: `sha256:${"a".repeat(64)}` }; });
  repository.commit("Change", { "app/new.go": "package main\n" });
  await pushed();
  assert.equal(secondsOf(Object.keys(tags()).at(-1)!), ahead + 1);
});

test("a run of an old commit that comes late does not become the newest", async () => {
  const old = repository.head();
  repository.commit("Change", { "app/new.go": "package main\n" });
  await pushed();
  repository.git(repository.folder, "checkout", "--quiet", old);
  const { code, stderr } = await repository.build(["push"], { ...environment, GITHUB_REF: "refs/heads/main" });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /is of a newer commit; nothing is pushed/);
  assert.equal(Object.keys(tags()).length, 1);
});

test("of several services only those that changed are built, each from its folders", async () => {
  const services = [{ name: "orders-api", path: "app", also: ["lib"] }, { name: "orders-worker", path: "worker" }];
  repository.commit("Two services", {
    "services.json": JSON.stringify({ environments: { main: "staging", release: "prod" }, services }),
    "worker/Dockerfile": "FROM scratch AS test\nFROM scratch\nARG VERSION\n",
    "lib/lib.go": "package lib\n",
  });
  await pushed();
  assert.deepEqual([Object.keys(tags("orders-api")).length, Object.keys(tags("orders-worker")).length], [1, 1]);
  assert.deepEqual(repository.calls().filter((call) => call.includes("--push")).map((call) => call.at(-1)), [".", "worker"], "what is built from more folders gets the root");
  repository.commit("Change", { "lib/lib.go": "package lib // changed\n" });
  await pushed();
  assert.deepEqual([Object.keys(tags("orders-api")).length, Object.keys(tags("orders-worker")).length], [2, 1]);
});

test("the image has the first name of the settings, and the service's own where there is none", async () => {
  const { code } = await repository.build(["push"], { MOORING: mooring("staging", { images: undefined }) });
  assert.equal(code, 0);
  assert.equal(Object.keys(tags("app")).length, 1);
});

test("an image of a pull request is pushed only where services.json says so", async () => {
  const { code, stderr } = await repository.build(["push"], { ...environment, GITHUB_REF: "refs/pull/12/merge", PULL_REQUEST_COMMIT: repository.head() });
  assert.equal(code, 0);
  assert.match(stderr, /warning: no image of this pull request is pushed: services.json does not say "pullRequestImages": true/);
  assert.deepEqual([tags(), repository.calls()], [{}, []], "nobody is signed in");
});

test("an image of a pull request has a tag of its own, of the commit and not of the merge", async () => {
  repository.commit("Images of pull requests", { "services.json": repository.read("services.json").replace('"pullRequestImages": false', '"pullRequestImages": true') });
  const head = "1234567890abcdef1234567890abcdef12345678";
  const github = { GITHUB_REF: "refs/pull/12/merge", PULL_REQUEST_COMMIT: head };
  const azure = { BUILD_SOURCEBRANCH: "refs/pull/4711/merge", SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: "12", SYSTEM_PULLREQUEST_SOURCECOMMITID: head };
  for (const variables of [github, azure]) {
    const { code, stderr } = await repository.build(["push"], { ...environment, ...variables });
    assert.equal(code, 0, stderr);
    assert.deepEqual(Object.keys(tags()), ["pr-12-1234567"]);
  }
  const { code, stderr } = await repository.build(["push"], { ...environment, GITHUB_REF: "refs/pull/12/merge" });
  assert.equal(code, 1);
  assert.match(stderr, /PULL_REQUEST_COMMIT is not set/);
});

test("a branch that would have another branch's tags is refused", async () => {
  repository.git(repository.folder, "switch", "--quiet", "--create", "Main");
  const { code, stderr } = await push();
  assert.equal(code, 1);
  assert.match(stderr, /the branch Main would have the tags of the branch main/);
  assert.deepEqual(tags(), {});
});

test("what is missing is said, and nothing is pushed", async () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{}, /the variable MOORING is not set: the platform sets it for each environment/],
    // Azure DevOps leaves the name of a variable that is not there.
    [{ MOORING: "$(MOORING)" }, /the variable MOORING is not set/],
    [{ MOORING: "nonsense" }, /the variable MOORING is not a JSON object/],
    [{ MOORING: JSON.stringify({ environment: "staging", team: "orders" }) }, /MOORING has no "registry"/],
    [{ MOORING: mooring("staging", { registryName: undefined }) }, /MOORING has no "registryName"/],
    [{ MOORING: mooring("staging", { promoteFrom: { registry: prod } }) }, /MOORING has no "promoteFrom.name"/],
    [{ MOORING: mooring("staging", { registry: "elsewhere.azurecr.io", registryName: "elsewhere" }) }, /cannot sign in to elsewhere.azurecr.io/],
  ];
  for (const [variables, words] of cases) {
    const { code, stderr } = await repository.build(["push"], variables);
    assert.equal(code, 1);
    assert.match(stderr, words);
  }
  repository.world((world) => { world.azure = false; });
  assert.match((await push()).stderr, /Please run 'az login'[^]*cannot sign in to acmestaging.azurecr.io: has the job the Azure login/);
  assert.equal(builds(), 0);
});

test("a mistake in services.json is told before anything is built", async () => {
  for (const services of [[], [{ name: "App", path: "app" }], [{ name: "a", path: "app" }, { name: "a", path: "app" }], [{ name: "a" }]]) {
    repository.commit("Mistake", { "services.json": JSON.stringify({ environments: { main: "staging", release: "prod" }, services }) });
    const { code, stderr } = await push();
    assert.equal(code, 1);
    assert.match(stderr, /services.json: each service needs a name of its own/);
  }
  assert.equal(builds(), 0);
});

test("in the template, where no environment is declared, nothing is to be pushed, and that is said", async () => {
  const template = TeamRepository.of("kustomize", []);
  const { stdout, stderr, code } = await template.build(["plan"], { GITHUB_ACTIONS: "true" });
  const release = await template.build(["plan", "release"]);
  template.remove();
  assert.equal(code, 0);
  assert.deepEqual(stdout.trim().split("\n"), ["main=staging", "release=prod", "ready=false", "pull-request-images=false"]);
  assert.match(stderr, /^::warning::nothing is pushed: services.json calls staging the environment "main", but there is no deploy\/staging\/kustomization.yaml \(there is: none\)/);
  assert.equal(release.code, 1);
  assert.match(release.stderr, /error: services.json calls prod the environment "release", but there is no deploy\/prod/);
});

test("a plan says what there is, in the form of the service that asks, and fails where what is needed is not there", async () => {
  const plan = await repository.build(["plan", "main"]);
  assert.deepEqual([plan.code, plan.stderr], [0, ""]);
  assert.match(plan.stdout, /^ready=true$/m);
  const missing = await repository.build(["plan", "main", "release"]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /no deploy\/prod\/kustomization.yaml \(there is: staging\)/);
  repository.commit("prod", { "deploy/prod/kustomization.yaml": kustomizeOverlay(overlayArgs("prod")).content });
  assert.equal((await repository.build(["plan", "main", "release"])).code, 0);
  const azure = await repository.build(["plan"], { TF_BUILD: "True" });
  assert.deepEqual(azure.stdout.trim().split("\n").slice(2), ["##vso[task.setvariable variable=ready;isOutput=true]true", "##vso[task.setvariable variable=pull_request_images;isOutput=true]false"]);
  assert.match((await repository.build(["plan", "prod"])).stderr, /plan takes main and release, not `prod`/);
});

test("an environment is found among many", async () => {
  repository.commit("Environments", Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`deploy/zone-${index}/kustomization.yaml`, "resources: []\n"])));
  assert.match((await repository.build(["plan", "main"])).stdout, /^ready=true$/m);
});

test("environments have the names that services.json gives them", async () => {
  repository.git(repository.folder, "mv", "deploy/staging", "deploy/dev");
  repository.commit("Names", { "services.json": servicesFile("dev", "live").content });
  assert.match((await repository.build(["plan"])).stdout, /^main=dev\nrelease=live\nready=true$/m);
  assert.equal((await repository.build(["push"], { MOORING: mooring("staging", { environment: "dev" }) })).code, 0);
  const { code, stderr } = await push();
  assert.equal(code, 1);
  assert.match(stderr, /this is done as dev \(services.json, environments.main\), but MOORING is of staging/);
  assert.equal(Object.keys(tags()).length, 1);
});

test("a registry is called by its name, which its host need not begin with", async () => {
  const host = "acmelabel-e5f6a7b8.azurecr.io";
  repository.world((world) => { world.registries[host] = {}; world.hosts = { acmestaging: host }; });
  const { code, stderr } = await repository.build(["push"], { MOORING: mooring("staging", { registry: host, registryName: "acmestaging" }) });
  assert.equal(code, 0, stderr);
  assert.equal(Object.keys(repository.world().registries[host]!["orders/orders-api"]!).length, 1);
  for (const call of repository.calls().filter(([program]) => program === "az")) assert.equal(call[call.indexOf("--name") + 1], "acmestaging", call.join(" "));
});
