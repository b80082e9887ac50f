/** The catalogue of add-ons, held against the modules of the fleet repository that it speaks of. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { addOns, allModules } from "../../components/add-ons/catalogue.ts";
import type { AddOnName, Given, Module } from "../../components/add-ons/catalogue.ts";
import { modules, reservedNamespaces } from "../../components/add-ons/modules.ts";
import { platformKinds, tenantKinds, tenantResources } from "../../components/add-ons/tenant-kinds.ts";
import { variables } from "../../components/add-ons/variables.ts";
import { charts } from "../add-on-charts.ts";
import type { Values } from "../../local/standins/contract.ts";
import { versions } from "../../local/toolchain/versions.ts";
import { root } from "../conformance/files.ts";
import { fleetFolder, moduleFiles, moduleFolder, moduleObjects } from "../fleet.ts";

const names = Object.keys(addOns) as AddOnName[];
const everything: Given[] = ["dns.zone", "tenancy.domain"];
const sorted = (values: Iterable<string>): string[] => [...values].sort();

interface FluxObject {
  kind: string;
  metadata: { name: string; namespace: string; annotations?: Record<string, string>; labels?: Record<string, string> };
  spec: {
    url?: string;
    ref?: Record<string, string>;
    chart?: { spec: { chart: string; version: string; sourceRef: { kind: string; name: string } } };
    chartRef?: { kind: string; name: string };
    releaseName?: string;
    targetNamespace?: string;
    serviceAccountName?: string;
    valuesFrom?: { kind: string; name: string; optional?: boolean }[];
    values?: unknown;
    [field: string]: unknown;
  };
}

const objectsOf = (module: Module): FluxObject[] => moduleObjects(module) as unknown as FluxObject[];
const releasesOf = (module: Module): FluxObject[] => objectsOf(module).filter(({ kind }) => kind === "HelmRelease");

test("a module comes after those it depends on, and each name is there once", () => {
  assert.equal(new Set(allModules.map(({ name }) => name)).size, allModules.length);
  for (const [index, { name, dependsOn }] of allModules.entries()) {
    const before = allModules.slice(0, index).map((module) => module.name);
    for (const other of dependsOn) assert.ok(before.includes(other), `${name} depends on ${other}, which does not come before it`);
  }
});

test("what a module depends on is there whenever the module is: of its own add-on, or of one that its add-on needs", () => {
  for (const { name, addOn, dependsOn } of allModules) {
    for (const other of dependsOn) {
      const owner = allModules.find((module) => module.name === other)!.addOn;
      assert.ok(owner === addOn || owner in addOns[addOn].needs, `${name} depends on ${other} of ${owner}, which ${addOn} does not need`);
    }
  }
});

test("each folder is a module, and each module a folder of an add-on", () => {
  const folders = readdirSync(join(fleetFolder, "addons"), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  assert.deepEqual(sorted(folders), sorted(allModules.map(({ name }) => name)));
  assert.deepEqual(sorted(new Set(allModules.map(({ addOn }) => addOn))), sorted(names));
});

describe("variables", () => {
  for (const module of allModules) {
    test(`${module.name} has exactly those that its manifests use`, () => {
      // As Flux takes them: ${name}, with $$ for a dollar that stays. A default would hide that a variable is missing.
      const used = Object.values(moduleFiles(module)).flatMap((text) => [...text.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, name]) => name!));
      assert.deepEqual(sorted(new Set(used)), sorted(module.variables));
    });
  }
  test("each is used", () => {
    const used = new Set<string>(allModules.flatMap((module) => module.variables));
    assert.deepEqual(sorted(used), sorted(Object.keys(variables)));
  });
});

describe("charts and sources", () => {
  const written = allModules.flatMap((module) =>
    objectsOf(module)
      .filter(({ kind }) => ["OCIRepository", "HelmRepository", "GitRepository", "Bucket", "HelmChart", "ExternalArtifact"].includes(kind))
      .map((source) => ({ module, source })),
  );
  const versionOf = (module: Module, { kind, metadata, spec }: FluxObject): string | undefined => {
    if (kind !== "HelmRepository") return spec.ref?.tag;
    return releasesOf(module).find((release) => release.spec.chart?.spec.sourceRef.name === metadata.name)?.spec.chart?.spec.version;
  };

  test("the table names exactly those of the modules, in their versions", () => {
    const inTable = charts.flatMap((chart) => chart.modules.map((module) => `${module} ${chart.url} ${chart.version}`));
    assert.deepEqual(sorted(written.map(({ module, source }) => `${module.name} ${source.spec.url} ${versionOf(module, source)}`)), sorted(inTable));
  });
  test("every version is exact", () => {
    for (const { version, url } of charts) assert.match(version, /^v?\d+\.\d+\.\d+$/, url);
    // Of a tag alone: with a branch or a range beside it, that would go before.
    for (const { source } of written) if (source.spec.ref !== undefined) assert.deepEqual(Object.keys(source.spec.ref), ["tag"], source.metadata.name);
  });
  test("tests take the kinds of the same versions", () => {
    const version = (module: string): string => charts.find((chart) => chart.modules[0] === module && chart.url.startsWith("oci://"))!.version.replace(/^v/, "");
    const { certManager, envoyGateway, envoyGatewayApi } = versions.addOns;
    const gatewayApi = charts.find(({ url }) => url.endsWith("/gateway-api"))!.version;
    assert.deepEqual([version("cert-manager"), version("envoy-gateway"), version("flagger"), gatewayApi], [certManager, envoyGateway, versions.flagger, `v${envoyGatewayApi}`]);
  });
});

describe("releases", () => {
  for (const module of allModules) {
    for (const { metadata, spec } of releasesOf(module)) {
      test(metadata.name, () => {
        assert.equal(metadata.name, module.name);
        // In Flux's namespace: references across namespaces are blocked, and no add-on's namespace has an account that may do everything.
        for (const object of objectsOf(module).filter(({ kind }) => kind !== "Namespace" && kind !== "NetworkPolicy")) {
          assert.equal(object.metadata.namespace, "flux-system", `${object.kind} ${object.metadata.name}`);
        }
        assert.equal(spec.serviceAccountName, "fleet");
        assert.equal(spec.releaseName, module.name, "otherwise Flux puts the namespace in front");
        assert.ok(addOns[module.addOn].namespaces.includes(spec.targetNamespace!), spec.targetNamespace);
        // Inline values would go over those of an environment.
        assert.equal(spec.values, undefined);
        assert.deepEqual(spec.valuesFrom, [{ kind: "ConfigMap", name: `values-${module.name}` }, { kind: "ConfigMap", name: `platform-values-${module.name}`, optional: true }]);
        const { kind, name } = spec.chartRef ?? spec.chart!.spec.sourceRef;
        assert.ok(objectsOf(module).some((source) => source.kind === kind && source.metadata.name === name), `there is no ${kind} ${name}`);
        const files = moduleFiles(module);
        assert.ok(files["kustomization.yaml"]!.includes(`name: values-${module.name}`), "its values are not made into a ConfigMap");
        assert.ok(parse(files["values.yaml"]!) !== null);
      });
    }
  }
});

test("each namespace is made by one module, outlives it, enforces a level of pod security, and has rules of traffic for all pods", () => {
  const made: string[] = [];
  for (const module of allModules) {
    const objects = objectsOf(module);
    for (const { metadata } of objects.filter(({ kind }) => kind === "Namespace")) {
      made.push(metadata.name);
      assert.ok(addOns[module.addOn].namespaces.includes(metadata.name), `${metadata.name} is not one of ${module.addOn}`);
      assert.equal(metadata.annotations?.["kustomize.toolkit.fluxcd.io/prune"], "disabled");
      assert.match(metadata.labels?.["pod-security.kubernetes.io/enforce"] ?? "", /^(restricted|privileged)$/);
      const selectors = objects.filter(({ kind, metadata: { namespace } }) => kind === "NetworkPolicy" && namespace === metadata.name).map(({ spec }) => JSON.stringify(spec.podSelector));
      const halves = ['{"matchExpressions":[{"key":"app.kubernetes.io/component","operator":"NotIn","values":["proxy"]}]}', '{"matchLabels":{"app.kubernetes.io/component":"proxy"}}'];
      assert.ok(selectors.includes("{}") || halves.every((half) => selectors.includes(half)), `some pods of ${metadata.name} have no rules of traffic`);
    }
  }
  assert.deepEqual(sorted(made), sorted(reservedNamespaces));
});

test("identities belong to accounts in the add-on's namespaces, and the add-on is told theirs", () => {
  for (const name of names) {
    const { identity, namespaces } = addOns[name];
    if (identity === undefined) continue;
    assert.ok(namespaces.includes(identity.subject.split(":")[2]!), identity.subject);
    const values = allModules.filter(({ addOn }) => addOn === name).flatMap((module) => moduleFiles(module)["values.yaml"] ?? []);
    assert.ok(values.some((text) => text.includes(`azure.workload.identity/client-id: "\${${identity.clientId}}"`) && text.includes('azure.workload.identity/use: "true"')), name);
  }
});

describe("modules", () => {
  test("all of them, with all that they need", () => {
    const { modules: found, lacks } = modules(names, everything);
    assert.deepEqual(lacks, []);
    assert.deepEqual(found, allModules);
  });
  test("only those of the add-ons that are on", () => {
    const { modules: found, lacks } = modules(["externalSecrets", "certManager"], ["dns.zone"]);
    assert.deepEqual(lacks, []);
    assert.deepEqual(found.map(({ name }) => name), ["cert-manager", "cert-manager-issuers", "external-secrets"]);
  });
  const cases: { enabled: AddOnName[]; given: Given[]; says: string[] }[] = [
    { enabled: [], given: [], says: [] },
    { enabled: ["certManager"], given: [], says: ["certManager needs dns.zone: it proves to Let's Encrypt that a name is the platform's by a record there"] },
    {
      enabled: ["externalDns"],
      given: [],
      says: ["externalDns needs gateway: it reads the host names of the routes of its Gateway", "externalDns needs dns.zone: it writes records there"],
    },
    { enabled: ["gateway"], given: everything, says: ["gateway needs certManager: its Gateway serves HTTPS with a certificate from there"] },
    {
      enabled: ["flagger", "platformAlerts"],
      given: everything,
      says: [
        "flagger needs gateway: it shifts traffic between the backends of a route",
        "flagger needs kubePrometheusStack: it asks Prometheus whether a release goes well",
        "platformAlerts needs kubePrometheusStack: its rules are evaluated there",
      ],
    },
  ];
  for (const { enabled, given, says } of cases) {
    test(`${enabled.join(", ") || "none"} with ${given.join(", ") || "nothing"}`, () => assert.deepEqual(modules(enabled, given).lacks.map(({ message }) => message), says));
  }
});

describe("teams' kinds", () => {
  const granted = names.flatMap((name) => tenantKinds[name]);
  test("what a team writes has a rule, and a reason for it", () => {
    for (const { access, policy, danger, resources } of granted) {
      assert.equal(access === "write", policy !== undefined && danger !== undefined, resources.join(", "));
    }
  });
  test("none is one of the platform's", () => {
    for (const { group, resources } of granted) {
      const platform = platformKinds.filter((kind) => kind.group === group).flatMap((kind) => kind.resources);
      assert.ok(!platform.includes("*"), group);
      assert.deepEqual(resources.filter((resource) => platform.includes(resource)), []);
    }
  });
  test("they are granted by the add-ons that are on", () => {
    assert.deepEqual(tenantResources([], "write"), {});
    assert.deepEqual(tenantResources(["certManager", "externalSecrets"], "write"), { "cert-manager.io": ["certificates"], "external-secrets.io": ["secretstores", "externalsecrets"] });
    assert.deepEqual(tenantResources(["certManager"], "read"), { "cert-manager.io": ["certificaterequests"], "acme.cert-manager.io": ["orders", "challenges"] });
  });
});

test("the page about add-ons names each of them, and the versions", () => {
  const page = readFileSync(join(root, "docs", "add-ons.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)].map(([, name, rest]) => ({ name: name!, cells: rest!.split(" | ").map((cell) => cell.replaceAll("`", "")) }));
  assert.deepEqual(sorted(rows.filter(({ name }) => names.includes(name as AddOnName)).map(({ name }) => name)), sorted([...names, "flagger"]), "once each; flagger is a module as well");
  const versionRows = rows.filter(({ cells }) => cells.length === 2).map(({ name, cells }) => [name, ...cells].join(" "));
  assert.deepEqual(sorted(versionRows), sorted(charts.flatMap(({ modules: used, url, version }) => used.map((module) => `${module} ${url} ${version}`))));
});

test("the dashboards are JSON with panels, found by Grafana, and Flux leaves their variables alone", () => {
  const module = { name: "kube-prometheus-stack-monitors" };
  const { configMapGenerator } = parse(moduleFiles(module)["kustomization.yaml"]!) as { configMapGenerator: { files: string[]; options: Values }[] };
  for (const { files, options } of configMapGenerator) {
    assert.deepEqual([options.labels, options.annotations], [{ grafana_dashboard: "1" }, { "kustomize.toolkit.fluxcd.io/substitute": "disabled" }]);
    for (const file of files) assert.ok((JSON.parse(readFileSync(join(moduleFolder(module), file), "utf8")) as { panels: unknown[] }).panels.length > 0, file);
  }
});
