/** Who is told, and that nobody who is not reached fails a build. */
import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { mooring, TeamRepository } from "../scaffold/repository.ts";
import type { Ended } from "../scaffold/repository.ts";

const token = "k9Wx2mVb7Qr4Tz1Lp8Hd";

/** What arrives: a call with the receiver's path counts when its signature is right, as in notification-controller's receiver of the type generic-hmac. */
interface Arrived {
  path: string;
  body: string;
  accepted: boolean;
}
const arrived: Arrived[] = [];
/** Answers before the real ones. */
let troubles: number[] = [];

const server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (part: string) => { body += part; }).on("end", () => {
    const trouble = troubles.shift();
    const hook = request.url?.startsWith("/hook/") === true;
    const expected = Buffer.from(`sha256=${createHmac("sha256", token).update(body).digest("hex")}`);
    const given = Buffer.from(String(request.headers["x-signature"] ?? ""));
    const accepted = request.method === "POST" && (!hook || (given.length === expected.length && timingSafeEqual(given, expected)));
    arrived.push({ path: request.url ?? "", body, accepted: accepted && trouble === undefined });
    response.writeHead(trouble ?? (accepted ? 200 : 400)).end();
  });
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => server.close());

let repository: TeamRepository;
beforeEach(() => {
  arrived.length = 0;
  troubles = [];
  repository = TeamRepository.of("kustomize", []);
});
afterEach(() => repository.remove());

const notify = (variables: Record<string, string> = {}): Promise<Ended> =>
  repository.build(["notify"], { MOORING: mooring("staging", { receiver: `${address}/hook/0a1b` }), MOORING_RECEIVER_TOKEN: token, ...variables });

test("Flux's receiver is called with a signature of the body", async () => {
  const { code, stderr } = await notify();
  assert.equal(code, 0);
  assert.match(stderr, /Flux was told/);
  assert.deepEqual(arrived, [{ path: "/hook/0a1b", body: JSON.stringify({ team: "orders", commit: repository.head() }), accepted: true }]);
});

test("a receiver that is busy is called again; one that refuses is not, and the build goes on with a warning", async () => {
  troubles = [503];
  assert.match((await notify()).stderr, /Flux was told/);
  assert.deepEqual(arrived.map(({ accepted }) => accepted), [false, true]);
  arrived.length = 0;
  for (const actions of ["", "true"]) {
    const { code, stderr } = await notify({ MOORING_RECEIVER_TOKEN: "another", GITHUB_ACTIONS: actions });
    assert.equal(code, 0);
    assert.match(stderr, /^(::warning::|warning: )Flux could not be told; it looks by itself within its interval$/m);
  }
  assert.deepEqual(arrived.map(({ accepted }) => accepted), [false, false]);
});

test("without a receiver or a token nobody is called", async () => {
  assert.match((await notify({ MOORING: mooring("staging") })).stderr, /staging has no receiver/);
  // As Azure DevOps leaves a secret that is not there.
  for (const absent of ["", "$(MOORING_RECEIVER_TOKEN)"]) assert.match((await notify({ MOORING_RECEIVER_TOKEN: absent })).stderr, /MOORING_RECEIVER_TOKEN is not set/);
  assert.deepEqual(arrived, []);
});

test("the receiver's token stands in no command line", async () => {
  // curl and python3 write down how they were called.
  for (const name of ["curl", "python3"]) repository.program(name, `#!/bin/sh\nprintf '%s\\n' "$*" >>"$HOME/lines"\nPATH="\${PATH#*:}" exec ${name} "$@"\n`);
  assert.match((await notify()).stderr, /Flux was told/);
  assert.equal((await repository.build(["announce", "success"], { TEAM_WEBHOOK: `${address}/channel/secret` })).code, 0);
  const lines = readFileSync(join(repository.root, "lines"), "utf8");
  assert.match(lines, /X-Signature: sha256=[0-9a-f]{64}/);
  assert.ok(!lines.includes(token) && !lines.includes("/channel/secret"), lines);
});

