/** The folder of an environment of a team that ships a chart: what the platform writes there, and what Flux makes of it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import type { OverlayArgs } from "../../components/github/scaffold/overlay-args.ts";
import { helmOverlay } from "../../components/github/scaffold/overlay-helm.ts";
import { readScaffold } from "../../components/github/scaffold/reader.ts";
import type { Values } from "../../local/standins/contract.ts";
import { built, rendered, the, valuesOf } from "../scaffold/charts.ts";
import { overlayArgs } from "../scaffold/repository.ts";

const scaffold = readScaffold("helm");
const folder = async (args: OverlayArgs): Promise<Values[]> => await built([...scaffold, helmOverlay(args)], `deploy/${args.environment}`);
const spec = (kind: string, objects: Values[]): Values => the(kind, objects).spec as Values;

describe("an environment", () => {
  test("that follows main takes the newest chart of main, from the team's part of its registry", async () => {
    const { url, ref, provider, serviceAccountName, layerSelector } = spec("OCIRepository", await folder(overlayArgs("staging")));
    assert.equal(url, "oci://acmestaging.azurecr.io/orders/charts/app");
    assert.deepEqual(ref, { semver: ">=0.0.0-0", semverFilter: "^0\\.0\\.0-main\\.[0-9]+\\.g[0-9a-f]{7}$" });
    assert.deepEqual([provider, serviceAccountName], ["azure", "reconciler"]);
    const hourly = await folder({ ...overlayArgs("staging"), interval: "1h" });
    const { install } = spec("HelmRelease", hourly) as { install: { strategy: Values } };
    assert.deepEqual([spec("OCIRepository", hourly).interval, spec("HelmRelease", hourly).interval, install.strategy], ["1h", "1h", { name: "RetryOnFailure", retryInterval: "1h" }]);
    assert.deepEqual(layerSelector, { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", operation: "copy" });
  });

  const ranges: [what: string, args: Partial<OverlayArgs>, semver: string, filter: string][] = [
    ["follows releases", {}, ">=1.0.0", ""],
    ["follows releases of which patches of one version", { images: [{ name: "orders-api", follow: { semver: "1.4.x" } }] }, "1.4.x", ""],
    ["follows one tag of an image", { images: [{ name: "orders-api", follow: { tag: "stable" } }] }, ">=1.0.0", ""],
    ["follows a branch, and releases of images", { ref: { branch: "prod" }, images: [{ name: "orders-api", follow: { semver: "~2.0.0" } }] }, "~2.0.0", ""],
    ["follows releases, and images of a branch", { images: [{ name: "orders-api", follow: { branch: "Release/2" } }] }, ">=0.0.0-0", "^0\\.0\\.0-release-2\\.[0-9]+\\.g[0-9a-f]{7}$"],
    ["follows one tag of the repository", { ref: { tag: "v1.4.2" } }, ">=1.0.0", ""],
  ];
  for (const [what, args, semver, semverFilter] of ranges) {
    test(`that ${what}: ${semver}`, async () => {
      assert.deepEqual(spec("OCIRepository", await folder({ ...overlayArgs("prod"), ...args })).ref, { semver, semverFilter, ...(!("branch" in (args.ref ?? {})) && { digest: "" }) });
    });
  }

  test("runs the image of its registry, by the tag that was built with the chart until Flux or a promotion writes one", async () => {
    const { image } = spec("HelmRelease", await folder(overlayArgs("staging"))).values as { image: Values };
    assert.deepEqual(image, { repository: "acmestaging.azurecr.io/orders/orders-api", tag: "", digest: "" });
    const without = spec("HelmRelease", await folder(overlayArgs("staging", []))).values as { image: Values };
    assert.equal(without.image.repository, "acmestaging.azurecr.io/orders/app");
  });

  test("is the first of the tenant's namespaces", async () => {
    const objects = await folder({ ...overlayArgs("staging"), namespaces: ["orders-api", "orders-jobs"] });
    for (const { kind, metadata } of objects) assert.equal((metadata as { namespace: string }).namespace, "orders-api", String(kind));
  });

  test("holds nothing of the placeholders in base", async () => {
    for (const environment of ["staging", "prod"] as const) assert.doesNotMatch(JSON.stringify(await folder(overlayArgs(environment))), /invalid/);
  });

  test("gives values that the chart takes, and a changed file is a changed release", async () => {
    const objects = await folder(overlayArgs("staging"));
    const deployment = the("Deployment", await rendered(valuesOf(objects)));
    assert.match(JSON.stringify(deployment), /"image":"acmestaging\.azurecr\.io\/orders\/orders-api:/);
    const changed = scaffold.map((file) => (file.path === "deploy/base/values.yaml" ? { ...file, content: "replicas: 4\n" } : file));
    const others = await built([...changed, helmOverlay(overlayArgs("staging"))], "deploy/staging");
    const named = (all: Values[]) => (spec("HelmRelease", all).valuesFrom as { name: string }[])[0]!.name;
    assert.equal((the("ConfigMap", others).metadata as { name: string }).name, named(others));
    assert.notEqual(named(others), named(objects));
  });

  test("takes a version that looks like a number, and is text all the same", async () => {
    const overlay = helmOverlay(overlayArgs("staging"));
    const content = overlay.content.replace('"" # {"$imagepolicy": "orders-flux:orders-api:tag"}', '"1.10" # {"$imagepolicy": "orders-flux:orders-api:tag"}');
    const { image } = spec("HelmRelease", await built([...scaffold, { ...overlay, content }], "deploy/staging")).values as { image: Values };
    assert.equal(image.tag, "1.10");
  });
});

describe("a release", () => {
  const release = parse(scaffold.find(({ path }) => path === "deploy/base/release.yaml")!.content) as { spec: Values };

  test("that fails, or whose test fails, is rolled back; the last attempt too", () => {
    const { upgrade, test } = release.spec as { upgrade: Values; test: Values };
    assert.deepEqual(upgrade, { strategy: { name: "RemediateOnFailure" }, remediation: { retries: 2, strategy: "rollback", remediateLastFailure: true }, cleanupOnFail: true });
    assert.deepEqual(test, { enable: true });
  });

  test("is held to what Git says, but for the number of pods", () => {
    assert.deepEqual(release.spec.driftDetection, { mode: "enabled", ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment" } }] });
  });

  test("goes without the team's Secret, and with it has its variable", async () => {
    const [, secret] = release.spec.valuesFrom as { targetPath: string; optional: boolean }[];
    assert.deepEqual([secret!.targetPath, secret!.optional], ["secret.API_TOKEN", true]);
    const [object, key] = secret!.targetPath.split(".");
    const objects = await rendered({ [object!]: { [key!]: "t0ken" } });
    assert.deepEqual(the("Secret", objects).stringData, { API_TOKEN: "t0ken" });
  });
});
