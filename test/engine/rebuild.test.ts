/**
 * A cluster that is changed, replaced, or rebuilt outside Mooring: what the engine plans, and that all tenants are in the
 * new cluster in the end. The new cluster is another API server, empty, with another certificate authority; the one before
 * is ended when the cluster is deleted, so whatever still asked it would fail. Each test goes on where the one before ended.
 */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { Discovery } from "../../local/standins/kubernetes/discovery.ts";
import { revisionsOf } from "../../local/standins/kubernetes/helm/record.ts";
import { metadataOf } from "../../local/standins/kubernetes/object.ts";
import { Environment, nameOf, typeOf } from "./environment.ts";
import type { StateResource } from "./environment.ts";
import type { Plane } from "./plane.ts";
import { planOf } from "./plans.ts";

const environment = await Environment.open("staging", { checkpoints: true });
after(() => environment.close());
/** The clusters that come after the first. */
const next: Promise<Plane>[] = [];

/** Another cluster takes the place of this one, which is gone. */
async function lose(): Promise<void> {
  const former = environment.plane;
  environment.leadTo(await next.shift()!);
  await former.stop();
}

type Values = Parameters<typeof metadataOf>[0];
const inKubernetes = ({ urn }: { urn: string }): boolean => typeOf(urn).startsWith("kubernetes:");
const shown = ({ op, urn }: { op: string; urn: string }): string => `${op} ${typeOf(urn).split(":").at(-1)} ${nameOf(urn)}`;
const planned = async (): Promise<string[]> => (await environment.preview()).map(shown).sort();

/** The Kubernetes resources of the state, those to be deleted left out. */
async function declared(): Promise<StateResource[]> {
  return (await environment.state()).filter((resource) => inKubernetes(resource) && !("delete" in resource && resource.delete === true));
}

/** What the state holds and this cluster does not: each object must be the very one that was made here. */
async function missing(): Promise<string[]> {
  const { kubernetes } = environment;
  const discovery = new Discovery(kubernetes);
  const resources = await declared();
  assert.ok(resources.length > 40, "nothing was looked for");
  const found = await Promise.all(resources.map(async ({ type, outputs }) => {
    if (type === "kubernetes:helm.sh/v3:Release") return (await revisionsOf(kubernetes, "flux-system", "flux")).at(-1)?.status === "deployed";
    if ((await discovery.find(String(outputs!.apiVersion), String(outputs!.kind))) === undefined) return false;
    const { object } = await discovery.paths(outputs as Values);
    const live = await kubernetes.get(object);
    return live !== undefined && metadataOf(live).uid === metadataOf(outputs as Values).uid;
  }));
  return resources.filter((_, index) => !found[index]).map(({ urn }) => nameOf(urn));
}

before(async () => {
  for (let cluster = 2; cluster <= 4; cluster++) next.push(environment.startPlane());
  environment.configure((config) => Object.assign(config.cluster as object, { kubernetesVersion: "1.34" }));
  await environment.up();
  assert.deepEqual(await missing(), []);
});

describe("a change that the cluster lives through plans nothing in the cluster", { concurrency: 2 }, () => {
  const pools = ["apps", "batch"].map((pool) => `update AgentPool mooring-cluster-${pool}: orchestratorVersion`);
  for (const [what, change, expected] of [
    ["a raised version, which the pools take too", { "cluster.kubernetesVersion": "1.35" }, [...pools, "update ManagedCluster mooring-cluster: kubernetesVersion"]],
    ["authorised ranges", { "cluster.authorizedRanges": ["203.0.113.0/24"] }, ["update ManagedCluster mooring-cluster: apiServerAccessProfile.authorizedIPRanges[0]"]],
  ] as const) {
    test(what, async () => {
      const { code, steps, output } = await planOf(environment, change);
      assert.equal(code, 0, output);
      assert.deepEqual(steps, expected);
    });
  }
});

/** What the engine refuses to make anew as long as it is protected. */
const guarded = ["operations", "orders", "web"].flatMap((name) => [`Kustomization ${name}-sync`, `Namespace ${name}-control`, `Namespace ${name}-workload`]).map((resource) => `replace ${resource}`).sort();

