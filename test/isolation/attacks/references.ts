/** References to what another team, or the platform, has. */
import assert from "node:assert/strict";
import type { Attack, Trial } from "../attack.ts";
import { editor, flux, nestedFlux, owner } from "../ground.ts";
import { chartOf, configMap, helmRelease, kustomization, manifest, secret, versions } from "../manifests.ts";
import { chartLockdown } from "../rendered.ts";
import { create } from "../requests.ts";

const elsewhere = (path: string): RegExp => new RegExp(`^403 .*'mooring-tenant-bounds'.*${path.replaceAll(".", "\\.")} names another namespace`);
const notOurs = (field: string): RegExp => new RegExp(`^403 .*'mooring-tenant-bounds'.*spec\\.${field} is not a namespace of this tenant; write one of orders`);
const flag = "--no-cross-namespace-refs";

const alert = (namespace?: string) =>
  manifest(versions.notification, "Alert", { spec: { providerRef: { name: "slack" }, eventSources: [{ kind: "Kustomization", name: "*", namespace }] } });
const receiver = (namespace?: string) =>
  manifest(versions.receiver, "Receiver", { spec: { type: "github", secretRef: { name: "token" }, resources: [{ kind: "GitRepository", name: "web", namespace }] } });
const policy = (namespace?: string) =>
  manifest(versions.image, "ImagePolicy", { spec: { imageRepositoryRef: { name: "api", namespace }, policy: { semver: { range: ">=1.0.0" } } } });
const automation = (namespace: string, source: string) =>
  manifest(versions.image, "ImageUpdateAutomation", { spec: { interval: "10m", sourceRef: { kind: "GitRepository", name: "web", namespace: source }, git: { commit: { author: { email: "a@acme.example" } } } } }, { namespace });

const substitute = (more: object = {}) => ({ postBuild: { substituteFrom: [{ kind: "Secret", name: "settings", ...more }] } });
/** The API server knows no such field: written anyway, it is dropped, and the name means one of the own namespace. */
const unknownField = { denied: /^400 .*unknown field "spec\..*namespace"/, otherwise: { denied: /^400 .*unknown field/, because: "the API has no such field" } };
const inAnother = { denied: /^403 .*cannot create resource "configmaps" in API group "" in the namespace "web"/, because: "the usual binding is one of a namespace too" };

const automationDenied = (as: Trial["as"], namespace: string): Trial => ({
  as,
  does: create(automation(namespace, "web-flux")),
  denied: /^403 .*cannot create resource "imageupdateautomations"/,
});

