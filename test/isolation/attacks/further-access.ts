/** Rights, tokens and ways around the rules, beyond the list of the research. */
import assert from "node:assert/strict";
import type { Attack, Elsewhere, Trial } from "../attack.ts";
import { app, editor, flux, groups, owner, viewer } from "../ground.ts";
import type { Lab } from "../lab.ts";
import { configMap, deployment, kustomization, podSpec, secret, service, serviceAccount } from "../manifests.ts";
import { call, change, create, list, may, read, reference, remove } from "../requests.ts";
import type { Reference, Request } from "../requests.ts";
import { clientOf, member, reconciler } from "../subjects.ts";
import type { Subject } from "../subjects.ts";

const neverEnds = /^403 .*'mooring-tenant-credentials'.*a token in a Secret never ends/;
const isPlatforms = /^403 .*'mooring-tenant-credentials'.*this account is the platform's/;

const lastingToken = (account: string) =>
  create(secret({ type: "kubernetes.io/service-account-token", stringData: undefined }, { annotations: { "kubernetes.io/service-account.name": account } }));
const projected = { volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "token", audience: "vault", expirationSeconds: 600 } }] } }] };

const accountOf = (name: string): Reference => reference("v1", "ServiceAccount", "orders", name);
const stolen = { metadata: { annotations: { "azure.workload.identity/client-id": "00000000-0000-4000-8000-000000000000" } } };
const secretOf = (namespace: string): Request => list("v1", "Secret", namespace);

