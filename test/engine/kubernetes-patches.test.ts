/** Patch resources and admission rules through the stand-in for Kubernetes, against a real API server. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { policies } from "../../components/tenant/admission/policies.ts";
import { policySpec, validationActions } from "../../components/tenant/admission/policy.ts";
import { tenantLabel } from "../../components/tenant/labels.ts";
import { waitUntil } from "../../local/processes.ts";
import { UNKNOWN, type Values } from "../../local/standins/contract.ts";
import { kubernetesStandIn } from "../../local/standins/kubernetes.ts";
import { openCluster, type Cluster } from "../../local/standins/kubernetes/cluster.ts";
import { annotationsOf, mapAt, metadataOf } from "../../local/standins/kubernetes/object.ts";
import { settings } from "../settings.ts";
import { Driver, type Live } from "../unit/standin-driver.ts";
import { openApiServer, type ApiServer } from "./api-server.ts";

const type = "kubernetes:core/v1:NamespacePatch";
const force = { "pulumi.com/patchForce": "true" };
const level = "pod-security.kubernetes.io/enforce";

let driver: Driver;
let cluster: Cluster;
let server: ApiServer;

before(async () => {
  server = await openApiServer();
  const { kubeconfig, crdFolder } = server;
  const standIn = kubernetesStandIn({ crdFolder });
  await standIn.configure!("first", { kubeconfig });
  driver = new Driver(standIn);
  cluster = openCluster({ kubeconfig });
});
after(async () => {
  cluster?.client.close();
  await server?.close();
});

const patch = (name: string, labels: Values, annotations?: Values): Values => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels, ...(annotations && { annotations }) } });
const pathOf = (name: string): string => `/api/v1/namespaces/${name}`;
const live = async (name: string): Promise<Values> => (await cluster.client.get(pathOf(name))) ?? assert.fail(`the namespace ${name} is gone`);
const labelsOf = async (name: string): Promise<Values> => mapAt(metadataOf(await live(name)), "labels");
const managersOf = async (name: string): Promise<unknown[]> => (metadataOf(await live(name)).managedFields as Values[]).map(({ manager }) => manager);

/** A namespace of somebody else's, with labels of theirs. */
async function foreign(name: string, labels: Values): Promise<Values> {
  return cluster.client.apply(pathOf(name), patch(name, labels), { fieldManager: "someone" });
}

