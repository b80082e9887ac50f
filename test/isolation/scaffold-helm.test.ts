/**
 * What the repository of a team that ships a chart starts with, sent to the API server as Flux would send it: the environment's folder
 * in the name of the team's reconciler, and what Helm makes of the chart in the name of the reconciler of its namespace; with all
 * admission rules, quota and pod security on. The same for the canary, of both flavours. Neither Flux nor Flagger runs here.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { OverlayArgs, ScaffoldFile } from "../../components/github/scaffold/overlay-args.ts";
import { helmOverlay } from "../../components/github/scaffold/overlay-helm.ts";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import { readScaffold } from "../../components/github/scaffold/reader.ts";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import type { Answer } from "../../local/standins/kubernetes/rest.ts";
import { provideAddOnCrds } from "../../local/toolchain/add-on-crds.ts";
import { built, rendered, the, valuesOf } from "../scaffold/charts.ts";
import { configuration } from "../settings.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { manifest } from "./manifests.ts";
import { account, podMaker, reconciler } from "./subjects.ts";
import type { Subject } from "./subjects.ts";

const SETTLE_MS = 60_000;
const PAUSE_MS = 200;

const registryHost = "acmelab.azurecr.io";
const host = "orders.apps.acme.example";
const args = (environment: string, ref: OverlayArgs["ref"]): OverlayArgs =>
  ({ tenant: "orders", environment, controlNamespace: "orders-flux", namespaces: ["orders"], registryHost, allowed: [], interval: "5m", ref, images: [{ name: "orders-api", digest: true }] });
const staging = args("staging", { branch: "main" });
const prod = args("prod", { semver: ">=1.0.0" });

const withAddOns = {
  registry: { name: "acmelab" },
  tenancy: { domain: "apps.acme.example", ingressNamespace: "envoy-gateway-system", monitoringNamespace: "monitoring" },
  dns: { zone: "apps.acme.example" },
  fleet: {},
  addons: { certManager: { email: "platform@acme.example" }, externalDns: {}, gateway: {}, kubePrometheusStack: {}, flagger: {} },
  // The smallest size, so that the quota is the tightest.
  tenants: { orders: { size: "small" }, web: {} },
};

let lab: Lab;
before(async () => { lab = await openLab(configuration(withAddOns), { addOns: await provideAddOnCrds({ progress: silentProgress }) }); });
after(() => lab?.close());

/** Who applies the environment's folder, and who applies what the chart makes. */
const flux = reconciler("orders-flux");
const helmController = reconciler("orders");

/** A server-side apply, or a creation; nothing is stored. */
async function tried(object: Values, { user, groups }: Subject, method: "PATCH" | "POST" = "PATCH"): Promise<Answer> {
  const { object: path, collection } = await lab.discovery.paths(object);
  const query = { fieldManager: "flux", fieldValidation: "Strict", dryRun: "All" };
  const contentType = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
  return lab.admin.as(user, groups).request(method, method === "PATCH" ? path : collection, { query, body: object, contentType });
}

const words = ({ status, body }: Answer): string => `${status} ${String((body as { message?: unknown }).message)}`;
const nameOf = ({ kind, metadata }: Values): string => `${String(kind)} ${(metadata as { name: string }).name}`;
const kinds = (objects: Values[]): string[] => objects.map(({ kind }) => String(kind)).sort();

async function taken(objects: Values[], subject: Subject): Promise<void> {
  for (const object of objects) {
    const answer = await tried(object, subject);
    assert.ok(answer.status === 200 || answer.status === 201, `${nameOf(object)}: ${words(answer)}`);
  }
}

/** Refused, with these words; a rule holds some seconds after the server has taken it. */
async function refused(object: Values, subject: Subject, says: RegExp, method: "PATCH" | "POST" = "PATCH"): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    const answer = await tried(object, subject, method);
    if (answer.status >= 400 || performance.now() > end) {
      assert.ok(answer.status >= 400, `${nameOf(object)} was taken`);
      assert.match(words(answer), says);
      return;
    }
    await delay(PAUSE_MS);
  }
}

/** Chart objects carry no namespace: Helm puts them into the release's. */
const inNamespace = (objects: Values[]): Values[] => objects.map((object) => ({ ...object, metadata: { ...(object.metadata as Values), namespace: "orders" } }));
const chart = async (values: Values): Promise<Values[]> => inNamespace(await rendered(values));

