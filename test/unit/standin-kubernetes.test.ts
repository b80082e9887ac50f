import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { UNKNOWN, type Values } from "../../local/standins/contract.ts";
import { kubernetesStandIn } from "../../local/standins/kubernetes.ts";
import { openCluster, providerDiff } from "../../local/standins/kubernetes/cluster.ts";
import { credentialSource } from "../../local/standins/kubernetes/credentials.ts";
import { checkRelease, valueMistakes, wantedCrds } from "../../local/standins/kubernetes/helm/inputs.ts";
import { named, objectMistakes, withoutReadOnly } from "../../local/standins/kubernetes/inputs.ts";
import { parseKubeconfig } from "../../local/standins/kubernetes/kubeconfig.ts";
import { guessedOutputs, refreshedInputs } from "../../local/standins/kubernetes/live.ts";
import { sameQuantity } from "../../local/standins/kubernetes/quantity.ts";
import { objectDiff } from "../../local/standins/kubernetes/replacement.ts";
import { Driver, type Live } from "./standin-driver.ts";

const seed = new Uint8Array(32).fill(7);
const mutable = { secrets: true, configMaps: true };

test("an object without a name gets the resource's name with a suffix, and keeps it", () => {
  const config: Values = { apiVersion: "v1", kind: "ConfigMap", metadata: { annotations: { a: "b" } } };
  const first = named(config, "settings", seed);
  assert.match(String((first.metadata as Values).name), /^settings-[0-9a-f]{8}$/);
  assert.deepEqual((first.metadata as Values).annotations, { a: "b", "pulumi.com/autonamed": "true" });
  assert.deepEqual(named(config, "settings", seed), first, "a preview and its up agree");
  assert.deepEqual(named(config, "settings", new Uint8Array(32), first), first, "the name of the old inputs is kept");
});

test("a given name stays, also one that is not known yet", () => {
  for (const name of ["fixed", UNKNOWN]) {
    const config: Values = { metadata: { name } };
    assert.deepEqual(named(config, "settings", seed), config);
  }
  assert.deepEqual(named({ metadata: { name: "now-fixed" } }, "settings", seed, { metadata: { name: "settings-1", annotations: { "pulumi.com/autonamed": "true" } } }).metadata, { name: "now-fixed" });
});

test("inputs that cannot be an object are refused", () => {
  const properties = (inputs: Values) => objectMistakes(inputs).map(({ property }) => property);
  assert.deepEqual(properties({}), ["apiVersion", "kind"]);
  assert.deepEqual(properties({ apiVersion: "v1", kind: "ConfigMapList" }), ["kind"]);
  assert.deepEqual(properties({ apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "a-" } }), ["metadata.generateName"]);
  assert.deepEqual(withoutReadOnly({ metadata: { name: "a", uid: "u", resourceVersion: "1" } }), { metadata: { name: "a" } });
});

test("what the API cannot change is replaced, and the old one goes first when the name stays", () => {
  const binding: Values = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "a", namespace: "n" }, roleRef: { name: "x" }, subjects: [{ name: "s" }] };
  assert.deepEqual(objectDiff(binding, { ...binding, subjects: [{ name: "t" }] }, mutable), { changes: ["subjects[0].name"], replaces: [], deleteBeforeReplace: false });
  assert.deepEqual(objectDiff(binding, { ...binding, roleRef: { name: "y" } }, mutable), { changes: ["roleRef.name"], replaces: ["roleRef.name"], deleteBeforeReplace: true });
  assert.deepEqual(objectDiff(binding, { ...binding, metadata: { name: "b", namespace: "n" } }, mutable), { changes: ["metadata.name"], replaces: ["metadata.name"], deleteBeforeReplace: false });
  assert.deepEqual(objectDiff(binding, structuredClone(binding), mutable), { changes: [] });
});

test("changed data replaces a Secret unless the provider has enableSecretMutable and the Secret is not immutable", () => {
  const secret: Values = { apiVersion: "v1", kind: "Secret", metadata: { name: "a", namespace: "n" }, stringData: { key: "1" } };
  const changed = { ...secret, stringData: { key: "2" } };
  assert.deepEqual(objectDiff(secret, changed, { secrets: false, configMaps: false }).replaces, ["stringData.key"]);
  assert.deepEqual(objectDiff(secret, changed, mutable).replaces, []);
  assert.deepEqual(objectDiff({ ...secret, immutable: true }, { ...changed, immutable: true }, mutable).replaces, ["stringData.key"]);
  assert.deepEqual(objectDiff({ ...secret, type: "Opaque" }, { ...secret, type: "x/y" }, mutable).replaces, ["type"]);
});

test("another version of the same group is an update, another group a replacement", () => {
  const alert = (apiVersion: string): Values => ({ apiVersion, kind: "Alert", metadata: { name: "a", namespace: "n" } });
  assert.deepEqual(objectDiff(alert("g.io/v1"), alert("g.io/v2"), mutable).replaces, []);
  assert.deepEqual(objectDiff(alert("g.io/v1"), alert("h.io/v1"), mutable).replaces, ["apiVersion"]);
});

