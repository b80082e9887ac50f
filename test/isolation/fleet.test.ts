/**
 * The modules of the fleet repository as Flux applies them: built by kustomize, filled by Flux's own code with nothing but what the
 * catalogue says a module is given, and each object taken by the API server, with the kinds of Flux and of the add-ons.
 * What the charts render is not here: they are fetched in the cluster.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { addOns, allModules } from "../../components/add-ons/catalogue.ts";
import type { Module } from "../../components/add-ons/catalogue.ts";
import { alertReceivers } from "../../components/fleet/alert-receivers.ts";
import { silentProgress } from "../../local/progress.ts";
import type { Values } from "../../local/standins/contract.ts";
import { ApiError } from "../../local/standins/kubernetes/rest.ts";
import { provideAddOnCrds } from "../../local/toolchain/add-on-crds.ts";
import { provideKustomize } from "../../local/toolchain/kustomize.ts";
import { examplesFor, fleetFolder, moduleFolder } from "../fleet.ts";
import { FluxError, FluxLogic } from "../flux-logic.ts";
import { configuration, settings } from "../settings.ts";
import { openLab } from "./lab.ts";
import type { Lab } from "./lab.ts";

let lab: Lab;
let flux: FluxLogic;
let kustomize: string;

before(async () => {
  const context = { progress: silentProgress };
  kustomize = await provideKustomize(context);
  flux = await FluxLogic.open();
  // A server with the kinds, and with nothing of Mooring's but the namespaces that the modules stand in.
  lab = await openLab(configuration(), { change: () => namespaces, addOns: await provideAddOnCrds(context) });
});
after(async () => {
  await flux?.close();
  await lab?.close();
});

const namespace = (name: string): Values => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const namespaces = ["flux-system", ...Object.values(addOns).flatMap((addOn) => addOn.namespaces)].map(namespace);

const build = (folder: string): string => execFileSync(kustomize, ["build", folder], { encoding: "utf8" });
const filled = (module: Module, substitute: Record<string, string>): Promise<string> => flux.substitute(build(moduleFolder(module)), { substitute }, { strict: true });
const objectsIn = (manifests: string): Values[] => parseAllDocuments(manifests).map((document) => document.toJS() as Values);

/** What the server says against an object, in a dry run. */
async function objection(object: Values): Promise<string[]> {
  const { kind, apiVersion, metadata } = object as { kind: string; apiVersion: string; metadata: { name: string } };
  if ((await lab.discovery.find(apiVersion, kind)) === undefined) return [`${kind} ${metadata.name}: the server does not know ${kind} of ${apiVersion}`];
  try {
    await lab.admin.apply((await lab.discovery.paths(object)).object, object, { dryRun: true, force: true });
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [`${kind} ${metadata.name}: ${error.message}`];
  }
}

describe("the API server takes every object of", () => {
  for (const module of allModules) {
    test(module.name, async (t) => {
      const manifests = await filled(module, examplesFor(module));
      const objects = objectsIn(manifests);
      assert.ok(objects.length > 0);
      const objections: string[] = [];
      for (const object of objects) objections.push(...(await objection(object)));
      assert.deepEqual(objections, []);
      for (const object of objects.filter(({ kind }) => kind === "HelmRelease")) checkValues(objects, object);
      t.diagnostic(objects.map(({ kind, metadata }) => `${kind as string} ${(metadata as { name: string }).name}`).join(", "));
    });
  }
});

/** The ConfigMap with a release's values is there, is YAML, and its numbers are numbers. */
function checkValues(objects: Values[], release: Values): void {
  const { name } = release.metadata as { name: string };
  const found = objects.find(({ kind, metadata }) => kind === "ConfigMap" && (metadata as { name: string }).name === `values-${name}`) as { metadata: { namespace: string; labels: Values }; data: Record<string, string> } | undefined;
  assert.ok(found, `there is no ConfigMap values-${name}`);
  assert.deepEqual([found.metadata.namespace, found.metadata.labels], ["flux-system", { "reconcile.fluxcd.io/watch": "Enabled" }]);
  const walk = (value: unknown, path: string): void => {
    if (value !== null && typeof value === "object") for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    else if (/\.(replicas|replicaCount)$/.test(path)) assert.equal(typeof value, "number", path);
    else if (/\.(client-id|txtOwnerId|cluster|environment)$/.test(path)) assert.equal(typeof value, "string", path);
  };
  walk(parse(found.data["values.yaml"]!), name);
}

test("platform-alerts is told whom: the server takes the routes and receivers of the platform's channels", async () => {
  const [module] = allModules.filter(({ name }) => name === "platform-alerts");
  const { notify } = settings({ notify: [{ slack: "#platform", secret: "s" }, { msteams: "platform", secret: "t", severity: "error" }, { discord: "platform", secret: "d" }] });
  const patched = (patches: object[]): Values[] => {
    const folder = mkdtempSync(join(tmpdir(), "mooring-fleet-"));
    try {
      writeFileSync(join(folder, "kustomization.yaml"), JSON.stringify({ resources: [relative(realpathSync(folder), moduleFolder(module!))], patches }));
      return objectsIn(build(folder)).filter(({ kind }) => kind === "AlertmanagerConfig");
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const [config, ...others] = patched(alertReceivers("platform-alerts", notify));
  assert.deepEqual([others, await objection(config!)], [[], []]);
  const { route, receivers } = config!.spec as { route: { routes: { receiver: string }[] }; receivers: { name: string }[] };
  assert.deepEqual(receivers.map(({ name }) => name), ["nobody", ...route.routes.map(({ receiver }) => receiver)]);
  assert.equal(receivers.length, 4);
  const [wrong] = patched([{ target: { kind: "AlertmanagerConfig" }, patch: JSON.stringify([{ op: "add", path: "/spec/receivers/0/slackConfig", value: [] }]) }]);
  assert.match((await objection(wrong!)).join(), /slackConfig/);
});

test("the folder that environments begin with is one that Flux builds", () => {
  assert.equal(build(`${fleetFolder}/environments/example`).trim(), "");
});

describe("it would say so of", () => {
  const [issuers] = allModules.filter(({ name }) => name === "cert-manager-issuers");
  test("a variable that the program does not give", async () => {
    const { email: _email, ...others } = examplesFor(issuers!);
    await assert.rejects(filled(issuers!, others), (error) => error instanceof FluxError && /email/.test(error.message));
  });
  test("a field that an add-on's kind does not have", async () => {
    const [issuer] = objectsIn(await filled(issuers!, examplesFor(issuers!)));
    const spec = issuer!.spec as { acme: Values };
    assert.match((await objection({ ...issuer!, spec: { acme: { ...spec.acme, mail: "x@acme.example" } } })).join(), /mail/);
  });
});
