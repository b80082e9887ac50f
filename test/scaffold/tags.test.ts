/** The tags that the build script gives, and what Flux makes of them. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { branchInTag, imagePolicySpec } from "../../components/tenant/images.ts";
import { TeamRepository } from "./repository.ts";

const repository = TeamRepository.of("kustomize", []);
after(() => repository.remove());

const commit = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";

/** One run of bash for many branches: names of branches have no line breaks. */
async function tagsOf(branches: readonly string[]): Promise<string[]> {
  repository.git(repository.folder, "config", "--local", "core.quotepath", "off");
  const { stdout, code, stderr } = await repository.call(`while IFS= read -r branch; do branch_tag "$branch" ${commit} 1763740800; done <<'BRANCHES'\n${branches.join("\n")}\nBRANCHES\n`);
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split("\n");
}

const filterOf = (branch: string): RegExp => {
  const { filterTags } = imagePolicySpec({ name: "api", follow: { branch }, digest: false, interval: "1m" });
  return new RegExp(filterTags!.pattern.replace("?P<", "?<"));
};

test("a tag says branch, commit and seconds", async () => {
  assert.deepEqual(await tagsOf(["main", "feature/Login-Form", "_private", "a.b+c", "ÄÖ", "x".repeat(150)]), [
    "main-0a1b2c3-1763740800",
    "feature-login-form-0a1b2c3-1763740800",
    "private-0a1b2c3-1763740800",
    "a-b-c-0a1b2c3-1763740800",
    "branch-0a1b2c3-1763740800",
    `${"x".repeat(100)}-0a1b2c3-1763740800`,
  ]);
});

/** Printable, without what git forbids in a name (git-check-ref-format). */
const branchName = fc.stringMatching(/^[!-.0-}\u00a1-\u0200\u{1f300}-\u{1f5ff}][!-}\u00a1-\u0200]{0,130}$/u).filter((name) => !/[ ~^:?*[\\\x7f]|\.\.|@\{|\/\/|\/$|\.$|^-|'/.test(name) && name !== "main");

test("of any branch the tag is legal, Flux takes it for that branch, and never for main", async () => {
  const branches = [...fc.sample(branchName, 400), "main-0a1b2c3", "main-1234567-1763740800", "mains", "xmain", "main/", "main-", "m.ain"];
  const tags = await tagsOf(branches);
  assert.equal(tags.length, branches.length);
  for (const [index, tag] of tags.entries()) {
    const branch = branches[index]!;
    assert.match(tag, /^[a-z0-9][a-z0-9-]{0,127}$/, branch);
    // Main, for example: refused where it would be pushed, see push.test.ts.
    if (branchInTag(branch) !== "main") assert.doesNotMatch(tag, filterOf("main"), branch);
    // The settings take no other names than these.
    if (/^[\x21-\x7e]+$/.test(branch)) assert.match(tag, filterOf(branch), branch);
  }
});

test("Flux takes no image of a pull request and no release for main", async () => {
  const { stdout } = await repository.call(`pull_tag 12 ${commit}; pull_tag 1 1234567890123456789012345678901234567890`);
  assert.deepEqual(stdout.trimEnd().split("\n"), ["pr-12-0a1b2c3", "pr-1-1234567"]);
  for (const tag of [...stdout.trimEnd().split("\n"), "1.4.2"]) {
    assert.doesNotMatch(tag, filterOf("main"));
    // A branch may be called so.
    assert.doesNotMatch(tag, filterOf("pr"));
    assert.doesNotMatch(tag, filterOf("pr-12"));
  }
});

const several = JSON.stringify({ environments: { main: "staging", release: "prod" }, services: [{ name: "orders-api", path: "app" }, { name: "orders-worker", path: "app" }] });

test("a release is a version, of the service that the git tag names", async () => {
  const released = async (service: string, tag: string): Promise<string> => {
    const { stdout, stderr, code } = await repository.call(`release_version "$TAG" ${service}`, { TAG: tag });
    return code === 0 ? stdout.trim() : stderr.trim();
  };
  assert.equal(await released("app", "v1.4.2"), "1.4.2");
  assert.equal(await released("app", "app/v1.4.2"), "error: app/v1.4.2: this repository has one service; write v1.4.2");
  for (const wrong of ["v1.4", "1.4.2", "v01.4.2", "v1.4.2-rc.1", "v1.4.2+5", "v1.4.2.3", "version"]) {
    assert.equal(await released("app", wrong), `error: ${wrong}: write the version as v<major>.<minor>.<patch>, for example v1.4.2`);
  }
  repository.commit("Several services", { "services.json": several });
  assert.equal(await released("orders-api", "orders-api/v1.4.2"), "1.4.2");
  assert.equal(await released("orders-worker", "orders-api/v1.4.2"), "", "another service's");
  assert.equal(await released("orders-api", "v1.4.2"), "", "the configuration's");
  assert.equal(await released("orders-api", "orders-apy/v1.4.2"), "error: orders-apy/v1.4.2: services.json has no service `orders-apy`");
  assert.equal(await released("orders-api", "orders-api/1.4.2"), "error: orders-api/1.4.2: write the version as v<major>.<minor>.<patch>, for example orders-api/v1.4.2");
});