/** The preview with these settings is refused at the tenants; afterwards their protection is lifted, as the documentation says. */
async function refusedWhileProtected(changes: Record<string, unknown>): Promise<void> {
  const { code, refused } = await planOf(environment, changes);
  assert.notEqual(code, 0);
  assert.deepEqual(refused.sort(), guarded);
  await environment.unprotect();
}

/** The tenants' namespaces that are protected. */
async function guards(): Promise<string[]> {
  return (await environment.state()).filter(({ protect }) => protect === true).map(({ urn }) => shown({ op: "replace", urn })).sort();
}

describe("a change that only a new cluster can have", () => {
  test("is refused while the tenants are protected", async () => {
    await refusedWhileProtected({ network: { pods: "10.200.0.0/16" } });
  });

  test("the preview makes everything in the cluster anew, and takes nothing for existing", async () => {
    environment.configure((config) => (config.network = { pods: "10.200.0.0/16" }));
    const steps = await environment.preview();
    assert.ok(steps.map(shown).includes("replace ManagedCluster mooring-cluster"));
    assert.ok(steps.map(shown).includes("replace kubernetes mooring-kubernetes"));
    assert.deepEqual(steps.filter(inKubernetes).map(shown).sort(), (await declared()).map(({ urn }) => shown({ op: "replace", urn })).sort());
  });

  test("one up brings it about, without a word to the old cluster once that is gone", async () => {
    const former = environment.plane;
    environment.leadTo(await next.shift()!);
    let ended: Promise<void> | undefined;
    const { code, stdout, stderr } = await environment.operate("up", ["--yes", "--skip-preview"], {
      onLine: (line) => {
        if (/:ManagedCluster mooring-cluster deleting/.test(line)) ended ??= former.stop();
      },
    });
    assert.ok(ended, "the cluster was not deleted");
    await ended;
    assert.equal(code, 0, stdout.slice(-4000) + stderr);
    assert.deepEqual(await missing(), []);
    assert.deepEqual(await guards(), guarded, "what was made anew is protected again");
  });

  test("the preview after that is empty", async () => {
    assert.deepEqual(await planned(), []);
  });
});

describe("a cluster that was rebuilt outside Mooring, under its old name", () => {
  before(lose);

  test("a preview plans the new address alone: nothing tells it that this is another cluster", async () => {
    assert.deepEqual(await planned(), ["update kubernetes mooring-kubernetes"]);
  });

  test("a refresh cannot ask the old cluster, and says how to let go of what was in it", async () => {
    const { code, stdout, stderr } = await environment.operate("preview", ["--refresh"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /unreachable cluster.+PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"/);
  });

  test("an up makes nothing, and the state goes on to claim what does not exist", async () => {
    await environment.up();
    assert.equal((await missing()).length, (await declared()).length);
  });

  test("with a raised generation, which protection refuses, one up makes everything, and deletes nothing of it again", async () => {
    await refusedWhileProtected({ "cluster.generation": 2 });
    environment.configure((config) => Object.assign(config.cluster as object, { generation: 2 }));
    await environment.up();
    assert.deepEqual(await missing(), []);
    assert.deepEqual(await planned(), []);
    assert.deepEqual(await guards(), guarded);
  });
});

describe("a rebuild that broke off", () => {
  before(lose);

  test("the preview after it still plans what was not made yet, and the next up goes on", async () => {
    await environment.unprotect();
    environment.configure((config) => Object.assign(config.cluster as object, { generation: 3 }));
    let engine: ChildProcess | undefined;
    const { code, stdout } = await environment.operate("up", ["--yes", "--skip-preview"], {
      onStart: (child) => (engine = child),
      onLine: (line) => {
        if (/:Release mooring-flux creating/.test(line)) engine!.kill("SIGINT");
      },
    });
    assert.notEqual(code, 0, stdout);
    const rest = await missing();
    assert.ok(rest.includes("orders-workload"));
    assert.deepEqual((await environment.preview()).filter(({ op }) => op === "replace").map(({ urn }) => nameOf(urn)).sort(), rest.sort());
    await environment.up();
    assert.deepEqual(await missing(), []);
    assert.deepEqual(await guards(), guarded);
  });
});
