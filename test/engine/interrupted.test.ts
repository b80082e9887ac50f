/**
 * Runs that end before they are done: by Ctrl-C, which the engine answers by finishing what is under way, and by
 * SIGKILL, which leaves a lock and operations of which nobody knows how they ended. Each goes on where the one before
 * stopped.
 */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { runToEnd } from "../../local/pulumi-process.ts";
import type { RunResult } from "../../local/pulumi-process.ts";
import type { State } from "../../local/standins/github/account.ts";
import { collectionPath } from "../../local/standins/kubernetes/rest.ts";
import { Environment, typeOf } from "./environment.ts";
import type { StateResource } from "./environment.ts";

const root = join(import.meta.dirname, "../..");

const moments: [string, RegExp][] = [
  ["in Azure", /:ManagedCluster mooring-cluster creating/],
  ["at a GitHub repository", /:Repository \S+ creating/],
  ["at the chart", /:Release mooring-flux creating/],
  ["among the objects of the tenants", / kubernetes:core\/v1:ServiceAccount \S+ creating/],
];

/** Runs an `up` and sends `signal` at the first line that matches. */
async function upInterrupted(environment: Environment, signal: NodeJS.Signals, line: RegExp): Promise<RunResult> {
  let engine: ChildProcess | undefined;
  let seen = false;
  const result = await environment.operate("up", ["--yes", "--skip-preview"], {
    onStart: (child) => (engine = child),
    onLine: (text) => {
      if (seen || !line.test(text)) return;
      seen = true;
      engine!.kill(signal);
    },
  });
  assert.ok(seen, `the run ended by itself without such a line:\n${result.stdout.slice(-2000)}`);
  assert.notEqual(result.code, 0);
  return result;
}

/** Whether an `up` goes through and leaves nothing to do. */
async function converges(environment: Environment): Promise<void> {
  await environment.up();
  assert.deepEqual(await environment.preview(), []);
}

function locks({ stateFolder }: Environment): string[] {
  return readdirSync(join(stateFolder, ".pulumi/locks"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".json"));
}

describe("Ctrl-C", () => {
  let environment: Environment;
  before(async () => {
    environment = await Environment.open("staging", { checkpoints: true });
  });
  after(() => environment.close());

  for (const [when, line] of [["at the start", /:ResourceGroup \S+ creating/] as [string, RegExp], ...moments]) {
    test(`${when}: the run says that it was cancelled, and unlocks the state`, async () => {
      const { stdout, stderr } = await upInterrupted(environment, "SIGINT", line);
      // Whichever end comes first, the engine's or the program's.
      assert.match(stdout + stderr, /error: update canceled|the program was ended by SIGINT/);
      assert.deepEqual(locks(environment), []);
    });
  }

  test("the next up brings everything there is to bring", () => converges(environment));
});

