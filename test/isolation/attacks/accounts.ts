/** In whose name things are done. */
import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { app, flux, nestedFlux, owner, viewer } from "../ground.ts";
import { cronJob, deployment, helmRelease, kustomization, pod, podSpec, serviceAccount } from "../manifests.ts";
import { chartLockdown, trustedSubjects } from "../rendered.ts";
import { call, create, list, may } from "../requests.ts";
import { account, podMaker } from "../subjects.ts";

const namesAccount = /^403 .*'mooring-tenant-account'.*write spec\.serviceAccountName: reconciler/;
const isFluxs = /^403 .*'mooring-tenant-pods'.*the account reconciler is Flux's/;
const nothingRuns = /^403 .*'mooring-tenant-pods'.*nothing runs in a control namespace/;
const clusterScoped = { denied: /^403 .* at the cluster scope/, because: "the default account has no right, in any installation" };

const ofCluster = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "attack" }, rules: [] };
const tokenOf = (namespace: string) => call(`/api/v1/namespaces/${namespace}/serviceaccounts/reconciler/token`, { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} });
const noToken = /^403 .*cannot create resource "serviceaccounts\/token"/;
const secretsOf = (namespace: string) => list("v1", "Secret", namespace);

export const accounts: Attack[] = [
  {
    number: 1,
    what: "a Kustomization without an account is applied with the controller's rights",
    trials: [
      { as: flux, does: create(kustomization({ serviceAccountName: undefined })), denied: namesAccount },
      { as: account("orders", "default", "Flux as orders:default"), does: create(ofCluster), denied: /^403 .*orders:default" cannot create resource "clusterroles"/, otherwise: clusterScoped },
    ],
    legal: [{ as: flux, does: create(kustomization()) }],
    elsewhere: [chartLockdown("--default-service-account=default (kustomize-controller)")],
  },
  {
    number: 2,
    what: "a HelmRelease without an account is installed with the controller's rights",
    trials: [{ as: nestedFlux, does: create(helmRelease({ serviceAccountName: undefined })), denied: namesAccount }],
    legal: [{ as: nestedFlux, does: create(helmRelease()) }],
    elsewhere: [chartLockdown("--default-service-account=default (helm-controller)")],
  },
  {
    number: 3,
    what: "a Flux object names another account of the namespace",
    trials: [
      { as: flux, does: create(kustomization({ serviceAccountName: "orders-api" })), denied: namesAccount },
      { as: owner, does: create(helmRelease({ serviceAccountName: "default" })), denied: namesAccount },
    ],
    legal: [{ as: owner, does: create(kustomization()) }],
    elsewhere: [
      {
        who: "the program",
        setting: "no account of a workload namespace but the reconciler is bound to anything",
        holds: ({ objects }) => {
          const subjects = objects.flatMap(({ kind, subjects = [] }) => (/^(Cluster)?RoleBinding$/.test(String(kind)) ? (subjects as { kind: string; name: string; namespace?: string }[]) : []));
          const accounts = subjects.filter(({ kind, namespace }) => kind === "ServiceAccount" && namespace !== "flux-system");
          assert.deepEqual([...new Set(accounts.map(({ name }) => name))], ["reconciler"]);
          // And what it is bound to is the tenant's own role.
          const roles = objects.flatMap(({ kind, roleRef }) => (kind === "RoleBinding" ? [(roleRef as { name: string }).name] : []));
          assert.deepEqual(roles.filter((name) => !name.startsWith("mooring-tenant-")), []);
        },
      },
    ],
  },
  {
    number: 21,
    what: "a pod or a person gets a token of the reconciler",
    trials: [
      { as: flux, does: create(deployment(podSpec({ serviceAccountName: "reconciler" }))), denied: isFluxs },
      { as: owner, does: create(cronJob(podSpec({ serviceAccount: "reconciler" }))), denied: isFluxs },
      { as: podMaker, does: create(pod(podSpec({ serviceAccountName: "reconciler" }))), denied: isFluxs },
      { as: podMaker, does: create(pod(podSpec({ serviceAccountName: "reconciler" }), { namespace: "orders-flux" })), denied: nothingRuns },
      { as: owner, does: tokenOf("orders"), denied: noToken },
      { as: owner, does: tokenOf("orders-flux"), denied: noToken },
      { as: flux, does: tokenOf("orders"), denied: noToken },
      { as: owner, does: may("impersonate", "serviceaccounts", "orders"), denied: /^403 the authorizer denies it/ },
    ],
    legal: [
      { as: flux, does: create(deployment(podSpec({ serviceAccountName: "orders-api" }))) },
      { as: podMaker, does: create(pod(podSpec({ serviceAccountName: "orders-api" }))) },
      { as: owner, does: create(serviceAccount("orders-worker")) },
    ],
    elsewhere: [
      {
        who: "the program",
        setting: "automountServiceAccountToken: false on every account that the program makes",
        holds: ({ objects }) => {
          const made = objects.filter(({ kind }) => kind === "ServiceAccount");
          assert.ok(made.length > 0);
          assert.deepEqual(made.filter(({ automountServiceAccountToken }) => automountServiceAccountToken !== false), []);
        },
      },
    ],
  },
  {
    number: 22,
    what: "a chart's lookup, or a pod, reads another namespace's Secrets",
    trials: ["web", "web-flux", "kube-system"].flatMap((namespace) =>
      [nestedFlux, owner, app].map((as) => ({
        as,
        does: secretsOf(namespace),
        denied: /^403 .*cannot list resource "secrets"/,
        otherwise: { denied: /^403 .*cannot list resource "secrets"/, because: "the usual binding is one of a namespace too" },
      })),
    ),
    legal: [
      { as: nestedFlux, does: secretsOf("orders") },
      { as: viewer, does: list("v1", "ConfigMap", "orders") },
    ],
  },
  {
    number: 26,
    what: "an account of the team's own is annotated with another team's identity in Azure",
    legal: [
      { as: flux, does: create(serviceAccount("orders-worker")) },
      { as: podMaker, does: create(pod(podSpec({ serviceAccountName: "orders-api" }), { labels: { "azure.workload.identity/use": "true" } })) },
    ],
    elsewhere: [
      {
        who: "Azure",
        setting: "each federated credential's subject is one account of the identity's own tenant",
        holds: (rendered) => {
          assert.deepEqual(
            trustedSubjects(rendered).map(({ tenant, subject }) => `${tenant} ${subject}`).sort(),
            ["orders", "web"].flatMap((name) => [`${name} system:serviceaccount:${name}-flux:reconciler`, `${name} system:serviceaccount:${name}:${name}-api`, `${name} system:serviceaccount:${name}:reconciler`]).sort(),
          );
        },
      },
    ],
  },
];
