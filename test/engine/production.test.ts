/**
 * What changes of settings do to running production environments: which go through, which are stopped; that what AKS does
 * by itself is no change; and how such an environment comes to its end.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { actAsAks } from "../../local/standins/azure/act.ts";
import { Cloud } from "../../local/standins/azure/cloud.ts";
import type { Environment } from "./environment.ts";
import { changed, planOf, settingsOf } from "./plans.ts";
import type { Settings } from "./plans.ts";
import { changedArguments, writtenArguments } from "./production/arguments.ts";
import { stopped, stoppedAmongExisting, stoppedPool } from "./production/create-only.ts";
import type { Stop } from "./production/create-only.ts";
import { exemptArguments, exemptSettings } from "./production/exempt.ts";
import { changes, changesAmongExisting, changesAmongShared } from "./production/mutable.ts";
import type { Change } from "./production/mutable.ts";
import { objects, remade, remadeAmongExisting, remadeAmongShared } from "./production/remade.ts";
import { azureSettings, differences } from "./production/settings.ts";
import { openEverything, openExisting, openShared } from "./production/stack.ts";

/** Previews do not lock the state. */
const concurrency = 2;
/** Settings of which a change was previewed. */
const covered = new Set<string>();
/** Create-only arguments that the program wrote, and those that a change reached. */
const written = new Set<string>();
const reached = new Set<string>();

