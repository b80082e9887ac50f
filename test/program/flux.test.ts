/** Flux: where its chart and images come from, what it is installed with, and its rights. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const chart = "oci://mirror.acme.example/charts/flux2";
const plain = await Program.of(configuration());
const mirrored = await Program.of(configuration({ flux: { mirror: { chart, images: "mirror.acme.example/fluxcd" } } }));
const imagesOnly = await Program.of(configuration({ flux: { mirror: { images: "mirror.acme.example" } } }));

const release = (program: Program) => program.one("Release", "mooring-flux").inputs;
const values = (program: Program) => release(program).values as Record<string, Record<string, unknown>>;

/** The parts of the chart that run an image, and that image's name. */
const images = {
  cli: "flux-cli",
  sourceController: "source-controller",
  kustomizeController: "kustomize-controller",
  helmController: "helm-controller",
  notificationController: "notification-controller",
  imageReflectionController: "image-reflector-controller",
  imageAutomationController: "image-automation-controller",
};

describe("Flux", () => {
  test("comes from its own repository by default", () => {
    const { values: _values, ...inputs } = release(plain);
    assert.deepEqual(inputs, {
      ...{ name: "flux", namespace: "flux-system", chart: "flux2", version: "2.18.3", atomic: true, timeout: 600, compat: "true" },
      repositoryOpts: { repo: "https://fluxcd-community.github.io/helm-charts" },
    });
    for (const part of Object.keys(images)) assert.ok(!("image" in values(plain)[part]!), part);
  });

  test("comes from a mirror, chart and images, with the same versions and the same lockdown", () => {
    const { values: _values, ...inputs } = release(mirrored);
    assert.deepEqual(inputs, { name: "flux", namespace: "flux-system", chart, version: "2.18.3", atomic: true, timeout: 600, compat: "true" });
    const expected = structuredClone(values(plain));
    for (const [part, image] of Object.entries(images)) expected[part]!.image = `mirror.acme.example/fluxcd/${image}`;
    assert.deepEqual(values(mirrored), expected);
  });

  test("may have the images alone from a mirror", () => {
    const { chart: name, repositoryOpts } = release(imagesOnly);
    assert.deepEqual([name, repositoryOpts], ["flux2", { repo: "https://fluxcd-community.github.io/helm-charts" }]);
    assert.equal(values(imagesOnly).sourceController!.image, "mirror.acme.example/source-controller");
  });

  test("names every image that the chart runs, with a version of its own", () => {
    const withTag = Object.entries(values(plain)).filter(([, part]) => typeof part === "object" && "tag" in part);
    assert.deepEqual(withTag.map(([part]) => part).sort(), Object.keys(images).sort());
    for (const [part, { tag }] of withTag) assert.match(String(tag), /^v\d+\.\d+\.\d+$/, part);
  });

  test("each controller acts for a tenant only as the account that an object names", () => {
    const flags = Object.fromEntries(Object.keys(images).filter((part) => part !== "cli").map((part) => [part, (values(plain)[part]!.container as { additionalArgs: string[] }).additionalArgs]));
    const gate = "--feature-gates=ObjectLevelWorkloadIdentity=true";
    const locked = "--default-service-account=flux-wi";
    // Those for whom teams wait have more workers, and do not wait for what is overtaken.
    const [workers, cancelWait] = ["--concurrent=10", "--feature-gates=CancelHealthCheckOnNewRevision=true"];
    assert.deepEqual(flags, {
      sourceController: [workers, gate, locked],
      kustomizeController: [workers, "--no-remote-bases=true", gate, cancelWait, "--default-decryption-service-account=flux-wi", "--default-kubeconfig-service-account=flux-wi"],
      helmController: [workers, gate, cancelWait, "--default-kubeconfig-service-account=flux-wi"],
      notificationController: [gate, locked],
      imageReflectionController: [gate, locked],
      imageAutomationController: [gate, locked],
    });
  });

  test("is locked down, keeps its CRDs, and leaves network policies to Mooring; besides its controllers nothing is set", () => {
    const parts = new Set(Object.keys(images));
    assert.deepEqual(Object.fromEntries(Object.entries(values(plain)).filter(([part]) => !parts.has(part))), {
      installCRDs: true,
      crds: { annotations: { "helm.sh/resource-policy": "keep" }, migration: { enabled: true } },
      multitenancy: { enabled: true, defaultServiceAccount: "default", privileged: true },
      policies: { create: false },
      rbac: { createAggregation: false },
    });
  });

  test("each controller has resources of its own and goes before tenants' pods, and nothing else is set for it", () => {
    const common = { priorityClassName: "system-cluster-critical", resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "1Gi" } } };
    for (const part of Object.keys(images).filter((name) => name !== "cli")) {
      const { tag: _tag, container, ...others } = values(plain)[part]!;
      assert.deepEqual(Object.keys(container as object), ["additionalArgs"], part);
      const extra = part === "sourceController" ? { extraEnv: [{ name: "TUF_ROOT", value: "/tmp/.sigstore" }] } : {};
      assert.deepEqual(others, { ...common, ...extra }, part);
    }
    assert.deepEqual(Object.keys(values(plain).cli!), ["tag"]);
  });
});

describe("Flux's rights beyond the chart's", () => {
  test("are to mint tokens of accounts, cluster-wide, for the controllers that sign in to a cloud alone", () => {
    const [role, ...others] = plain.all("ClusterRole").filter(({ name }) => name.startsWith("mooring-flux"));
    assert.deepEqual(others, []);
    assert.deepEqual([role!.inputs.metadata, role!.inputs.rules], [{ name: "mooring-flux-tokens" }, [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }]]);
    const controllers = ["source", "kustomize", "helm", "notification", "image-reflector", "image-automation"];
    const [binding, ...more] = plain.all("ClusterRoleBinding");
    assert.deepEqual(more, []);
    assert.deepEqual([binding!.inputs.metadata, binding!.inputs.roleRef, binding!.inputs.subjects], [
      { name: "mooring-flux-tokens" },
      { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "mooring-flux-tokens" },
      controllers.map((name) => ({ kind: "ServiceAccount", name: `${name}-controller`, namespace: "flux-system" })),
    ]);
    assert.ok(plain.dependsOn(binding!, role!));
  });
});