describe("a NamespacePatch", () => {
  test("must name its namespace", async () => {
    const { failures } = await driver.check(type, "unnamed", { apiVersion: "v1", kind: "Namespace", metadata: { labels: { ours: "1" } } });
    assert.deepEqual(failures, [{ property: "metadata.name", reason: "patch resources require the `.metadata.name` field to be set" }]);
  });

  test("adds its fields to what is there, under a manager of its own", async () => {
    await foreign("added", { theirs: "1" });
    const made = await driver.create(type, "added", patch("added", { ours: "1" }));
    assert.equal(made.id, "added");
    assert.deepEqual(await labelsOf("added"), { "kubernetes.io/metadata.name": "added", ours: "1", theirs: "1" });
    const [own] = (await managersOf("added")).filter((manager) => String(manager).startsWith("pulumi-kubernetes-"));
    assert.match(String(own), /^pulumi-kubernetes-[0-9a-f]{8}$/);
    assert.equal(metadataOf(made.outputs).managedFields, undefined);
    // Under one manager the second would take the first one's fields away.
    await driver.create(type, "second", patch("added", { more: "1" }));
    assert.deepEqual(await labelsOf("added"), { "kubernetes.io/metadata.name": "added", ours: "1", more: "1", theirs: "1" });
  });

  test("takes nothing that is somebody else's, unless it is forced", async () => {
    await foreign("taken", { [level]: "privileged", theirs: "1" });
    await assert.rejects(driver.create(type, "taken", patch("taken", { [level]: "restricted" })), /Namespace taken was refused[^]*someone[^]*patchForce/);
    assert.equal((await labelsOf("taken"))[level], "privileged");
    await driver.create(type, "taken", patch("taken", { [level]: "restricted" }, force));
    assert.deepEqual(await labelsOf("taken"), { "kubernetes.io/metadata.name": "taken", [level]: "restricted", theirs: "1" });
  });

  test("asks nobody in the preview of a create, and is no check that the namespace exists: it makes one", async () => {
    const inputs = patch("nowhere", { ours: "1" });
    assert.deepEqual(await driver.previewCreate(type, "nowhere", inputs), { id: "", outputs: inputs });
    assert.equal(await cluster.client.get(pathOf("nowhere")), undefined);
    await driver.create(type, "nowhere", inputs);
    assert.equal((await labelsOf("nowhere")).ours, "1");
  });

  test("gives up a field that left it, after a preview that changed nothing", async () => {
    await foreign("changed", { theirs: "1" });
    const made = await driver.create(type, "changed", patch("changed", { ours: "1", dropped: "1" }));
    const next = patch("changed", { ours: "2" });
    assert.deepEqual(await driver.diff(made, next), { changes: ["metadata.labels.ours", "metadata.labels.dropped"], replaces: [], deleteBeforeReplace: false });
    const expected = { "kubernetes.io/metadata.name": "changed", ours: "2", theirs: "1" };
    assert.deepEqual(mapAt(metadataOf((await driver.update(made, next, true)).outputs), "labels"), expected);
    assert.equal((await labelsOf("changed")).dropped, "1");
    const updated = await driver.update(made, next);
    assert.deepEqual(await labelsOf("changed"), expected);
    await assert.rejects(driver.update(updated, patch("changed", { theirs: "2" }), true), /someone[^]*patchForce/, "a conflict stops the preview");
  });

  test("cannot be updated when its namespace is gone", async () => {
    const made = await driver.create(type, "gone", patch("gone", { ours: "1" }));
    await cluster.client.delete(pathOf("gone"));
    assert.ok(await waitUntil(async () => (await cluster.client.get(pathOf("gone"))) === undefined, 30_000));
    await assert.rejects(driver.update(made, patch("gone", { ours: "2" })), /Namespace gone no longer exists/);
    assert.equal(await driver.standIn.read(readOf(made)), undefined);
  });

  test("deleted, gives up its fields and leaves the namespace with what is in it; a value that it took over is lost", async () => {
    await foreign("left", { [level]: "privileged", theirs: "1" });
    const { uid } = metadataOf(await live("left"));
    await cluster.client.create(`${pathOf("left")}/configmaps`, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "theirs" } });
    const made = await driver.create(type, "left", patch("left", { [level]: "restricted", ours: "1" }, force));
    await driver.delete(made);
    const now = await live("left");
    assert.deepEqual(mapAt(metadataOf(now), "labels"), { "kubernetes.io/metadata.name": "left", theirs: "1" });
    assert.deepEqual(annotationsOf(now), {});
    assert.equal(metadataOf(now).uid, uid);
    assert.ok(await cluster.client.get(`${pathOf("left")}/configmaps/theirs`));
  });

  test("deleted after its namespace, makes an empty one, as the real one does", async () => {
    const made = await driver.create(type, "again", patch("again", { ours: "1" }));
    await cluster.client.delete(pathOf("again"));
    assert.ok(await waitUntil(async () => (await cluster.client.get(pathOf("again"))) === undefined, 30_000));
    await driver.delete(made);
    assert.deepEqual(await labelsOf("again"), { "kubernetes.io/metadata.name": "again" });
  });

  test("is another resource under another name, and changes in place otherwise", async () => {
    const made = await driver.create(type, "named", patch("named", { ours: "1" }));
    assert.deepEqual(await driver.diff(made, patch("renamed", { ours: "1" })), { changes: ["metadata.name"], replaces: ["metadata.name"], deleteBeforeReplace: false });
    // What replaces the object itself is an update of a patch.
    const secret = (data: string): Values => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "named" }, stringData: { data } });
    const request = { urn: "urn", name: "s", connection: "first", id: "named/s", oldInputs: secret("1"), oldOutputs: {}, news: secret("2"), ignoreChanges: [] };
    assert.deepEqual((await driver.standIn.diff({ ...request, type: "kubernetes:core/v1:SecretPatch" })).replaces, []);
    assert.deepEqual((await driver.standIn.diff({ ...request, type: "kubernetes:core/v1:Secret" })).replaces, ["stringData.data"]);
  });

  test("shows drift of its own fields alone in a refresh, and keeps its manager", async () => {
    await foreign("drift", { theirs: "1" });
    const made = await driver.create(type, "drift", patch("drift", { ours: "1" }));
    assert.deepEqual((await driver.standIn.read(readOf(made)))?.inputs, made.inputs, "no drift");
    await cluster.client.merge(pathOf("drift"), { metadata: { labels: { ours: "2", theirs: "2" } } });
    const read = await driver.standIn.read(readOf(made));
    assert.deepEqual(read?.inputs, patch("drift", { ours: "2" }));
    const mended = await driver.update({ ...made, outputs: read!.outputs }, patch("drift", { ours: "1" }, force));
    await driver.delete(mended);
    assert.deepEqual(await labelsOf("drift"), { "kubernetes.io/metadata.name": "drift", theirs: "2" });
  });

  test("with a manager that the program names, lets go of its fields whatever the state remembers", async () => {
    await foreign("managed", {});
    const made = await driver.create(type, "managed", patch("managed", { ours: "1" }, { "pulumi.com/patchFieldManager": "one" }));
    assert.ok((await managersOf("managed")).includes("one"));
    const moved = await driver.update(made, patch("managed", { ours: "1" }, { "pulumi.com/patchFieldManager": "two", ...force }));
    assert.ok((await managersOf("managed")).includes("two") && !(await managersOf("managed")).includes("one"));
    await driver.delete({ ...moved, outputs: { ...(await live("managed")) } });
    assert.equal((await labelsOf("managed")).ours, undefined);
  });

  test("whose create was cut off is found again by its inputs, and not by its type alone", async () => {
    const inputs = patch("drift", { ours: "1" });
    const request = { urn: "urn", type, name: "drift", connection: "first", id: "drift" };
    assert.deepEqual((await driver.standIn.read({ ...request, inputs, outputs: {} }))?.inputs.metadata, { name: "drift", labels: {} });
    assert.equal(await driver.standIn.read({ ...request, inputs: {}, outputs: {} }), undefined);
  });

  test("waits for no answer where a value is not known yet", async () => {
    const made = await driver.create(type, "unknown", patch("unknown", { ours: "1" }));
    const { outputs } = await driver.update(made, patch("unknown", { ours: UNKNOWN }), true);
    assert.equal(mapAt(metadataOf(outputs), "labels").ours, UNKNOWN);
  });
});

