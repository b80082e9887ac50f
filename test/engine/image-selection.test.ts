/** Which image an ImagePolicy of ours selects, asked of image-reflector-controller itself. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { Follow } from "../../components/settings/settings.ts";
import { branchInTag, imagePolicySpec } from "../../components/tenant/images.ts";
import { FluxLogic } from "../flux-logic.ts";
import type { ImageRef } from "../flux-logic.ts";
import { registry } from "../image-tags.ts";

const image = "contoso.azurecr.io/orders/orders-api";

let flux: FluxLogic;
before(async () => { flux = await FluxLogic.open(); });
after(() => flux.close());

const specOf = (follow: Follow, digest = false): object => imagePolicySpec({ name: "orders-api", follow, digest, interval: "5m" });

/** The selected tag, or Flux's reason for selecting none. */
async function selected(follow: Follow, tags: string[]): Promise<string> {
  const { ready, message, latestRef } = await flux.imagePolicy({ image, tags, spec: specOf(follow) });
  assert.equal(ready, latestRef !== undefined, message);
  return latestRef?.tag ?? message;
}

const table: [string, Follow, string][] = [
  ["the newest build of main, by the number and not by its digits", { branch: "main" }, "main-1a2b3c4-1763740800"],
  ["the branch main-2, which main is not", { branch: "main-2" }, "main-2-1a2b3c4-1863740800"],
  ["maintenance, which begins alike", { branch: "maintenance" }, "maintenance-1a2b3c4-1863740800"],
  ["a branch with a slash and capitals", { branch: "Feature/main" }, "feature-main-1a2b3c4-1863740800"],
  ["a branch that looks like a build of main", { branch: "main-1a2b3c4" }, "main-1a2b3c4-1a2b3c4-1863740800"],
  ["the highest patch, by number", { semver: "1.4.x" }, "1.4.10"],
  ["patches by tilde", { semver: "~1.4.0" }, "1.4.10"],
  ["the highest minor version", { semver: "1.x" }, "1.5.0"],
  ["everything that was released", { semver: ">=1.0.0" }, "2.0.0"],
  ["a range with an end", { semver: ">=1.0.0 <1.4.0" }, "1.3.99"],
  ["one version", { semver: "1.4.2" }, "1.4.2"],
  ["pre-releases where the range has one", { semver: ">=1.4.0-0 <1.5.0" }, "1.4.12-main.1863740800"],
  ["exactly this tag", { tag: "stable" }, "stable"],
  ["a tag whose dots are dots", { tag: "1.4.2" }, "1.4.2"],
  ["no build of this branch", { branch: "develop" }, "version list argument cannot be empty"],
  ["no version in the range", { semver: "3.x" }, "unable to determine latest version from provided list"],
  ["no such tag", { tag: "v2.0" }, "version list argument cannot be empty"],
];

for (const [what, follow, expected] of table) {
  test(`selects ${what}: ${JSON.stringify(follow)}`, async () => {
    assert.equal(await selected(follow, registry), expected);
    assert.equal(await selected(follow, registry.toReversed()), expected, "the order of the registry decides");
  });
}

test("takes a version with a v for a version: the scaffold tags images without", async () => {
  assert.equal(await selected({ semver: "1.4.x" }, ["1.4.2", "v1.4.3"]), "v1.4.3");
});

test("refuses a range that is none", async () => {
  const { ready, reason } = await flux.imagePolicy({ image, tags: ["1.0.0"], spec: specOf({ semver: "latest" }) });
  assert.deepEqual({ ready, reason }, { ready: false, reason: "InvalidPolicy" });
});

test("has no other fields than an ImagePolicy", async () => {
  await assert.rejects(flux.imagePolicy({ image, tags: [], spec: { ...specOf({ branch: "main" }), filter: "x" } }), /unknown field "filter"/);
});

