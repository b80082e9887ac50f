/**
 * What a team's repository starts with, sent to the API server as Flux would send it: in the name of the team's reconciler, with all
 * admission rules, quota and pod security on. No pod runs here; that one would be let through is asked as who makes them.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseAllDocuments } from "yaml";
import type { OverlayArgs, ScaffoldFile } from "../../components/github/scaffold/overlay-args.ts";
import { kustomizeOverlay } from "../../components/github/scaffold/overlay-kustomize.ts";
import { readScaffold } from "../../components/github/scaffold/reader.ts";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import type { Answer } from "../../local/standins/kubernetes/rest.ts";
import { provideKustomize } from "../../local/toolchain/kustomize.ts";
import { configuration } from "../settings.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { podMaker, reconciler } from "./subjects.ts";
import type { Subject } from "./subjects.ts";

const registryHost = "acmelab.azurecr.io";
const overlay = (environment: string, ref: OverlayArgs["ref"], digest: boolean): ScaffoldFile =>
  kustomizeOverlay({ tenant: "orders", environment, controlNamespace: "orders-flux", namespaces: ["orders"], registryHost, allowed: ["mcr.microsoft.com"], interval: "5m", ref, images: [{ name: "orders-api", digest }] });

let lab: Lab;
let folder: string;
let kustomize: string;

before(async () => {
  kustomize = await provideKustomize({ progress: silentProgress });
  folder = mkdtempSync(join(tmpdir(), "mooring-manifests-"));
  // The smallest size, so that the quota is the tightest.
  for (const { path, content } of [...readScaffold("kustomize"), overlay("staging", { branch: "main" }, true), overlay("prod", { semver: "*" }, false)]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  lab = await openLab(configuration({ registry: { name: "acmelab" }, tenants: { orders: { size: "small" } } }));
});
after(async () => {
  await lab?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const build = (path: string): Values[] => parseAllDocuments(execFileSync(kustomize, ["build", join(folder, path)], { encoding: "utf8" })).map((document) => document.toJS() as Values);

/** A server-side apply, or a creation; nothing is stored. */
async function tried(object: Values, { user, groups }: Subject, method: "PATCH" | "POST" = "PATCH"): Promise<Answer> {
  const { object: path, collection } = await lab.discovery.paths(object);
  const query = { fieldManager: "kustomize-controller", fieldValidation: "Strict", dryRun: "All" };
  const contentType = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
  return lab.admin.as(user, groups).request(method, method === "PATCH" ? path : collection, { query, body: object, contentType });
}

const flux = reconciler("orders-flux");
const words = ({ body }: Answer): string => String((body as { message?: unknown }).message);
const nameOf = ({ kind, metadata }: Values): string => `${String(kind)} ${(metadata as { name: string }).name}`;

interface Workload {
  spec: { template: { metadata: Values; spec: Values & { containers: (Values & { image: string })[] } } };
}
const deploymentOf = (objects: Values[]): Values & Workload => structuredClone(objects.find(({ kind }) => kind === "Deployment")) as Values & Workload;
const podOf = ({ spec: { template } }: Workload): Values => ({ apiVersion: "v1", kind: "Pod", metadata: { ...template.metadata, name: "app-1", namespace: "orders" }, spec: template.spec });

for (const environment of ["staging", "prod"]) {
  describe(`deploy/${environment}`, () => {
    test("Flux may apply every object, and the API server takes every field", async () => {
      const objects = build(`deploy/${environment}`);
      assert.deepEqual(objects.map(({ kind }) => kind).sort(), ["Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Service"]);
      for (const object of objects) {
        const answer = await tried(object, flux);
        assert.ok(answer.status === 200 || answer.status === 201, `${nameOf(object)}: ${answer.status} ${words(answer)}`);
      }
    });

    test("its pod may run: within quota and limits, at the level restricted", async () => {
      const answer = await tried(podOf(deploymentOf(build(`deploy/${environment}`))), podMaker, "POST");
      assert.equal(answer.status, 201, words(answer));
      const { spec } = answer.body as { spec: { serviceAccountName: string; automountServiceAccountToken: boolean } };
      assert.deepEqual([spec.serviceAccountName, spec.automountServiceAccountToken], ["default", false], "no token that could be stolen");
    });
  });
}

test("what is not right is refused, and the words say what", async () => {
  const good = deploymentOf(build("deploy/prod"));
  const changed = (change: (workload: Workload) => void): Values & Workload => {
    const copy = structuredClone(good);
    change(copy);
    return copy;
  };
  // deploy/base alone, whose image no environment has named.
  const unnamed = await tried({ ...deploymentOf(build("deploy/base")), metadata: { name: "app", namespace: "orders" } }, flux);
  assert.equal(unnamed.status, 403);
  assert.match(words(unnamed), /app: this tenant may not run it; write an image with its registry in front, from acmelab\.azurecr\.io\/orders, mcr\.microsoft\.com/);
  const strange = await tried(changed(({ spec }) => { spec.template.spec.serviceAccountName = "reconciler"; }), flux);
  assert.match(words(strange), /the account reconciler is Flux's/);
  const misspelt = await tried(changed(({ spec }) => { spec.template.spec.containers[0]!.resorces = {}; }), flux);
  assert.match(words(misspelt), /unknown field|field not declared in schema/);
  const root = await tried(podOf(changed(({ spec }) => { delete spec.template.spec.securityContext; })), podMaker, "POST");
  assert.equal(root.status, 403);
  assert.match(words(root), /violates PodSecurity "restricted:[^"]*": .*(runAsNonRoot != true|seccompProfile)/);
  const large = await tried(podOf(changed(({ spec }) => { spec.template.spec.containers[0]!.resources = { limits: { cpu: "64", memory: "1Gi" } }; })), podMaker, "POST");
  assert.match(words(large), /exceeded quota: tenant/);
});
