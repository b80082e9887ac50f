/** What the platform writes into an environment's folder of a team that ships a chart, to the letter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "yaml";
import { branchIdentifier, chartVersions } from "../../components/github/scaffold/chart-versions.ts";
import { helmOverlay } from "../../components/github/scaffold/overlay-helm.ts";
import { branchInTag } from "../../components/tenant/images.ts";
import { overlayArgs } from "./repository.ts";

test("staging, which follows main", () => {
  assert.deepEqual(helmOverlay(overlayArgs("staging")), {
    path: "deploy/staging/kustomization.yaml",
    content: `# orders in staging: what differs from the other environments. From here on it is yours; add what you like.
# The values behind a marker are written by Flux and by \`build.sh promote\`: keep the comments.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: orders
resources: [../base]
replacements:
  # Which chart: the newest in this range, of the versions that the expression lets through.
  - sourceValue: "oci://acmestaging.azurecr.io/orders/charts/app"
    targets: [{select: {kind: OCIRepository, name: app}, fieldPaths: [spec.url], options: {create: true}}]
  - sourceValue: ">=0.0.0-0" # chart: versions
    targets: [{select: {kind: OCIRepository, name: app}, fieldPaths: [spec.ref.semver], options: {create: true}}]
  - sourceValue: '^0\\.0\\.0-main\\.[0-9]+\\.g[0-9a-f]{7}$' # chart: filter
    targets: [{select: {kind: OCIRepository, name: app}, fieldPaths: [spec.ref.semverFilter], options: {create: true}}]
  # Which image; without tag and digest the one that was built with the chart.
  - sourceValue: "acmestaging.azurecr.io/orders/orders-api" # {"$imagepolicy": "orders-flux:orders-api:name"}
    targets: [{select: {kind: HelmRelease, name: app}, fieldPaths: [spec.values.image.repository], options: {create: true}}]
  - sourceValue: "" # {"$imagepolicy": "orders-flux:orders-api:tag"}
    targets: [{select: {kind: HelmRelease, name: app}, fieldPaths: [spec.values.image.tag], options: {create: true}}]
  - sourceValue: "" # {"$imagepolicy": "orders-flux:orders-api:digest"}
    targets: [{select: {kind: HelmRelease, name: app}, fieldPaths: [spec.values.image.digest], options: {create: true}}]
  # How often Flux looks: no more often than the platform allows.
  - sourceValue: "5m"
    targets: [{select: {kind: OCIRepository, name: app}, fieldPaths: [spec.interval], options: {create: true}}]
  - sourceValue: "10m"
    targets: [{select: {kind: HelmRelease, name: app}, fieldPaths: [spec.interval], options: {create: true}}]
  - sourceValue: "5m"
    targets: [{select: {kind: HelmRelease, name: app}, fieldPaths: [spec.install.strategy.retryInterval], options: {create: true}}]
`,
  });
});

test("marks a digest only where digests are pinned: by the settings, or by what is promoted", () => {
  const markers = (environment: "staging" | "prod", digest: boolean) => [...helmOverlay(overlayArgs(environment, [{ name: "orders-api", digest }])).content.matchAll(/# (\{.*\})$/gm)].map(([, marker]) => (JSON.parse(marker!) as { $imagepolicy: string }).$imagepolicy);
  const all = ["orders-flux:orders-api:name", "orders-flux:orders-api:tag", "orders-flux:orders-api:digest"];
  assert.deepEqual([markers("staging", false), markers("staging", true), markers("prod", false)], [all.slice(0, 2), all, all]);
  const charts = (environment: "staging" | "prod") => [...helmOverlay(overlayArgs(environment)).content.matchAll(/# chart: (\w+)$/gm)].map(([, field]) => field);
  assert.deepEqual([charts("staging"), charts("prod")], [["versions", "filter"], ["versions", "filter", "digest"]]);
});

test("looks no more often than the platform lets it", () => {
  const intervals = (interval: string) => {
    const { replacements } = parse(helmOverlay({ ...overlayArgs("prod"), interval }).content) as { replacements: { sourceValue: string; targets: { fieldPaths: string[] }[] }[] };
    return Object.fromEntries(replacements.map(({ sourceValue, targets }) => [targets[0]!.fieldPaths[0], sourceValue]).filter(([path]) => /nterval$/.test(path!)));
  };
  const paths = ["spec.interval", "spec.install.strategy.retryInterval"];
  // Of the two with spec.interval the release's comes last.
  assert.deepEqual(["1m", "7m", "1h"].map((interval) => paths.map((path) => intervals(interval)[path])), [["10m", "5m"], ["10m", "7m"], ["1h", "1h"]]);
});

test("a range of versions is the image's, else every release", () => {
  assert.deepEqual(chartVersions({ semver: "*" }, { semver: "1.4.x" }), { range: "1.4.x", filter: "" });
  assert.deepEqual(chartVersions({ semver: "*" }), { range: ">=1.0.0", filter: "" });
  assert.deepEqual(chartVersions({ tag: "v2.0.0" }, { tag: "stable" }), { range: ">=1.0.0", filter: "" });
});

test("the expression lets through the builds of its branch, and no other branch's and no release", () => {
  const name = fc.string({ unit: fc.constantFrom(..."aM01/-_.ü"), minLength: 1, maxLength: 10 });
  const version = (branch: string): string => `0.0.0-${branchIdentifier(branch)}.1763740800.g0a1b2c3`;
  fc.assert(fc.property(name, name, (followed, other) => {
    const filter = new RegExp(chartVersions({ branch: followed }).filter);
    assert.ok(filter.test(version(followed)), followed);
    // Two branches of one tag cannot both be pushed: the build script refuses the second.
    assert.equal(filter.test(version(other)), branchIdentifier(followed) === branchIdentifier(other), `${followed} and ${other}`);
    assert.ok(!filter.test("1.4.2"));
  }));
});

test("a branch is in a chart's version what it is in an image's tag; one of digits begins with a letter", () => {
  const cases: [branch: string, identifier: string][] = [["main", "main"], ["Feature/Zwölf", "feature-zw--lf"], ["-x", "x"], ["007", "b007"], ["///", "branch"]];
  for (const [branch, identifier] of cases) {
    assert.equal(branchIdentifier(branch), identifier);
    assert.ok(identifier.endsWith(branchInTag(branch)), branch);
  }
});
