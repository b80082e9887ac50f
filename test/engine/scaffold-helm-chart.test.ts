/** The scaffold's chart: it is right by Helm's own rules, makes what its values say, and refuses values that are wrong. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { chartFolder, helm, inFolder, rendered, the } from "../scaffold/charts.ts";

const repository = "acme.azurecr.io/orders/orders-api";
const digest = `sha256:${"ab".repeat(32)}`;
const image = (fields: Values = {}) => ({ image: { repository, ...fields } });

const pod = (objects: Values[]): Values => (the("Deployment", objects).spec as { template: { spec: Values } }).template.spec;
const container = (objects: Values[]): Values => (pod(objects).containers as Values[])[0]!;
const kinds = (objects: Values[]): string[] => objects.map((object) => String(object.kind)).sort();
const spec = (kind: string, objects: Values[]): Values => the(kind, objects).spec as Values;

describe("Helm takes the chart", () => {
  test("as it is", async () => {
    assert.match(await helm(["lint", "--strict", chartFolder]), /1 chart\(s\) linted, 0 chart\(s\) failed/);
  });

  test("and would say so of a template that is not right", async () => {
    await inFolder([], async (folder) => {
      cpSync(chartFolder, folder, { recursive: true });
      writeFileSync(join(folder, "templates/service.yaml"), "kind: Service\n  apiVersion: v1\n");
      await assert.rejects(helm(["lint", "--strict", folder]), /service\.yaml/);
    });
  });
});

describe("what it makes", () => {
  test("of little: what runs, how it is reached, how nodes are drained, and a test", async () => {
    const objects = await rendered(image({ tag: "1.4.2" }));
    assert.deepEqual(kinds(objects), ["Deployment", "Job", "PodDisruptionBudget", "Service"]);
    assert.equal(spec("Deployment", objects).replicas, 2);
    assert.equal(container(objects).image, `${repository}:1.4.2`);
    assert.equal(container(objects).envFrom, undefined);
    assert.equal(pod(objects).serviceAccountName, "default");
  });

  test("of everything", async () => {
    const objects = await rendered({
      ...image({ tag: "1.4.2" }),
      autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 9, cpuPercent: 60 },
      config: { GREETING: "hello", LIMIT: 1_000_000, RATIO: 0.5, VERBOSE: true, QUOTED: 'a "b": {c}\nd' },
      secret: { API_TOKEN: "s3cret" },
      secretRef: { name: "orders-db", optional: true },
      serviceAccountName: "orders-api",
      podLabels: { "azure.workload.identity/use": "true" },
      route: { enabled: true, hosts: ["orders.apps.acme.example"], gateways: [{ name: "public", namespace: "envoy-gateway-system", sectionName: "https" }] },
    });
    assert.deepEqual(kinds(objects), ["ConfigMap", "Deployment", "HTTPRoute", "HorizontalPodAutoscaler", "Job", "PodDisruptionBudget", "Secret", "Service"]);
    assert.deepEqual(the("ConfigMap", objects).data, { GREETING: "hello", LIMIT: "1000000", RATIO: "0.5", VERBOSE: "true", QUOTED: 'a "b": {c}\nd' });
    assert.deepEqual(the("Secret", objects).stringData, { API_TOKEN: "s3cret" });
    assert.deepEqual(container(objects).envFrom, [{ configMapRef: { name: "app" } }, { secretRef: { name: "app" } }, { secretRef: { name: "orders-db", optional: true } }]);
    assert.equal(pod(objects).serviceAccountName, "orders-api");
    const { maxReplicas, minReplicas } = spec("HorizontalPodAutoscaler", objects);
    assert.deepEqual([minReplicas, maxReplicas], [3, 9]);
    assert.deepEqual(spec("HTTPRoute", objects).rules, [{ backendRefs: [{ name: "app", port: 80 }] }]);
    const { metadata } = (spec("Deployment", objects) as { template: { metadata: { labels: Values } } }).template;
    assert.deepEqual(metadata.labels, { "app.kubernetes.io/name": "app", "azure.workload.identity/use": "true" });
  });

  test("leaves the number of pods to whoever scales", async () => {
    for (const values of [{ autoscaling: { enabled: true } }, { canary: true }]) {
      assert.ok(!("replicas" in spec("Deployment", await rendered({ ...image(), ...values }))), JSON.stringify(values));
    }
  });

  test("leaves what Flagger makes to Flagger", async () => {
    const route = { enabled: true, hosts: ["orders.apps.acme.example"], gateways: [{ name: "public", namespace: "gateway" }] };
    const objects = await rendered({ ...image(), canary: true, autoscaling: { enabled: true }, route });
    assert.deepEqual(kinds(objects), ["Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget"]);
    assert.deepEqual(spec("PodDisruptionBudget", objects).selector, { matchLabels: { "app.kubernetes.io/name": "app-primary" } });
  });

  const references: [fields: Values, reference: string][] = [
    [{}, `${repository}:0.0.0`],
    [{ tag: "main-0a1b2c3-1763740800" }, `${repository}:main-0a1b2c3-1763740800`],
    [{ digest }, `${repository}@${digest}`],
    [{ tag: "1.4.2", digest }, `${repository}:1.4.2@${digest}`],
  ];
  for (const [fields, reference] of references) {
    test(`names the image ${reference}, in its test too`, async () => {
      const objects = await rendered(image(fields));
      assert.equal(container(objects).image, reference);
      const test = spec("Job", objects) as { template: { spec: { containers: Values[] } } };
      assert.deepEqual(test.template.spec.containers.map((one) => [one.image, one.args]), [[reference, ["check", "http://app:80/healthz"]]]);
    });
  }

  test("new pods for a changed value, and none for the same", async () => {
    const sum = async (config: Values) => ((spec("Deployment", await rendered({ ...image(), config })) as { template: { metadata: { annotations: Values } } }).template.metadata.annotations);
    assert.deepEqual(await sum({ GREETING: "hello" }), await sum({ GREETING: "hello" }));
    assert.notDeepEqual(await sum({ GREETING: "hello" }), await sum({ GREETING: "bye" }));
  });

  test("labels that are ones, whatever the tag", async () => {
    for (const tag of ["_x.", `${"a".repeat(62)}.b`, "1.4.2"]) {
      const { labels } = the("Deployment", await rendered(image({ tag }))).metadata as { labels: Record<string, string> };
      for (const value of Object.values(labels)) assert.match(value, /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/);
    }
  });
});

describe("values.schema.json refuses", () => {
  const gateways = [{ name: "public", namespace: "gateway" }];
  const wrong: [what: string, values: Values, says: RegExp][] = [
    ["a value that there is not", { replicaCount: 3 }, /replicaCount/],
    ["an image without its registry", { image: { repository: "nginx" } }, /\/image\/repository/],
    ["an image with its tag", { image: { repository: `${repository}:1.0.0` } }, /\/image\/repository/],
    ["a tag that is none", image({ tag: "1 4" }), /\/image\/tag/],
    ["a tag that is a number", image({ tag: 1.4 }), /\/image\/tag/],
    ["a shortened digest", image({ digest: "sha256:abcd" }), /\/image\/digest/],
    ["a number of pods in words", { replicas: "two" }, /\/replicas/],
    ["fewer pods than none", { replicas: -1 }, /\/replicas/],
    ["a budget that no node could be drained under", { disruptionBudget: { maxUnavailable: 0 } }, /\/disruptionBudget\/maxUnavailable/],
    ["a variable whose name is none", { config: { "log-level": "debug" } }, /invalid propertyName 'log-level'/],
    ["a variable that is a list", { config: { HOSTS: ["a"] } }, /\/config\/HOSTS/],
    ["Flux's account for pods", { serviceAccountName: "reconciler" }, /\/serviceAccountName/],
    ["a route without a host", { route: { enabled: true, gateways } }, /\/route\/hosts/],
    ["a route without a Gateway", { route: { enabled: true, hosts: ["orders.apps.acme.example"] } }, /\/route\/gateways/],
    ["a host with a scheme", { route: { enabled: true, hosts: ["https://orders.apps.acme.example"], gateways } }, /\/route\/hosts\/0/],
    ["a container without limits", { resources: { limits: null } }, /\/resources/],
  ];
  for (const [what, values, says] of wrong) {
    test(what, async () => {
      await assert.rejects(rendered({ ...image(), ...values }), says);
    });
  }
});

describe("a package", () => {
  const hashes = (folder: string): Record<string, string> =>
    Object.fromEntries(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
      .map((file) => [relative(folder, file), createHash("sha256").update(readFileSync(file)).digest("hex")]));

  test("has what the folder has, but for the two versions, and renders the image that it was built with", async () => {
    await inFolder([], async (folder) => {
      await helm(["package", chartFolder, "--version", "0.0.0-main.1763740800.g0a1b2c3", "--app-version", "main-0a1b2c3-1763740800", "--destination", folder]);
      const archive = join(folder, "app-0.0.0-main.1763740800.g0a1b2c3.tgz");
      execFileSync("tar", ["-xf", archive, "-C", folder]);
      const { ".helmignore": _ignored, "Chart.yaml": before, ...files } = hashes(chartFolder);
      const { ".helmignore": _packaged, "Chart.yaml": after, ...packaged } = hashes(join(folder, "app"));
      assert.deepEqual(packaged, files);
      assert.notEqual(after, before);
      assert.equal(container(await rendered(image(), archive)).image, `${repository}:main-0a1b2c3-1763740800`);
    });
  });

  test("has no version that Helm does not take: a number of a pre-release begins with no 0", async () => {
    await assert.rejects(helm(["package", chartFolder, "--version", "0.0.0-007.1763740800.g0a1b2c3"]), /version segment starts with 0/);
  });
});