const folder = (scaffold: readonly ScaffoldFile[], overlay: ScaffoldFile): Promise<Values[]> => built([...scaffold, overlay], overlay.path.replace("/kustomization.yaml", ""));
const helmFolder = (of: OverlayArgs): Promise<Values[]> => folder(readScaffold("helm"), helmOverlay(of));

interface PodMaker {
  spec: { template: { metadata: Values; spec: Values & { containers: Values[] } } };
}
const podOf = (maker: Values): Values => {
  const { template } = (maker as Values & PodMaker).spec;
  return { apiVersion: "v1", kind: "Pod", metadata: { ...template.metadata, name: "app-1", namespace: "orders" }, spec: template.spec };
};

for (const target of [staging, prod]) {
  describe(`deploy/${target.environment}`, () => {
    test("Flux may apply every object, and the API server takes every field", async () => {
      const objects = await helmFolder(target);
      assert.deepEqual(kinds(objects), ["ConfigMap", "HelmRelease", "OCIRepository"]);
      await taken(objects, flux);
    });

    test("what the chart makes of its values may be applied, and its pods may run", async () => {
      const objects = await chart(valuesOf(await helmFolder(target)));
      assert.deepEqual(kinds(objects), ["ConfigMap", "Deployment", "Job", "PodDisruptionBudget", "Service"]);
      await taken(objects, helmController);
      for (const maker of [the("Deployment", objects), the("Job", objects)]) {
        const answer = await tried(podOf(maker), maker.kind === "Job" ? account("kube-system", "job-controller") : podMaker, "POST");
        assert.equal(answer.status, 201, words(answer));
      }
    });
  });
}

test("everything that the chart can make may be applied", async () => {
  const objects = await chart({
    image: { repository: `${registryHost}/orders/orders-api`, digest: `sha256:${"ab".repeat(32)}` },
    autoscaling: { enabled: true },
    config: { GREETING: "hello" },
    secret: { API_TOKEN: "t0ken" },
    secretRef: { name: "orders-db", optional: true },
    podLabels: { "azure.workload.identity/use": "true" },
    route: { enabled: true, hosts: [host], gateways: [{ name: "public", namespace: "envoy-gateway-system", sectionName: "https" }] },
  });
  assert.deepEqual(kinds(objects), ["ConfigMap", "Deployment", "HTTPRoute", "HorizontalPodAutoscaler", "Job", "PodDisruptionBudget", "Secret", "Service"]);
  await taken(objects, helmController);
});

