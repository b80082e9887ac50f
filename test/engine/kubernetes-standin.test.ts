/** The stand-in for Kubernetes against a real API server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { waitUntil } from "../../local/processes.ts";
import { UNKNOWN, type Values } from "../../local/standins/contract.ts";
import { FLUX_FINALIZER, startFinalizerAgent } from "../../local/standins/finalizer-agent.ts";
import { kubernetesStandIn } from "../../local/standins/kubernetes.ts";
import { openCluster, type Cluster } from "../../local/standins/kubernetes/cluster.ts";
import { revisionsOf } from "../../local/standins/kubernetes/helm/record.ts";
import { annotationsOf, metadataOf, withMetadata } from "../../local/standins/kubernetes/object.ts";
import { waitUntilGone } from "../../local/standins/kubernetes/objects.ts";
import { ApiError } from "../../local/standins/kubernetes/rest.ts";
import { Driver, type Live } from "../unit/standin-driver.ts";
import { openApiServer, type ApiServer } from "./api-server.ts";

const types = {
  namespace: "kubernetes:core/v1:Namespace",
  account: "kubernetes:core/v1:ServiceAccount",
  config: "kubernetes:core/v1:ConfigMap",
  quota: "kubernetes:core/v1:ResourceQuota",
  secret: "kubernetes:core/v1:Secret",
  policy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  source: "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository",
  release: "kubernetes:helm.sh/v3:Release",
};
const crdPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gitrepositories.source.toolkit.fluxcd.io";
const space = "space";
const keep = { crds: { annotations: { "helm.sh/resource-policy": "keep" } } };

let driver: Driver;
let cluster: Cluster;
let server: ApiServer;

const object = (kind: string, name: string | undefined, rest: Values, apiVersion = "v1"): Values => ({ apiVersion, kind, metadata: { ...(name === undefined ? {} : { name }), namespace: space }, ...rest });
const repository = (name: string): Values => object("GitRepository", name, { spec: { interval: "1m", url: "https://git.example/a.git" } }, "source.toolkit.fluxcd.io/v1");
const release = (values: Values = keep, version = "2.18.3"): Values => ({ name: "flux", namespace: `${space}-flux`, createNamespace: true, chart: "flux2", version, repositoryOpts: { repo: "https://charts.example" }, values });

before(async () => {
  server = await openApiServer();
  const { kubeconfig, crdFolder } = server;
  const standIn = kubernetesStandIn({ crdFolder });
  await standIn.configure!("first", { kubeconfig, enableSecretMutable: "true" });
  driver = new Driver(standIn);
  cluster = openCluster({ kubeconfig });
  await driver.create(types.namespace, "space", { apiVersion: "v1", kind: "Namespace", metadata: { name: space } });
});
after(async () => {
  cluster?.client.close();
  await server?.close();
});

test("an object is created with what the program declared and nothing dropped", async () => {
  const spec = { podSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] }, policyTypes: ["Ingress"], ingress: [{ from: [{ namespaceSelector: { matchLabels: { x: "y" } } }], ports: [{ port: 80, protocol: "TCP" }] }] };
  const policy = await driver.create(types.policy, "policy", object("NetworkPolicy", "policy", { spec }, "networking.k8s.io/v1"));
  assert.equal(policy.id, `${space}/policy`);
  assert.deepEqual(policy.outputs.spec, spec);
  assert.equal(metadataOf(policy.outputs).managedFields, undefined);
  const { object: path } = await cluster.discovery.paths(policy.inputs);
  assert.deepEqual((await cluster.client.get(path))?.spec, spec);
});

test("an object that exists is refused, with what to do", async () => {
  const made = await driver.create(types.config, "twice", object("ConfigMap", "twice", { data: { owner: "first" } }));
  await assert.rejects(driver.create(types.config, "twice", object("ConfigMap", "twice", { data: { owner: "second" } })), /ConfigMap .*\/twice already exists in the cluster.*pulumi import/);
  const read = await driver.read(made);
  assert.deepEqual(read?.outputs.data, { owner: "first" });
});

test("a mistyped field is refused in the preview", async () => {
  const wrong = object("ResourceQuota", "quota", { spec: { hrad: { pods: "1" } } });
  await assert.rejects(driver.previewCreate(types.quota, "quota", wrong), /unknown field "spec\.hrad"/);
  await assert.rejects(driver.create(types.quota, "quota", wrong), /field not declared in schema|unknown field "spec\.hrad"/);
});

test("a preview asks the server and changes nothing", async () => {
  const inputs = object("ResourceQuota", "preview", { spec: { hard: { cpu: "0.5" } } });
  const { id, outputs } = await driver.previewCreate(types.quota, "preview", inputs);
  assert.equal(id, "");
  assert.deepEqual(outputs.spec, { hard: { cpu: "500m" } }, "the server's form");
  assert.equal(outputs.status, undefined);
  assert.equal(await driver.read({ type: types.quota, name: "preview", id: `${space}/preview` }), undefined);
});

test("where the server cannot judge yet, a preview passes with unknowns", async () => {
  const elsewhere = { ...object("ConfigMap", "a", {}), metadata: { name: "a", namespace: "not-there-yet" } };
  const unknown = object("ConfigMap", "a", { data: { key: UNKNOWN } });
  const unserved = object("Widget", "a", {}, "example.test/v1");
  for (const inputs of [elsewhere, unknown, unserved]) {
    const { outputs } = await driver.previewCreate(types.config, "a", inputs);
    assert.equal(metadataOf(outputs).uid, UNKNOWN);
  }
  const twice = await driver.previewCreate(types.config, "twice", object("ConfigMap", "twice", {}));
  assert.equal(metadataOf(twice.outputs).uid, UNKNOWN, "an object that a replacement will delete first");
});

test("an update gives up what left the inputs, leaves what others added, and does not take what others own", async () => {
  const made = await driver.create(types.config, "shared", object("ConfigMap", "shared", { data: { ours: "1", dropped: "1" } }));
  const path = `/api/v1/namespaces/${space}/configmaps/shared`;
  await cluster.client.apply(path, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "shared", namespace: space }, data: { theirs: "1" } }, { fieldManager: "someone" });
  const preview = await driver.update(made, object("ConfigMap", "shared", { data: { ours: "2" } }), true);
  assert.deepEqual(preview.outputs.data, { ours: "2", theirs: "1" });
  const updated = await driver.update(made, object("ConfigMap", "shared", { data: { ours: "2" } }));
  assert.deepEqual(updated.outputs.data, { ours: "2", theirs: "1" });
  const taking = object("ConfigMap", "shared", { data: { ours: "2", theirs: "2" } });
  await assert.rejects(driver.update(updated, taking), /someone[^]*patchForce/);
  const forced = await driver.update(updated, { ...taking, metadata: { ...metadataOf(taking), annotations: { "pulumi.com/patchForce": "true" } } });
  assert.deepEqual(forced.outputs.data, { ours: "2", theirs: "2" });
});

test("an update of an object that is gone fails instead of making a new one", async () => {
  const made = await driver.create(types.config, "gone", object("ConfigMap", "gone", {}));
  await cluster.client.delete(`/api/v1/namespaces/${space}/configmaps/gone`);
  await assert.rejects(driver.update(made, object("ConfigMap", "gone", { data: { a: "b" } })), /no longer exists/);
  await driver.delete(made);
});

test("an unnamed object gets a name, and without a namespace it is in the provider's", async () => {
  const made = await driver.create(types.config, "unnamed", { apiVersion: "v1", kind: "ConfigMap" });
  assert.match(made.id, /^default\/unnamed-[0-9a-f]{8}$/);
  await driver.delete(made);
  assert.equal(await driver.read(made), undefined);
  const { inputs } = await driver.check("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "role" } });
  assert.deepEqual(inputs.metadata, { name: "role" }, "an object of the whole cluster stays without one");
});

test("a refresh shows drift; an import finds all that can be declared", async () => {
  const made = await driver.create(types.secret, "drift", object("Secret", "drift", { stringData: { key: "one" } }));
  const request = { urn: "urn", type: types.secret, name: "drift", connection: "first", id: made.id };
  assert.deepEqual((await driver.standIn.read({ ...request, inputs: made.inputs, outputs: made.outputs }))?.inputs, made.inputs, "no drift");
  await cluster.client.merge(`/api/v1/namespaces/${space}/secrets/drift`, { stringData: { key: "two" } });
  const refreshed = await driver.standIn.read({ ...request, inputs: made.inputs, outputs: made.outputs });
  assert.deepEqual(refreshed?.inputs.stringData, { key: "two" });
  assert.deepEqual((await driver.read(made))?.inputs, { apiVersion: "v1", kind: "Secret", metadata: { name: "drift", namespace: space }, data: { key: Buffer.from("two").toString("base64") }, type: "Opaque" });
});

test("a delete that something holds says what holds it", async () => {
  const path = `/api/v1/namespaces/${space}/configmaps/held`;
  const made = await driver.create(types.config, "held", object("ConfigMap", "held", {}));
  await cluster.client.merge(path, { metadata: { finalizers: ["example.test/hold"] } });
  const uid = String(metadataOf(made.outputs).uid);
  await cluster.client.delete(path);
  await assert.rejects(waitUntilGone(cluster, path, uid, 200), /not gone after 0 s: finalizers example\.test\/hold/);
  const deleting = driver.delete(made);
  await cluster.client.merge(path, { metadata: { finalizers: null } });
  await deleting;
});

test("a client can act as someone else", async () => {
  const stranger = cluster.client.as("stranger", ["system:authenticated", "strangers"]);
  await assert.rejects(stranger.list(`/api/v1/namespaces/${space}/secrets`), (error) => error instanceof ApiError && error.reason === "Forbidden" && error.message.includes('"stranger"'));
  const review = await stranger.create("/apis/authentication.k8s.io/v1/selfsubjectreviews", { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" });
  assert.deepEqual(((review.status as Values).userInfo as Values).groups, ["system:authenticated", "strangers"]);
});

test("a custom object waits for its kind, which a release installs meanwhile", async () => {
  assert.equal(await cluster.client.get(crdPath), undefined, "the server must start without Flux");
  const early = driver.create(types.source, "early", repository("early"));
  const flux = await driver.create(types.release, "flux", release());
  assert.equal(flux.id, `${space}-flux/flux`);
  assert.equal((await early).id, `${space}/early`);
  assert.equal(annotationsOf((await cluster.client.get(crdPath))!)["helm.sh/resource-policy"], "keep");
  assert.deepEqual((await revisionsOf(cluster.client, `${space}-flux`, "flux")).map(({ revision, status, version, values }) => ({ revision, status, version, values })), [{ revision: 1, status: "deployed", version: "2.18.3", values: keep }]);
});

test("a release's name cannot be used twice, and an update is a new revision", async () => {
  await assert.rejects(driver.create(types.release, "again", release()), /cannot re-use a name that is still in use/);
  const inputs = { ...release(keep), timeout: 300 };
  const live: Live = { type: types.release, name: "flux", id: `${space}-flux/flux`, inputs, outputs: {} };
  const next = { ...keep, logLevel: "debug" };
  const updated = await driver.update(live, release(next));
  assert.equal((updated.outputs.status as Values).revision, 2);
  assert.deepEqual((await revisionsOf(cluster.client, `${space}-flux`, "flux")).map(({ revision, status }) => `${revision} ${status}`), ["1 superseded", "2 deployed"]);
  const read = await driver.read(live);
  assert.deepEqual(read?.inputs.values, next);
  const diff = await driver.diff(live, release({ ...keep, logLevel: "info" }));
  assert.deepEqual(diff, { changes: ["values.logLevel"], replaces: [] });
});

test("the agent holds Flux objects while the release runs, and leaves them stuck once it is gone", async () => {
  const agent = startFinalizerAgent({ client: cluster.client, release: { namespace: `${space}-flux`, name: "flux" } });
  const path = (name: string) => `/apis/source.toolkit.fluxcd.io/v1/namespaces/${space}/gitrepositories/${name}`;
  // Not in the foreground: the garbage collector needs up to 30 s to notice a new kind.
  const background = withMetadata(repository("early"), { annotations: { "pulumi.com/deletionPropagationPolicy": "background" } });
  const early: Live = { type: types.source, name: "early", id: `${space}/early`, inputs: background, outputs: background };
  await until(async () => finalizersOf(await cluster.client.get(path("early"))).includes(FLUX_FINALIZER));
  await driver.delete(early);

  const late = await driver.create(types.source, "late", repository("late"));
  await until(async () => finalizersOf(await cluster.client.get(path("late"))).includes(FLUX_FINALIZER));
  const flux: Live = { type: types.release, name: "flux", id: `${space}-flux/flux`, inputs: release(), outputs: {} };
  await driver.delete(flux);
  assert.equal(await driver.read(flux), undefined);
  assert.ok(await cluster.client.get(crdPath), "the CRD says keep");
  await cluster.client.delete(path("late"));
  await assert.rejects(waitUntilGone(cluster, path("late"), String(metadataOf(late.outputs).uid), 1_000), /finalizers\.fluxcd\.io/);

  const anew = await driver.create(types.release, "anew", release({}));
  assert.equal(annotationsOf((await cluster.client.get(crdPath))!)["helm.sh/resource-policy"], undefined, "the same name takes the CRDs up again");
  await agent.stop();
  const resumed = startFinalizerAgent({ client: cluster.client, release: { namespace: `${space}-flux`, name: "flux" } });
  await until(async () => (await cluster.client.get(path("late"))) === undefined);
  await resumed.stop();

  const last = await driver.create(types.source, "last", repository("last"));
  await driver.delete(anew);
  assert.equal(await cluster.client.get(crdPath), undefined, "without keep, uninstalling takes the CRDs and every object of theirs");
  await driver.delete(last);
});

test("CRDs of someone else are not taken over", async () => {
  const crd = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "kustomizations.kustomize.toolkit.fluxcd.io" }, spec: { group: "kustomize.toolkit.fluxcd.io", names: { plural: "kustomizations", kind: "Kustomization" }, scope: "Namespaced", versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }] } };
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  await cluster.client.create(path, crd);
  try {
    await assert.rejects(driver.create(types.release, "flux", release()), /kustomizations\.kustomize\.toolkit\.fluxcd\.io exists and does not belong to the Helm release/);
  } finally {
    await cluster.client.delete(`${path}/${crd.metadata.name}`);
  }
});

function finalizersOf(live: Values | undefined): unknown[] {
  const { finalizers } = metadataOf(live ?? {});
  return Array.isArray(finalizers) ? finalizers : [];
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  assert.ok(await waitUntil(condition, 20_000), "the condition did not come true in 20 s");
}
