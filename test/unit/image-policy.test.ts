/** The policies of images, and which tags they let through. What Flux selects of those: test/engine/image-selection.test.ts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { branchIdentifier } from "../../components/github/scaffold/chart-versions.ts";
import type { Follow } from "../../components/settings/settings.ts";
import { branchInTag, imagePolicySpec } from "../../components/tenant/images.ts";
import { registry } from "../image-tags.ts";

const specOf = (follow: Follow, digest = false) => imagePolicySpec({ name: "orders-api", follow, digest, interval: "5m" });

test("says what is followed, and asks for a digest as often as it may change", () => {
  const imageRepositoryRef = { name: "orders-api" };
  const branch = { imageRepositoryRef, filterTags: { pattern: "^main-[a-f0-9]{7}-(?P<ts>[1-9][0-9]*)$", extract: "$ts" }, policy: { numerical: { order: "asc" } } };
  const semver = { imageRepositoryRef, policy: { semver: { range: "1.4.x" } } };
  const tag = { imageRepositoryRef, filterTags: { pattern: "^v1\\.4$" }, policy: { alphabetical: { order: "asc" } } };
  assert.deepEqual([specOf({ branch: "main" }), specOf({ semver: "1.4.x" }), specOf({ tag: "v1.4" })], [branch, semver, tag]);
  assert.deepEqual(specOf({ branch: "main" }, true), { ...branch, digestReflectionPolicy: "IfNotPresent" });
  assert.deepEqual(specOf({ semver: "1.4.x" }, true), { ...semver, digestReflectionPolicy: "IfNotPresent" });
  assert.deepEqual(specOf({ tag: "v1.4" }, true), { ...tag, digestReflectionPolicy: "Always", interval: "5m" });
});

/** The tags that a policy's filter lets through: its expression means the same to Go and to JavaScript but for the name of a group. */
function letThrough(follow: Follow): string[] {
  const { pattern } = specOf(follow).filterTags!;
  return registry.filter((tag) => new RegExp(pattern.replace("(?P<", "(?<")).test(tag));
}

const filters: [Follow, string[]][] = [
  [{ branch: "main" }, ["main-1a2b3c4-1763740800", "main-0000000-1763740799", "main-9999999-999999999", "main-fffffff-1763654400"]],
  [{ branch: "main-2" }, ["main-2-1a2b3c4-1863740800"]],
  [{ branch: "feature/main" }, ["feature-main-1a2b3c4-1863740800"]],
  [{ branch: "pr" }, []],
  [{ branch: "pr/12" }, ["pr-12-abcdef0-1863740800"]],
  [{ branch: ".*" }, []],
  [{ tag: "1.4" }, ["1.4"]],
  [{ tag: "stable" }, ["stable"]],
];

for (const [follow, expected] of filters) {
  test(`lets through of ${JSON.stringify(follow)} nothing else than ${expected.join(", ") || "nothing"}`, () => {
    assert.deepEqual(letThrough(follow), expected);
  });
}

test("writes a branch in a tag and in a chart's version as the scaffold's scripts do", () => {
  const random = fc.sample(fc.string({ unit: "grapheme", minLength: 1 }), 20);
  const names = ["main", "Feature/Größe", "ÄÖ", "K-\u212a", "--", "-x", "日本", "007", "release/1.4", "a--b", "x".repeat(140), ...random]
    .filter((name) => !/[\0\n]/.test(name));
  const scaffold = join(import.meta.dirname, "../../scaffold");
  const script = 'cd "$0"; . shared/ci/tags.sh; . helm/ci/chart.sh; for name; do branch_part "$name"; branch_identifier "$name"; done';
  const written = execFileSync("bash", ["-c", script, scaffold, ...names], { encoding: "utf8" }).trimEnd().split("\n");
  assert.deepEqual(names.flatMap((name) => [branchInTag(name), branchIdentifier(name)]), written);
});
