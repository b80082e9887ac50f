/** Pods, services and names, beyond the list of the research. */
import type { Attack } from "../attack.ts";
import { editor, flux, nestedFlux, owner, registry } from "../ground.ts";
import type { Lab } from "../lab.ts";
import { deployment, ingress, manifest, pod, podSpec, service } from "../manifests.ts";
import { change, create, reference } from "../requests.ts";
import { podMaker, reconciler } from "../subjects.ts";

const web = reconciler("web-flux");
const leaveNodeOut = /^403 .*'mooring-tenant-pods'.*leave nodeName out/;
const namesTaint = /^403 .*'mooring-tenant-pods'.*a toleration is for nodes that are not for this tenant/;
const ownAffinity = /^403 .*'mooring-tenant-pods'.*remove namespaces and namespaceSelector from the pod's affinities/;
const notThisHost = /^403 .*'mooring-tenant-hosts'.*one that this tenant may serve: orders\.apps\.acme\.example/;
const noSideDoor = /^403 .*'mooring-tenant-hosts'.*an annotation adds names, certificates or configuration past the rules/;
const host = "orders.apps.acme.example";
const dns = (name: string, value: string) => ({ annotations: { [`external-dns.alpha.kubernetes.io/${name}`]: value } });
const certificate = (name: string, value: string) => ({ annotations: { [`cert-manager.io/${name}`]: value } });
const nginx = (name: string, value: string) => ({ annotations: { [`nginx.ingress.kubernetes.io/${name}`]: value } });
const tolerates = (toleration: object, namespace = "orders", image = `${registry}/${namespace}/api:1.0.0`) => deployment(podSpec({ tolerations: [toleration] }, { image }), { namespace });
const mounting = (volume: object) => deployment(podSpec({ volumes: [{ name: "files", ...volume }] }));
const imageVolume = (image: string) => mounting({ image: { reference: image } });
const claim = (storageClassName?: string, annotations?: Record<string, string>) =>
  manifest("v1", "PersistentVolumeClaim", { spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage: "1Gi" } } } }, { annotations });

const ownService = reference("v1", "Service", "orders", "own");
const makeOwnService = async ({ admin, discovery }: Lab): Promise<unknown> => admin.apply((await discovery.paths(ownService)).object, service({}, { name: "own" }));

const far = { topologyKey: "kubernetes.io/hostname", labelSelector: {} };
const affinity = (kind: string, terms: object) => deployment(podSpec({ affinity: { [kind]: terms } }));

