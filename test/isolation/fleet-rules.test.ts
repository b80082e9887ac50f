/** The platform's alert rules and dashboards, read by Prometheus's own code, and each rule asked over series in which it must and must not fire. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { stringify } from "yaml";
import { addOns, allModules } from "../../components/add-ons/catalogue.ts";
import { fleetFolder, moduleObjects } from "../fleet.ts";
import { askPrometheus } from "../prometheus.ts";
import type { Series } from "../prometheus.ts";

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

const platformAlerts = allModules.find(({ name }) => name === "platform-alerts")!;
const specs = moduleObjects(platformAlerts).filter(({ kind }) => kind === "PrometheusRule").map(({ spec }) => spec as unknown as { groups: { name: string; rules: Rule[] }[] });
const rules = specs.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
const ruleOf = (alert: string): Rule => rules.find((rule) => rule.alert === alert)!;

const minute = 60;
/** When the rules are asked. */
const now = 60 * minute;
/** A value each minute for an hour. */
const series = (name: string, labels: Record<string, string>, value: (minutes: number) => number): Series => ({
  labels: { __name__: name, ...labels },
  samples: Array.from({ length: 61 }, (_, minutes) => [minutes * minute, value(minutes)]),
});
const constant = (name: string, labels: Record<string, string>, value: number): Series => series(name, labels, () => value);

const flux = { job: "monitoring/flux", container: "manager", namespace: "flux-system" };
const object = { customresource_kind: "Kustomization", exported_namespace: "orders-flux", name: "orders" };
const ofPlatform = { ...object, exported_namespace: "flux-system", name: "cert-manager" };
const state = (labels: Record<string, string>): Series => constant("gotk_resource_info", labels, 1);
const buckets = (seconds: string): Series[] =>
  ["60", "600", "1800", "+Inf"].map((le) =>
    series("gotk_reconcile_duration_seconds_bucket", { ...flux, kind: "HelmRelease", exported_namespace: "orders", le }, (minutes) => (le === "+Inf" || Number(le) >= Number(seconds) ? minutes : 0)),
  );
const certificate = { exported_namespace: "envoy-gateway-system", name: "public" };
const day = 24 * 3600;

/** What each rule fires for, and what it must leave alone. */
const cases: Record<string, { fires: Series[]; quiet: Series[]; about?: string }> = {
  FluxNotReady: { fires: [state({ ...object, ready: "False" })], quiet: [state({ ...object, ready: "True" }), state({ ...object, name: "paused", ready: "False", suspended: "true" })], about: "orders" },
  FluxPlatformNotReady: { fires: [state({ ...ofPlatform, ready: "False", suspended: "false" })], quiet: [state({ ...object, ready: "False" })], about: "cert-manager" },
  FluxSuspended: { fires: [state({ ...ofPlatform, ready: "True", suspended: "true" })], quiet: [state({ ...object, suspended: "true" })], about: "cert-manager" },
  FluxControllerDown: { fires: [constant("up", { ...flux, pod: "source-controller-0" }, 0), constant("up", { ...flux, pod: "helm-controller-0" }, 1)], quiet: [constant("up", { ...flux, pod: "helm-controller-0" }, 1)] },
  FluxSlow: { fires: buckets("1800"), quiet: buckets("60"), about: "HelmRelease" },
  FluxQueueGrows: { fires: [constant("workqueue_depth", { ...flux, name: "kustomization" }, 80)], quiet: [constant("workqueue_depth", { ...flux, name: "kustomization" }, 3)], about: "kustomization" },
  CertificateExpires: {
    fires: [constant("certmanager_certificate_expiration_timestamp_seconds", certificate, now + 10 * day)],
    quiet: [constant("certmanager_certificate_expiration_timestamp_seconds", certificate, now + 30 * day)],
    about: "public",
  },
  CertificateNotReady: {
    fires: [constant("certmanager_certificate_ready_status", { ...certificate, condition: "False" }, 1)],
    quiet: [constant("certmanager_certificate_ready_status", { ...certificate, condition: "True" }, 1), constant("certmanager_certificate_ready_status", { ...certificate, condition: "False" }, 0)],
    about: "public",
  },
  ExternalSecretNotReady: {
    fires: [constant("externalsecret_status_condition", { exported_namespace: "orders", name: "database", condition: "Ready", status: "False" }, 1)],
    quiet: [constant("externalsecret_status_condition", { exported_namespace: "orders", name: "database", condition: "Ready", status: "True" }, 1)],
    about: "database",
  },
  ExternalDnsFails: {
    fires: [series("external_dns_source_errors_total", {}, () => 0), series("external_dns_registry_errors_total", {}, (minutes) => minutes)],
    quiet: [constant("external_dns_source_errors_total", {}, 4), constant("external_dns_registry_errors_total", {}, 7)],
  },
  GatewayProxyMissing: {
    fires: [constant("up", { job: "monitoring/envoy-gateway" }, 1), constant("up", { job: "monitoring/envoy-proxies" }, 0)],
    // Without a Gateway there is nothing that could be missing.
    quiet: [constant("up", { job: "monitoring/flux" }, 1)],
  },
  CanaryRolledBack: {
    fires: [constant("flagger_canary_status", { exported_namespace: "orders", name: "orders-api" }, 2)],
    quiet: [constant("flagger_canary_status", { exported_namespace: "orders", name: "orders-api" }, 1)],
    about: "orders-api",
  },
};