const pull = { GITHUB_ACTIONS: "true", GITHUB_REF: "refs/pull/12/merge", PULL_REQUEST_COMMIT: "1234567890abcdef1234567890abcdef12345678", GH_TOKEN: "token", GITHUB_REPOSITORY: "acme/orders" };

test("the result is told on the job's page, in one comment of the pull request, and in the channel", async () => {
  const page = join(repository.root, "summary.md");
  const run = { GITHUB_SERVER_URL: "https://github.com", GITHUB_RUN_ID: "7", GITHUB_STEP_SUMMARY: page, NOTES: "| `host/orders/api:pr-12-1234567` | `sha256:ab` |\nPromotion to prod: somewhere" };
  for (const state of ["failure", "success"]) assert.equal((await repository.build(["announce", state], { ...pull, ...run, TEAM_WEBHOOK: `${address}/channel` })).code, 0);
  const log = "([log](https://github.com/acme/orders/actions/runs/7))";
  const told = `### pull request 12 at 1234567 ✅ succeeded ${log}\n\n| image | digest |\n|---|---|\n| \`host/orders/api:pr-12-1234567\` | \`sha256:ab\` |\n\nPromotion to prod: somewhere\n`;
  assert.equal(readFileSync(page, "utf8").slice(-told.length), told);
  assert.deepEqual(repository.world().comments["12"]?.map(({ body }) => body), [`<!-- build -->\n${told}`]);
  assert.deepEqual(arrived.map(({ body }) => JSON.parse(body) as unknown), [
    { text: `orders: pull request 12 at 1234567 ❌ failed ${log}` },
    { text: `orders: pull request 12 at 1234567 ✅ succeeded ${log}` },
  ]);
});

test("who cannot be told does not fail the build; a wrong state does", async () => {
  troubles = [403];
  const { code, stderr } = await repository.build(["announce", "cancelled"], { ...pull, GH_TOKEN: "", TEAM_WEBHOOK: `${address}/channel` });
  assert.equal(code, 0);
  assert.match(stderr, /the team's channel could not be told/);
  const azure = await repository.build(["announce", "SucceededWithIssues"], { TF_BUILD: "True", BUILD_SOURCEBRANCH: "refs/heads/main", TEAM_WEBHOOK: "$(TEAM_WEBHOOK)" });
  assert.equal(azure.code, 0, azure.stderr);
  const [, summary] = /^##vso\[task\.uploadsummary\](.*)$/m.exec(azure.stdout) ?? [];
  assert.ok(summary !== undefined && existsSync(summary), azure.stdout);
  assert.equal((await repository.build(["announce", "sucess"])).code, 1);
});

test("a channel of Discord or Microsoft Teams gets the form that it takes", async () => {
  // curl of the script goes to this server whatever the address.
  repository.program("curl", `#!/bin/sh\ncase "$*" in *--data-binary*) ;; *) exit 2 ;; esac\nwhile [ $# -gt 0 ]; do [ "$1" = --data-binary ] && printf '%s' "$2" >"$HOME/sent"; shift; done\n`);
  const sent = async (webhook: string): Promise<unknown> => {
    assert.equal((await repository.build(["announce", "success"], { TEAM_WEBHOOK: webhook })).code, 0);
    return JSON.parse(readFileSync(join(repository.root, "sent"), "utf8")) as unknown;
  };
  assert.deepEqual(Object.keys((await sent("https://discord.com/api/webhooks/1/a")) as object), ["content"]);
  for (const teams of ["https://acme.webhook.office.com/webhookb2/1", "https://prod-12.westeurope.logic.azure.com:443/workflows/1", "https://default0a.1b.environment.api.powerplatform.com/workflows/1"]) {
    const { attachments } = (await sent(teams)) as { attachments: { contentType: string }[] };
    assert.equal(attachments[0]?.contentType, "application/vnd.microsoft.card.adaptive");
  }
  assert.deepEqual(Object.keys((await sent("https://hooks.slack.com/services/1")) as object), ["text"]);
});