/** Objects of the team's own that it holds on to with a finalizer while they are being deleted. */
const heldSync = reference("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "orders", "held");
const heldService = reference("v1", "Service", "orders", "held");
const hold = { name: "held", finalizers: ["attacker.example/hold"] };

async function holdOn(lab: Lab): Promise<void> {
  const team = await clientOf(lab, owner);
  for (const [held, object] of [[heldSync, kustomization({}, hold)], [heldService, service({}, hold)]] as const) {
    const { object: path, collection } = await lab.discovery.paths(held);
    await team.create(collection, object);
    await team.delete(path);
  }
}

/** A namespace that is adopted with an object in it that breaks a rule, and is on its way out. */
const old = reference("v1", "Service", "orders-adopted", "held");

async function adopt(lab: Lab): Promise<void> {
  const namespace = reference("v1", "Namespace", undefined, "orders-adopted");
  const { object: path, collection } = await lab.discovery.paths(namespace);
  await lab.admin.create(collection, namespace);
  const paths = await lab.discovery.paths(old);
  await lab.admin.create(paths.collection, service({ externalIPs: ["203.0.113.7"] }, { ...hold, namespace: "orders-adopted" }));
  await lab.admin.delete(paths.object);
  await lab.admin.merge(path, { metadata: { labels: { "toolkit.fluxcd.io/tenant": "orders" }, annotations: { "mooring.platform/service-types": "ClusterIP" } } });
}

const makeOwnAccount = async ({ admin, discovery }: Lab): Promise<unknown> => admin.apply((await discovery.paths(accountOf("own"))).object, serviceAccount("own"));

const asPeople = (as: Subject, does: Request, denied: RegExp, because?: string): Trial => ({ as, does, denied, ...(because !== undefined && { otherwise: { denied, because } }) });

const suspended = (tenant: string): Elsewhere => ({
  who: "Flux",
  setting: `spec.suspend of ${tenant}'s GitRepository and Kustomization`,
  holds: ({ objects }) => {
    const root = objects.filter(({ kind, metadata }) => ["GitRepository", "Kustomization"].includes(String(kind)) && (metadata as { namespace: string }).namespace === `${tenant}-flux`);
    assert.equal(root.length, 2);
    for (const { spec } of root) assert.equal((spec as { suspend?: boolean }).suspend, true);
  },
});

const pausedOwner = member("owner", "paused", groups.pausedOwners);
const partingOwner = member("owner", "parting", groups.partingOwners);
const administrator: Subject = { title: "the administrator", user: "administrator", groups: ["system:masters", "system:authenticated"] };

export const furtherAccess: Attack[] = [
  {
    number: 52,
    what: "a Secret holds a token of the reconciler that never ends",
    trials: [
      ...[flux, owner, editor].map((as) => ({ as, does: lastingToken("reconciler"), denied: neverEnds })),
      { as: flux, does: lastingToken("default"), denied: neverEnds },
    ],
    legal: [
      { as: flux, does: create(secret()) },
      { as: editor, does: create(secret({ type: "kubernetes.io/tls", stringData: { "tls.crt": "", "tls.key": "" } })) },
      { as: flux, does: create(deployment(podSpec(projected))) },
    ],
  },
  {
    number: 53,
    what: "an account that the platform made is changed or deleted",
    prepare: makeOwnAccount,
    trials: [
      { as: flux, does: change(accountOf("reconciler"), stolen), denied: isPlatforms },
      { as: owner, does: remove(accountOf("reconciler")), denied: isPlatforms },
      { as: owner, does: change(accountOf("orders-api"), stolen), denied: isPlatforms },
      { as: editor, does: remove(accountOf("orders-api")), denied: isPlatforms },
    ],
    legal: [
      { as: owner, does: change(accountOf("own"), { metadata: { labels: { team: "orders" } } }) },
      { as: editor, does: remove(accountOf("own")) },
      { as: administrator, does: change(accountOf("reconciler"), { metadata: { labels: { seen: "yes" } } }) },
    ],
  },
  {
    number: 54,
    what: "an object that is being deleted is kept by a finalizer and then changed",
    prepare: holdOn,
    trials: [
      { as: owner, does: change(heldSync, { spec: { kubeConfig: { configMapRef: { name: "attackers-cluster" } } } }), denied: /^403 .*'mooring-tenant-bounds'.*remove spec\.kubeConfig/ },
      { as: owner, does: change(heldService, { spec: { externalIPs: ["203.0.113.7"] } }), denied: /^403 .*'mooring-tenant-services'.*remove spec\.externalIPs/ },
    ],
    legal: [heldSync, heldService].map((held) => ({ as: owner, does: change(held, { metadata: { finalizers: null } }) })),
  },
  {
    number: 55,
    what: "what broke a rule before its namespace was adopted is made worse",
    prepare: adopt,
    trials: [
      {
        as: administrator,
        does: change(old, { spec: { externalIPs: ["203.0.113.8"] } }),
        denied: /^403 .*'mooring-tenant-services'.*remove spec\.externalIPs/,
      },
    ],
    // Its controller can still let it go.
    legal: [{ as: administrator, does: change(old, { metadata: { finalizers: null } }) }],
  },
  {
    number: 56,
    what: "an editor or a viewer reads Secrets, or gets a shell in a pod",
    prepare: async ({ admin, discovery }) => {
      const there = secret({}, { name: "app" });
      await admin.apply((await discovery.paths(there)).object, there);
    },
    trials: [
      asPeople(editor, secretOf("orders"), /^403 .*cannot list resource "secrets"/),
      // The answers to these would have it, also of a dry run.
      asPeople(editor, change(reference("v1", "Secret", "orders", "app"), {}), /^403 .*cannot patch resource "secrets"/),
      asPeople(editor, remove(reference("v1", "Secret", "orders", "app")), /^403 .*cannot delete resource "secrets"/),
      asPeople(editor, may("create", "pods/exec", "orders"), /^403 the authorizer/),
      asPeople(viewer, secretOf("orders"), /^403 .*cannot list resource "secrets"/, "Kubernetes's role view reads no Secrets"),
      asPeople(viewer, may("create", "pods/exec", "orders"), /^403 the authorizer/, "Kubernetes's role view enters no pod"),
      asPeople(viewer, create(configMap()), /^403 .*cannot create resource "configmaps"/, "Kubernetes's role view changes nothing"),
    ],
    legal: [
      { as: owner, does: secretOf("orders") },
      { as: owner, does: may("create", "pods/exec", "orders") },
      { as: editor, does: create(secret()) },
      { as: viewer, does: read(reference("v1", "ServiceAccount", "orders", "orders-api")) },
    ],
  },
  {
    number: 57,
    what: "a process in a pod uses its own token on the API server",
    trials: ["orders", "orders-flux"].flatMap((namespace) => [
      asPeople(app, secretOf(namespace), /^403 .*cannot list resource "secrets"/, "nobody gives a pod's account rights"),
      asPeople(app, create(deployment(podSpec(), { namespace })), /^403 .*cannot create resource "deployments"/, "nobody gives a pod's account rights"),
    ]),
    legal: [{ as: app, does: call("/apis/authentication.k8s.io/v1/selfsubjectreviews", { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }) }],
  },
  {
    number: 58,
    what: "Flux goes on for a tenant that is suspended",
    trials: [
      { as: reconciler("paused-flux"), does: create(configMap({ namespace: "paused" })), denied: /^403 .*cannot create resource "configmaps"/ },
      { as: reconciler("paused"), does: secretOf("paused"), denied: /^403 .*cannot list resource "secrets"/ },
    ],
    legal: [{ as: pausedOwner, does: create(configMap({ namespace: "paused" })) }],
    elsewhere: [suspended("paused")],
  },
  {
    number: 59,
    what: "people and Flux go on for a tenant that is leaving",
    trials: [
      { as: reconciler("parting-flux"), does: create(configMap({ namespace: "parting" })), denied: /^403 .*cannot create resource "configmaps"/ },
      { as: partingOwner, does: secretOf("parting"), denied: /^403 .*cannot list resource "secrets"/ },
      { as: partingOwner, does: list("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "parting-flux"), denied: /^403 .*cannot list resource "kustomizations"/ },
    ],
    legal: [{ as: administrator, does: read(reference("v1", "Namespace", undefined, "parting")) }],
    elsewhere: [
      suspended("parting"),
      {
        who: "the program",
        setting: "no deploy key of the tenant that is leaving",
        holds: ({ objects }) => {
          const keys = objects.filter(({ kind, metadata }) => kind === "Secret" && (metadata as { name: string }).name === "deploy-key").map(({ metadata }) => (metadata as { namespace: string }).namespace);
          assert.deepEqual(keys.sort(), ["orders-flux", "paused-flux", "web-flux"]);
        },
      },
    ],
  },
];