const digits = (length: number) => fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
const seconds = fc.integer({ min: 1, max: 99_999_999_999 });
const branch = fc.oneof(
  fc.constantFrom("main", "main-2", "maintenance", "Main", "feature/main", "pr", "pr-12", "1.4.2", "release/1.4", "main-abcdef0", "main/abcdef0-1", "a--b", "-", "m"),
  fc.string({ unit: fc.constantFrom(..."abmnpr01-/._A"), minLength: 1, maxLength: 12 }),
);
const build = fc.record({ branch, commit: digits(7), at: seconds });
const tagOf = (one: { branch: string; commit: string; at: number }): string => `${branchInTag(one.branch)}-${one.commit}-${one.at}`;
const pull = fc.tuple(fc.nat(), digits(7)).map(([number, commit]) => `pr-${number}-${commit}`);
const version = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 20 }), fc.nat({ max: 120 }));
const runs = { numRuns: 150 };

test("follows a branch to its newest build and to nobody else's", async () => {
  await fc.assert(fc.asyncProperty(branch, fc.array(build), fc.array(pull), fc.array(version), async (followed, builds, pulls, versions) => {
    const tags = [...builds.map(tagOf), ...pulls, ...versions.map((parts) => parts.join("."))];
    const own = builds.filter((one) => branchInTag(one.branch) === branchInTag(followed));
    const newest = Math.max(...own.map(({ at }) => at));
    const expected = own.filter(({ at }) => at === newest).map(tagOf);
    const tag = await selected({ branch: followed }, tags);
    // Of two builds in one second either is the newest; of none there is Flux's reason.
    const right = expected.length === 0 ? /^(version list argument|retrying)/.test(tag) : expected.includes(tag);
    assert.ok(right, `${tag} of ${tags.join(" ")}`);
  }), runs);
});

test("follows 1.4.x to its highest patch, and to no pre-release, build or pull request", async () => {
  const patch = fc.nat({ max: 120 });
  await fc.assert(fc.asyncProperty(fc.array(version), fc.array(patch), fc.array(build), fc.array(pull), async (versions, patches, builds, pulls) => {
    const releases = [...versions, ...patches.map((number) => [1, 4, number] as const)];
    const candidates = patches.map((number) => `1.4.${number + 1}-rc.1`);
    const tags = [...releases.map((parts) => parts.join(".")), ...candidates, ...builds.map(tagOf), ...pulls];
    const inRange = releases.filter(([major, minor]) => major === 1 && minor === 4).map(([, , number]) => number);
    const tag = await selected({ semver: "1.4.x" }, tags);
    if (inRange.length > 0) assert.equal(tag, `1.4.${Math.max(...inRange)}`);
    else assert.match(tag, /^(unable to determine|retrying)/);
  }), runs);
});

test("notes the digest of a tag once, and of a tag that moves again and again", async (t) => {
  let digest = `sha256:${"1".repeat(64)}`;
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url === "/v2/") return void response.end();
    if (request.method !== "HEAD" || !request.url?.startsWith("/v2/orders/orders-api/manifests/")) return void response.writeHead(404).end();
    asked += 1;
    response.writeHead(200, { "docker-content-digest": digest, "content-type": "application/vnd.oci.image.manifest.v1+json", "content-length": "100" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}/orders/orders-api`;
  const version = (tags: string[], latestRef?: ImageRef) => flux.imagePolicy({ image: at, tags, spec: specOf({ semver: "1.4.x" }, true), latestRef });
  const moving = (latestRef?: ImageRef) => flux.imagePolicy({ image: at, tags: ["stable"], spec: specOf({ tag: "stable" }, true), latestRef });

  const first = await version(["1.4.0"]);
  const tag = await moving();
  assert.deepEqual([first.latestRef, tag.latestRef], [{ name: at, tag: "1.4.0", digest }, { name: at, tag: "stable", digest }]);
  const old = digest;
  digest = `sha256:${"2".repeat(64)}`;
  asked = 0;
  assert.equal((await version(["1.4.0"], first.latestRef)).latestRef?.digest, old);
  assert.equal(asked, 0, "a tag that stays was asked for again");
  assert.equal((await version(["1.4.0", "1.4.1"], first.latestRef)).latestRef?.digest, digest);
  assert.equal((await moving(tag.latestRef)).latestRef?.digest, digest);
  assert.equal((await flux.imagePolicy({ image: at, tags: ["stable"], spec: specOf({ tag: "stable" }) })).latestRef?.digest, undefined);
});
