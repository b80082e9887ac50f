/** From what staging reports as ready to a pull request for production. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import { providerSpec } from "../../components/flux/notifications.ts";
import type { NotificationSettings } from "../../components/settings/notification-settings.ts";
import { startAzureRepos } from "../scaffold/azure-repos.ts";
import { asFluxWrites, mooring, overlayArgs, prod, staging, TeamRepository } from "../scaffold/repository.ts";
import type { Ended } from "../scaffold/repository.ts";

let repository: TeamRepository;
let digest: string;
let ready: string;
const repo = "orders/orders-api";
const stagingFile = "deploy/staging/kustomization.yaml";
const prodFile = "deploy/prod/kustomization.yaml";
const api = (environment: "staging" | "prod"): string => kustomizeOverlay(overlayArgs(environment)).content;
const released = (tag: string, of: string): string => asFluxWrites(api("prod"), "orders-api", { name: `${prod}/${repo}`, tag, digest: of });

/** A commit as Flux's automation makes it, after a push to staging's registry. */
async function deploy(): Promise<string> {
  const { code, stderr } = await repository.build(["push"], { MOORING: mooring("staging") });
  assert.equal(code, 0, stderr);
  const [tag, pushed] = Object.entries(repository.world().registries[staging]![repo]!).at(-1)!;
  digest = pushed;
  return repository.commit("Update images", { [stagingFile]: asFluxWrites(repository.read(stagingFile), "orders-api", { name: `${staging}/${repo}`, tag, digest: pushed }) });
}

/** What Flux calls a status, by the expression that the program gives it: one that reads the same in JavaScript. */
function contextOf(environment: string, name = "orders"): string {
  const { commitStatusExpr } = providerSpec({ kind: "github", to: "acme/orders", secret: "status", severity: "info", include: [], exclude: [] } as NotificationSettings, "status", "github.com");
  const event = { metadata: { environment }, involvedObject: { kind: "Kustomization", name } };
  return new Function("event", `return ${commitStatusExpr};`)(event) as string;
}

const report = (commit: string, state: string, context = contextOf("staging"), creator?: string): void => {
  repository.world(({ statuses }) => { (statuses[commit] ??= []).push({ context, state, description: "said by Flux", creator }); });
};

beforeEach(async () => {
  repository = TeamRepository.of("kustomize", [kustomizeOverlay(overlayArgs("staging")), kustomizeOverlay(overlayArgs("prod"))]);
  ready = await deploy();
});
afterEach(() => repository.remove());

const environment = { MOORING: mooring("staging"), GH_TOKEN: "token", GITHUB_ACTIONS: "true", GITHUB_REF: "refs/heads/main" };
const promote = (...args: string[]): Promise<Ended> => repository.build(["promote", ...args], environment);
const proposed = (): string => repository.git(repository.folder, "show", "origin/mooring/promote-prod:deploy/prod/kustomization.yaml");

/** What the request would have production run. */
const versions = async (): Promise<string> => {
  const { stdout } = await repository.call(`git show origin/mooring/promote-prod:${prodFile} | marker_versions`);
  return stdout;
};
const said = (tag: string, of = digest): string => `orders-api ${tag} ${of} ${prod}/${repo}\n`;
const backToMain = (): string => repository.git(repository.folder, "switch", "--quiet", "main");

test("a pull request names what staging runs, by digest; nothing of production is reached", async () => {
  report(ready, "success");
  repository.forgetCalls();
  const { code, stderr } = await promote("--version", "1.4.2");
  assert.equal(code, 0, stderr);
  assert.equal(`${proposed()}\n`, released("1.4.2", digest), "nothing else of the file changes");
  assert.deepEqual(repository.world().registries[prod], {});
  assert.ok(!repository.calls().flat().some((word) => word.includes("acmeprod")), "production's registry is not asked for anything");
  const [request, ...others] = repository.world().pullRequests;
  assert.deepEqual(others, []);
  assert.equal(request?.title, "Promote to prod: 1.4.2");
  assert.ok(request?.body.includes(ready) && request.body.includes(digest) && request.body.includes("git tag v1.4.2") && request.body.includes("Flux reports it as ready, as acme-flux"), request?.body);
  assert.deepEqual(repository.calls().at(-1), ["gh", "workflow", "run", "ci.yml", "--ref", "mooring/promote-prod"], "its checks are started");
  assert.equal(repository.git(repository.folder, "rev-parse", "origin/main"), ready, "main is as it was");
});

