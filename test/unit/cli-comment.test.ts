/** `npm run comment` against stand-ins for GitHub and Azure DevOps, with the environments that pipelines give. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, describe, test } from "node:test";
import { Failure, projectRoot } from "../../cli/arguments.ts";
import { comment } from "../../cli/comment.ts";
import { marker, NotAllowed } from "../../cli/comment/keep.ts";
import { placeOf } from "../../cli/comment/place.ts";
import { startAzureDevOps, startGithub } from "./pull-request-servers.ts";

const folder = mkdtempSync(join(tmpdir(), "mooring-comment-"));
const file = join(folder, "body.md");
const event = join(folder, "event.json");
const tokens = { good: { login: "github-actions[bot]", writes: true }, reader: { login: "github-actions[bot]", writes: false }, other: { login: "somebody", writes: true } };

const github = await startGithub(tokens);
const enterprise = await startGithub(tokens, "/api/v3");
const devops = await startAzureDevOps({ good: { login: "build-service-id", writes: true }, reader: { login: "build-service-id", writes: false } });
after(async () => {
  await Promise.all([github, enterprise, devops].map((service) => service.close()));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  for (const { comments, calls } of [github, enterprise, devops]) {
    comments.splice(0);
    calls.splice(0);
  }
});

const actions = { GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "acme/platform", GITHUB_EVENT_PATH: event, GITHUB_API_URL: github.url, GITHUB_TOKEN: "good" };
const pipelines = { TF_BUILD: "True", GITHUB_API_URL: github.url, BUILD_REPOSITORY_PROVIDER: "GitHub", BUILD_REPOSITORY_NAME: "acme/platform", SYSTEM_PULLREQUEST_PULLREQUESTNUMBER: "7", SYSTEM_PULLREQUEST_PULLREQUESTID: "99887766", GITHUB_TOKEN: "good" };
const repos = { TF_BUILD: "True", BUILD_REPOSITORY_PROVIDER: "TfsGit", BUILD_REPOSITORY_ID: "repo-id", SYSTEM_TEAMPROJECTID: "project-id", SYSTEM_COLLECTIONURI: `${devops.url}/`, SYSTEM_PULLREQUEST_PULLREQUESTID: "7", SYSTEM_ACCESSTOKEN: "good" };

interface Call {
  body?: string;
  key?: string;
  /** What stands in the event's file. */
  about?: object;
  repository?: string;
  number?: number;
}

/** What the command would end with, and say. */
async function called(env: Record<string, string>, { body = "The plan.", key = "preview-staging", about = { pull_request: { number: 7 } }, ...given }: Call = {}) {
  writeFileSync(file, body);
  writeFileSync(event, JSON.stringify(about));
  try {
    return { status: 0, stdout: await comment(env, key, file, given), stderr: "" };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { status: error instanceof NotAllowed ? 3 : 1, stdout: "", stderr: error.message };
  }
}

