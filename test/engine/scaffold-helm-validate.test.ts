/** What `build.sh validate` looks at: the chart, each environment as Flux builds it, and the chart with the values of each environment. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, before, beforeEach, test } from "node:test";
import { helmOverlay } from "../../components/github/scaffold/overlay-helm.ts";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import { provideHelm } from "../../local/toolchain/helm.ts";
import { provideKustomize } from "../../local/toolchain/kustomize.ts";
import { objectsOf } from "../scaffold/charts.ts";
import { overlayArgs, prod, staging, TeamRepository } from "../scaffold/repository.ts";

let helm: string;
let kustomize: string;
before(async () => {
  helm = await provideHelm({ progress: silentProgress });
  kustomize = await provideKustomize({ progress: silentProgress });
});

let repository: TeamRepository;
/** What came to be checked against schemas, in its order; the schemas themselves are the API server's in another test. */
const checked = (): Values[][] => {
  const file = join(repository.root, "checked");
  return existsSync(file) ? readFileSync(file, "utf8").split("=====\n").slice(0, -1).map(objectsOf) : [];
};
beforeEach(() => {
  repository = TeamRepository.of("helm", [helmOverlay(overlayArgs("staging")), helmOverlay(overlayArgs("prod"))]);
  repository.program("helm", `#!/bin/sh\nexec "${helm}" "$@"\n`);
  tool("kustomize", `exec "${kustomize}" "$@"`);
  // Reads what it gets, and refuses a kind that there is not, as kubeconform does with -strict.
  tool("kubeconform", `tee -a "${repository.root}/checked" | { ! grep -q '^kind: Strange'; } && echo "=====" >>"${repository.root}/checked"`);
});
afterEach(() => repository.remove());

function tool(name: string, line: string): void {
  const [, version] = new RegExp(`^ *\\[${name}\\]=.*@(v[0-9.]+)$`, "m").exec(repository.read("ci/tools.sh")) ?? [];
  const file = join(repository.folder, `.tools/${name}-${version}/${name}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

const validate = () => repository.build(["validate"]);
const images = (objects: Values[]): string[] => objects.flatMap((object) => [...JSON.stringify(object).matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image!));

test("each environment, and the chart with its values; a component is no environment", async () => {
  const { code, stderr } = await validate();
  assert.equal(code, 0, stderr);
  const [base, fromBase, ofProd, fromProd, ofStaging, fromStaging, ...more] = checked();
  assert.deepEqual(more, []);
  for (const objects of [base, ofProd, ofStaging]) assert.deepEqual(objects!.map(({ kind }) => kind).sort(), ["ConfigMap", "HelmRelease", "OCIRepository"]);
  for (const [objects, image] of [[fromBase, "registry.invalid/team/app:0.0.0"], [fromProd, `${prod}/orders/orders-api:0.0.0`], [fromStaging, `${staging}/orders/orders-api:0.0.0`]] as const) {
    assert.deepEqual([...new Set(images(objects!))], [image]);
    const config = objects!.find(({ kind }) => kind === "ConfigMap")!;
    assert.deepEqual(config.data, { GREETING: "Moin" }, "the values of base count too");
  }
});

const overlay = (change: (content: string) => string): Record<string, string> => ({ "deploy/prod/kustomization.yaml": change(repository.read("deploy/prod/kustomization.yaml")) });
const patch = (value: string) => `patches:\n  - target: { kind: HelmRelease, name: app }\n    patch: |-\n      - { op: add, path: /spec/values/${value} }\n`;

const wrong: [what: string, files: () => Record<string, string>, says: RegExp][] = [
  ["a template that is not YAML", () => ({ "chart/templates/more.yaml": "a: b: c\n" }), /the chart is not right by its own values\.yaml/],
  ["a value that the chart does not have", () => overlay((content) => content + patch("replicaCount, value: 3")), /deploy\/prod: the chart does not take the values of the release app/],
  ["a value of another kind", () => overlay((content) => content + patch("replicas, value: many")), /'?\/replicas'?.*deploy\/prod: the chart does not take/s],
  ["a value of base", () => ({ "deploy/base/values.yaml": "config: { a-b: c }\n" }), /deploy\/base: the chart does not take the values of the release app/],
  ["a folder that cannot be built", () => overlay((content) => content.replace("../base", "../bose")), /deploy\/prod cannot be built/],
  ["an object that Kubernetes does not know", () => ({ "chart/templates/more.yaml": "apiVersion: v1\nkind: Strange\nmetadata:\n  name: x\n" }), /the chart as the release app: manifests that Kubernetes would refuse/],
];
for (const [what, files, says] of wrong) {
  test(`says where ${what} is wrong`, async () => {
    repository.commit("Wrong", files());
    const { code, stderr } = await validate();
    assert.equal(code, 1);
    assert.match(stderr, says);
  });
}