test("without a version it is the first one of the folder, then the next patch; the same image keeps the version that it has", async () => {
  report(ready, "success");
  assert.equal((await promote()).code, 0);
  assert.equal(await versions(), said("0.1.0"));
  // Merged, and promoted again: there is nothing to say.
  backToMain();
  const merged = repository.commit("Merge", { [prodFile]: released("0.1.0", digest) });
  report(merged, "success");
  assert.match((await promote()).stderr, /deploy\/prod names these versions already/);
  const other = `sha256:${"b".repeat(64)}`;
  report(repository.commit("Another", { [prodFile]: released("0.1.0", other) }), "success");
  assert.equal((await promote()).code, 0);
  assert.equal(await versions(), said("0.1.1"));
  // Tags are what was released, and numbers are compared as numbers.
  backToMain();
  for (const tag of ["v1.9.0", "v1.10.3", "v1.11.0-rc.1", "worker/v7.0.0"]) repository.git(repository.folder, "push", "--quiet", "origin", `HEAD:refs/tags/${tag}`);
  assert.equal((await promote()).code, 0);
  assert.equal(await versions(), said("1.10.4"));
});

test("a version that deploy/ had once and was taken back is not given to another image", async () => {
  repository.commit("Promote", { [prodFile]: released("2.0.5", `sha256:${"b".repeat(64)}`) });
  report(repository.commit("Revert", { [prodFile]: api("prod") }), "success");
  assert.equal((await promote()).code, 0);
  assert.equal(await versions(), said("2.0.6"));
});

