/** What the build script does with a chart: when it is packaged, under which version, and how it comes to production. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync, chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, before, beforeEach, describe, test } from "node:test";
import { branchIdentifier, chartVersions } from "../../components/github/scaffold/chart-versions.ts";
import { helmOverlay } from "../../components/github/scaffold/overlay-helm.ts";
import { silentProgress } from "../../local/progress.ts";
import { provideHelm } from "../../local/toolchain/helm.ts";
import { mooring, overlayArgs, prod, staging, TeamRepository } from "../scaffold/repository.ts";
import type { Ended } from "../scaffold/repository.ts";

let realHelm: string;
before(async () => { realHelm = await provideHelm({ progress: silentProgress }); });

let repository: TeamRepository;
beforeEach(() => {
  repository = TeamRepository.of("helm", [helmOverlay(overlayArgs("staging")), helmOverlay(overlayArgs("prod"))], { helm: join(import.meta.dirname, "../scaffold/standins/helm.ts") });
  tool("crane", `exec "${process.execPath}" "${join(import.meta.dirname, "../scaffold/standins/crane.ts")}" "$@"`);
});
afterEach(() => repository.remove());

/** Puts a tool where the script would build it. */
function tool(name: string, line: string): void {
  const pinned = new RegExp(`^ *(?:tools)?\\[${name}\\]=.*@(v[0-9.]+)$`, "m");
  const version = [repository.read("ci/tools.sh"), repository.read("ci/flavour.sh")].map((text) => pinned.exec(text)?.[1]).find((found) => found !== undefined);
  assert.ok(version, `the script pins ${name}`);
  const folder = join(repository.folder, `.tools/${name}-${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${line}\n`);
  chmodSync(join(folder, name), 0o755);
}

const environmentOf = (environment: "staging" | "prod", further: Record<string, string> = {}) => ({ MOORING: mooring(environment), HELM: realHelm, GH_TOKEN: "t", ...further });
async function done(ended: Promise<Ended>): Promise<Ended> {
  const result = await ended;
  assert.equal(result.code, 0, result.stderr);
  return result;
}
const push = (...args: string[]) => done(repository.build(["push", ...args], environmentOf("staging")));

const tags = (host: string, name: string): string[] => Object.keys(repository.world().registries[host]![`orders/${name}`] ?? {});
const charts = (host = staging): string[] => tags(host, "charts/app");
/** Version and image's tag of the charts that were pushed, in their order. */
const pushed = (): [version: string, image: string][] => repository.calls().filter(([name]) => name === "pushed chart").map(([, , version, image]) => [version!, image!]);
const sha = (): string => repository.head().slice(0, 7);
const main = new RegExp(chartVersions({ branch: "main" }).filter);

describe("a push of main", () => {
  test("packages the chart after the image, with the image's tag, under a version that staging takes", async () => {
    await push();
    const [[version, image] = ["", ""], ...more] = pushed();
    assert.deepEqual(more, []);
    assert.match(version, main);
    assert.ok(version.endsWith(`.g${sha()}`));
    assert.deepEqual(tags(staging, "orders-api"), [image]);
    assert.equal(version.split(".")[3], image.split("-").at(-1), "one time for both");
    const names = repository.calls().map((call) => call.slice(0, 3).join(" "));
    assert.ok(names.lastIndexOf("docker buildx build") < names.findIndex((name) => name.startsWith("helm push")));
    assert.equal(names[0], "az acr login");
  });

  test("makes no chart where nothing changed", async () => {
    await push();
    repository.commit("Words", { "README.md": "# Orders\n", "deploy/staging/kustomization.yaml": repository.read("deploy/staging/kustomization.yaml").replace("''", "''") });
    assert.match((await push()).stderr, /chart: nothing changed since [0-9a-f]{7}/);
    assert.equal(charts().length, 1);
  });

  test("makes a chart where only the chart changed, with the image that is there", async () => {
    await push();
    repository.commit("More pods", { "chart/values.yaml": repository.read("chart/values.yaml").replace("replicas: 2", "replicas: 3") });
    await push();
    const [first, second] = pushed();
    assert.equal(tags(staging, "orders-api").length, 1);
    assert.equal(second![1], first![1]);
    assert.ok(Number(second![0].split(".")[3]) > Number(first![0].split(".")[3]));
  });

  test("is the newest, whatever the clock of the last agent said", async () => {
    repository.world((world) => { world.registries[staging]!["orders/charts/app"] = { [`0.0.0-main.9999999999.g${sha()}`]: `sha256:${"ab".repeat(32)}` }; });
    repository.commit("More pods", { "chart/values.yaml": repository.read("chart/values.yaml").replace("replicas: 2", "replicas: 3") });
    await push();
    assert.equal(pushed()[0]![0], `0.0.0-main.10000000000.g${sha()}`);
  });

  test("makes a chart where only the service changed, with the new image", async () => {
    await push();
    repository.commit("Code", { "app/main.go": `${repository.read("app/main.go")}// more\n` });
    await push();
    const [first, second] = pushed();
    assert.notEqual(second![1], first![1]);
    assert.ok(tags(staging, "orders-api").includes(second![1]));
    assert.ok(second![0].endsWith(`.g${sha()}`));
  });

  test("gives an older commit, built late, no version above a newer one's", async () => {
    const older = repository.head();
    repository.commit("Chart", { "chart/NOTES.md": "x\n" });
    await push();
    repository.git(repository.folder, "switch", "--quiet", "--detach", older);
    const { stderr } = await done(repository.build(["push"], { ...environmentOf("staging"), GITHUB_REF: "refs/heads/main" }));
    assert.match(stderr, /is of a newer commit/);
    assert.equal(charts().length, 1);
  });

  test("of a branch of digits has a version that Helm takes", async () => {
    repository.git(repository.folder, "switch", "--quiet", "--create", "007");
    await push();
    assert.match(pushed()[0]![0], /^0\.0\.0-b007\./);
  });

  test("fails with the reason when the registry does not let it in", async () => {
    repository.world((world) => { delete world.registries[prod]; });
    const ended = await repository.build(["push"], environmentOf("staging", { MOORING: mooring("staging", { registry: "acmeother.azurecr.io" }) }));
    assert.notEqual(ended.code, 0);
    assert.match(ended.stderr, /cannot sign in to acmeother/);
  });
});

