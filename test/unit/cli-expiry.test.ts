import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parse } from "yaml";
import { projectRoot } from "../../cli/arguments.ts";
import { endings, expiry } from "../../cli/expiry.ts";
import { settings } from "../settings.ts";

const root = mkdtempSync(join(tmpdir(), "mooring-expiry-"));
after(() => rmSync(root, { recursive: true }));
writeFileSync(join(root, "Pulumi.yaml"), "name: mooring\nruntime: nodejs\n");

const base = `config:
  mooring:platform: acme
  mooring:tier: nonproduction
  mooring:owner: platform@acme.example
  mooring:azure: {tenant: 5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e, subscription: 8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d, location: westeurope}
  mooring:cluster: {administrators: [3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01]}
  mooring:github: {owner: acme}
`;
const old = { name: "old", azureDevOps: { organizationId: "1b671a64-40d5-491e-99b0-da01ff1f3341", organization: "acme", project: "platform", connection: "acr" } };
const current = { name: "new", azureDevOps: { organizationId: "1b671a64-40d5-491e-99b0-da01ff1f3341", connectionId: "7f3a1b2c-8d4e-4f5a-9b6c-0d1e2f3a4b5c" } };
const abac = { existing: { name: "cracmeshared", resourceGroup: "rg-shared", permissions: "abac" } };

writeFileSync(join(root, "Pulumi.plain.yaml"), base);
writeFileSync(
  join(root, "Pulumi.dated.yaml"),
  `${base}  mooring:pipelines: {build: {password: {secrets: [{number: 3, expires: "2027-05-01"}, {number: 2, expires: "2027-02-01"}]}}, deploy: {trust: [${JSON.stringify(old)}]}}\n`,
);
writeFileSync(join(root, "Pulumi.wrong.yaml"), base.replace("acme\n", "ACME\n"));

const on = (today: string, stacks = ["dated"], days = 30) => expiry(root, stacks, { days, today: new Date(today) });

describe("what ends", () => {
  test("passwords with their numbers, the newest first", () => {
    const pipelines = { build: { password: { secrets: [{ number: 3, expires: "2027-05-01" }, { number: 2, expires: "2027-02-01" }] } }, deploy: { password: { secrets: [{ number: 1, expires: "2028-01-01" }] } } };
    assert.deepEqual(
      endings(settings({ pipelines })).map(({ path, what, day }) => [path, what, day]),
      [
        ["mooring:pipelines.build.password.secrets[0]", "password 3", "2027-05-01"],
        ["mooring:pipelines.build.password.secrets[1]", "password 2", "2027-02-01"],
        ["mooring:pipelines.deploy.password.secrets[0]", "password 1", "2028-01-01"],
      ],
    );
  });

  test("service connections of the old form, in pipelines and of teams, and no other trust", () => {
    const github = { name: "github", github: { repository: "acme/orders", branch: "main" } };
    const written = { name: "by-hand", issuer: "https://vstoken.dev.azure.com/1b671a64-40d5-491e-99b0-da01ff1f3341", subject: "sc://acme/platform/aks" };
    const found = endings(settings({ registry: abac, pipelines: { build: { trust: [current, old] }, deploy: { trust: [github, written] } }, tenants: { orders: { build: { trust: [github, old] } } } }));
    assert.deepEqual(found.map(({ path, day }) => [path, day]), [
      ["mooring:pipelines.build.trust[1]", "2027-07-01"],
      ["mooring:pipelines.deploy.trust[1]", "2027-07-01"],
      ["mooring:tenants.orders.build.trust[1]", "2027-07-01"],
    ]);
  });

  test("a team's own file is named", () => {
    mkdirSync(join(root, "teams"), { recursive: true });
    writeFileSync(join(root, "teams/orders.yaml"), `build: {trust: [${JSON.stringify(old)}]}\n`);
    writeFileSync(join(root, "Pulumi.files.yaml"), `${base}  mooring:registry: ${JSON.stringify(abac)}\n  mooring:tenantsFolder: teams\n`);
    assert.match(on("2026-11-21", ["files"]).lines[0] ?? "", /^ok {7}files: teams\/orders\.yaml: build\.trust\[0\] \(service connection old, of the old form\) ends on 2027-07-01, in 222 days$/);
  });
});