describe("SIGKILL", () => {
  let environment: Environment;
  before(async () => {
    environment = await Environment.open("staging", { checkpoints: true });
  });
  after(() => environment.close());
  const adopted: string[] = [];

  /** Runs `npm run recover -- staging`. */
  function recover(...options: string[]): Promise<RunResult> {
    const args = ["--import", "./cli/preload.mjs", "cli/recover.ts", "staging", "--config-file", environment.stackFile, ...options];
    return runToEnd(process.execPath, args, environment.env, { cwd: root });
  }

  /** The stand-in lives on and finishes the chart; a kill before it was asked leaves nothing to wait for. */
  async function chartSettled(): Promise<void> {
    const deadline = Date.now() + 5_000;
    const records = () => environment.kubernetes.list(collectionPath("v1", "secrets", "flux-system"), { labelSelector: "owner=helm" });
    while (Date.now() < deadline && (await records()).length === 0) await pass(100);
  }

  /** Recovers, and does what it asks a person to do. */
  async function recovered(...options: string[]): Promise<void> {
    const { code, stdout, stderr } = await recover(...options);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Next: `npm run preview -- staging`|no operation is pending/);
    adopted.push(...stdout.split("\n").filter((line) => line.startsWith("adopted ")));
    for (const [, kind, name, repository] of stdout.matchAll(/remove the (deploy key|ruleset) "(.+?)" from acme\/(\S+) /g)) removeAtGithub(kind!, name!, repository!);
    assert.deepEqual(await pending(), []);
  }

  async function pending(): Promise<unknown[]> {
    const { stdout } = await environment.run(["stack", "export", "--stack", "staging"]);
    return (JSON.parse(stdout) as { deployment: { pending_operations?: unknown[] } }).deployment.pending_operations ?? [];
  }

  const githubFile = (): string => join(environment.repositories, "github.json");
  const github = (): State => JSON.parse(readFileSync(githubFile(), "utf8")) as State;

  function removeAtGithub(kind: string, called: string, repository: string): void {
    const state = github();
    const repoId = state.repositories.find(({ name }) => name === repository)?.repoId;
    const left =
      kind === "ruleset"
        ? { rulesets: state.rulesets.filter((ruleset) => ruleset.repoId !== repoId || ruleset.inputs.name !== called) }
        : { keys: state.keys.filter((key) => key.repoId !== repoId || key.title !== called) };
    writeFileSync(githubFile(), JSON.stringify({ ...state, ...left }), { mode: 0o600 });
  }

  for (const [when, line] of moments) {
    test(`${when}: nobody gets past the lock unasked, and recover lifts it`, async () => {
      await upInterrupted(environment, "SIGKILL", line);
      const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"]);
      assert.notEqual(code, 0);
      // A state in files can also have been cut off while it was written.
      assert.match(stdout + stderr, /currently locked by 1 lock\(s\).+`pulumi cancel`|failed to load checkpoint: EOF/);
      const refused = await recover();
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /^staging is locked: created by .+ `npm run recover -- staging --cancel`|killed while it wrote the state/);
      assert.equal(locks(environment).length, 1);
      if (when === "at the chart") await chartSettled();
      await recovered("--cancel");
      assert.deepEqual(locks(environment), []);
    });
  }

  test("pulumi cancel alone lifts the lock too; an up then ends well or names what exists, and recover takes that over", async () => {
    await upInterrupted(environment, "SIGKILL", /:(Kustomization|ResourceQuota|NetworkPolicy|RoleBinding) \S+ creating/);
    const cancelled = await environment.run(["cancel", "--yes", "--stack", "staging"]);
    if (cancelled.code === 0) {
      const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"]);
      if (code !== 0) assert.match(stdout + stderr, /already exists|already in use|must be unique/);
      await recovered();
    } else {
      // Here only recover helps: the state was cut off.
      assert.match(cancelled.stderr, /failed to load checkpoint: EOF/);
      await recovered("--cancel");
    }
  });

  test("after recover the next up brings everything there is to bring", async () => {
    await converges(environment);
    assert.ok(adopted.length > 0, "no kill left anything to adopt: these moments test nothing");
  });

  test("nothing exists twice, or unknown to the state", async () => {
    const state = await environment.state();
    assert.deepEqual(state.map(({ urn }) => urn), [...new Set(state.map(({ urn }) => urn))]);
    for (const { type, id, outputs } of state as (StateResource & { id?: string })[]) {
      const { namespace, name } = (type.startsWith("kubernetes:") ? (outputs?.metadata ?? {}) : {}) as { namespace?: string; name?: string };
      if (name !== undefined) assert.equal(id, namespace === undefined ? name : `${namespace}/${name}`);
    }
    const { repositories, keys } = github();
    assert.deepEqual(repositories.map(({ name }) => name).sort(), ["operations", "orders", "web"]);
    assert.deepEqual(keys.map(({ repoId }) => repoId).sort(), repositories.map(({ repoId }) => repoId).sort());
    const known = state.filter(({ urn }) => typeOf(urn).endsWith(":RepositoryDeployKey")).map(({ inputs }) => inputs?.key);
    assert.deepEqual(keys.map(({ key }) => key).sort(), known.sort());
  });

  test("with nothing pending, recover says so", async () => {
    const { code, stdout, stderr } = await recover();
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "staging: no operation is pending.\n");
  });
});