test("a preview that could not ask the server leaves the server's fields unknown, and keeps the identity of what exists", () => {
  const inputs: Values = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } };
  assert.deepEqual(guessedOutputs(inputs).metadata, { name: "a", uid: UNKNOWN, creationTimestamp: UNKNOWN, resourceVersion: UNKNOWN, generation: UNKNOWN });
  assert.equal((guessedOutputs(inputs, { metadata: { uid: "u-1" } }).metadata as Values).uid, "u-1");
});

test("a refresh reports drift of what was declared, and nothing that the server added or wrote in its own way", () => {
  const declared: Values = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q", labels: { a: "b" } }, spec: { hard: { cpu: "0.5", memory: "1024Mi", pods: 10 }, scopes: [] } };
  const live: Values = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q", uid: "u", labels: { a: "b", added: "x" } }, spec: { hard: { cpu: "500m", memory: "1Gi", pods: "10" } }, status: {} };
  assert.deepEqual(refreshedInputs(declared, live), declared);
  const drifted = structuredClone(live);
  (drifted.spec as Values).hard = { cpu: "2", memory: "1Gi" };
  assert.deepEqual(refreshedInputs(declared, drifted).spec, { hard: { cpu: "2", memory: "1024Mi" }, scopes: [] });
  const secret = refreshedInputs({ kind: "Secret", stringData: { a: "old", b: "gone" } }, { kind: "Secret", data: { a: Buffer.from("new").toString("base64") } });
  assert.deepEqual(secret, { kind: "Secret", stringData: { a: "new" } });
});

test("quantities are compared by size", () => {
  for (const [one, other] of [["0.5", "500m"], ["1024Mi", "1Gi"], [8, "8"]] as const) assert.equal(sameQuantity(one, other), true, String(one));
  for (const [one, other] of [["1G", "1Gi"], ["10m", "10m0s"], ["text", "text"]] as const) assert.equal(sameQuantity(one, other), false, one);
});

const kubeconfig = (user: Values): Values => ({
  "current-context": "main",
  contexts: [{ name: "main", context: { cluster: "c", user: "u", namespace: "apps" } }, { name: "bad", context: { cluster: "nowhere", user: "u" } }],
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:6443", "certificate-authority-data": Buffer.from("CA").toString("base64") } }],
  users: [{ name: "u", user }],
});

test("a kubeconfig is read as JSON or YAML, and its faults are named", () => {
  const config = parseKubeconfig(JSON.stringify(kubeconfig({ token: "t" })));
  assert.deepEqual(config.address, { server: "https://127.0.0.1:6443", caPem: "CA", tlsServerName: undefined });
  assert.equal(config.namespace, "apps");
  assert.deepEqual(config.user, { token: "t", certPem: undefined, keyPem: undefined });
  assert.throws(() => parseKubeconfig(JSON.stringify(kubeconfig({})), "bad"), { message: 'kubeconfig: clusters has no "nowhere"' });
  assert.throws(() => parseKubeconfig("/home/someone/.kube/config"), /not a path/);
  assert.throws(() => openCluster({}), /needs the argument kubeconfig/);
  assert.throws(() => openCluster({ kubeconfig: JSON.stringify(kubeconfig({})), renderYamlToDirectory: "x" }), /renderYamlToDirectory is not supported/);
});

