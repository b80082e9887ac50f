/** The objects that attacks and their legal siblings are made of: right in everything but what is given. */
import type { Values } from "../../local/standins/contract.ts";
import { registry } from "./ground.ts";

interface Metadata {
  name?: string;
  namespace?: string;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  finalizers?: string[];
}

/** Fields of an object; what is `undefined` is left out. */
type Fields = Record<string, unknown>;

const values = (fields: Fields): Values => JSON.parse(JSON.stringify(fields)) as Values;

/** An object of the team's workload namespace, unless said otherwise. */
export function manifest(apiVersion: string, kind: string, rest: Fields, metadata: Metadata = {}): Values {
  return values({ apiVersion, kind, metadata: { name: "attack", namespace: "orders", ...metadata }, ...rest });
}

export const versions = {
  kustomize: "kustomize.toolkit.fluxcd.io/v1",
  helm: "helm.toolkit.fluxcd.io/v2",
  source: "source.toolkit.fluxcd.io/v1",
  image: "image.toolkit.fluxcd.io/v1",
  notification: "notification.toolkit.fluxcd.io/v1beta3",
  receiver: "notification.toolkit.fluxcd.io/v1",
  rbac: "rbac.authorization.k8s.io/v1",
  network: "networking.k8s.io/v1",
} as const;

export const kustomization = (spec: Fields = {}, metadata?: Metadata): Values =>
  manifest(
    versions.kustomize,
    "Kustomization",
    { spec: { interval: "10m", prune: true, path: "./deploy", sourceRef: { kind: "GitRepository", name: "own" }, serviceAccountName: "reconciler", ...spec } },
    metadata,
  );

export const helmRelease = (spec: Fields = {}, metadata?: Metadata): Values =>
  manifest(versions.helm, "HelmRelease", { spec: { interval: "10m", serviceAccountName: "reconciler", ...(spec.chart === undefined && { chartRef: { kind: "OCIRepository", name: "own" } }), ...spec } }, metadata);

/** The release of a chart from a source. */
export const chartOf = (kind: string, namespace?: string): Fields => ({ chart: { spec: { chart: "app", version: "1.0.0", sourceRef: { kind, name: "own", namespace } } } });

export const gitRepository = (spec: Fields = {}, metadata?: Metadata): Values =>
  manifest(versions.source, "GitRepository", { spec: { interval: "10m", url: "ssh://git@github.com/acme/orders.git", ...spec } }, metadata);

export const ociRepository = (spec: Fields = {}): Values => manifest(versions.source, "OCIRepository", { spec: { interval: "10m", url: `oci://${registry}/orders/charts/app`, ...spec } });

export const helmRepository = (spec: Fields): Values => manifest(versions.source, "HelmRepository", { spec: { interval: "10m", ...spec } });

export const imageRepository = (spec: Fields = {}, metadata?: Metadata): Values =>
  manifest(versions.image, "ImageRepository", { spec: { interval: "10m", image: `${registry}/orders/api`, ...spec } }, metadata);

export const notifier = (spec: Fields): Values => manifest(versions.notification, "Provider", { spec: { type: "slack", channel: "#orders", secretRef: { name: "slack" }, ...spec } });

/** A pod specification that the level `restricted` lets through. */
export const podSpec = (spec: Fields = {}, container: Fields = {}): Fields => ({
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [{ name: "app", image: `${registry}/orders/api:1.0.0`, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } }, ...container }],
  ...spec,
});

export const pod = (spec: Fields = podSpec(), metadata?: Metadata): Values => manifest("v1", "Pod", { spec }, metadata);

const labels = { app: "attack" };

export const deployment = (spec: Fields = podSpec(), metadata?: Metadata): Values =>
  manifest("apps/v1", "Deployment", { spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } }, metadata);

export const cronJob = (spec: Fields): Values =>
  manifest("batch/v1", "CronJob", { spec: { schedule: "@hourly", jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", ...spec } } } } } });

export const service = (spec: Fields = {}, metadata?: Metadata): Values => manifest("v1", "Service", { spec: { selector: labels, ports: [{ port: 80 }], ...spec } }, metadata);

export const ingress = (host: string | undefined, spec: Fields = {}, metadata?: Metadata): Values =>
  manifest(
    versions.network,
    "Ingress",
    { spec: { rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "app", port: { number: 80 } } } }] } }], ...spec } },
    metadata,
  );

export const configMap = (metadata?: Metadata): Values => manifest("v1", "ConfigMap", { data: { key: "value" } }, metadata);

export const secret = (rest: Fields = {}, metadata?: Metadata): Values => manifest("v1", "Secret", { stringData: { key: "value" }, ...rest }, metadata);

export const serviceAccount = (name: string): Values => manifest("v1", "ServiceAccount", {}, { name });

/** A role binding of the whole cluster, or of a namespace. */
export const binding = (namespace: string | undefined, role: string): Values =>
  manifest(
    versions.rbac,
    namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role }, subjects: [{ kind: "ServiceAccount", name: "default", namespace: "orders" }] },
    { namespace },
  );
