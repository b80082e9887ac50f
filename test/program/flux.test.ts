/** Flux's chart: where it and its images come from, and that only this differs with a mirror. */
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
    assert.deepEqual(flags, {
      sourceController: [gate, locked],
      kustomizeController: ["--no-remote-bases=true", gate, "--default-decryption-service-account=flux-wi", "--default-kubeconfig-service-account=flux-wi"],
      helmController: [gate, "--default-kubeconfig-service-account=flux-wi"],
      notificationController: [gate, locked],
      imageReflectionController: [gate, locked],
      imageAutomationController: [gate, locked],
    });
    assert.deepEqual(values(plain).multitenancy, { enabled: true, defaultServiceAccount: "default", privileged: true });
    assert.deepEqual(values(plain).rbac, { createAggregation: false });
  });
});
