/** What the build script does with a chart: when it is packaged, under which version, and how it comes to production. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync, chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, before, beforeEach, describe, test } from "node:test";
import { branchIdentifier, chartVersions } from "../../components/github/scaffold/chart-versions.ts";
import { helmOverlay } from "../../components/github/scaffold/overlay-helm.ts";
import { silentProgress } from "../../local/progress.ts";
import { provideHelm } from "../../local/toolchain/helm.ts";
import { asFluxWrites, mooring, overlayArgs, prod, staging, TeamRepository } from "../scaffold/repository.ts";
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
    const ended = await repository.build(["push"], environmentOf("staging", { MOORING: mooring("staging", { registry: "acmeother.azurecr.io", registryName: "acmeother" }) }));
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
  repository.commit("Images of pull requests", { "services.json": repository.read("services.json").replace('"pullRequestImages": false', '"pullRequestImages": true') });
  const pull = { GITHUB_REF: "refs/pull/12/merge", PULL_REQUEST_COMMIT: repository.head() };
  await done(repository.build(["push"], { ...environmentOf("staging"), ...pull }));
  assert.deepEqual(tags(staging, "orders-api"), [`pr-12-${sha()}`]);
  assert.deepEqual(charts(), []);
});

test("a release of which the folder names a range has the chart under its version, once", async () => {
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

const prodFile = "deploy/prod/kustomization.yaml";

/** Staging runs what was pushed: Flux has written tag and digest, and says that the commit is healthy. */
async function running(): Promise<{ commit: string; version: string; digest: string }> {
  await push();
  const [version, image] = pushed().at(-1)!;
  const { registries } = repository.world();
  const path = "deploy/staging/kustomization.yaml";
  const written = asFluxWrites(repository.read(path), "orders-api", { name: `"${staging}/orders/orders-api"`, tag: image, digest: registries[staging]!["orders/orders-api"]![image]! });
  const commit = repository.commit("Update images", { [path]: written });
  repository.world((world) => { world.statuses[commit] = [{ context: "mooring/staging/orders", state: "success", description: "" }]; });
  return { commit, version, digest: registries[staging]!["orders/charts/app"]![version]! };
}
const promote = () => repository.build(["promote", "--version", "1.4.2"], environmentOf("staging"));
/** What was promoted, merged and tagged. */
async function released(tag: string): Promise<Ended> {
  repository.git(repository.folder, "switch", "--quiet", "main");
  repository.git(repository.folder, "merge", "--quiet", "origin/mooring/promote-prod");
  repository.git(repository.folder, "push", "--quiet", "origin", "main");
  return repository.build(["push"], { ...environmentOf("prod"), GITHUB_REF: `refs/tags/${tag}` });
}

describe("promote", () => {
  test("pins production to the chart that staging runs, by digest, in a request, and copies nothing", async () => {
    const { version, digest } = await running();
    await done(promote());
    const { registries, pullRequests } = repository.world();
    assert.deepEqual(registries[prod], {});
    const overlay = repository.read(prodFile);
    assert.ok(overlay.includes(`- sourceValue: "${version}" # chart: versions\n`), overlay);
    assert.ok(overlay.includes("- sourceValue: '' # chart: filter\n"));
    assert.ok(overlay.includes(`- sourceValue: "${digest}" # chart: digest\n`));
    assert.ok(overlay.includes(`- sourceValue: "1.4.2" # {"$imagepolicy": "orders-flux:orders-api:tag"}\n`));
    assert.equal(pullRequests.length, 1);
    assert.equal(repository.git(repository.folder, "show", `origin/main:${prodFile}`).includes(version), false, "main is as it was");
  });

  test("leaves out a chart that is newer than what Flux called healthy", async () => {
    const { version } = await running();
    repository.commit("Chart", { "chart/values.yaml": repository.read("chart/values.yaml").replace("replicas: 2", "replicas: 3") });
    await push();
    await done(promote());
    assert.equal(charts().length, 2);
    assert.ok(repository.read(prodFile).includes(`- sourceValue: "${version}" # chart: versions\n`));
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
    for (const field of ["versions", "digest"]) {
      repository.commit("Mine", { [prodFile]: helmOverlay(overlayArgs("prod")).content.replaceAll(` # chart: ${field}`, "") });
      await running();
      const { code, stderr } = await promote();
      assert.notEqual(code, 0);
      assert.match(stderr, new RegExp(`deploy/prod/kustomization\\.yaml has no line that ends in \`# chart: ${field}\``));
      repository.git(repository.folder, "checkout", "--quiet", "--", "deploy");
    }
    assert.deepEqual(repository.world().pullRequests, []);
  });
});

describe("the release of a promotion", () => {
  test("copies image and chart by the digests of the folder, and packages nothing", async () => {
    const { version, digest } = await running();
    await done(promote());
    repository.commit("More", { "chart/values.yaml": repository.read("chart/values.yaml").replace("replicas: 2", "replicas: 3") });
    const before = pushed().length;
    await done(released("v1.4.2"));
    const { registries } = repository.world();
    assert.deepEqual(registries[prod], {
      "orders/orders-api": { "1.4.2": Object.values(registries[staging]!["orders/orders-api"]!)[0] },
      "orders/charts/app": { [version]: digest },
    });
    assert.equal(pushed().length, before);
    assert.match((await done(released("v1.4.2"))).stderr, new RegExp(`the chart ${version.replaceAll(".", "\\.")} is there already`), "once more");
  });

  test("refuses a chart that is another one by now, or is nowhere", async () => {
    const { version, digest } = await running();
    const other = `sha256:${"e".repeat(64)}`;
    await done(promote());
    repository.world((world) => { world.registries[staging]!["orders/charts/app"]![version] = other; });
    const moved = await released("v1.4.2");
    assert.notEqual(moved.code, 0);
    assert.ok(moved.stderr.includes(`deploy/prod names the chart ${version} by ${digest}, but in ${staging} it is ${other}: promote again`), moved.stderr);
    repository.world((world) => { delete world.registries[staging]!["orders/charts/app"]; });
    const gone = await released("v1.4.2");
    assert.notEqual(gone.code, 0);
    assert.match(gone.stderr, /deploy\/prod names the chart \S+, which is not in acmestaging\.azurecr\.io, nor in acmeprod\.azurecr\.io: promote again/);
    assert.deepEqual(charts(prod), []);
    repository.world((world) => { world.registries[prod]!["orders/charts/app"] = { [version]: other }; });
    assert.match((await released("v1.4.2")).stderr, /but in acmeprod\.azurecr\.io it is sha256:e+: promote again/);
  });
});
