/** The platform's own objects, and what belongs to the whole cluster. */
import type { Values } from "../../../local/standins/contract.ts";
import type { Attack, Trial } from "../attack.ts";
import assert from "node:assert/strict";
import { editor, flux, nestedFlux, owner, viewer } from "../ground.ts";
import { binding, configMap, gitRepository, helmRelease, kustomization, manifest, service, serviceAccount, versions } from "../manifests.ts";
import { change, create, list, read, reference, remove } from "../requests.ts";
import type { Lab } from "../lab.ts";
import type { Subject } from "../subjects.ts";

const cannot = (what: string): RegExp => new RegExp(`^403 .*cannot ${what}`);
/** To people who have Kubernetes's own roles. */
const usuallyTo = (what: string, because: string) => ({ denied: cannot(what), because });

/** The same object of the platform's, attacked by several. */
const each = (subjects: Subject[], does: Trial["does"], what: string): Trial[] => subjects.map((as) => ({ as, does, denied: cannot(what) }));

const ownSource = reference(versions.source, "GitRepository", "orders", "own");
const rootSource = reference(versions.source, "GitRepository", "orders-flux", "orders");
const rootSync = reference(versions.kustomize, "Kustomization", "orders-flux", "orders");
const forged = { status: { artifact: { url: "https://attacker.example/a.tar.gz", path: "a", revision: "main@sha1:0", digest: `sha256:${"0".repeat(64)}`, lastUpdateTime: "2026-01-01T00:00:00Z" } } };

const ofCluster: Values[] = [
  binding(undefined, "cluster-admin"),
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "attack" } },
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "attack" }, value: 1000 },
  { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "attack" }, provisioner: "attacker.example" },
  { apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration", metadata: { name: "attack" } },
  { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "attacks.attacker.example" } },
];

const quota = reference("v1", "ResourceQuota", "orders", "tenant");
const limits = reference("v1", "LimitRange", "orders", "tenant");
const traffic = reference(versions.network, "NetworkPolicy", "orders", "tenant");
const everything = manifest(versions.network, "NetworkPolicy", { spec: { podSelector: {}, policyTypes: ["Egress", "Ingress"], egress: [{}], ingress: [{}] } });
const namespace = reference("v1", "Namespace", undefined, "orders");

export const makeOwnSource = async ({ admin, discovery }: Lab): Promise<unknown> => admin.apply((await discovery.paths(ownSource)).object, gitRepository({}, { name: "own" }));

export const cluster: Attack[] = [
  {
    number: 8,
    what: "the status of a source is forged, and with it where Flux fetches from",
    prepare: makeOwnSource,
    trials: [
      ...each([flux, owner, editor], change(ownSource, forged, "status"), 'patch resource "gitrepositories/status"'),
      ...each([flux, owner], change(rootSource, forged, "status"), 'patch resource "gitrepositories/status"'),
    ],
    legal: [{ as: editor, does: change(ownSource, { spec: { interval: "20m" } }) }],
    elsewhere: [
      {
        who: "the program",
        setting: "rbac.createAggregation: false (the chart's roles for Flux's kinds include */status)",
        holds: ({ chart }) => assert.deepEqual(chart.rbac, { createAggregation: false }),
      },
    ],
  },
  {
    number: 10,
    what: "a manifest is of the whole cluster, or of the platform's namespace",
    trials: [
      ...ofCluster.map((object) => ({ as: flux, does: create(object), denied: cannot("create resource .* at the cluster scope"), otherwise: usuallyTo("create resource", "the usual binding is one of a namespace too") })),
      { as: flux, does: create(configMap({ namespace: "flux-system" })), denied: cannot('create resource "configmaps".*"flux-system"'), otherwise: usuallyTo("create resource", "the usual binding is one of a namespace too") },
    ],
    legal: [{ as: flux, does: create(service()) }],
  },
  {
    number: 11,
    what: "a RoleBinding or a Role gives more rights in the team's own namespace",
    trials: [
      ...each([flux, owner], create(binding("orders", "cluster-admin")), 'create resource "rolebindings"'),
      ...each([flux, owner], create(binding("orders-flux", "mooring-tenant-owner")), 'create resource "rolebindings"'),
      ...each([flux], create(manifest(versions.rbac, "Role", { rules: [{ apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"], verbs: ["escalate", "bind"] }] })), 'create resource "roles"'),
    ],
    legal: [
      { as: owner, does: list(versions.rbac, "RoleBinding", "orders") },
      { as: flux, does: create(serviceAccount("orders-worker")) },
    ],
  },
  {
    number: 20,
    what: "the team's root source or root Kustomization is suspended, retargeted or deleted",
    trials: [
      ...each([owner, flux, nestedFlux], change(rootSync, { spec: { suspend: true } }), 'patch resource "kustomizations"'),
      ...each([owner, flux], change(rootSync, { spec: { serviceAccountName: "other", patches: [] } }), 'patch resource "kustomizations"'),
      ...each([owner, flux], change(rootSource, { spec: { url: "https://github.com/attacker/manifests" } }), 'patch resource "gitrepositories"'),
      ...each([owner, flux], remove(rootSource), 'delete resource "gitrepositories"'),
      { as: editor, does: remove(rootSync), denied: cannot('delete resource "kustomizations"'), otherwise: usuallyTo("delete", "in the control namespace an editor only looks, in this comparison too") },
    ],
    legal: [
      { as: owner, does: read(rootSync) },
      { as: viewer, does: read(rootSource) },
      { as: owner, does: create(helmRelease({ suspend: true })) },
      { as: flux, does: create(kustomization({ suspend: true })) },
    ],
  },
  {
    number: 32,
    what: "the quota or the limit range is changed or deleted",
    trials: [
      ...each([flux, owner], change(quota, { spec: { hard: { pods: "1000" } } }), 'patch resource "resourcequotas"'),
      ...each([flux, owner], remove(quota), 'delete resource "resourcequotas"'),
      ...each([owner], remove(limits), 'delete resource "limitranges"'),
      { as: editor, does: remove(quota), denied: cannot('delete resource "resourcequotas"'), otherwise: usuallyTo("delete", "Kubernetes's role edit only reads quotas") },
    ],
    legal: [{ as: viewer, does: read(quota) }],
  },
  {
    number: 33,
    what: "the default-deny network policy is deleted, changed, or overruled by another",
    trials: [
      ...each([flux, owner, editor], remove(traffic), 'delete resource "networkpolicies"'),
      ...each([flux, owner, editor], create(everything), 'create resource "networkpolicies"'),
      ...each([owner], change(traffic, { spec: { podSelector: { matchLabels: { none: "none" } } } }), 'patch resource "networkpolicies"'),
    ],
    legal: [
      { as: viewer, does: read(traffic) },
      { as: flux, does: create(service()) },
    ],
  },
  {
    number: 38,
    what: "the namespace loses its pod security level or its tenant, or is deleted",
    trials: [
      ...each([flux, owner], change(namespace, { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } }), 'patch resource "namespaces"'),
      ...each([flux, owner], change(namespace, { metadata: { labels: { "toolkit.fluxcd.io/tenant": null } } }), 'patch resource "namespaces"'),
      ...each([flux, owner], change(namespace, { metadata: { annotations: { "mooring.platform/hosts": "web.apps.acme.example" } } }), 'patch resource "namespaces"'),
      ...each([owner], remove(namespace), 'delete resource "namespaces"'),
    ],
    legal: [{ as: viewer, does: read(namespace) }],
  },
];
