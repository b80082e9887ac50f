/** `npm run preview -- --markdown` on the real engine: that the page's numbers are the engine's. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { projectRoot } from "../../cli/arguments.ts";
import { Environment } from "./environment.ts";

const environment = await Environment.open("staging");
after(() => environment.close());

const file = join(environment.folder, "preview.md");

/** The command's exit code and the page that it writes. */
async function page(...args: string[]): Promise<{ status: number | null; text: string }> {
  const command = ["--import", "./cli/preload.mjs", "cli/preview.ts", "staging", "--config-file", environment.stackFile, "--markdown", file, ...args];
  const child = spawn(process.execPath, command, { cwd: projectRoot, env: environment.env, stdio: ["ignore", "ignore", "inherit"] });
  const [status] = (await once(child, "close")) as [number | null];
  return { status, text: readFileSync(file, "utf8") };
}

interface Event {
  resourcePreEvent?: { metadata: { op: string; urn: string; old: { custom?: boolean } | null; new: { custom?: boolean } | null } };
  summaryEvent?: { resourceChanges: Record<string, number> };
}

/** What the engine itself counts of a preview, components left out, and the URNs that it would change. */
async function engine(): Promise<{ counts: Record<string, number>; urns: string[] }> {
  const { stdout } = await environment.operate("preview", ["--json"], { env: { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" } });
  const events = stdout.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Event);
  const steps = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent === undefined ? [] : [resourcePreEvent.metadata]));
  const counts = { ...events.find(({ summaryEvent }) => summaryEvent !== undefined)!.summaryEvent!.resourceChanges };
  for (const { op, old, new: next } of steps) if ((next ?? old)?.custom !== true && op !== "same") counts[op]! -= 1;
  return { counts, urns: steps.filter(({ op, old, new: next }) => op !== "same" && (next ?? old)?.custom === true).map(({ urn }) => urn) };
}

/** The cells of the table, a row for each part: `{ "`mooring`": { create: 9 } }`. */
function table(text: string): Record<string, Record<string, number>> {
  const [head = "", , ...rows] = text.split("\n").filter((line) => line.startsWith("|"));
  const cells = (row: string) => row.split("|").slice(1, -1).map((cell) => cell.trim());
  const verbs = cells(head);
  return Object.fromEntries(rows.map((row) => {
    const [where = "", ...others] = cells(row);
    const tenants = Number(/^(\d+) tenants/.exec(where)?.[1] ?? 1);
    return [where, Object.fromEntries(others.slice(0, -1).map((cell, index) => [verbs[index + 1]!, tenants * Number.parseInt(cell || "0", 10)]))];
  }));
}

const sum = (text: string, verb: string): number => Object.values(table(text)).reduce((all, row) => all + (row[verb] ?? 0), 0);

describe("the page of a preview", () => {
  test("of a first environment counts as the engine does, by tenant too", async () => {
    const [{ status, text }, { counts, urns }] = await Promise.all([page(), engine()]);
    assert.equal(status, 0, text);
    assert.deepEqual([text.split("\n")[0], sum(text, "create")], [`### Preview of \`staging\`: ${counts.create} to create`, counts.create]);
    const ofTenants = urns.filter((urn) => urn.includes("$mooring:tenant:Tenant$")).length;
    assert.ok(ofTenants > 30);
    const rows = Object.entries(table(text)).filter(([where]) => /tenant/.test(where));
    assert.equal(rows.reduce((all, [, row]) => all + row.create!, 0), ofTenants);
    for (const tenant of ["orders", "web", "operations"]) assert.ok(rows.some(([where]) => where.includes(`\`${tenant}\``)), tenant);
  });

  test("of changes in an environment that is up counts as the engine does, and tells whose they are", async () => {
    await environment.up();
    const nothing = await page();
    assert.deepEqual([nothing.status, /^### Preview of `staging`: no changes, \d+ unchanged\n\n\*\*Nothing changes\.\*\*\n$/.test(nothing.text)], [0, true], nothing.text);

    environment.configure((config) => {
      (config.tenants as Record<string, Record<string, unknown>>).orders!.quota = { cpu: "16", memory: "24Gi", pods: 80 };
      Object.assign((config.cluster as { pools: Record<string, object> }).pools, { batch: { max: 2, vmSize: "Standard_E4ds_v5", taints: ["workload=batch:NoSchedule"] } });
    });
    const [{ status, text }, { counts }] = await Promise.all([page(), engine()]);
    assert.equal(status, 1);
    assert.deepEqual([sum(text, "update"), sum(text, "replace")], [counts.update, counts.replace]);
    assert.deepEqual(table(text), { "`mooring-cluster`": { replace: 1, update: 0 }, "tenant `orders`": { replace: 0, update: 1 } });
    assert.match(text, /^- `AgentPool` `mooring-cluster-batch` would be replaced \(`vmSize`\), which loses /m);
    assert.match(text, /^- `ResourceQuota` `orders[^`]*`: `spec\.hard/m);
  });

  test("of a failure says why", async () => {
    environment.configure((config) => (config.tier = "nonsense"));
    const { status, text } = await page();
    assert.equal(status, 1);
    assert.match(text, /^\*\*The preview failed/m);
    assert.match(text, /`mooring:tier: "nonsense" is not one of production, nonproduction`/);
  });

  test("has no secret of the environment in it", async () => {
    const { stdout } = await environment.run(["stack", "export", "--show-secrets", "--stack", environment.stack]);
    const keys = [...stdout.matchAll(/-----BEGIN OPENSSH PRIVATE KEY-----\\+n([A-Za-z0-9+/]{40})/g)].map(([, start]) => start!);
    assert.ok(keys.length > 0);
    environment.configure((config) => Object.assign(config, { tier: "nonproduction", tenants: {} }));
    await environment.unprotect();
    const { text } = await page();
    // Each key is in a step of these, with its Secret.
    assert.match(text, /^- `Secret` `\w+-deploy-key`, /m);
    assert.ok(keys.every((key) => !text.includes(key)));
  });
});
