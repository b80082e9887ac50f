/**
 * What the platform runs for all teams: add-ons that go on and off, and a newer Flux. Exactly what changes, and that nothing of a
 * tenant is made anew. Each test goes on where the one before ended.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, test } from "node:test";
import { allModules } from "../../components/add-ons/catalogue.ts";
import { mapAt, nameOf } from "../../local/standins/kubernetes/object.ts";
import { collectionPath } from "../../local/standins/kubernetes/rest.ts";
import { Environment } from "./environment.ts";
import { planOf } from "./plans.ts";
import type { Settings } from "./plans.ts";

const environment = await Environment.open("staging");
after(() => environment.close());

const web = { owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e02"] };
const addons: Record<string, object> = {
  certManager: { email: "platform@acme.example" },
  externalDns: {},
  externalSecrets: {},
  gateway: {},
  kubePrometheusStack: {},
  platformAlerts: {},
  flagger: {},
};

/** What belongs to kinds that teams have with an add-on: the platform's roles for teams, and how many a team may make. */
const ofTeams = [...["editor", "owner", "reconciler", "viewer"].map((role) => `update ClusterRole mooring-rules-mooring-tenant-${role}`), "update ResourceQuota web-quota"];
const rule = (name: string): string[] => [`ValidatingAdmissionPolicy mooring-rules-${name}`, `ValidatingAdmissionPolicyBinding mooring-rules-${name}`];
const module = (name: string): string => `Kustomization mooring-fleet-addon/${name}`;
/** It waits for all others. */
const last = "update Kustomization mooring-fleet-environment";
const identity = (account: string, roles: string[]): string[] => [
  `FederatedIdentityCredential mooring-addon-${account}-trusts`,
  `Identity mooring-addon-${account}`,
  `UserAssignedIdentity mooring-addon-${account}`,
  ...roles.map((role) => `RoleAssignment mooring-addon-${account}-${role}`),
];
const each = (op: string, resources: string[]): string[] => resources.map((resource) => `${op} ${resource}`);

/** Each resource once, without the places that change in it. */
async function planned(changes: Settings): Promise<string[]> {
  const { code, steps, output } = await planOf(environment, changes);
  assert.equal(code, 0, output);
  return [...new Set(steps.map((step) => step.replace(/: .*/, "").replace(/-trusts-[0-9a-f]{8}$/, "-trusts")))].sort();
}

/** The fleet's Kustomizations in the cluster, each with what it waits for. */
async function running(): Promise<Record<string, string[]>> {
  const all = await environment.kubernetes.list(collectionPath("kustomize.toolkit.fluxcd.io/v1", "kustomizations", "flux-system"));
  return Object.fromEntries(all.map((object) => [nameOf(object), ((mapAt(object, "spec").dependsOn ?? []) as unknown as { name: string }[]).map(({ name }) => name)]));
}

before(async () => {
  environment.configure((config) => {
    delete config.pipelines;
    Object.assign(config, { fleet: {}, dns: { zone: "acme.example" }, addons, tenancy: { domain: "staging.acme.example" }, tenants: { web } });
  });
  await environment.up();
});

describe("add-ons", () => {
  test("are Kustomizations, each after those whose kinds it uses, and the environment's folder after them all", async () => {
    const modules = Object.fromEntries(allModules.map(({ name, dependsOn }) => [name, dependsOn]));
    const { environment: last, ...others } = await running();
    assert.deepEqual(others, modules);
    assert.deepEqual(last!.sort(), Object.keys(modules).sort());
    assert.deepEqual(await environment.preview(), []);
  });

  test("turned off take away their Kustomization, and what teams may and are counted of their kinds", async () => {
    assert.deepEqual(await planned({ "addons.flagger": undefined }), [...each("delete", [module("flagger"), ...rule("canaries")]), ...ofTeams, last].sort());
    // Teams make nothing of its kinds; it acts in Azure.
    assert.deepEqual(await planned({ "addons.externalDns": undefined }), [...each("delete", [module("external-dns"), ...identity("external-dns", ["dnsZoneContributor", "reader"])]), last].sort());
  });

  test("all turned off leave the environment's folder alone", async () => {
    environment.configure((config) => delete config.addons);
    await environment.up();
    assert.deepEqual(await running(), { environment: [] });
    assert.deepEqual(await environment.preview(), []);
  });

  test("turned on bring the same again, and replace nothing", async () => {
    assert.deepEqual(await planned({ addons: { externalSecrets: {} } }), [...each("create", [module("external-secrets"), ...rule("secret-stores")]), ...ofTeams, last].sort());
    // Flux's own metrics are for whoever collects them.
    const collected = "NetworkPolicy mooring-flux-metrics-traffic";
    assert.deepEqual(
      await planned({ addons: { kubePrometheusStack: {} } }),
      [...each("create", [module("kube-prometheus-stack"), module("kube-prometheus-stack-monitors"), ...rule("monitors"), collected]), ...ofTeams, last].sort(),
    );
  });
});

describe("a newer Flux", () => {
  /** The table with one more version, as a release of this project would bring it; loaded before the program. */
  before(() => {
    const versions = pathToFileURL(join(import.meta.dirname, "../../components/settings/versions.ts")).href;
    const newer = join(environment.folder, "newer.mjs");
    writeFileSync(
      newer,
      `import { fluxVersions } from ${JSON.stringify(versions)};
       const known = fluxVersions["2.18.3"];
       fluxVersions["2.19.0"] = { ...known, flux: "2.9.0", tags: Object.fromEntries(Object.keys(known.tags).map((name) => [name, "v9.9.9"])) };\n`,
    );
    environment.env.NODE_OPTIONS = `--import ${pathToFileURL(newer).href}`;
  });
  after(() => void delete environment.env.NODE_OPTIONS);

  test("is one line, which updates the release's version and images, and nothing of a tenant", async () => {
    const { code, steps, output } = await planOf(environment, { "flux.chart": "2.19.0" });
    assert.equal(code, 0, output);
    const controllers = ["source", "kustomize", "helm", "notification", "imageReflection", "imageAutomation"].map((name) => `values.${name}Controller.tag`);
    assert.deepEqual(steps, ["version", "values.cli.tag", ...controllers].map((place) => `update Release mooring-flux: ${place}`).sort());
  });

  test("comes by an up, and is complete after it", async () => {
    environment.configure((config) => (config.flux = { chart: "2.19.0" }));
    const output = await environment.up();
    assert.match(output, /Resources:\s+~ 1 updated\s+\d+ unchanged/);
    assert.deepEqual(await environment.preview(), []);
  });

  test("that nobody knows is a mistake", async () => {
    const { code, output } = await planOf(environment, { "flux.chart": "2.20.0" });
    assert.notEqual(code, 0);
    assert.match(output, /mooring:flux\.chart: chart version 2\.20\.0 is not one that Mooring knows; write one of 2\.18\.3, 2\.19\.0/);
  });
});
