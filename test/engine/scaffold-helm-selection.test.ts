/**
 * Which chart an environment takes. Flux selects a chart's version as it selects an image's: Masterminds/semver, over the tags that an
 * expression leaves (source-controller, getTagBySemver in internal/controller/ocirepository_controller.go; image-reflector-controller,
 * internal/policy). So an ImagePolicy with the same range and expression says what an OCIRepository would.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { branchIdentifier, chartVersions } from "../../components/github/scaffold/chart-versions.ts";
import { branchInTag } from "../../components/tenant/images.ts";
import { FluxLogic } from "../flux-logic.ts";

let flux: FluxLogic;
before(async () => { flux = await FluxLogic.open(); });
after(() => flux?.close());

async function selected(args: Parameters<typeof chartVersions>, tags: string[]): Promise<string | undefined> {
  const { range, filter } = chartVersions(...args);
  const policy = { imageRepositoryRef: { name: "app" }, policy: { semver: { range } }, ...(filter !== "" && { filterTags: { pattern: filter } }) };
  return (await flux.imagePolicy({ image: "acme.azurecr.io/orders/charts/app", tags, spec: policy })).latestRef?.tag;
}

const registry = [
  "0.0.0-main.1763740800.g0a1b2c3", "0.0.0-main.1763740801.g0000000", "0.0.0-main.999999999.gfffffff", "0.0.0-main-2.1863740800.g0a1b2c3",
  "0.0.0-zebra.1863740800.g0a1b2c3", "0.0.0-main.1863740800.g0a1b2c", "0.0.0-pr-12.1863740800.g0a1b2c3", "0.0.0-main.1863740800.g0a1b2c3.rc",
  "1.3.9", "1.4.0", "1.4.2", "1.4.10", "1.4.11-rc.1", "1.5.0", "2.0.0-beta.1", "latest", "sha256-0a1b2c3.sig",
];
const table: [what: string, args: Parameters<typeof chartVersions>, expected: string | undefined][] = [
  ["a branch: its newest by time, though there are releases and other branches", [{ branch: "main" }], "0.0.0-main.1763740801.g0000000"],
  ["a branch whose name begins alike", [{ branch: "main-2" }], "0.0.0-main-2.1863740800.g0a1b2c3"],
  ["a branch without builds", [{ branch: "develop" }], undefined],
  ["releases: the highest, by number, and no pre-release", [{ semver: ">=1.0.0" }], "1.5.0"],
  ["patches", [{ semver: ">=1.0.0" }, { semver: "1.4.x" }], "1.4.10"],
  ["exactly the chart that was promoted", [{ semver: ">=1.0.0" }, { semver: "0.0.0-main.1763740800.g0a1b2c3" }], "0.0.0-main.1763740800.g0a1b2c3"],
];
for (const [what, args, expected] of table) {
  test(what, async () => {
    assert.equal(await selected(args, registry), expected);
    assert.equal(await selected(args, registry.toReversed()), expected);
  });
}

test("whatever branches are called, the newest build of the one that is followed", async () => {
  const branch = fc.oneof(fc.constantFrom("main", "007", "2024", "release/1.4", "Main-2", "zwölf", "-x"), fc.string({ unit: fc.constantFrom(..."abM01/-_."), minLength: 1, maxLength: 12 }));
  const builds = fc.array(fc.tuple(branch, fc.integer({ min: 1, max: 9_999_999_999 })), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(builds, async (all) => {
      const [[followed]] = all as [[string, number]];
      const name = ([of, seconds]: [string, number]): string => `0.0.0-${branchIdentifier(of)}.${seconds}.g0a1b2c3`;
      const newest = Math.max(...all.filter(([of]) => branchInTag(of) === branchInTag(followed)).map(([, seconds]) => seconds));
      assert.equal(await selected([{ branch: followed }], [...all.map(name), "9.9.9"]), name([followed, newest]));
    }),
    { numRuns: 60 },
  );
});
