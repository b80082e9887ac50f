/** The stand-ins under the real engine: what only the engine can show. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, PulumiCommand, type EngineEvent, type PulumiFn, type Stack } from "@pulumi/pulumi/automation/index.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { waitUntil } from "../../local/processes.ts";
import { silentProgress } from "../../local/progress.ts";
import { PartialFailure, type StandIn } from "../../local/standins/contract.ts";
import { FLUX_FINALIZER, startFinalizerAgent } from "../../local/standins/finalizer-agent.ts";
import { kubernetesStandIn } from "../../local/standins/kubernetes.ts";
import { openCluster } from "../../local/standins/kubernetes/cluster.ts";
import { randomStandIn } from "../../local/standins/random.ts";
import { serveStandIns, type ServedStandIns } from "../../local/standins/serve.ts";
import { tlsStandIn } from "../../local/standins/tls.ts";
import { providePulumi } from "../../local/toolchain/toolchain.ts";
import { openApiServer, type ApiServer } from "./api-server.ts";

class Thing extends pulumi.CustomResource {}

/** Becomes ready at the second attempt. */
let attempts = 0;
const example: StandIn = {
  package: "example",
  version: "1.0.0",
  check: ({ news }) => ({ inputs: news }),
  diff: () => ({ changes: [] }),
  create: ({ inputs, preview }) => {
    if (preview) return Promise.resolve({ id: "", outputs: inputs });
    attempts += 1;
    return Promise.reject(new PartialFailure("half-1", { ...inputs, state: "starting" }, ["it does not answer yet"]));
  },
  update: ({ news }) => Promise.resolve({ ...news, state: "ready" }),
  read: ({ id, inputs, outputs }) => Promise.resolve({ id, inputs, outputs }),
  delete: () => Promise.resolve(),
};

const settings = { pods: "10", role: "view", ignored: "one", half: false };
let server: ApiServer;
let served: ServedStandIns;
let stack: Stack;
let folder: string;