test("Flux decides: what it reports as failed or under way is not promoted, nor what it has not seen", async () => {
  const refused: [() => void, RegExp][] = [
    [() => undefined, /none of the last 50 commits has a status mooring\/staging\//],
    [() => report(ready, "success", "kustomization/orders/0a1b2c3d"), /none of the last 50 commits/],
    [() => report(ready, "success", contextOf("prod")), /none of the last 50 commits/],
    [() => report(ready, "failure"), /staging is not ready at [0-9a-f]{7}: failure mooring\/staging\/Kustomization\/orders acme-flux said by Flux/],
  ];
  for (const [given, words] of refused) {
    given();
    const { code, stderr } = await promote();
    assert.equal(code, 1);
    assert.match(stderr, words);
  }
  assert.deepEqual(repository.world().pullRequests, []);
});

test("one object that is not ready holds the others up, and the last word of each counts", async () => {
  report(ready, "failure");
  report(ready, "success");
  report(ready, "pending", contextOf("staging", "other"));
  assert.match((await promote()).stderr, /staging is not ready at [0-9a-f]{7}: pending mooring\/staging\/Kustomization\/other/);
  report(ready, "success", contextOf("staging", "other"));
  assert.equal((await promote()).code, 0);
});

test("only whom services.json names is believed, where it names somebody", async () => {
  report(ready, "success", undefined, "mallory");
  assert.equal((await promote("--version", "1.4.2")).code, 0, "without a name anybody who may push can say so");
  assert.match(repository.world().pullRequests[0]!.body, /as mallory/);
  backToMain();
  const services = { ...(JSON.parse(repository.read("services.json")) as object), statusCreator: "Acme-Flux" };
  const commit = repository.commit("Name Flux", { "services.json": JSON.stringify(services) });
  report(commit, "success", undefined, "mallory");
  assert.match((await promote()).stderr, /none of the last 50 commits has a status mooring\/staging\/… of Acme-Flux/);
  report(commit, "failure", undefined, "acme-flux");
  report(commit, "success", undefined, "mallory");
  assert.match((await promote()).stderr, /staging is not ready at [0-9a-f]{7}: failure .* acme-flux/);
  report(commit, "success", undefined, "acme-flux");
  assert.equal((await promote()).code, 0);
});

test("commits that Flux did not look at one by one are passed over; what they say is not promoted", async () => {
  report(ready, "success");
  repository.commit("Change", { "app/new.go": "package main\n" });
  const first = digest;
  await deploy();
  assert.notEqual(digest, first);
  const { code, stderr } = await promote("--version", "1.4.2");
  assert.equal(code, 0, stderr);
  assert.equal(await versions(), said("1.4.2", first));
});

test("a commit can be named where Flux reports nothing, but only one of this branch, and the request says so", async () => {
  assert.equal((await promote("--commit", ready.slice(0, 10), "--version", "1.4.2")).code, 0);
  assert.equal(await versions(), said("1.4.2"));
  assert.match(repository.world().pullRequests[0]!.body, /whoever started this named the commit; what Flux reports was not asked/);
  repository.git(repository.folder, "switch", "--quiet", "--orphan", "elsewhere");
  const other = repository.commit("Elsewhere", { a: "b" });
  backToMain();
  assert.match((await promote("--commit", other)).stderr, /is not a commit of this branch/);
  assert.match((await promote("--commit", "0000000")).stderr, /there is no such commit/);
});

test("while staging runs the first placeholder there is nothing to promote", async () => {
  const fresh = repository.git(repository.folder, "rev-list", "--max-parents=0", "HEAD");
  const { code, stderr } = await promote("--commit", fresh);
  assert.equal(code, 1);
  assert.match(stderr, /staging runs no image of this repository as orders-api yet, but mcr.microsoft.com\/dotnet\/samples:aspnetapp-chiseled/);
});

test("an image that is gone from the registry is not promoted", async () => {
  report(ready, "success");
  repository.world(({ registries }) => { registries[staging]![repo] = {}; });
  assert.match((await promote()).stderr, /orders-api:main-[0-9a-f]{7}-[0-9]+ is not in acmestaging.azurecr.io, where staging takes it from/);
  assert.deepEqual(repository.world().pullRequests, []);
});

test("what is wrong is said before anything is written: versions, the job, the branch, the environments", async () => {
  report(ready, "success");
  const wrong: [() => Promise<Ended>, RegExp][] = [
    [() => promote("--version", "v1.4.2"), /--version v1.4.2: write <major>.<minor>.<patch>/],
    [() => promote("--version", "orders-apy=1.4.2"), /there is no image `orders-apy` here, but: orders-api/],
    [() => repository.build(["promote"], { ...environment, MOORING: mooring("prod") }), /this is done as staging \(services.json, environments.main\), but MOORING is of prod/],
    [() => repository.build(["promote"], { ...environment, GITHUB_REF: "refs/heads/feature" }), /promote is run on main, not on refs\/heads\/feature/],
  ];
  for (const [run, words] of wrong) {
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, words);
  }
  repository.git(repository.folder, "rm", "--quiet", "-r", "deploy/prod");
  report(repository.commit("No production", {}), "success");
  assert.match((await promote()).stderr, /services.json calls prod the environment "release", but there is no deploy\/prod\/kustomization.yaml \(there is: staging\)/);
  assert.deepEqual(repository.world().pullRequests, []);
});

test("a folder of production that cannot pin an image, or takes it from elsewhere, is told what to write", async () => {
  const cases: [string, RegExp][] = [
    [api("prod").replace(/^ *digest: .*\n/m, ""), /deploy\/prod has a line for the tag of orders-api and none for its digest: write one/],
    [api("prod").replace(/newName: \S+/, "newName: mcr.microsoft.com/dotnet/samples"), /deploy\/prod takes orders-api from mcr.microsoft.com\/dotnet\/samples: write the registry of prod there, <registry>\/orders\/orders-api/],
  ];
  for (const [content, words] of cases) {
    report(repository.commit("Mine", { [prodFile]: content }), "success");
    const { code, stderr } = await promote();
    assert.equal(code, 1);
    assert.match(stderr, words);
  }
});

