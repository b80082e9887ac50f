/** From what staging reports as ready to a pull request for production. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import { providerSpec } from "../../components/flux/notifications.ts";
import type { NotificationSettings } from "../../components/settings/delivery-settings.ts";
import { startAzureRepos } from "../scaffold/azure-repos.ts";
import { mooring, overlayArgs, prod, staging, TeamRepository } from "../scaffold/repository.ts";
import type { Ended } from "../scaffold/repository.ts";

let repository: TeamRepository;
let digest: string;
let ready: string;
const repo = "orders/orders-api";

/** A commit as Flux's automation makes it, after a push to staging's registry. */
async function deploy(): Promise<string> {
  const { code, stderr } = await repository.build(["push"], { MOORING: mooring("staging") });
  assert.equal(code, 0, stderr);
  const [tag, pushed] = Object.entries(repository.world().registries[staging]![repo]!).at(-1)!;
  digest = pushed;
  const written = await repository.call(`marker_set orders-api ${tag} ${pushed} ${staging}/${repo} deploy/staging/kustomization.yaml`);
  assert.equal(written.code, 0, written.stderr);
  return repository.commit("Update images", {});
}

/** What Flux calls a status, by the expression that the program gives it: one that reads the same in JavaScript. */
function contextOf(environment: string, name = "orders"): string {
  const { commitStatusExpr } = providerSpec({ kind: "github", to: "acme/orders", secret: "status", severity: "info", include: [], exclude: [] } as NotificationSettings, "status", "github.com");
  const event = { metadata: { environment }, involvedObject: { kind: "Kustomization", name } };
  return new Function("event", `return ${commitStatusExpr};`)(event) as string;
}

const report = (commit: string, state: string, context = contextOf("staging")): void => {
  repository.world(({ statuses }) => { (statuses[commit] ??= []).push({ context, state, description: "said by Flux" }); });
};

beforeEach(async () => {
  repository = TeamRepository.of("kustomize", [kustomizeOverlay(overlayArgs("staging")), kustomizeOverlay(overlayArgs("prod"))]);
  ready = await deploy();
});
afterEach(() => repository.remove());

const environment = { MOORING: mooring("prod"), GH_TOKEN: "token", GITHUB_ACTIONS: "true", GITHUB_REF: "refs/heads/main" };
const promote = (...args: string[]): Promise<Ended> => repository.build(["promote", ...args], environment);
const production = (): Record<string, string> => repository.world().registries[prod]![repo] ?? {};
const proposed = (): string => repository.git(repository.folder, "show", "origin/mooring/promote-prod:deploy/prod/kustomization.yaml");

test("the images that staging runs are copied by digest, and a pull request names them", async () => {
  report(ready, "success");
  const { code, stderr } = await promote("--version", "1.4.2");
  assert.equal(code, 0, stderr);
  assert.deepEqual(production(), { "1.4.2": digest });
  const expected = kustomizeOverlay(overlayArgs("prod")).content.replace('"0.1.0"', '"1.4.2"').replace('digest: ""', `digest: "${digest}"`);
  assert.equal(`${proposed()}\n`, expected, "nothing else of the file changes");
  const [request, ...others] = repository.world().pullRequests;
  assert.deepEqual(others, []);
  assert.equal(request?.title, "Promote to prod: 1.4.2");
  assert.ok(request?.body.includes(ready) && request.body.includes(digest) && request.body.includes("git tag v1.4.2"), request?.body);
  assert.deepEqual(repository.calls().at(-1), ["gh", "workflow", "run", "ci.yml", "--ref", "mooring/promote-prod"], "its checks are started");
  assert.equal(repository.git(repository.folder, "rev-parse", "origin/main"), ready, "main is as it was");
});

test("without a version it is the next patch, and the same image keeps the version that it has", async () => {
  report(ready, "success");
  assert.equal((await promote()).code, 0);
  assert.deepEqual(production(), { "0.1.0": digest });
  repository.git(repository.folder, "switch", "--quiet", "main");
  assert.equal((await promote()).code, 0);
  assert.deepEqual(Object.keys(production()), ["0.1.0"]);
  repository.git(repository.folder, "switch", "--quiet", "main");
  repository.world(({ registries }) => { registries[prod]![repo] = { "1.9.0": `sha256:${"b".repeat(64)}`, "1.10.3": `sha256:${"a".repeat(64)}`, "main-0a1b2c3-1763740800": digest }; });
  assert.equal((await promote()).code, 0);
  assert.equal(production()["1.10.4"], digest, "numbers are compared as numbers");
});