/** The command itself, with nothing but this environment; the servers live in this process. */
async function run(env: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [join(projectRoot, "cli/comment.ts"), ...args], { env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [status] = (await once(child, "close")) as [number];
  return { status, stdout, stderr };
}

const written = (body: string, key = "preview-staging"): string => `${marker(key)}\n\n${body}\n`;

for (const [where, service, env, self] of [
  ["GitHub, from GitHub Actions", github, actions, "github-actions[bot]"],
  ["GitHub, from Azure Pipelines", github, pipelines, "github-actions[bot]"],
  ["an Enterprise Server", enterprise, { ...actions, GITHUB_API_URL: `${enterprise.url}/api/v3` }, "github-actions[bot]"],
  ["Azure Repos", devops, repos, "build-service-id"],
] as const) {
  describe(`at ${where}`, () => {
    test("a comment is made once and then kept up to date", async () => {
      const first = await called(env);
      assert.deepEqual([first.status, first.stdout, first.stderr], [0, "preview-staging: comment made on pull request 7", ""]);
      assert.equal((await called(env, { body: "Another plan." })).stdout, "preview-staging: comment updated on pull request 7");
      assert.deepEqual(service.comments.map(({ author, body }) => [author, body]), [[self, written("Another plan.")]]);
      service.calls.splice(0);
      assert.equal((await called(env, { body: "Another plan.\n" })).stdout, "preview-staging: comment unchanged on pull request 7");
      assert.ok(service.calls.every((call) => call.startsWith("GET ") || call.endsWith("/graphql")), "what is right already is not written");
    });

    test("each key has a comment of its own", async () => {
      for (const key of ["preview-staging", "preview-prod", "preview"]) assert.equal((await called(env, { key })).status, 0);
      assert.equal(service.comments.length, 3);
    });

    test("what others wrote is left alone, whatever they wrote, and what quotes the marker", async () => {
      service.comments.push({ id: 1, author: "mallory", body: written("Nothing changes.") }, { id: 2, author: self, body: `Somebody wrote:\n${written("x")}` });
      const before = structuredClone(service.comments);
      await called(env);
      assert.deepEqual(service.comments.slice(0, 2), before);
      assert.equal(service.comments.length, 3);
    });

    test("its own is found behind many others, and with other line ends", async () => {
      for (let id = 1; id <= 250; id++) service.comments.push({ id, author: "somebody", body: "LGTM" });
      service.comments.push({ id: 251, author: self, body: written("Old.").replaceAll("\n", "\r\n") });
      assert.equal((await called(env)).stdout, "preview-staging: comment updated on pull request 7");
      assert.deepEqual([service.comments.length, service.comments.at(-1)!.body], [251, written("The plan.")]);
    });

    test("a token that may only read ends with 3 and says why", async () => {
      const token = "SYSTEM_ACCESSTOKEN" in env ? "SYSTEM_ACCESSTOKEN" : "GITHUB_TOKEN";
      const { status, stderr } = await called({ ...env, [token]: "reader" });
      assert.equal(status, 3);
      assert.match(stderr, /^the token may not do this at .* It needs .*(pull-requests: write|Contribute to pull requests).* fork/);
      // In a run for a fork Azure Pipelines hands on the name itself.
      for (const none of ["", "$(GITHUB_TOKEN)"]) {
        const { status, stderr } = await called({ ...env, [token]: none });
        assert.deepEqual([status, stderr.startsWith(`${token} is not set. Hand it to this step`)], [3, true]);
      }
      assert.equal(service.comments.length, 0);
    });

    test("a token that is not taken ends with 1, and is not shown", async () => {
      const { status, stderr } = await called({ ...env, GITHUB_TOKEN: "expired-token", SYSTEM_ACCESSTOKEN: "expired-token" });
      assert.deepEqual([status, /does not take the token/.test(stderr), stderr.includes("expired-token")], [1, true, false]);
    });

    test("a pull request that is not there ends with 1", async () => {
      const { status, stderr } = await called(env, { number: 8 });
      assert.deepEqual([status, /knows no pull request 8 in .*, or the token may not see it$/.test(stderr)], [1, true]);
    });

    test("as much as the service takes is commented, and no more", async () => {
      const limit = service === devops ? 150_000 : 65_536;
      const room = limit - written("").length;
      assert.equal((await called(env, { body: "x".repeat(room) })).status, 0);
      const { status, stderr } = await called(env, { body: "x".repeat(room + 1) });
      assert.deepEqual([status, stderr], [1, `the comment has ${limit + 1} characters and ${limit} is the most; shorten the body`]);
    });
  });
}

describe("at Azure Repos", () => {
  test("a comment that somebody deleted is made anew", async () => {
    devops.comments.push({ id: 1, author: "build-service-id", body: "", deleted: true });
    assert.match((await called(repos)).stdout, /comment made/);
  });
});

describe("the pull request", () => {
  test("of an event that is a comment on one", async () => assert.equal((await called(actions, { about: { issue: { number: 7, pull_request: {} } } })).status, 0));

  test("must be named where the event has none", async () => {
    for (const about of [{}, { issue: { number: 7 } }]) {
      const { status, stderr } = await called(actions, { about });
      assert.deepEqual([status, stderr], [1, "this run is for no pull request; give --pull-request NUMBER, or run it for pull requests only"]);
    }
    assert.equal((await called(actions, { about: {}, number: 7 })).status, 0);
  });

  test("on a laptop is named with its repository", async () => {
    const laptop = { GITHUB_TOKEN: "good", GITHUB_API_URL: github.url };
    assert.match((await called(laptop)).stderr, /give --repository OWNER\/NAME and --pull-request NUMBER/);
    assert.equal((await called(laptop, { repository: "acme/platform", number: 7 })).status, 0);
  });
});

describe("the address of the API", () => {
  const api = (uri: string) => {
    const place = placeOf({ ...pipelines, GITHUB_API_URL: undefined, BUILD_REPOSITORY_URI: uri });
    return place.service === "github" ? [place.api, place.graphql] : [];
  };
  test("follows from the repository's in Azure Pipelines", () => {
    assert.deepEqual(api("https://github.com/acme/platform"), ["https://api.github.com", "https://api.github.com/graphql"]);
    assert.deepEqual(api("https://acme.ghe.com/acme/platform"), ["https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"]);
    assert.deepEqual(api("https://git.acme.example/acme/platform"), ["https://git.acme.example/api/v3", "https://git.acme.example/api/graphql"]);
  });
  test("is an https one, or the token stays here", () => {
    assert.throws(() => placeOf({ ...pipelines, GITHUB_API_URL: "http://git.acme.example/api/v3" }), /GITHUB_API_URL: http:.* is not an https address/);
    assert.throws(() => placeOf({ ...repos, SYSTEM_COLLECTIONURI: "http://tfs.acme.example/" }), /SYSTEM_COLLECTIONURI/);
  });
});

test("an empty body, another service, or one that is not there ends with 1 and a line", async () => {
  assert.match((await called(actions, { body: "\n" })).stderr, /is empty; there is nothing to comment$/);
  assert.match((await called({ ...pipelines, BUILD_REPOSITORY_PROVIDER: "Bitbucket" })).stderr, /^comments are made at GitHub and Azure Repos, not at Bitbucket/);
  assert.match((await called({ ...actions, GITHUB_API_URL: "http://127.0.0.1:1" })).stderr, /^GitHub cannot be reached at 127\.0\.0\.1:1: /);
});

describe("npm run comment", () => {
  test("comments, and ends with 0, 3 or 1", async () => {
    writeFileSync(file, "The plan.");
    writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
    const args = ["--body", file, "--key", "diff-prod"];
    assert.deepEqual(await run(actions, ...args), { status: 0, stdout: "diff-prod: comment made on pull request 7\n", stderr: "" });
    writeFileSync(file, "Another plan.");
    const { status, stderr } = await run({ ...actions, GITHUB_TOKEN: "reader" }, ...args);
    assert.deepEqual([status, stderr.split("\n").length], [3, 2]);
    assert.equal((await run({ ...actions, GITHUB_TOKEN: "ended" }, ...args)).status, 1);
    assert.equal((await run({}, ...args, "--repository", "acme/platform", "--pull-request", "7")).status, 3);
  });

  test("ends with 2 and the usage when it is called wrongly", async () => {
    const right = { "--body": file, "--key": "a", "--pull-request": "7", "--repository": "a/b" };
    for (const wrong of [{ "--key": "a b" }, { "--pull-request": "x" }, { "--repository": "acme" }, { "--body": undefined }]) {
      const args = Object.entries({ ...right, ...wrong }).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
      const { status, stderr } = await run(actions, ...args);
      assert.deepEqual([args, status, /usage: npm run comment -- --body FILE --key NAME/.test(stderr)], [args, 2, true]);
    }
  });
});