export const references: Attack[] = [
  {
    number: 4,
    what: "a source of another team is named as the own",
    trials: [
      { as: flux, does: create(kustomization({ sourceRef: { kind: "GitRepository", name: "web", namespace: "web-flux" } })), denied: elsewhere("spec.sourceRef.namespace") },
      { as: owner, does: create(helmRelease({ chartRef: { kind: "OCIRepository", name: "web", namespace: "web" } })), denied: elsewhere("spec.chartRef.namespace") },
      { as: nestedFlux, does: create(helmRelease(chartOf("HelmRepository", "web"))), denied: elsewhere("spec.chart.spec.sourceRef.namespace") },
    ],
    legal: [
      { as: flux, does: create(kustomization({ sourceRef: { kind: "GitRepository", name: "own", namespace: "orders" } })) },
      { as: nestedFlux, does: create(helmRelease(chartOf("HelmRepository"))) },
    ],
    elsewhere: [chartLockdown(`${flag} (kustomize-controller, helm-controller)`)],
  },
  {
    number: 9,
    what: "targetNamespace or storageNamespace is another team's or the cluster's",
    trials: [
      { as: flux, does: create(kustomization({ targetNamespace: "web" })), denied: notOurs("targetNamespace") },
      { as: flux, does: create(kustomization({ targetNamespace: "orders-flux" })), denied: notOurs("targetNamespace") },
      { as: owner, does: create(helmRelease({ targetNamespace: "kube-system", install: { createNamespace: true } })), denied: notOurs("targetNamespace") },
      { as: nestedFlux, does: create(helmRelease({ storageNamespace: "web" })), denied: notOurs("storageNamespace") },
      { as: flux, does: create(configMap({ namespace: "web" })), denied: inAnother.denied, otherwise: inAnother },
    ],
    legal: [
      { as: flux, does: create(kustomization({ targetNamespace: "orders" })) },
      { as: nestedFlux, does: create(helmRelease({ targetNamespace: "orders", storageNamespace: "orders" })) },
      { as: flux, does: create(configMap()) },
    ],
  },
  {
    number: 23,
    what: "valuesFrom, substituteFrom or decryption names a Secret of another namespace",
    trials: [
      { as: flux, does: create(kustomization(substitute({ namespace: "web" }))), ...unknownField },
      { as: flux, does: create(kustomization({ decryption: { provider: "sops", secretRef: { name: "key", namespace: "web" } } })), ...unknownField },
      { as: nestedFlux, does: create(helmRelease({ valuesFrom: [{ kind: "Secret", name: "settings", namespace: "web" }] })), ...unknownField },
    ],
    legal: [
      { as: flux, does: create(kustomization(substitute())) },
      { as: nestedFlux, does: create(helmRelease({ valuesFrom: [{ kind: "Secret", name: "settings" }] })) },
    ],
  },
  {
    number: 24,
    what: "substituteFrom copies a Secret of the platform out of a namespace of the team's",
    trials: [owner, flux].map((as) => ({
      as,
      does: create(kustomization({ postBuild: { substituteFrom: [{ kind: "Secret", name: "deploy-key" }] } }, { namespace: "orders-flux" })),
      denied: /^403 .*cannot create resource "kustomizations".* in the namespace "orders-flux"/,
    })),
    legal: [
      { as: owner, does: create(secret()) },
      { as: flux, does: create(kustomization(substitute())) },
    ],
    elsewhere: [
      {
        who: "the program",
        setting: "no Secret of the program's stands in a workload namespace",
        holds: ({ objects }) => {
          const namespaces = objects.filter(({ kind }) => kind === "Secret").map(({ metadata }) => (metadata as { namespace: string }).namespace);
          assert.ok(namespaces.length > 0);
          assert.deepEqual(namespaces.filter((namespace) => !namespace.endsWith("-flux")), []);
        },
      },
    ],
  },
  {
    number: 27,
    what: "an Alert listens to another team's events",
    trials: [{ as: flux, does: create(alert("web-flux")), denied: elsewhere("spec.eventSources") }],
    legal: [{ as: flux, does: create(alert()) }],
    elsewhere: [chartLockdown(`${flag} (notification-controller)`)],
  },
  {
    number: 29,
    what: "a Receiver makes Flux reconcile another team's objects",
    trials: [{ as: editor, does: create(receiver("web-flux")), denied: elsewhere("spec.resources") }],
    legal: [{ as: editor, does: create(receiver()) }],
    elsewhere: [chartLockdown(`${flag} (notification-controller)`)],
  },
  {
    number: 30,
    what: "an ImagePolicy reads another team's list of tags",
    trials: [{ as: flux, does: create(policy("web")), denied: elsewhere("spec.imageRepositoryRef.namespace") }],
    legal: [{ as: flux, does: create(policy()) }],
    elsewhere: [chartLockdown(`${flag} (image-reflector-controller)`)],
  },
  {
    number: 31,
    what: "an ImageUpdateAutomation writes to a repository that is not the team's to write",
    trials: [automationDenied(flux, "orders"), automationDenied(owner, "orders"), automationDenied(owner, "orders-flux")],
    legal: [{ as: flux, does: create(policy()) }],
    elsewhere: [
      chartLockdown(`${flag} (image-automation-controller)`),
      {
        who: "GitHub",
        setting: "readOnly: true on every deploy key",
        holds: ({ resources }) => {
          const keys = resources.filter(({ type }) => type.endsWith(":RepositoryDeployKey"));
          assert.ok(keys.length > 0);
          assert.deepEqual(keys.filter(({ inputs }) => inputs.readOnly !== true), []);
        },
      },
    ],
  },
];