test("Flux decides: what it reports as failed or under way is not promoted, nor what it has not seen", async () => {
  const refused: [() => void, RegExp][] = [
    [() => undefined, /none of the last 50 commits has a status mooring\/staging\//],
    [() => report(ready, "success", "kustomization/orders/0a1b2c3d"), /none of the last 50 commits/],
    [() => report(ready, "success", contextOf("prod")), /none of the last 50 commits/],
    [() => report(ready, "failure"), /staging is not ready at [0-9a-f]{7}: failure mooring\/staging\/Kustomization\/orders said by Flux/],
  ];
  for (const [given, words] of refused) {
    given();
    const { code, stderr } = await promote();
    assert.equal(code, 1);
    assert.match(stderr, words);
  }
  assert.deepEqual(production(), {});
  assert.deepEqual(repository.world().pullRequests, []);
});

test("one object that is not ready holds the others up", async () => {
  report(ready, "success");
  report(ready, "pending", contextOf("staging", "other"));
  assert.match((await promote()).stderr, /staging is not ready/);
});

test("commits that Flux did not look at one by one are passed over; what they say is not promoted", async () => {
  report(ready, "success");
  repository.commit("Change", { "app/new.go": "package main\n" });
  const first = digest;
  await deploy();
  assert.notEqual(digest, first);
  const { code, stderr } = await promote("--version", "1.4.2");
  assert.equal(code, 0, stderr);
  assert.deepEqual(production(), { "1.4.2": first });
});

test("a commit can be named where Flux reports nothing, but only one of this branch", async () => {
  assert.equal((await promote("--commit", ready.slice(0, 10), "--version", "1.4.2")).code, 0);
  assert.deepEqual(production(), { "1.4.2": digest });
  repository.git(repository.folder, "switch", "--quiet", "--orphan", "elsewhere");
  const other = repository.commit("Elsewhere", { a: "b" });
  repository.git(repository.folder, "switch", "--quiet", "main");
  assert.match((await promote("--commit", other)).stderr, /is not a commit of this branch/);
  assert.match((await promote("--commit", "0000000")).stderr, /there is no such commit/);
});

test("while staging runs the first placeholder there is nothing to promote", async () => {
  const fresh = repository.git(repository.folder, "rev-list", "--max-parents=0", "HEAD");
  const { code, stderr } = await promote("--commit", fresh);
  assert.equal(code, 1);
  assert.match(stderr, /orders-api:aspnetapp-chiseled is not in acmestaging.azurecr.io: staging runs no image of this repository yet/);
});

test("a version never becomes another image, and wrong versions are told before anything is copied", async () => {
  report(ready, "success");
  repository.world(({ registries }) => { registries[prod]![repo] = { "1.4.2": `sha256:${"b".repeat(64)}` }; });
  assert.match((await promote("--version", "1.4.2")).stderr, /1.4.2 is there already, as another image: a version never changes/);
  assert.match((await promote("--version", "v1.4.2")).stderr, /--version v1.4.2: write <major>.<minor>.<patch>/);
  assert.match((await promote("--version", "orders-apy=1.4.2")).stderr, /there is no image `orders-apy` here, but: orders-api/);
  assert.match((await repository.build(["promote"], { ...environment, MOORING: mooring("staging") })).stderr, /this promotes to prod, but MOORING is of staging/);
  assert.deepEqual(Object.keys(production()), ["1.4.2"]);
});

test("several images each have a version", async () => {
  const both = [{ name: "orders-api" }, { name: "orders-worker", digest: true }];
  repository.world(({ registries }) => { registries[staging]!["orders/orders-worker"] = { "main-0a1b2c3-1763740800": `sha256:${"c".repeat(64)}` }; });
  const overlay = kustomizeOverlay({ ...overlayArgs("staging", both), ref: { semver: "*" } }).content;
  const [tag] = Object.keys(repository.world().registries[staging]![repo]!);
  repository.commit("Two", {
    "deploy/staging/kustomization.yaml": overlay.replace('"0.1.0"', `"${tag}"`).replace('"0.1.0"', '"main-0a1b2c3-1763740800"'),
    "deploy/prod/kustomization.yaml": kustomizeOverlay(overlayArgs("prod", both)).content,
  });
  report(repository.head(), "success");
  assert.match((await promote("--version", "1.4.2")).stderr, /there are several images; write IMAGE=1.4.2/);
  const { code, stderr } = await promote("--version", "orders-worker=2.0.0");
  assert.equal(code, 0, stderr);
  assert.deepEqual([Object.keys(production()), Object.keys(repository.world().registries[prod]!["orders/orders-worker"]!)], [["0.1.0"], ["2.0.0"]]);
  assert.equal((await repository.call("marker_versions deploy/prod/kustomization.yaml")).stdout, `orders-api 0.1.0 -\norders-worker 2.0.0 sha256:${"c".repeat(64)}\n`);
});

describe("what Flux proposes", () => {
  const branch = "mooring/prod-images";
  const propose = (): Promise<Ended> => repository.build(["propose", branch], { ...environment, GITHUB_REF: `refs/heads/${branch}` });

  /** As Flux does it: one commit on main, pushed to a branch of its own. */
  async function fluxPushes(version: string): Promise<void> {
    repository.git(repository.folder, "switch", "--quiet", "--force-create", branch, "main");
    await repository.call(`marker_set orders-api ${version} ${digest} ${prod}/${repo} deploy/prod/kustomization.yaml`);
    repository.git(repository.folder, "commit", "--quiet", "--all", "--message", `Update images\n\norders-api: 0.1.0 -> ${version}`);
    repository.git(repository.folder, "push", "--quiet", "--force", "origin", branch);
  }

  test("becomes a pull request, once, with what Flux said", async () => {
    await fluxPushes("1.4.2");
    for (let run = 0; run < 2; run++) assert.equal((await propose()).code, 0);
    const requests = repository.world().pullRequests;
    assert.equal(requests.length, 1);
    assert.deepEqual([requests[0]!.head, requests[0]!.base, requests[0]!.title], [branch, "main", "New images for prod"]);
    assert.match(requests[0]!.body, /orders-api: 0.1.0 -> 1.4.2/);
  });

  test("is not proposed twice where a promotion wrote the same, nor where main has it", async () => {
    report(ready, "success");
    assert.equal((await promote("--version", "1.4.2")).code, 0);
    await fluxPushes("1.4.2");
    assert.match((await propose()).stderr, /mooring\/promote-prod says what mooring\/prod-images says/);
    assert.equal(repository.world().pullRequests.length, 1);
    repository.git(repository.folder, "push", "--quiet", "origin", `${branch}:main`);
    assert.match((await propose()).stderr, /main says what/);
    await fluxPushes("1.4.3");
    assert.equal((await propose()).code, 0);
    assert.equal(repository.world().pullRequests.length, 2);
  });

  test("is of no other branch", async () => {
    const { code, stderr } = await repository.build(["propose", "feature/images"], environment);
    assert.equal(code, 1);
    assert.match(stderr, /propose takes a branch mooring\/<environment>-images/);
  });
});

test("Azure Repos: statuses are read and the pull request opened with the job's token", async () => {
  const server = await startAzureRepos("job-token", { [ready]: [{ context: { genre: "fluxcd", name: contextOf("staging") }, state: "succeeded", description: "" }] });
  try {
    const azure = { MOORING: mooring("prod"), TF_BUILD: "True", BUILD_REPOSITORY_PROVIDER: "TfsGit", BUILD_SOURCEBRANCH: "refs/heads/main", ...server.variables };
    const refused = await repository.build(["promote"], { ...azure, SYSTEM_ACCESSTOKEN: "another" });
    assert.match(refused.stderr, /Azure Repos refuses GET commits\/[0-9a-f]{40}\/statuses/);
    const { code, stderr } = await repository.build(["promote", "--version", "1.4.2"], { ...azure, SYSTEM_ACCESSTOKEN: "job-token" });
    assert.equal(code, 0, stderr);
    assert.deepEqual(server.pullRequests.map(({ sourceRefName, targetRefName, title }) => [sourceRefName, targetRefName, title]), [["refs/heads/mooring/promote-prod", "refs/heads/main", "Promote to prod: 1.4.2"]]);
    assert.deepEqual(repository.calls().filter(([program]) => program === "gh"), []);
  } finally {
    await server.close();
  }
});