// The engine awaits what the function returns, and has no other use for it.
const program: PulumiFn = () => {
  const provider = new Provider("cluster", { kubeconfig: server.kubeconfig, clusterIdentifier: "one", enableSecretMutable: true });
  const password = new RandomPassword("password", { length: 20 });
  const key = new PrivateKey("key", { algorithm: "ED25519" });
  const values = { crds: { annotations: { "helm.sh/resource-policy": "keep" } } };
  const flux = new Release("flux", { name: "flux", namespace: "flux-system", createNamespace: true, chart: "flux2", version: "2.18.3", repositoryOpts: { repo: "https://charts.example" }, values }, { provider });
  const namespace = new Namespace("team", { metadata: { name: "team" } }, { provider, dependsOn: [flux] });
  const inside = { provider, deletedWith: namespace };
  const metadata = (name: string) => ({ name, namespace: namespace.metadata.name });
  new Secret("deploy-key", { metadata: metadata("deploy-key"), stringData: { identity: key.privateKeyOpenssh, password: password.result, given: pulumi.secret("given-in-plain") } }, inside);
  new ResourceQuota("quota", { metadata: metadata("quota"), spec: { hard: { cpu: "0.5", pods: settings.pods } } }, inside);
  new ConfigMap("config", { metadata: metadata("config"), data: { value: settings.ignored } }, { ...inside, ignoreChanges: ["data.value"] });
  new RoleBinding("binding", { metadata: metadata("binding"), roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: settings.role }, subjects: [{ kind: "User", name: "someone", apiGroup: "rbac.authorization.k8s.io" }] }, inside);
  new CustomResource("source", { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", metadata: metadata("source"), spec: { interval: "1m", url: "ssh://git@git.example/a.git", secretRef: { name: "deploy-key" } } }, { ...inside, dependsOn: [flux] });
  if (settings.half) new Thing("example:index:Thing", "thing", { size: 1 });
  return Promise.resolve();
};

before(async () => {
  server = await openApiServer();
  folder = mkdtempSync(join(tmpdir(), "mooring-engine-"));
  served = await serveStandIns([kubernetesStandIn({ crdFolder: server.crdFolder }), randomStandIn(), tlsStandIn(), example]);
  const cli = await providePulumi({ progress: silentProgress });
  const envVars = {
    PULUMI_HOME: folder,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_DEBUG_PROVIDERS: served.address,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    PULUMI_SKIP_UPDATE_CHECK: "1",
  };
  const pulumiCommand = await PulumiCommand.get({ root: dirname(cli.bin) });
  stack = await LocalWorkspace.createOrSelectStack({ stackName: "test", projectName: "standins", program }, { envVars, pulumiCommand });
});
after(async () => {
  await served?.close();
  await server?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

interface Step {
  op: string;
  name: string;
  paths: string[];
}

/** What a preview plans, unchanged resources left out. */
async function planned(): Promise<Step[]> {
  const steps: Step[] = [];
  await stack.preview({ onEvent: (event) => steps.push(...stepOf(event)) });
  return steps.filter(({ op }) => op !== "same").sort((one, other) => one.name.localeCompare(other.name));
}

function stepOf({ resourcePreEvent }: EngineEvent): Step[] {
  if (!resourcePreEvent) return [];
  const { op, urn, detailedDiff } = resourcePreEvent.metadata;
  return [{ op, name: urn.split("::").at(-1)!, paths: Object.keys(detailedDiff ?? {}) }];
}

test("after an up, neither a preview nor a refresh finds anything to do", async () => {
  await stack.up();
  assert.deepEqual(await planned(), []);
  const { summary } = await stack.refresh();
  assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["same"]);
  assert.deepEqual(await planned(), [], "what a refresh wrote into the state equals what the program declares");
});

test("the state holds no secret in plain text", () => {
  const state = readFileSync(join(folder, ".pulumi/stacks/standins/test.json"), "utf8");
  assert.match(state, /"deploy-key"/);
  for (const secret of ["given-in-plain", Buffer.from("given-in-plain").toString("base64"), "OPENSSH PRIVATE", Buffer.from("-----BEGIN OPENSSH").toString("base64")]) {
    assert.equal(state.includes(secret), false, secret);
  }
});

test("one changed field plans one update, at its path", async () => {
  settings.pods = "20";
  assert.deepEqual(await planned(), [{ op: "update", name: "quota", paths: ["spec.hard.pods"] }]);
});

test("an ignored change plans nothing", async () => {
  settings.ignored = "two";
  assert.deepEqual((await planned()).map(({ name }) => name), ["quota"]);
});

test("a replacement of a named object deletes the old one first", async () => {
  settings.role = "edit";
  const done: string[] = [];
  await stack.up({ onEvent: (event) => done.push(...stepOf(event).filter(({ name }) => name === "binding").map(({ op }) => op)) });
  assert.deepEqual(done, ["delete-replaced", "replace", "create-replacement"]);
  assert.deepEqual(await planned(), []);
});

test("a resource that did not become ready is kept in the state and mended by the next run", async () => {
  settings.half = true;
  await assert.rejects(stack.up(), /it does not answer yet/);
  await stack.up();
  assert.equal(attempts, 1, "it was not created a second time");
  const { resources } = ((await stack.exportStack()).deployment as { resources: { type: string; id: string; outputs: object }[] });
  const thing = resources.find(({ type }) => type === "example:index:Thing");
  assert.deepEqual([thing?.id, thing?.outputs], ["half-1", { size: 1, state: "ready" }]);
});

test("a destroy ends with nothing left, Flux's finalizers included", async () => {
  const { client } = openCluster({ kubeconfig: server.kubeconfig });
  const agent = startFinalizerAgent({ client, release: { namespace: "flux-system", name: "flux" } });
  const source = "/apis/source.toolkit.fluxcd.io/v1/namespaces/team/gitrepositories/source";
  assert.ok(await waitUntil(async () => JSON.stringify(await client.get(source)).includes(FLUX_FINALIZER), 20_000), "the agent holds the source");
  const { summary } = await stack.destroy();
  await agent.stop();
  assert.deepEqual(Object.keys(summary.resourceChanges ?? {}), ["delete"]);
  assert.equal(await client.get("/api/v1/namespaces/team"), undefined);
  assert.deepEqual(await client.list("/api/v1/namespaces/flux-system/secrets", { labelSelector: "owner=helm" }), []);
  client.close();
});
