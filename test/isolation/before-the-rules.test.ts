/**
 * What ran in a namespace before the rules came: it can be mended, scaled down and suspended, and not made worse. Else a team that
 * mends an image could never replace what runs.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Values } from "../../local/standins/contract.ts";
import { ground, registry } from "./ground.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { cronJob, deployment, manifest, podSpec } from "./manifests.ts";
import { ask, change, create, reference } from "./requests.ts";
import type { Request } from "./requests.ts";
import { account, clientOf } from "./subjects.ts";
import type { Subject } from "./subjects.ts";

const namespace = "legacy";
const SETTLE_MS = 60_000;
const PAUSE_MS = 200;
const old = { image: "docker.io/acme/old:1" };
const labels = { app: "attack" };

let lab: Lab;

before(async () => {
  lab = await openLab(ground());
  const { admin, discovery } = lab;
  const put = async (object: Values): Promise<void> => void (await admin.create((await discovery.paths(object)).collection, object));
  await put({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  for (const object of [
    deployment(podSpec({}, old), { namespace }),
    manifest("apps/v1", "ReplicaSet", { spec: { replicas: 3, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec({}, old) } } }, { namespace }),
    { ...cronJob(podSpec({}, old)), metadata: { name: "attack", namespace } },
  ]) await put(object);
  // It becomes a namespace of `orders`, as one that is adopted does.
  const model = (await admin.get("/api/v1/namespaces/orders"))!.metadata as { labels: Values; annotations: Values };
  const { "kubernetes.io/metadata.name": _, ...own } = model.labels;
  await admin.merge(`/api/v1/namespaces/${namespace}`, { metadata: { labels: own, annotations: model.annotations } });
  const end = performance.now() + SETTLE_MS;
  while ((await outcome(nobodyElse, create(deployment(podSpec({}, old), { namespace, name: "new" })))).allowed) {
    assert.ok(performance.now() < end, "the rules do not come to hold");
    await delay(PAUSE_MS);
  }
});
after(() => lab?.close());

const outcome = async (as: Subject, request: Request) => ask(lab, await clientOf(lab, as), request);

/** Whoever has every right, so that the rules alone decide. */
const nobodyElse: Subject = { title: "the administrator", user: "admin@acme.example", groups: ["system:masters", "system:authenticated"] };
const deployments = account("kube-system", "deployment-controller");
const the = (kind: string, version = "apps/v1") => reference(version, kind, namespace, "attack");
const of = (image: string): Values => ({ spec: { template: { spec: podSpec({}, { image }) as Values } } });

describe("what was there before the rules", () => {
  for (const [what, as, request] of [
    ["a ReplicaSet is scaled down by the controller", deployments, change(the("ReplicaSet"), { spec: { replicas: 0 } })],
    ["a Deployment is scaled down", nobodyElse, change(the("Deployment"), { spec: { replicas: 0 } })],
    ["a CronJob is suspended", nobodyElse, change(the("CronJob", "batch/v1"), { spec: { suspend: true } })],
    ["a Deployment is mended", nobodyElse, change(the("Deployment"), of(`${registry}/orders/api:2`))],
    ["a label is put on it", nobodyElse, change(the("Deployment"), { metadata: { labels: { seen: "yes" } } })],
  ] as const) {
    test(`${what}: allowed`, async () => {
      const { allowed, words } = await outcome(as, request);
      assert.ok(allowed, words);
    });
  }

  for (const [what, request] of [
    ["a Deployment gets another image that may not run", change(the("Deployment"), of("docker.io/acme/old:2"))],
    ["a CronJob gets another command, and keeps its image", change(the("CronJob", "batch/v1"), { spec: { jobTemplate: { spec: { template: { spec: { hostname: "other" } } } } } })],
    ["a pod of it is made", create(manifest("v1", "Pod", { spec: podSpec({}, old) }, { namespace }))],
  ] as const) {
    test(`${what}: refused`, async () => {
      const { allowed, words } = await outcome(nobodyElse, request);
      assert.ok(!allowed);
      assert.match(words, /'mooring-tenant-images'.*this tenant may not run it/);
    });
  }
});