test("the script and the platform name a branch alike", async () => {
  for (const branch of ["main", "Feature/Zwölf", "007", "2024", "-x", "release/1.4"]) {
    const { stdout } = await done(repository.call(`branch_identifier '${branch}'`, environmentOf("staging")));
    assert.equal(stdout.trim(), branchIdentifier(branch), branch);
  }
});

test("a pull request gets an image, and no chart", async () => {
  const pull = { GITHUB_REF: "refs/pull/12/merge", PULL_REQUEST_COMMIT: repository.head() };
  await done(repository.build(["push"], { ...environmentOf("staging"), ...pull }));
  assert.deepEqual(tags(staging, "orders-api"), [`pr-12-${sha()}`]);
  assert.deepEqual(charts(), []);
});

test("a release has the chart under its version, once", async () => {
  await push();
  const release = { ...environmentOf("prod"), GITHUB_REF: "refs/tags/v1.4.2" };
  repository.git(repository.folder, "tag", "v1.4.2");
  await done(repository.build(["push"], release));
  assert.deepEqual(charts(prod), ["1.4.2"]);
  assert.deepEqual(pushed().at(-1), ["1.4.2", "1.4.2"]);
  const before = repository.world().registries[prod];
  assert.match((await done(repository.build(["push"], release))).stderr, /the chart 1\.4\.2 is there already/);
  assert.deepEqual(repository.world().registries[prod], before);
});

describe("promote", () => {
  /** Staging runs what was pushed: Flux has written the tag, and says that the commit is healthy. */
  async function running(): Promise<{ commit: string; version: string }> {
    await push();
    const [version, image] = pushed().at(-1)!;
    const path = "deploy/staging/kustomization.yaml";
    const commit = repository.commit("Update images", { [path]: repository.read(path).replace('"" # {"$imagepolicy": "orders-flux:orders-api:tag"}', `"${image}" # {"$imagepolicy": "orders-flux:orders-api:tag"}`) });
    repository.world((world) => { world.statuses[commit] = [{ context: "mooring/staging/orders", state: "success", description: "" }]; });
    return { commit, version };
  }
  const promote = () => repository.build(["promote", "--version", "1.4.2"], environmentOf("prod"));

  test("copies the chart that staging runs, by digest, and pins production to it in a request", async () => {
    const { version } = await running();
    await done(promote());
    const { registries, pullRequests } = repository.world();
    assert.deepEqual(charts(prod), [version]);
    assert.equal(registries[prod]!["orders/charts/app"]![version], registries[staging]!["orders/charts/app"]![version]);
    const overlay = repository.read("deploy/prod/kustomization.yaml");
    assert.ok(overlay.includes(`- sourceValue: "${version}" # chart: versions\n`), overlay);
    assert.ok(overlay.includes("- sourceValue: '' # chart: filter\n"));
    assert.ok(overlay.includes(`- sourceValue: "1.4.2" # {"$imagepolicy": "orders-flux:orders-api:tag"}\n`));
    assert.equal(pullRequests.length, 1);
    assert.equal(repository.git(repository.folder, "show", "origin/main:deploy/prod/kustomization.yaml").includes(version), false, "main is as it was");
  });

  test("leaves out a chart that is newer than what Flux called healthy", async () => {
    const { version } = await running();
    repository.commit("Chart", { "chart/values.yaml": repository.read("chart/values.yaml").replace("replicas: 2", "replicas: 3") });
    await push();
    await done(promote());
    assert.equal(charts().length, 2);
    assert.deepEqual(charts(prod), [version]);
  });

  test("says so when there is no chart, and opens no request", async () => {
    await running();
    repository.world((world) => { delete world.registries[staging]!["orders/charts/app"]; });
    const { code, stderr } = await promote();
    assert.notEqual(code, 0);
    assert.match(stderr, /acmestaging\.azurecr\.io has no chart of [0-9a-f]{7} or a commit before it/);
    assert.deepEqual(repository.world().pullRequests, []);
  });

  test("says so when the overlay has nowhere to write", async () => {
    const path = "deploy/prod/kustomization.yaml";
    repository.commit("Mine", { [path]: repository.read(path).replaceAll(" # chart: versions", "") });
    await running();
    const { code, stderr } = await promote();
    assert.notEqual(code, 0);
    assert.match(stderr, /deploy\/prod\/kustomization\.yaml has no line that ends in `# chart: versions`/);
  });
});