test("an exec plugin runs with its arguments and environment, once until what it gave expires", async () => {
  const folder = mkdtempSync(join(tmpdir(), "standin-exec-"));
  try {
    const plugin = join(folder, "plugin");
    const runs = join(folder, "runs");
    writeFileSync(plugin, `#!/bin/sh\necho run >> ${runs}\ntoken="$1-$EXTRA-$(wc -l < ${runs} | tr -d ' ')"\necho "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$token\\",\\"expirationTimestamp\\":\\"$2\\"}}"\n`);
    chmodSync(plugin, 0o755);
    const source = (args: string[], command = plugin) => {
      const exec = { apiVersion: "client.authentication.k8s.io/v1", command, args, env: [{ name: "EXTRA", value: "e" }], installHint: "install it" };
      return credentialSource(parseKubeconfig(JSON.stringify(kubeconfig({ exec }))).user);
    };
    const lasting = source(["a", "2999-01-01T00:00:00Z"]);
    assert.deepEqual([(await lasting()).token, (await lasting()).token], ["a-e-1", "a-e-1"]);
    const expired = source(["b", "2000-01-01T00:00:00Z"]);
    await expired();
    assert.equal((await expired()).token, "b-e-3", "what has expired is not used again");
    await assert.rejects(source([], join(folder, "absent"))(), /was not found: install it/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the cluster identifier alone decides whether it is another cluster", () => {
  const args = (clusterIdentifier: string | undefined, server: string): Values => ({
    ...(clusterIdentifier === undefined ? {} : { clusterIdentifier }),
    kubeconfig: server === UNKNOWN ? UNKNOWN : JSON.stringify(kubeconfig({ token: "t" })).replace("127.0.0.1", server),
  });
  assert.deepEqual(providerDiff(args("one", "a"), args("one", "b")), { changes: ["kubeconfig"], replaces: [] });
  assert.deepEqual(providerDiff(args("one", "a"), args("one", UNKNOWN)).replaces, []);
  assert.deepEqual(providerDiff(args("one", "a"), args("two", "a")).replaces, ["clusterIdentifier"]);
  assert.deepEqual(providerDiff(args(undefined, "a"), args("one", "a")).replaces, [], "it can be added later");
  assert.deepEqual(providerDiff(args(undefined, "a"), args(undefined, "b")).replaces, ["kubeconfig"]);
  assert.deepEqual(providerDiff(args(undefined, "a"), args(undefined, UNKNOWN)).replaces, ["kubeconfig"]);
});

describe("a server that did not answer when the provider was configured", () => {
  const type = "kubernetes:core/v1:ConfigMap";
  const inputs: Values = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "n" } };
  const object: Live = { type, name: "a", id: "n/a", inputs, outputs: inputs };
  const flux: Live = { type: "kubernetes:helm.sh/v3:Release", name: "flux", id: "flux-system/flux", inputs: { name: "flux" }, outputs: { name: "flux" } };

  /** The stand-in with a server that is not there, or that `answer`s every request with a status. */
  async function lost(args: Values, environment: NodeJS.ProcessEnv = {}, answer?: number): Promise<Driver> {
    const server = createServer((_, response) => response.writeHead(answer!).end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    if (answer === undefined) server.close();
    const config = JSON.stringify(kubeconfig({ token: "t" })).replace("https://127.0.0.1:6443", `http://127.0.0.1:${port}`);
    const standIn = kubernetesStandIn({ crdFolder: "", environment });
    await standIn.configure!("first", { kubeconfig: config, ...args });
    server.close();
    return new Driver(standIn);
  }

  test("stops no preview, and every write and read", async () => {
    for (const driver of [await lost({}), await lost({}, {}, 401)]) {
      assert.equal((await driver.previewCreate(type, "a", inputs)).id, "");
      await driver.update(object, { ...inputs, data: { key: "value" } }, true);
      await assert.rejects(driver.create(type, "a", inputs), /^Error: configured Kubernetes cluster is unreachable: unable to load schema information/);
      await assert.rejects(driver.update(object, inputs), /cluster is unreachable/);
      for (const attempt of [driver.read(object), driver.delete(object)]) await assert.rejects(attempt, /rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE/);
    }
  });

  test("is let go of where the argument or the environment says so, but for a Helm Release's deletion", async () => {
    const variable = { PULUMI_K8S_DELETE_UNREACHABLE: "true" };
    for (const driver of [await lost({ deleteUnreachable: "true" }), await lost({}, variable)]) {
      assert.equal(await driver.read(object), undefined);
      assert.equal(await driver.read(flux), undefined);
      await driver.delete(object);
      await assert.rejects(driver.delete(flux), /can't delete Helm Release with unreachable cluster/);
    }
    await assert.rejects((await lost({ deleteUnreachable: "false" }, variable)).delete(object), /is unreachable/, "the argument comes first");
  });
});

const release: Values = { name: "flux", namespace: "flux-system", chart: "flux2", version: "2.18.3", repositoryOpts: { repo: "https://charts.example" } };

test("a value that the chart does not read is refused with its path", () => {
  const reasons = valueMistakes({ sourceController: { replicas: 2, container: { additionalArg: [] } }, kustomizeController: { replicas: 2, labels: { any: "thing" } }, multiTenancy: {} });
  assert.deepEqual(reasons.map(({ property }) => property), ["values.sourceController.replicas", "values.sourceController.container.additionalArg", "values.multiTenancy"]);
  assert.deepEqual(valueMistakes(UNKNOWN), []);
});

test("a release needs a chart the stand-in knows, its repository and an exact version", () => {
  const properties = (inputs: Values) => (checkRelease(inputs, undefined, "flux", seed, "default").failures ?? []).map(({ property }) => property);
  assert.deepEqual(properties(release), []);
  assert.deepEqual(properties({ chart: "podinfo", version: ">=6" }), ["chart", "version"]);
  assert.deepEqual(properties({ ...release, repositoryOpts: {}, valueYamlFiles: [] }), ["valueYamlFiles", "repositoryOpts.repo"]);
  const { inputs } = checkRelease({ ...release, name: null, compat: "true" }, undefined, "flux", seed, "default");
  assert.match(String(inputs.name), /^flux-[0-9a-f]{8}$/);
  assert.equal("compat" in inputs, false);
});

test("a controller that is off brings no CRDs", () => {
  assert.equal(wantedCrds({}).length, 14);
  assert.equal(wantedCrds({ imageReflectionController: { create: false }, sourceWatcher: { create: true } }).length, 13);
  assert.deepEqual(wantedCrds({ installCRDs: false }), []);
});