test("a patch that alone holds a required field cannot be deleted, and says which", async () => {
  await foreign("jobs", {});
  const jobTemplate = { spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "registry.example/c" }] } } } };
  const job = (spec: Values, annotations: Values = {}): Values => ({ apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "job", namespace: "jobs", annotations }, spec });
  await cluster.client.apply("/apis/batch/v1/namespaces/jobs/cronjobs/job", job({ schedule: "0 0 * * *", jobTemplate }), { fieldManager: "someone" });
  const made = await driver.create("kubernetes:batch/v1:CronJobPatch", "job", job({ schedule: "1 1 * * *" }, force));
  await assert.rejects(driver.delete(made), /CronJob jobs\/job: this Patch resource is currently managing a required field.*spec\.schedule$/);
});

describe("admission rules", () => {
  const group = "admissionregistration.k8s.io/v1";
  const token = (kind: string): string => `kubernetes:${group}:${kind}`;
  const binding = (policyName: string, admission: "Deny" | "Audit"): Values => ({
    apiVersion: group,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: policyName },
    spec: { policyName, validationActions: validationActions(admission) },
  });
  const made: Live[] = [];
  const service = (name: string): Values => ({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "ruled" }, spec: { type: "ExternalName", externalName: "elsewhere.example" } });
  const post = () => cluster.client.request("POST", "/api/v1/namespaces/ruled/services", { query: { dryRun: "All" }, body: service("probe") });
  const warnings = async (): Promise<string[]> => {
    const { transport } = cluster.client;
    const { credentials, headers } = await cluster.client.identity();
    const response = await transport.open({ method: "POST", path: "/api/v1/namespaces/ruled/services?dryRun=All", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(service("probe")), credentials });
    response.resume();
    return [response.headers.warning ?? []].flat();
  };

  test("are made as the program declares them, and a refresh finds nothing but that", async () => {
    await foreign("ruled", { [tenantLabel]: "ruled" });
    for (const policy of policies(settings())) {
      const name = `mooring-tenant-${policy.name}`;
      const inputs = { apiVersion: group, kind: "ValidatingAdmissionPolicy", metadata: { name, annotations: { "kubernetes.io/description": policy.idea } }, spec: policySpec(policy) as unknown as Values };
      assert.deepEqual(mapAt((await driver.previewCreate(token("ValidatingAdmissionPolicy"), name, inputs)).outputs, "spec").failurePolicy, "Fail");
      made.push(await driver.create(token("ValidatingAdmissionPolicy"), name, inputs));
      made.push(await driver.create(token("ValidatingAdmissionPolicyBinding"), name, binding(name, "Deny")));
    }
    for (const resource of made) {
      const read = await driver.standIn.read(readOf(resource));
      assert.deepEqual(read?.inputs, resource.inputs);
    }
    assert.ok(await waitUntil(async () => (await post()).status === 403, 60_000), "the rules did not come into force in 60 s");
    assert.match((await post()).text, /this tenant may have Services of the type/);
  });

  test("become warnings by an update of their bindings, and go with them", async () => {
    const bindings = made.filter(({ inputs }) => inputs.kind === "ValidatingAdmissionPolicyBinding");
    for (const resource of bindings) {
      const next = binding(resource.name, "Audit");
      assert.deepEqual((await driver.diff(resource, next)).replaces, []);
      await driver.update(resource, next);
    }
    assert.ok(await waitUntil(async () => (await post()).status === 201, 60_000), "the rules still deny after 60 s");
    assert.match((await warnings()).join("\n"), /this tenant may have Services of the type/);
    for (const resource of made.toReversed()) await driver.delete(resource);
    assert.deepEqual(await cluster.client.list(`/apis/${group}/validatingadmissionpolicies`), []);
    assert.ok(await waitUntil(async () => (await warnings()).length === 0, 60_000), "the rules still warn after 60 s");
  });

  test("with an expression that is none are refused in the preview", async () => {
    const spec = policySpec({ name: "wrong", idea: "", rules: [{ apiGroups: [""], resources: ["services"] }], conditions: [], validations: [{ expression: "object.spec.type ==" }] }) as unknown as Values;
    await assert.rejects(driver.previewCreate(token("ValidatingAdmissionPolicy"), "wrong", { apiVersion: group, kind: "ValidatingAdmissionPolicy", metadata: { name: "wrong" }, spec }), /Syntax error/);
  });
});

function readOf({ type: token, name, id, inputs, outputs }: Live) {
  return { urn: "urn", type: token, name, connection: "first", id, inputs, outputs };
}
