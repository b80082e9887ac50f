/** What Flux applies for a team: the folder of its repository with every option, further folders, Helm releases. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cluster } from "../azure.ts";
import { keysOf, objectsIn, spec, stackOf, treated } from "../delivered.ts";

const account = { target: { kind: "(Kustomization|HelmRelease)", group: "(kustomize|helm).toolkit.fluxcd.io" }, patch: '[{"op":"add","path":"/spec/serviceAccountName","value":"reconciler"}]' };
const options = {
  prune: false,
  patches: [{ patch: "[]", target: { kind: "Deployment" } }],
  images: [{ name: "app", newTag: "2.0" }],
  components: ["../canary"],
  substitute: { region: "westeurope" },
  dependsOn: ["databases"],
  interval: "20m",
  timeout: "6m",
};
const checks = [{ apiVersion: "apps/v1", kind: "Deployment", name: "api" }];
const sources = { charts: { helm: "https://charts.acme.example" }, packed: { oci: "/orders/charts/api", semver: "1.x" }, files: { bucket: "files", endpoint: "s3.acme.example" }, tools: { git: "https://github.com/acme/tools", branch: "main" }, manifests: { oci: "/orders/manifests", tag: "v1" } };
const least = { source: "charts", chart: "redis" };
const program = await stackOf(
  {
    plain: null,
    orders: {
      owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"],
      nodePool: "batch",
      deploy: { path: "./releases", ...options, healthChecks: checks },
      sources,
      kustomizations: {
        databases: { path: "./databases" },
        files: { path: "./", source: "files", healthChecks: [{ ...checks[0], namespace: "orders" }], ...options },
        tools: { path: "./", source: "tools", wait: false },
        manifests: { path: "./", source: "manifests" },
      },
      releases: {
        cache: least,
        api: {
          source: "packed",
          values: { replicas: 2 },
          valuesFrom: [{ secret: "values" }, { secret: "db", targetPath: "db.password" }],
          install: { retries: -1, timeout: "4m" },
          upgrade: { retries: 2, then: "uninstall", timeout: "3m" },
          rollback: { timeout: "2m" },
          crds: "CreateReplace",
          test: true,
          driftDetection: { mode: "warn", ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment" } }] },
          dependsOn: ["cache"],
          name: "orders-api",
          interval: "20m",
          timeout: "6m",
        },
        more: { ...least, version: "4.0.x", valuesFrom: [{ secret: "db" }] },
      },
    },
    wide: { namespaces: { wide: {}, other: {} }, protect: false, releases: { cache: { ...least, namespace: "other" } }, sources: { charts: sources.charts }, kustomizations: { a: { path: "./a" }, b: { path: "./b", namespace: "other" } } },
  },
  { cluster: cluster({ pools: { apps: {}, batch: { taints: ["team=batch:NoSchedule"] } } }), tenancy: { charts: ["https://charts.acme.example", "https://s3.acme.example"] } },
  { secrets: ["values", "db"] },
);
const kustomization = (tenant: string, name = tenant) => spec(program, "Kustomization", `${tenant}-flux`, name);
const release = (tenant: string, name: string) => spec(program, "HelmRelease", `${tenant}-flux`, name);
const pace = { interval: "10m", retryInterval: "2m", timeout: "5m" };
const common = { ...pace, prune: true, wait: true, serviceAccountName: "reconciler" };

describe("the folder of a team's repository", () => {
  test("is applied whole, in the team's name, and waited for", () => {
    assert.deepEqual(kustomization("plain"), { ...common, sourceRef: { kind: "GitRepository", name: "plain" }, path: "./deploy/staging", targetNamespace: "plain", patches: [account] });
  });

  test("is applied with every option; the account comes after the team's own patches, and the node pool last", () => {
    const { patches, ...rest } = kustomization("orders");
    assert.deepEqual(rest, {
      sourceRef: { kind: "GitRepository", name: "orders" },
      path: "./releases",
      ...{ interval: "20m", retryInterval: "2m", timeout: "6m", prune: false, wait: false, serviceAccountName: "reconciler", targetNamespace: "orders" },
      healthChecks: [{ ...checks[0], namespace: "orders" }],
      images: options.images,
      components: options.components,
      postBuild: { substitute: options.substitute },
      dependsOn: [{ name: "databases" }],
    });
    assert.deepEqual((patches as unknown[]).slice(0, 2), [options.patches[0], account]);
    assert.ok((patches as unknown[]).length > 2);
  });

  test("of a team with several namespaces names its own", () => assert.equal(kustomization("wide").targetNamespace, undefined));
});

describe("a further folder", () => {
  const { databases: _, ...others } = { databases: {}, files: "Bucket", tools: "GitRepository", manifests: "OCIRepository" };

  test("is of the team's repository, or of a source of any kind", () => {
    const { patches, ...rest } = kustomization("orders", "databases");
    assert.deepEqual(rest, { ...common, sourceRef: { kind: "GitRepository", name: "orders" }, path: "./databases", targetNamespace: "orders" });
    assert.deepEqual((patches as unknown[])[0], account);
    assert.deepEqual(Object.keys(others).map((name) => kustomization("orders", name).sourceRef), Object.entries(others).map(([name, kind]) => ({ kind, name })));
    assert.deepEqual([kustomization("orders", "tools").wait, kustomization("orders", "manifests").wait], [false, true]);
  });

  test("takes the same options", () => {
    const { patches, ...rest } = kustomization("orders", "files");
    const { path: _path, sourceRef: _source, ...root } = kustomization("orders");
    assert.deepEqual({ ...rest, patches }, { ...root, path: "./", sourceRef: { kind: "Bucket", name: "files" } });
  });

  test("goes into the namespace that it names, else the team's only one", () => {
    assert.deepEqual(["a", "b"].map((name) => kustomization("wide", name).targetNamespace), [undefined, "other"]);
  });
});

describe("a Helm release", () => {
  test("is installed in the team's namespace, in its name, and rolled back when it fails", () => {
    const { postRenderers, ...rest } = release("orders", "cache");
    assert.deepEqual(rest, {
      chart: { spec: { chart: "redis", sourceRef: { kind: "HelmRepository", name: "charts" }, interval: "10m" } },
      ...{ interval: "10m", timeout: "5m", releaseName: "cache", targetNamespace: "orders", storageNamespace: "orders", serviceAccountName: "reconciler" },
      install: { crds: "Skip", remediation: { retries: 3, remediateLastFailure: false } },
      upgrade: { crds: "Skip", cleanupOnFail: true, remediation: { retries: 3, remediateLastFailure: true, strategy: "rollback" } },
      rollback: { cleanupOnFail: true },
      driftDetection: { mode: "enabled" },
    });
    assert.ok(postRenderers);
    assert.equal(release("wide", "cache").postRenderers, undefined);
    assert.deepEqual([release("wide", "cache").targetNamespace, release("wide", "cache").storageNamespace], ["other", "other"]);
  });

  test("takes every option", () => {
    const { postRenderers: _, ...rest } = release("orders", "api");
    assert.deepEqual(rest, {
      chartRef: { kind: "OCIRepository", name: "packed" },
      ...{ interval: "20m", timeout: "6m", releaseName: "orders-api", targetNamespace: "orders", storageNamespace: "orders", serviceAccountName: "reconciler" },
      values: { replicas: 2 },
      valuesFrom: [{ kind: "Secret", name: "values-values", valuesKey: "values" }, { kind: "Secret", name: "values-db", valuesKey: "values", targetPath: "db.password" }],
      install: { crds: "CreateReplace", timeout: "4m", remediation: { retries: -1, remediateLastFailure: false } },
      upgrade: { crds: "CreateReplace", timeout: "3m", cleanupOnFail: true, remediation: { retries: 2, remediateLastFailure: true, strategy: "uninstall" } },
      rollback: { cleanupOnFail: true, timeout: "2m" },
      test: { enable: true },
      driftDetection: { mode: "warn", ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment" } }] },
      dependsOn: [{ name: "cache" }],
    });
    assert.equal((release("orders", "more").chart as { spec: { version: string } }).spec.version, "4.0.x");
  });

  test("has its pods on the team's node pool, what Helm renders too", () => {
    const { kustomize } = (release("orders", "cache").postRenderers as { kustomize: { patches: { target: { kind: string } }[] } }[])[0]!;
    assert.deepEqual([...new Set(kustomize.patches.map(({ target }) => target.kind))], ["(Deployment|StatefulSet|DaemonSet|Job)", "CronJob"]);
  });

  test("has its secret values in one Secret each, however many releases take it", () => {
    const secrets = objectsIn(program, "orders-flux", /^Secret$/).filter((name) => name.includes("values-"));
    assert.deepEqual(secrets, ["Secret values-db", "Secret values-values"]);
    assert.deepEqual(keysOf(program, "orders-flux", "values-db"), ["values"]);
    for (const name of ["api", "more"]) assert.ok(program.needs(program.one("HelmRelease", `orders-release/${name}`)).includes("orders-values/db"), name);
  });
});

describe("what is applied", () => {
  const applied = [...program.all("Kustomization"), ...program.all("HelmRelease")].filter(({ name }) => !name.startsWith("mooring"));

  test("refuses deletion where the team's namespaces do, since what runs goes with it", () => {
    for (const one of applied) assert.deepEqual(treated(one), { retainOnDelete: false, ignoreChanges: [], deleteBeforeReplace: false, protect: !one.name.startsWith("wide-") }, one.name);
  });

  test("comes after its source, the team's quota, traffic rules and rights; the root after all of it", () => {
    const first = ["ResourceQuota", "LimitRange", "NetworkPolicy", "RoleBinding", "ServiceAccount"].flatMap((kind) => program.all(kind)).filter(({ name }) => name.startsWith("orders"));
    const own = applied.filter(({ name }) => name.startsWith("orders-"));
    assert.equal(own.length, 8);
    for (const one of own) for (const before of first) assert.ok(program.dependsOn(one, before), `${one.name} before ${before.name}`);
    const root = program.one("Kustomization", "orders-sync");
    for (const other of own.filter((one) => one !== root)) assert.ok(program.dependsOn(root, other), other.name);
    for (const [kind, from, source] of [["HelmRelease", "release/api", "source/packed"], ["HelmRelease", "release/cache", "source/charts"], ["Kustomization", "kustomization/tools", "source/tools"], ["Kustomization", "kustomization/databases", "source"]] as const) {
      const registered = program.registrations.find(({ name, type }) => name === `orders-${source}` && type !== "kubernetes:core/v1:Secret")!;
      assert.ok(program.dependsOn(program.one(kind, `orders-${from}`), registered), from);
    }
  });
});