describe("what is changed for the worse is refused:", () => {
  const source: [what: string, change: (spec: Values) => void, says: RegExp][] = [
    ["another team's charts", (spec) => { spec.url = `oci://${registryHost}/web/charts/app`; }, /is not an address that this tenant may fetch from/],
    ["the placeholder of base", (spec) => { spec.url = "oci://registry.invalid/team/charts/app"; }, /is not an address that this tenant may fetch from/],
    ["the registry's sign-in as nobody", (spec) => { delete spec.serviceAccountName; }, /with a cloud's provider, write spec\.serviceAccountName/],
    ["a look every second", (spec) => { spec.interval = "1s"; }, /spec\.interval is shorter than 30s/],
    ["a field that there is not", (spec) => { (spec.ref as Values).semverRange = "1.x"; }, /unknown field|field not declared in schema/],
    ["a layer that nobody knows to handle", (spec) => { (spec.layerSelector as Values).operation = "unpack"; }, /spec\.layerSelector\.operation/],
  ];
  for (const [what, change, says] of source) {
    test(what, async () => {
      const object = structuredClone(the("OCIRepository", await helmFolder(prod)));
      change(object.spec as Values);
      await refused(object, flux, says);
    });
  }

  const release: [what: string, change: (spec: Values) => void, says: RegExp][] = [
    ["a release as another account", (spec) => { spec.serviceAccountName = "default"; }, /write spec\.serviceAccountName: reconciler/],
    ["a release in another team's namespace", (spec) => { spec.targetNamespace = "web"; }, /spec\.targetNamespace is not a namespace of this tenant/],
    ["a chart of another namespace", (spec) => { (spec.chartRef as Values).namespace = "web"; }, /spec\.chartRef\.namespace names another namespace/],
    ["a chart in a folder of Git", (spec) => { delete spec.chartRef; spec.chart = { spec: { chart: "./chart", sourceRef: { kind: "GitRepository", name: "orders" } } }; }, /package the chart with its dependencies/],
    ["a release that takes an hour", (spec) => { spec.timeout = "1h"; }, /spec\.timeout is longer than 15m/],
    ["attempts without a pause", (spec) => { spec.install = { strategy: { name: "RetryOnFailure", retryInterval: "1s" } }; }, /spec\.install\.strategy\.retryInterval is shorter/],
    ["a remedy that there is not", (spec) => { (spec.upgrade as { remediation: Values }).remediation.strategy = "reinstall"; }, /spec\.upgrade\.remediation\.strategy/],
    ["a drift detection that there is not", (spec) => { (spec.driftDetection as Values).mode = "on"; }, /spec\.driftDetection\.mode/],
    ["a pause for a strategy that has none", (spec) => { (spec.upgrade as { strategy: Values }).strategy.retryInterval = "5m"; }, /retryInterval/],
  ];
  for (const [what, change, says] of release) {
    test(what, async () => {
      const object = structuredClone(the("HelmRelease", await helmFolder(prod)));
      change(object.spec as Values);
      await refused(object, flux, says);
    });
  }

  const repository = `${registryHost}/orders/orders-api`;
  test("another team's image", async () => {
    await refused(the("Deployment", await chart({ image: { repository: `${registryHost}/web/web-api` } })), helmController, /this tenant may not run it/);
  });
  test("a route for another team's host", async () => {
    const route = { enabled: true, hosts: ["web.apps.acme.example"], gateways: [{ name: "public", namespace: "envoy-gateway-system" }] };
    await refused(the("HTTPRoute", await chart({ image: { repository }, route })), helmController, /name a host in every rule/);
  });
  test("a test that is a bare pod, which is why the chart's is a Job", async () => {
    await refused(podOf(the("Job", await chart({ image: { repository } }))), helmController, /cannot patch resource "pods"/);
  });
  test("a pod that is not at the level restricted", async () => {
    const pod = podOf(the("Deployment", await chart({ image: { repository } })));
    (pod.spec as Values).securityContext = {};
    await refused(pod, podMaker, /violates PodSecurity "restricted/, "POST");
  });
  test("more than the quota", async () => {
    const resources = { requests: { cpu: "8" }, limits: { cpu: "8", memory: "1Gi" } };
    await refused(podOf(the("Deployment", await chart({ image: { repository }, resources }))), podMaker, /exceeded quota: tenant/, "POST");
  });
});

/** As the canary's README says: the component, and the team's host. */
const canaryOn = ({ path, content }: ScaffoldFile, hosts: string[] = [host]): ScaffoldFile => ({
  path,
  content: `${content}components: [../canary]\npatches:\n  - target: { kind: Canary, name: app }\n    patch: |-\n      - { op: replace, path: /spec/service/hosts, value: ${JSON.stringify(hosts)} }\n`,
});
const flavours = { helm: () => canaryOn(helmOverlay(prod)), kustomize: () => canaryOn(kustomizeOverlay(prod)) } as const;
/** The route that Flagger makes of a canary: pkg/router/gateway_api.go of fluxcd/flagger 1.44. The rules of the namespace hold it, whoever makes it. */
function routeOf({ spec }: Values): Values {
  const { service: { hosts, gatewayRefs, port } } = spec as { service: { hosts: string[]; gatewayRefs: Values[]; port: number } };
  const backendRefs = [["app-primary", 100], ["app-canary", 0]].map(([name, weight]) => ({ group: "", kind: "Service", name, weight, port }));
  const rules = [{ matches: [{ path: { type: "PathPrefix", value: "/" } }], backendRefs }];
  return manifest("gateway.networking.k8s.io/v1", "HTTPRoute", { spec: { parentRefs: gatewayRefs, hostnames: hosts, rules } }, { name: "app" });
}
const canaryKinds = ["Canary", "MetricTemplate", "MetricTemplate", "PodMonitor"];

for (const flavour of ["helm", "kustomize"] as const) {
  describe(`the canary of the flavour ${flavour}`, () => {
    const objects = (): Promise<Values[]> => folder(readScaffold(flavour), flavours[flavour]());

    test("may be applied, and the API server takes every field", async () => {
      const all = await objects();
      assert.deepEqual(kinds(all).filter((kind) => canaryKinds.includes(kind)), canaryKinds);
      await taken(all, flux);
    });

    test("leaves to Flagger what Flagger makes, and has what it refers to", async () => {
      const all = await objects();
      const workload = flavour === "helm" ? await chart(valuesOf(all)) : all;
      const deployment = the("Deployment", workload);
      assert.ok(!("replicas" in (deployment.spec as Values)), "Flux would set back what Flagger scales");
      for (const kind of ["Service", "HTTPRoute"]) assert.ok(!kinds(workload).includes(kind), `Flagger makes the ${kind}`);
      const { targetRef, autoscalerRef, service, analysis } = the("Canary", all).spec as { targetRef: Values; autoscalerRef: Values; service: { targetPort: string }; analysis: { metrics: { templateRef: { name: string } }[] } };
      for (const { kind, name } of [targetRef, autoscalerRef]) assert.equal((the(String(kind), workload).metadata as { name: string }).name, name);
      // Flagger finds the pods by the first of these labels that the selector has (its flag -selector-labels), and needs one.
      const { selector } = deployment.spec as { selector: { matchLabels: Values } };
      assert.equal(selector.matchLabels["app.kubernetes.io/name"], "app");
      assert.deepEqual(["app", "name"].filter((label) => label in selector.matchLabels), []);
      const ports = podOf(deployment).spec as { containers: { ports: { name: string }[] }[] };
      assert.equal(ports.containers[0]!.ports[0]!.name, service.targetPort);
      const templates = all.filter(({ kind }) => kind === "MetricTemplate").map(({ metadata }) => (metadata as { name: string }).name);
      assert.deepEqual(analysis.metrics.map(({ templateRef }) => templateRef.name).sort(), templates.sort());
      assert.deepEqual((the("PodDisruptionBudget", workload).spec as { selector: Values }).selector, { matchLabels: { "app.kubernetes.io/name": "app-primary" } });
    });

    test("what Flagger makes of it is within the team's bounds", async () => {
      await taken([routeOf(the("Canary", await objects()))], helmController);
    });
  });
}

describe("a canary that is changed for the worse is refused:", () => {
  const wrong: [what: string, kind: string, change: (spec: Values) => void, says: RegExp][] = [
    ["a provider that there is not", "Canary", (spec) => { spec.provider = "gatewayapi:v9"; }, /spec\.provider|Unsupported value/],
    ["a step that is a word", "Canary", (spec) => { (spec.analysis as Values).stepWeight = "ten"; }, /stepWeight/],
    ["a field that there is not", "Canary", (spec) => { (spec.analysis as Values).treshold = 3; }, /unknown field|field not declared in schema/],
    ["no port", "Canary", (spec) => { delete (spec.service as Values).port; }, /spec\.service\.port/],
    ["another team's Gateway", "Canary", (spec) => { (spec.service as { gatewayRefs: Values[] }).gatewayRefs[0]!.namespace = "web"; }, /spec\.service\.gatewayRefs names a Gateway of a namespace that is not for this tenant/],
    ["metrics from elsewhere", "MetricTemplate", (spec) => { (spec.provider as Values).address = "http://169.254.169.254"; }, /write spec\.provider as/],
    ["a monitor that is led on", "PodMonitor", (spec) => { delete (spec.podMetricsEndpoints as Values[])[0]!.followRedirects; }, /write followRedirects: false/],
  ];
  for (const [what, kind, change, says] of wrong) {
    test(what, async () => {
      const object = structuredClone((await folder(readScaffold("helm"), flavours.helm())).find((one) => one.kind === kind)!);
      change(object.spec as Values);
      await refused(object, flux, says);
    });
  }

  test("the placeholder for its host, by the route that Flagger would make", async () => {
    const objects = await built([...readScaffold("helm"), canaryOn(helmOverlay(prod), ["app.invalid"])], "deploy/prod");
    await refused(routeOf(the("Canary", objects)), helmController, /name a host in every rule, one that this tenant may serve: orders\.apps\.acme\.example/);
  });
});