test("an image in one line, as in other kinds of objects, keeps its name", async () => {
  const line = (image: string): string => `image: ${image} # {"$imagepolicy": "orders-flux:orders-api"}\n`;
  for (const before of ["host/orders/orders-api:1.0.0", "host/orders/orders-api", `"host/orders/orders-api:1.0.0@sha256:${"a".repeat(64)}"`]) {
    repository.commit("One line", { "deploy/prod/job.yaml": line(before) });
    assert.equal((await repository.call(`marker_set orders-api 1.10.0 ${digest} deploy/prod/job.yaml`)).code, 0);
    assert.equal(repository.read("deploy/prod/job.yaml"), line(`host/orders/orders-api:1.10.0@${digest}`));
    assert.equal((await repository.call("marker_versions deploy/prod/job.yaml")).stdout, `orders-api 1.10.0 ${digest} host/orders/orders-api\n`);
  }
});

test("several images each have a version", async () => {
  const both = [{ name: "orders-api" }, { name: "orders-worker", digest: true }];
  const worker = `sha256:${"c".repeat(64)}`;
  repository.world(({ registries }) => { registries[staging]!["orders/orders-worker"] = { "main-0a1b2c3-1763740800": worker }; });
  const overlay = kustomizeOverlay({ ...overlayArgs("staging", both), ref: { semver: "*" } }).content;
  const [tag] = Object.keys(repository.world().registries[staging]![repo]!);
  const commit = repository.commit("Two", {
    [stagingFile]: overlay.replace('"0.1.0"', `"${tag}"`).replace('"0.1.0"', '"main-0a1b2c3-1763740800"'),
    [prodFile]: kustomizeOverlay(overlayArgs("prod", both)).content,
  });
  report(commit, "success");
  assert.match((await promote("--version", "1.4.2")).stderr, /there are several images; write IMAGE=1.4.2/);
  const { code, stderr } = await promote("--version", "orders-worker=2.0.0");
  assert.equal(code, 0, stderr);
  assert.equal(await versions(), `${said("0.1.0")}orders-worker 2.0.0 ${worker} ${prod}/orders/orders-worker\n`);
});

describe("what Flux proposes", () => {
  const branch = "mooring/prod-images";
  const propose = (): Promise<Ended> => repository.build(["propose", branch], { ...environment, GITHUB_REF: `refs/heads/${branch}` });

  /** As Flux does it: one commit on main, pushed to a branch of its own. */
  async function fluxPushes(version: string): Promise<void> {
    repository.git(repository.folder, "switch", "--quiet", "--force-create", branch, "main");
    writeFileSync(join(repository.folder, prodFile), asFluxWrites(repository.read(prodFile), "orders-api", { name: `${prod}/${repo}`, tag: version, digest }));
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
  const status = (id: number, state: string, uniqueName: string) => ({ id, context: { genre: "fluxcd", name: contextOf("staging") }, state, description: "", createdBy: { uniqueName } });
  const server = await startAzureRepos("job-token", { [ready]: [status(2, "succeeded", "flux@acme.example"), status(1, "failed", "flux@acme.example")] });
  try {
    const azure = { MOORING: mooring("staging"), TF_BUILD: "True", BUILD_REPOSITORY_PROVIDER: "TfsGit", BUILD_SOURCEBRANCH: "refs/heads/main", ...server.variables };
    const refused = await repository.build(["promote"], { ...azure, SYSTEM_ACCESSTOKEN: "another" });
    assert.match(refused.stderr, /Azure Repos refuses GET commits\/[0-9a-f]{40}\/statuses/);
    const { code, stderr } = await repository.build(["promote", "--version", "1.4.2"], { ...azure, SYSTEM_ACCESSTOKEN: "job-token" });
    assert.equal(code, 0, stderr);
    assert.deepEqual(server.pullRequests.map(({ sourceRefName, targetRefName, title }) => [sourceRefName, targetRefName, title]), [["refs/heads/mooring/promote-prod", "refs/heads/main", "Promote to prod: 1.4.2"]]);
    assert.match(server.pullRequests[0]!.description, /as flux@acme\.example/);
    assert.deepEqual(repository.calls().filter(([program]) => program === "gh"), []);
  } finally {
    await server.close();
  }
});