test("Prometheus takes every rule", async () => {
  for (const spec of specs) assert.deepEqual((await askPrometheus({ rules: stringify(spec) })).faults, []);
});

test("it would not take one with a mistake", async () => {
  const { faults } = await askPrometheus({ rules: stringify({ groups: [{ name: "flux", rules: [{ ...rules[0], expr: "sum by (" }] }] }) });
  assert.match(faults.join(), /could not parse expression/);
});

test("each rule has a case here, a severity, and says what it means", () => {
  assert.deepEqual(rules.map(({ alert }) => alert).sort(), Object.keys(cases).sort());
  for (const { alert, labels, annotations } of rules) {
    assert.match(labels.severity, /^(warning|critical)$/, alert);
    assert.ok(annotations.summary.length > 0 && annotations.description.length > 0, alert);
  }
});

describe("each rule fires where it should, and nowhere else", () => {
  for (const [alert, { fires, quiet, about }] of Object.entries(cases)) {
    test(alert, async () => {
      const { expr, annotations } = ruleOf(alert);
      const { selected } = await askPrometheus({ series: fires, queries: [expr], at: now });
      assert.equal(selected[0]!.length, 1, JSON.stringify(selected));
      if (about !== undefined) {
        // What the summary names is among the labels that the rule leaves.
        const told = annotations.summary.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => selected[0]![0]![label] ?? assert.fail(`the rule leaves no label ${label}`));
        assert.match(told, new RegExp(`\\b${about}\\b`));
      }
      assert.deepEqual((await askPrometheus({ series: quiet, queries: [expr], at: now })).selected, [[]]);
    });
  }
});

describe("every query of the dashboards can be read", () => {
  for (const file of globSync("addons/*/dashboards/*.json", { cwd: fleetFolder })) {
    test(file, async () => {
      const { panels } = JSON.parse(readFileSync(join(fleetFolder, file), "utf8")) as { panels: { targets: { expr: string }[] }[] };
      const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "5m").replaceAll("$namespace", ".*")));
      assert.ok(queries.length > 0);
      await askPrometheus({ queries, at: now });
    });
  }
});

test("monitors look for the pods of every namespace that the platform has", () => {
  const monitors = moduleObjects({ name: "kube-prometheus-stack-monitors" }) as unknown as { spec: { namespaceSelector: { matchNames: string[] } } }[];
  const looked = new Set(monitors.flatMap(({ spec }) => spec.namespaceSelector.matchNames));
  // kube-prometheus-stack has monitors of its own namespace.
  const expected = ["flux-system", ...Object.values(addOns).flatMap(({ namespaces }) => namespaces)].filter((name) => name !== "monitoring");
  assert.deepEqual([...looked].sort(), expected.sort());
});