describe("an environment of its own", () => {
  const environment = running(openEverything);
  plans("a setting that may change", environment, changes, { inPlace: true });
  plans("a setting that makes something anew", environment, remade);
  stops(environment, stopped);

  test("every create-only setting of a pool stops at the pool, and is named", async () => {
    const plan = await planOf(environment(), together(stoppedPool.changes));
    assert.deepEqual(plan.refused, [stoppedPool.stops], plan.output);
    assert.deepEqual(plan.steps.filter((step) => step.startsWith("replace ")), stoppedPool.changes.flatMap((change) => change.plans).sort());
    await cover(environment(), together(stoppedPool.changes));
  });

  describe("what AKS does by itself", () => {
    const counts = { system: 5, apps: 7, orders: 3, batch: 6 };
    const cluster = () => new Cloud(environment().platformFolder).all().find(({ token }) => token.endsWith(":ManagedCluster"))!.outputs;

    test("an upgrade to a newer patch and more nodes are no change, neither seen nor undone", async () => {
      await actAsAks(environment().platformFolder, "aks-acme-everything", { version: "1.34.99", counts });
      for (const operation of [["preview"], ["up", "--yes", "--skip-preview"]]) {
        const { code, stdout, stderr } = await environment().run([...operation, "--refresh", "--expect-no-changes", "--stack", environment().stack, "--config-file", environment().stackFile]);
        assert.equal(code, 0, stdout + stderr);
      }
      assert.equal(cluster().currentKubernetesVersion, "1.34.99");
      assert.deepEqual(nodes(environment()), counts);
    });

    test("the state knows all pools after that, and a change of the inline one still changes that one alone", async () => {
      const wanted = { "cluster.systemPool.max": 9 };
      const { code, steps, output } = await planOf(environment(), wanted);
      assert.equal(code, 0, output);
      assert.deepEqual([...new Set(steps.map((step) => step.split(":")[0]))], ["update ManagedCluster mooring-cluster"]);
      await isStopped(environment(), { set: { "cluster.systemPool.vmSize": "Standard_D16ds_v5" }, stops: "replace ManagedCluster mooring-cluster" });
      change(environment(), wanted);
      await environment().up();
      assert.deepEqual(nodes(environment()), counts);
      assert.deepEqual(await environment().preview(), []);
    });
  });

  test("all that may change at once goes through, and then there is nothing to do", async () => {
    const { "node provisioning instead of the autoscaler": _apart, "an API server without a public address": _closed, ...others } = changes;
    change(environment(), { ...together(Object.values(others).flat()), ...together(remade["what lies around the cluster"]!) });
    await environment().up();
    assert.deepEqual(await environment().preview(), []);
  });

  test("destroy is refused while it is protected, and takes nothing", async () => {
    const before = { state: (await environment().state()).length, azure: inAzure(environment()) };
    const { code, stdout, stderr } = await environment().operate("destroy", ["--yes"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /mooring-cluster-apps" cannot be deleted\s+because it is protected/);
    assert.deepEqual({ state: (await environment().state()).length, azure: inAzure(environment()) }, before);
  });

  test("once the protection is lifted, destroy takes the locks, then what lies beneath, and leaves what others made", async () => {
    const { code, stdout, stderr } = await environment().run(["state", "unprotect", "--all", "--yes", "--stack", environment().stack]);
    assert.equal(code, 0, stdout + stderr);
    await environment().destroy();
    assert.deepEqual(await environment().state(), []);
    assert.deepEqual(inAzure(environment()).filter((id) => /\/resourcegroups\/rg-acme-everything\b/.test(id)), []);
    assert.ok(inAzure(environment()).length > 20, "what others made");
  });
});

describe("an environment among what exists", () => {
  const environment = running(openExisting);
  plans("a setting that may change", environment, changesAmongExisting, { inPlace: true });
  plans("a setting that makes something anew", environment, remadeAmongExisting);
  stops(environment, stoppedAmongExisting);
});

describe("an environment in a cluster that others made", () => {
  const environment = running(openShared);
  plans("a setting that may change", environment, changesAmongShared, { inPlace: true });
  plans("a setting that makes something anew", environment, remadeAmongShared);
});

test("every setting that has to do with Azure was changed, or is left out for a reason", () => {
  const known = azureSettings();
  assert.deepEqual(known.filter((setting) => !covered.has(setting) && !(setting in exemptSettings)), []);
  assert.deepEqual(Object.keys(exemptSettings).filter((setting) => !known.includes(setting) || covered.has(setting)), [], "left out without need");
});

test("every create-only argument that the program writes was changed, or is left out for a reason", () => {
  assert.deepEqual([...written].filter((argument) => !reached.has(argument) && !(argument in exemptArguments)), []);
  assert.deepEqual(Object.keys(exemptArguments).filter((argument) => !written.has(argument) || reached.has(argument)), [], "left out without need");
});

/** An environment that is up while the tests of this suite run. */
function running(open: () => Promise<Environment>): () => Environment {
  let environment: Environment | undefined;
  before(async () => {
    environment = await open();
    for (const argument of await writtenArguments(environment)) written.add(argument);
    await environment.up();
  });
  after(() => environment?.close());
  return () => environment!;
}

/** Previews each batch, and compares its plan to the letter. `inPlace`: nothing is made anew, and nothing create-only touched. */
function plans(name: string, environment: () => Environment, batches: Record<string, Change[]>, { inPlace = false } = {}): void {
  describe(name, { concurrency }, () => {
    for (const [batch, all] of Object.entries(batches)) {
      test(batch, async () => {
        const { code, steps, output } = await planOf(environment(), together(all));
        assert.equal(code, 0, output);
        assert.deepEqual(withoutObjects(steps), all.flatMap((one) => one.plans).sort());
        const touched = await cover(environment(), together(all));
        if (!inPlace) return;
        for (const step of steps) assert.match(step, /^(create|update|delete) /);
        assert.deepEqual(touched, []);
      });
    }
  });
}

function stops(environment: () => Environment, all: Stop[]): void {
  describe("a setting that cannot change", { concurrency }, () => {
    for (const stop of all) {
      test(Object.keys(stop.set).join(", "), async () => {
        await isStopped(environment(), stop);
        await cover(environment(), stop.set);
      });
    }
  });
}

async function isStopped(environment: Environment, { set, stops: named }: Stop): Promise<void> {
  const { code, refused, output } = await planOf(environment, set);
  assert.notEqual(code, 0);
  assert.ok(refused.includes(named), `${refused.join(", ")}\n${output}`);
}

const together = (all: Change[]): Settings => Object.assign({}, ...all.map(({ set }) => set)) as Settings;

/** Objects are made anew with the provider that leads to another cluster: one line stands for them all. */
function withoutObjects(steps: string[]): string[] {
  return steps.includes(objects) ? steps.filter((step) => !/^replace \S+ \S+(: provider)?$/.test(step)) : steps;
}

/** Changes the stack file for good. */
function change(environment: Environment, set: Settings): void {
  const settings = changed(settingsOf(environment), set);
  environment.configure((config) => {
    for (const key of Object.keys(config).filter((name) => !name.includes(":"))) delete config[key];
    Object.assign(config, settings);
  });
}

/** Notes what a change covers, and returns the create-only arguments that it touches. */
async function cover(environment: Environment, set: Settings): Promise<string[]> {
  const settings = settingsOf(environment);
  for (const setting of differences(settings, changed(settings, set))) covered.add(setting);
  const touched = await changedArguments(environment, set);
  for (const argument of touched) reached.add(argument);
  return touched;
}

/** Nodes by pool, as AKS has them. */
function nodes(environment: Environment): Record<string, number> {
  const pools = new Cloud(environment.platformFolder).ofType("azure-native:containerservice:AgentPool").map(({ id, outputs }) => [id.split("/").at(-1), outputs.count]);
  const [cluster] = new Cloud(environment.platformFolder).ofType("azure-native:containerservice:ManagedCluster").filter(({ id }) => id.endsWith("aks-acme-everything"));
  const inline = (cluster!.outputs.agentPoolProfiles as { name: string; count: number }[]).map(({ name, count }) => [name, count]);
  return Object.fromEntries([...pools, ...inline]) as Record<string, number>;
}

/** The ids of all that exists, in small letters. */
const inAzure = (environment: Environment): string[] => new Cloud(environment.platformFolder).all().map(({ id }) => id.toLowerCase()).sort();
