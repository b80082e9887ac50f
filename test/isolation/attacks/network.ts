/** Whom pods and controllers can talk to. */
import type { Attack, Elsewhere } from "../attack.ts";
import { app, editor, flux, nestedFlux, owner, registry, viewer } from "../ground.ts";
import { deployment, notifier, podSpec, versions } from "../manifests.ts";
import { noWayFrom, noWayTo } from "../rendered.ts";
import { call, create, may, read, reference } from "../requests.ts";
import type { Subject } from "../subjects.ts";

const imds = "169.254.169.254";
const generic = /^403 .*'mooring-tenant-notifications'.*a generic provider could reach addresses within the platform/;
const notOurImage = /^403 .*'mooring-tenant-images'.*this tenant may not run it; write an image with its registry in front, from acmelab\.azurecr\.io\/orders, mcr\.microsoft\.com/;
const image = (name: string) => create(deployment(podSpec({}, { image: name })));

/** The API server would carry the request past every network policy. */
const proxied = (as: Subject, service: string, path: string) => ({
  as,
  does: call(`/api/v1/namespaces/flux-system/services/http:${service}/proxy/${path}`),
  denied: /^403 .*cannot get resource "services\/proxy"/,
  otherwise: { denied: /^403 .*cannot get resource "services\/proxy"/, because: "the usual binding is one of a namespace too" },
});

const tenantsOwn = [{ as: owner, does: read(reference(versions.kustomize, "Kustomization", "orders-flux", "orders")) }];

/** Ways from a pod to what answers on the machine: with and without an identity in Azure. */
const machine: Elsewhere[] = [imds, "168.63.129.16"].flatMap((address) => [noWayTo("orders", address), noWayTo("orders", address, { "azure.workload.identity/use": "true" })]);

export const network: Attack[] = [
  {
    number: 28,
    what: "a notification Provider sends requests to addresses within the platform",
    trials: [
      { as: flux, does: create(notifier({ type: "generic", address: `http://${imds}/metadata/identity/oauth2/token`, channel: undefined })), denied: generic },
      { as: editor, does: create(notifier({ type: "generic-hmac", channel: undefined })), denied: generic },
    ],
    legal: [{ as: flux, does: create(notifier({})) }],
    // The address may stand in a Secret, where no rule sees it. Nodes and pods are closed too.
    elsewhere: [imds, "10.240.0.4", "10.244.1.5"].map((address) => noWayTo("flux-system", address, { app: "notification-controller" })),
  },
  {
    number: 34,
    what: "a pod lists and downloads every team's artifacts from source-controller",
    trials: [owner, nestedFlux, app].map((as) => proxied(as, "source-controller:80", "gitrepository/")),
    legal: tenantsOwn,
    // Nor by the address of a pod, for a team that may connect to anywhere outside.
    elsewhere: [noWayFrom("orders", "source-controller", 9090), noWayTo("orders", "10.244.1.5")],
  },
  {
    number: 35,
    what: "a forged event is posted to notification-controller",
    trials: [proxied(app, "notification-controller:80", "")],
    legal: tenantsOwn,
    elsewhere: [noWayFrom("orders", "notification-controller", 9090), noWayFrom("app-routing-system", "notification-controller", 9090)],
  },
  {
    number: 36,
    what: "a pod reads the controllers' metrics, with the names of all teams' objects",
    trials: [proxied(viewer, "notification-controller:8080", "metrics")],
    legal: tenantsOwn,
    elsewhere: [noWayFrom("orders", "kustomize-controller", 8080, [{ namespace: "monitoring", labels: {} }])],
  },
  {
    number: 41,
    what: "a pod takes the node's identity from the metadata service, or runs another team's image",
    trials: [
      { as: flux, does: image(`${registry}/web/api:1.0.0`), denied: notOurImage },
      { as: owner, does: image("docker.io/attacker/miner:latest"), denied: notOurImage },
      { as: flux, does: image("nginx"), denied: notOurImage },
      { as: flux, does: image("docker.io/library/redis-but-not:7"), denied: notOurImage },
      { as: flux, does: create(deployment(podSpec({ initContainers: [{ name: "first", image: `${registry}/web/api:1.0.0` }] }))), denied: notOurImage },
    ],
    legal: [
      { as: flux, does: image(`${registry}/orders/api@sha256:${"0".repeat(64)}`) },
      { as: owner, does: image("mcr.microsoft.com/oss/nginx/nginx:1.27") },
      { as: flux, does: image("docker.io/library/redis:7") },
      { as: flux, does: image(`docker.io/library/redis@sha256:${"0".repeat(64)}`) },
      { as: owner, does: may("get", "pods/log", "orders") },
    ],
    elsewhere: machine,
  },
];
