/** What a run of a pull request leaves is put on that pull request and no other, and a fork's words stay words. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { commentRun, pullRequestOf, reportsIn } from "../../cli/ci/comment-run.ts";
import type { Report, WorkflowRun } from "../../cli/ci/comment-run.ts";

const sha = "a".repeat(40);
const ownRun: WorkflowRun = {
  event: "pull_request", head_sha: sha, head_branch: "feature/a b", repository: { full_name: "acme/platform" },
  head_repository: { full_name: "acme/platform", owner: { login: "acme" } },
};
const forkRun: WorkflowRun = { ...ownRun, head_repository: { full_name: "mallory/platform", owner: { login: "mallory" } } };

const folder = mkdtempSync(join(tmpdir(), "mooring-comment-run-"));
after(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
});

/** GitHub's list of pull requests, filtered as it filters: by state and by `owner:branch` (docs.github.com/rest/pulls/pulls). */
async function github<T>(pulls: { number: number; label: string; sha: string; repo: string | null }[], work: (api: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://github");
    const known = url.pathname === "/repos/acme/platform/pulls" && url.searchParams.get("state") === "open" && request.headers.authorization === "Bearer t";
    const found = pulls.filter(({ label }) => label === url.searchParams.get("head")).map(({ number, sha, repo }) => ({ number, head: { sha, repo: repo === null ? null : { full_name: repo } } }));
    response.writeHead(known ? 200 : 401).end(JSON.stringify(found));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

describe("the pull request", () => {
  const of = (run: WorkflowRun, ...pulls: Parameters<typeof github>[0]) => github(pulls, (api) => pullRequestOf(run, api, "t"));

  test("is the open one whose head is the run's commit, of that repository", async () => {
    assert.equal(await of(forkRun, { number: 7, label: "mallory:feature/a b", sha, repo: "mallory/platform" }), 7);
    assert.equal(await of(ownRun, { number: 8, label: "acme:feature/a b", sha, repo: "acme/platform" }), 8);
  });

  test("is none where a newer commit is its head, where it is another's, or where the fork is gone", async () => {
    assert.equal(await of(forkRun, { number: 7, label: "mallory:feature/a b", sha: "b".repeat(40), repo: "mallory/platform" }), undefined);
    assert.equal(await of(forkRun, { number: 8, label: "mallory:feature/a b", sha, repo: "mallory/another" }), undefined);
    assert.equal(await of(forkRun, { number: 9, label: "mallory:feature/a b", sha, repo: null }), undefined);
    assert.equal(await of(forkRun, { number: 9, label: "acme:feature/a b", sha, repo: "acme/platform" }), undefined);
  });

  test("is not guessed when GitHub does not answer", async () => {
    await assert.rejects(github([], (api) => pullRequestOf(ownRun, api, "wrong")), /does not list the pull requests: 401/);
  });
});

describe("the reports", () => {
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const keys = (run: WorkflowRun): string[] => reportsIn(folder, ["prod", "staging"], run).map(({ key }) => key);

  test("are those of known names; a fork has no previews", () => {
    for (const name of ["diff-staging.md", "diff-prod.md", "preview-staging.md", "diff-evil.md", "drift-prod.md", "README.md"]) write(name, "x");
    assert.deepEqual(keys(ownRun), ["diff-prod", "diff-staging", "preview-staging"]);
    assert.deepEqual(keys(forkRun), ["diff-prod", "diff-staging"]);
  });

  test("of our own branches are Markdown as it stands", () => {
    write("diff-staging.md", "| a |\n|---|\n");
    assert.deepEqual(reportsIn(folder, ["staging"], ownRun), [{ key: "diff-staging", body: "| a |\n|---|\n" }]);
  });

  test("of a fork are plain text that nothing in it can leave", () => {
    const evil = "````\n@acme/admins <!-- mooring:preview-prod --> ![x](https://evil.example/x.png)\n`````\n# Approved";
    write("diff-staging.md", evil);
    const [{ body } = { body: "" }] = reportsIn(folder, ["staging"], forkRun);
    const lines = body.split("\n");
    const open = lines.findIndex((line) => line.endsWith("text") && line.startsWith("`"));
    const fence = lines[open]!.replace("text", "");
    assert.ok(fence.length > 5, "longer than any within");
    assert.equal(lines.indexOf(fence), lines.length - 2, "ends once, at the end");
    assert.ok(lines.slice(open + 1, -2).join("\n").includes(evil));
    assert.match(lines.slice(0, open).join("\n"), /comes from a fork \(aaaaaaa\)/);
  });

  test("of a fork do not grow beyond a comment", () => {
    write("diff-staging.md", "x".repeat(200_000));
    const [{ body } = { body: "" }] = reportsIn(folder, ["staging"], forkRun);
    assert.ok(body.length < 65_000 && body.includes("the rest is in the run's summary"), String(body.length));
  });

  test("that are links, folders or too large are refused", () => {
    symlinkSync("/etc/hostname", join(folder, "diff-staging.md"));
    assert.throws(() => keys(forkRun), /no plain file/);
    rmSync(join(folder, "diff-staging.md"));
    write("diff-staging.md", "x".repeat(300_001));
    assert.throws(() => keys(ownRun), /300001 bytes/);
  });
});

test("the whole: reports of the event's run, to its pull request; the worst exit code counts", async () => {
  writeFileSync(join(folder, "diff-staging.md"), "a");
  writeFileSync(join(folder, "diff-prod.md"), "b");
  writeFileSync(join(folder, "event.json"), JSON.stringify({ workflow_run: ownRun }));
  const made: [Report, number][] = [];
  const pull = { number: 7, label: "acme:feature/a b", sha, repo: "acme/platform" };
  const env = (api: string) => ({ GITHUB_EVENT_PATH: join(folder, "event.json"), GITHUB_API_URL: api, GITHUB_TOKEN: "t" });
  const code = await github([pull], (api) => commentRun(folder, env(api), (report, number) => made.push([report, number]) - 1));
  assert.equal(code, 1);
  assert.deepEqual(made, [[{ key: "diff-prod", body: "b" }, 7], [{ key: "diff-staging", body: "a" }, 7]]);
  assert.equal(await github([], (api) => commentRun(folder, env(api), () => assert.fail("no pull request"))), 0);
  writeFileSync(join(folder, "event.json"), JSON.stringify({ workflow_run: { ...ownRun, event: "push" } }));
  await assert.rejects(github([pull], (api) => commentRun(folder, env(api), () => 0)), /not of a pull request/);
  await assert.rejects(commentRun(folder, {}, () => 0), /workflow_run/);
});