describe("days left", () => {
  test("all far away: a line each, and right", () => {
    assert.deepEqual(on("2026-11-21T23:59:59Z"), {
      right: true,
      lines: [
        "ok       dated: mooring:pipelines.build.password.secrets[0] (password 3) ends on 2027-05-01, in 161 days",
        "ok       dated: mooring:pipelines.build.password.secrets[1] (password 2) ends on 2027-02-01, in 72 days",
        "ok       dated: mooring:pipelines.deploy.trust[0] (service connection old, of the old form) ends on 2027-07-01, in 222 days",
        "dated: nothing ends within 30 days",
      ],
    });
  });

  test("31 days before it is right, 30 days before not, whatever the hour", () => {
    assert.equal(on("2027-01-01T23:59:59Z").right, true);
    assert.equal(on("2027-01-02T00:00:00Z").right, false);
    assert.equal(on("2027-01-02T00:00:00Z", ["dated"], 29).right, true);
  });

  test("the older password is to be dropped, the newest to get a successor, a connection to be converted", () => {
    assert.deepEqual(on("2027-01-31").lines.slice(1), [
      "soon     dated: mooring:pipelines.build.password.secrets[1] (password 2) ends on 2027-02-01, in 1 day; drop its line once every pipeline has password 3",
      "ok       dated: mooring:pipelines.deploy.trust[0] (service connection old, of the old form) ends on 2027-07-01, in 151 days",
      "dated: 1 of 3 have ended or end within 30 days",
    ]);
    assert.deepEqual(on("2027-06-30").lines, [
      "ended    dated: mooring:pipelines.build.password.secrets[0] (password 3) ended on 2027-05-01, 60 days ago; put a line with number 4 on top of it",
      "ended    dated: mooring:pipelines.build.password.secrets[1] (password 2) ended on 2027-02-01, 149 days ago; drop its line once every pipeline has password 3",
      "soon     dated: mooring:pipelines.deploy.trust[0] (service connection old, of the old form) ends on 2027-07-01, in 1 day; convert it in Azure DevOps and write its connectionId instead",
      "dated: 3 of 3 have ended or end within 30 days",
    ]);
  });

  test("on its day it has ended", () => {
    assert.match(on("2027-02-01").lines[1] ?? "", /^ended .* ended on 2027-02-01, today; /);
  });
});

test("nothing that ends is right; a stack file with mistakes is not, and hides no other's", () => {
  assert.deepEqual(on("2026-11-21", ["plain"]), { right: true, lines: ["plain: nothing has an end"] });
  const { right, lines } = on("2026-11-21", ["wrong", "dated"]);
  assert.equal(right, false);
  assert.match(lines[0] ?? "", /^wrong {4}wrong: mooring:platform: "ACME" is not a platform name/);
  assert.equal(lines.length, 5);
  assert.equal(lines[4], "wrong, dated: 1 mistake; besides, nothing ends within 30 days");
});

describe("the command", () => {
  const run = (...argv: string[]) => spawnSync(process.execPath, [join(projectRoot, "cli/expiry.ts"), ...argv], { encoding: "utf8", cwd: root, env: { PATH: "/nowhere" } });

  test("takes all stack files when none is named", () => {
    const { stdout, stderr } = run();
    assert.equal(stderr, "");
    assert.match(stdout, /^local, prod, staging: /m);
  });

  test("takes several, and says which there is not", () => {
    const { status, stdout } = run("staging", "nowhere");
    assert.equal(status, 1);
    assert.match(stdout, /^wrong {4}nowhere: stack nowhere: there is no file Pulumi\.nowhere\.yaml/);
  });

  test("exits with 2 for what is no number of days or no stack", () => {
    assert.deepEqual([run("--days", "soon").status, run("--days=-1").status, run("../x").status], [2, 2, 2]);
    assert.match(run("--days", "soon").stderr, /^--days soon: write a number of days\nusage: npm run expiry -- /);
  });
});

test("the scheduled job runs the command, with the right to read and no other", () => {
  const workflow = parse(readFileSync(join(projectRoot, ".github/workflows/expiry.yml"), "utf8")) as {
    on: { schedule: { cron: string }[] };
    permissions: Record<string, string>;
    jobs: Record<string, { permissions?: unknown; steps: { run?: string; uses?: string }[] }>;
  };
  assert.match(workflow.on.schedule[0]?.cron ?? "", /^\d+ \d+ \* \* [0-6]$/, "once a week");
  assert.deepEqual(workflow.permissions, { contents: "read" });
  for (const { permissions, steps } of Object.values(workflow.jobs)) {
    assert.equal(permissions, undefined);
    assert.ok(steps.some(({ run }) => run === "npm run expiry"));
    for (const { uses } of steps) assert.match(uses ?? "actions/x@v1", /^actions\/[a-z-]+@v\d+$/);
  }
});
