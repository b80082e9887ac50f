/**
 * What changes of settings do to running production environments: which go through, which are stopped; that what AKS does
 * by itself is no change; and how such an environment comes to its end.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { actAsAks } from "../../local/standins/azure/act.ts";
import { Cloud } from "../../local/standins/azure/cloud.ts";
import type { Environment } from "./environment.ts";
import { planOf } from "./plans.ts";
import { stopped, stoppedAmongExisting, stoppedPool } from "./production/create-only.ts";
import { changesOfFlux } from "./production/delivering-flux.ts";
import { changesOfDelivery, remadeOfDelivery } from "./production/delivering.ts";
import { exemptArguments, exemptSettings } from "./production/exempt.ts";
import { changes, changesAmongExisting, changesAmongShared } from "./production/mutable.ts";
import { remade, remadeAmongExisting, remadeAmongShared } from "./production/remade.ts";
import { knownSettings } from "./production/settings.ts";
import { changesOfTenants, stoppedTenants } from "./production/tenants.ts";
import { openDelivery, openEverything, openExisting, openShared } from "./production/stack.ts";
import { covered, reached, Running, together, written } from "./production/suite.ts";

describe("an environment of its own", () => {
  const running = new Running(openEverything);
  running.plans("a setting that may change", changes, { inPlace: true });
  running.plans("a setting of the tenants that may change", changesOfTenants, { inPlace: true });
  running.plans("a setting that makes something anew", remade);
  running.stops([...stopped, ...stoppedTenants]);

  test("every create-only setting of a pool stops at the pool, and is named", async () => {
    const plan = await planOf(running.environment, together(stoppedPool.changes));
    assert.deepEqual(plan.refused, [stoppedPool.stops], plan.output);
    assert.deepEqual(plan.steps.filter((step) => step.startsWith("replace ")), stoppedPool.changes.flatMap((change) => change.plans).sort());
    running.cover(together(stoppedPool.changes));
  });

  test("what cannot change of the settings reaches what cannot change in Azure", async () => {
    // Whole sections, and what every resource has, by themselves: the others together take some resources away.
    const isApart = ({ set }: { set: object }): boolean => ["network", "registry", "azure.location"].some((setting) => setting in set);
    for (const { set } of stopped.filter(isApart)) assert.notDeepEqual(await running.reach(set), []);
    assert.notDeepEqual(await running.reach(together([...stopped.filter((stop) => !isApart(stop)), ...stoppedPool.changes])), []);
  });

  describe("what AKS does by itself", () => {
    const counts = { system: 5, apps: 7, orders: 3, batch: 6 };

    test("an upgrade to a newer patch and more nodes are no change, neither seen nor undone", async () => {
      const { environment } = running;
      await actAsAks(environment.platformFolder, "aks-acme-everything", { version: "1.34.99", counts });
      for (const operation of [["preview"], ["up", "--yes", "--skip-preview"]]) {
        const { code, stdout, stderr } = await environment.run([...operation, "--refresh", "--expect-no-changes", "--stack", environment.stack, "--config-file", environment.stackFile]);
        assert.equal(code, 0, stdout + stderr);
      }
      assert.deepEqual(aks(environment), { version: "1.34.99", counts });
    });

    test("the state knows all pools after that, and a change of the inline one still is a change of that one alone", async () => {
      const wider = { "cluster.systemPool.max": 9 };
      const { code, steps, output } = await planOf(running.environment, wider);
      assert.equal(code, 0, output);
      assert.deepEqual([...new Set(steps.map((step) => step.split(":")[0]))], ["update ManagedCluster mooring-cluster"]);
      await running.isStopped({ set: { "cluster.systemPool.vmSize": "Standard_D16ds_v5" }, stops: "replace ManagedCluster mooring-cluster" });
      running.change(wider);
      await running.environment.up();
      assert.deepEqual(aks(running.environment), { version: "1.34.99", counts });
      assert.deepEqual(await running.environment.preview(), []);
    });
  });

  test("all that may change goes through at once, and then there is nothing to do", async () => {
    const { "node provisioning instead of the autoscaler": _apart, "an API server without a public address": _closed, ...others } = changes;
    running.change(together([...Object.values({ ...others, ...changesOfTenants }).flat(), ...remade["what lies around the cluster"]!, ...remade["a repository"]!]));
    await running.environment.up();
    assert.deepEqual(await running.environment.preview(), []);
  });

  test("destroy is refused while there is protection, and takes nothing", async () => {
    const { environment } = running;
    const before = { state: (await environment.state()).length, azure: inAzure(environment) };
    const { code, stdout, stderr } = await environment.operate("destroy", ["--yes"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /::mooring-cluster-apps" cannot be deleted\s+because it is protected/);
    assert.deepEqual({ state: (await environment.state()).length, azure: inAzure(environment) }, before);
  });

  test("without protection destroy takes the locks, then what lies beneath, and leaves what others made", async () => {
    const { environment } = running;
    await environment.unprotect();
    await environment.destroy();
    assert.deepEqual(await environment.state(), []);
    assert.deepEqual(inAzure(environment).filter((id) => id.includes("/rg-acme-everything")), []);
    assert.ok(inAzure(environment).length > 20);
  });
});

describe("an environment among what exists", () => {
  const running = new Running(openExisting);
  running.plans("a setting that may change", changesAmongExisting, { inPlace: true });
  running.plans("a setting that makes something anew", remadeAmongExisting);
  running.stops(stoppedAmongExisting);
});

describe("an environment in a cluster that others made", () => {
  const running = new Running(openShared);
  running.plans("a setting that may change", changesAmongShared, { inPlace: true });
  running.plans("a setting that makes something anew", remadeAmongShared);
});

describe("an environment from which teams deliver", () => {
  const running = new Running(openDelivery);
  running.plans("a setting of repositories, the fleet, and who is told, that may change", changesOfDelivery, { inPlace: true });
  running.plans("a setting of what Flux does for a team that may change", changesOfFlux, { inPlace: true });
  running.plans("a setting that makes something anew", remadeOfDelivery);
});

test("every setting was changed, or is left out for a reason", () => {
  const known = knownSettings();
  assert.deepEqual(known.filter((setting) => !covered.has(setting) && !(setting in exemptSettings)), []);
  assert.deepEqual(Object.keys(exemptSettings).filter((setting) => !known.includes(setting) || covered.has(setting)), [], "left out without need");
});

test("every create-only argument that the program writes was changed, or is left out for a reason", () => {
  assert.deepEqual([...written].filter((argument) => !reached.has(argument) && !(argument in exemptArguments)), []);
  assert.deepEqual(Object.keys(exemptArguments).filter((argument) => !written.has(argument) || reached.has(argument)), [], "left out without need");
});

/** The version that runs, and the nodes by pool. */
function aks({ platformFolder }: Environment): { version: unknown; counts: Record<string, unknown> } {
  const cloud = new Cloud(platformFolder);
  const cluster = cloud.all().find(({ id }) => id.endsWith("/managedClusters/aks-acme-everything"))!;
  const own = cloud.ofType("azure-native:containerservice:AgentPool").map(({ id, outputs }) => [id.split("/").at(-1), outputs.count] as const);
  const inline = (cluster.outputs.agentPoolProfiles as { name: string; count: number }[]).map(({ name, count }) => [name, count] as const);
  return { version: cluster.outputs.currentKubernetesVersion, counts: Object.fromEntries([...own, ...inline]) };
}

/** The ids of all that exists, in small letters. */
const inAzure = ({ platformFolder }: Environment): string[] => new Cloud(platformFolder).all().map(({ id }) => id.toLowerCase()).sort();