export const furtherPods: Attack[] = [
  {
    number: 43,
    what: "a pod names its node, past the scheduler and every taint",
    trials: [
      { as: flux, does: create(deployment(podSpec({ nodeName: "aks-webonly-1" }))), denied: leaveNodeOut },
      { as: podMaker, does: create(pod(podSpec({ nodeName: "aks-webonly-1" }))), denied: leaveNodeOut },
    ],
    legal: [{ as: flux, does: create(deployment(podSpec({ nodeSelector: { "kubernetes.azure.com/agentpool": "apps" } }))) }],
  },
  {
    number: 44,
    what: "a toleration leads to nodes that are kept for another team or for the cluster itself",
    trials: [
      { key: "mooring.platform/tenant", operator: "Equal", value: "web", effect: "NoSchedule" },
      { key: "mooring.platform/tenant", operator: "Exists" },
      { operator: "Exists" },
      { key: "CriticalAddonsOnly", operator: "Exists" },
      { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
    ].map((toleration) => ({ as: flux, does: create(tolerates(toleration)), denied: namesTaint })),
    legal: [
      { as: flux, does: create(tolerates({ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 })) },
      { as: podMaker, does: create(pod(podSpec({ tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 }] }))) },
      { as: web, does: create(tolerates({ key: "mooring.platform/tenant", operator: "Equal", value: "web", effect: "NoSchedule" }, "web")) },
    ],
  },
  {
    number: 45,
    what: "a pod's affinity keeps other teams' pods off the nodes",
    trials: [
      { as: flux, does: create(affinity("podAntiAffinity", { requiredDuringSchedulingIgnoredDuringExecution: [{ ...far, namespaceSelector: {} }] })), denied: ownAffinity },
      { as: flux, does: create(affinity("podAntiAffinity", { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { ...far, namespaces: ["web"] } }] })), denied: ownAffinity },
      { as: owner, does: create(affinity("podAffinity", { requiredDuringSchedulingIgnoredDuringExecution: [{ ...far, namespaces: ["web"] }] })), denied: ownAffinity },
    ],
    legal: [
      { as: flux, does: create(affinity("podAntiAffinity", { requiredDuringSchedulingIgnoredDuringExecution: [far] })) },
      { as: flux, does: create(affinity("podAntiAffinity", { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: far }] })) },
    ],
  },
  {
    number: 46,
    what: "a volume is made of another team's image",
    trials: [{ as: flux, does: create(imageVolume(`${registry}/web/models:1.0.0`)), denied: /^403 .*'mooring-tenant-images'.*acmelab\.azurecr\.io\/web\/models:1\.0\.0: this tenant may not run it/ }],
    legal: [{ as: flux, does: create(imageVolume(`${registry}/orders/models:1.0.0`)) }],
  },
  {
    number: 47,
    what: "an Ingress adds hosts or Secrets by annotations, or answers for all hosts that are left",
    trials: [
      { as: flux, does: create(ingress(host, {}, nginx("server-alias", "web.apps.acme.example"))), denied: noSideDoor },
      ...["server-snippet", "configuration-snippet", "auth-snippet", "modsecurity-snippet"].map((name) => ({ as: flux, does: create(ingress(host, {}, nginx(name, "server_name web.apps.acme.example;"))), denied: noSideDoor })),
      { as: owner, does: create(ingress(host, {}, nginx("mirror-target", "http://source-controller.flux-system"))), denied: noSideDoor },
      { as: owner, does: create(ingress(host, {}, nginx("auth-url", "http://source-controller.flux-system"))), denied: /^403 .*'mooring-tenant-hosts'.*auth-url leads the ingress controller to another place/ },
      ...["common-name", "alt-names"].map((name) => ({ as: flux, does: create(ingress(host, {}, certificate(name, "web.apps.acme.example"))), denied: notThisHost })),
      { as: owner, does: create(ingress(host, {}, { annotations: { "appgw.ingress.kubernetes.io/hostname-extension": "web.apps.acme.example" } })), denied: noSideDoor },
      { as: flux, does: create(ingress(host, {}, nginx("auth-tls-secret", "web/ca"))), denied: /^403 .*'mooring-tenant-hosts'.*an annotation names a Secret of another namespace/ },
      {
        as: editor,
        does: create(ingress(host, { defaultBackend: { service: { name: "app", port: { number: 80 } } } })),
        denied: /^403 .*'mooring-tenant-hosts'.*remove spec\.defaultBackend/,
      },
    ],
    legal: [
      { as: flux, does: create(ingress(host, {}, nginx("proxy-body-size", "8m"))) },
      { as: flux, does: create(ingress(host, {}, nginx("auth-tls-secret", "orders/ca"))) },
      { as: flux, does: create(ingress(host, {}, nginx("auth-url", "https://$host/oauth2/auth"))) },
      { as: flux, does: create(ingress(host, { tls: [{ hosts: [host], secretName: "tls" }] }, certificate("cluster-issuer", "letsencrypt"))) },
      { as: flux, does: create(ingress(host, {}, certificate("alt-names", `api.${host}`))) },
    ],
  },
  {
    number: 48,
    what: "an annotation asks external-dns for another team's name",
    trials: [
      { as: flux, does: create(service({}, dns("hostname", "web.apps.acme.example"))), denied: notThisHost },
      { as: flux, does: create(service({ clusterIP: "None" }, dns("internal-hostname", "web.apps.acme.example"))), denied: notThisHost },
      { as: owner, does: create(ingress(host, {}, dns("hostname", `${host}, web.apps.acme.example`))), denied: notThisHost },
    ],
    legal: [
      { as: flux, does: create(service({}, dns("hostname", `api.${host}, ${host}`))) },
      { as: owner, does: create(ingress(host, {}, dns("hostname", host))) },
    ],
  },
  {
    number: 49,
    what: "a Service that was legal becomes a NodePort, an ExternalName or another's address",
    prepare: makeOwnService,
    trials: [
      { as: flux, does: change(ownService, { spec: { type: "NodePort" } }), denied: /^403 .*'mooring-tenant-services'.*of the type ClusterIP/ },
      { as: owner, does: change(ownService, { spec: { type: "ExternalName", externalName: "web.web.svc", clusterIP: null, clusterIPs: null } }), denied: /^403 .*'mooring-tenant-services'.*of the type ClusterIP/ },
      { as: editor, does: change(ownService, { spec: { externalIPs: ["203.0.113.7"] } }), denied: /^403 .*'mooring-tenant-services'.*remove spec\.externalIPs/ },
      { as: editor, does: change(ownService, { metadata: dns("hostname", "web.apps.acme.example") }), denied: notThisHost },
    ],
    legal: [
      { as: editor, does: change(ownService, { spec: { ports: [{ port: 8080 }] } }) },
      { as: nestedFlux, does: change(ownService, { metadata: { labels: { team: "orders" } } }) },
    ],
  },
  {
    number: 50,
    what: "a volume of a storage class that the team may not use",
    trials: [
      { as: flux, does: create(claim("managed-premium")), denied: /^403 .*'mooring-tenant-volumes'.*write spec\.storageClassName: one of managed-csi/ },
      {
        as: flux,
        does: create(claim("managed-csi", { "volume.beta.kubernetes.io/storage-class": "managed-premium" })),
        denied: /^403 .*'mooring-tenant-volumes'.*remove the annotation volume\.beta\.kubernetes\.io\/storage-class/,
      },
      { as: flux, does: create(claim()), denied: /^403 .*'mooring-tenant-volumes'.*write spec\.storageClassName: one of managed-csi/ },
    ],
    legal: [{ as: flux, does: create(claim("managed-csi")) }],
  },
  {
    number: 51,
    what: "a volume makes the node mount what the pod says, past every network policy",
    trials: [
      { as: flux, does: create(mounting({ nfs: { server: "10.240.0.4", path: "/" } })), denied: /^403 .*'mooring-tenant-mounts'.*a volume is of a type that the node mounts for the pod/ },
      { as: podMaker, does: create(pod(podSpec({ volumes: [{ name: "files", csi: { driver: "file.csi.azure.com" } }] }))), denied: /^403 .*'mooring-tenant-mounts'.*a volume names a driver of the node/ },
    ],
    legal: [
      { as: flux, does: create(mounting({ persistentVolumeClaim: { claimName: "data" } })) },
      { as: flux, does: create(mounting({ csi: { driver: "secrets-store.csi.k8s.io", readOnly: true, volumeAttributes: { secretProviderClass: "orders" } } })) },
    ],
  },
];
