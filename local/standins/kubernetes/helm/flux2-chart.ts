/**
 * What the stand-in for Helm knows of the chart flux2: its values' keys and its CRDs.
 *
 * Source: `values.yaml` and every `.Values.…` in `templates/` of `charts/flux2` at version 2.18.3,
 * https://github.com/fluxcd-community/helm-charts (commit 82a385b005eb07cdac34a8cfe8fcbce7539ca0da).
 */

/** Keys that exist; `free`: whatever is beneath belongs to Kubernetes or to the user. */
export type KnownKeys = { [key: string]: KnownKeys | "free" };

const placement: KnownKeys = { nodeSelector: "free", affinity: "free", tolerations: "free" };
const pod: KnownKeys = { ...placement, annotations: "free", resources: "free", securityContext: "free", volumes: "free", volumeMounts: "free" };

const controller: KnownKeys = {
  ...pod,
  create: "free",
  image: "free",
  tag: "free",
  priorityClassName: "free",
  labels: "free",
  container: { additionalArgs: "free" },
  extraEnv: "free",
  serviceAccount: { create: "free", automount: "free", annotations: "free" },
  imagePullPolicy: "free",
  // Not in values.yaml, but read by the templates.
  initContainers: "free",
  podSecurityContext: "free",
};
const replicated: KnownKeys = { ...controller, replicas: "free" };
const service: KnownKeys = { labels: "free", annotations: "free", ports: "free" };
const ingress: KnownKeys = { create: "free", ingressClassName: "free", annotations: "free", labels: "free", hosts: "free", tls: "free" };

export const knownValues: KnownKeys = {
  global: "free", // Helm's own
  installCRDs: "free",
  crds: { annotations: "free", migration: { ...pod, enabled: "free", timeout: "free" } },
  multitenancy: { enabled: "free", defaultServiceAccount: "free", privileged: "free" },
  clusterDomain: "free",
  cli: { ...pod, image: "free", tag: "free", serviceAccount: { automount: "free" } },
  sourceController: { ...controller, service },
  kustomizeController: {
    ...replicated,
    secret: { create: "free", name: "free", data: "free" },
    envFrom: { map: { name: "free" }, secret: { name: "free" } },
    extraSecretMounts: "free",
  },
  helmController: replicated,
  notificationController: { ...replicated, service, webhookReceiver: { service: { labels: "free", annotations: "free" }, ingress } },
  imageReflectionController: replicated,
  imageAutomationController: replicated,
  sourceWatcher: { ...controller, service },
  policies: { create: "free" },
  rbac: { create: "free", createAggregation: "free", annotations: "free", roleRef: { name: "free" } },
  logLevel: "free",
  watchAllNamespaces: "free",
  imagePullSecrets: "free",
  extraObjects: "free",
  prometheus: { podMonitor: { create: "free", podMetricsEndpoints: "free", additionalLabels: "free" } },
  distro: { openshift: "free" },
};

/** The CRDs that each controller brings, while `installCRDs` and its own `create` hold. */
export const crdsOf: { [controller: string]: string[] } = {
  sourceController: ["buckets", "externalartifacts", "gitrepositories", "helmcharts", "helmrepositories", "ocirepositories"].map((plural) => `${plural}.source.toolkit.fluxcd.io`),
  kustomizeController: ["kustomizations.kustomize.toolkit.fluxcd.io"],
  helmController: ["helmreleases.helm.toolkit.fluxcd.io"],
  notificationController: ["alerts", "providers", "receivers"].map((plural) => `${plural}.notification.toolkit.fluxcd.io`),
  imageReflectionController: ["imagepolicies.image.toolkit.fluxcd.io", "imagerepositories.image.toolkit.fluxcd.io"],
  imageAutomationController: ["imageupdateautomations.image.toolkit.fluxcd.io"],
  sourceWatcher: ["artifactgenerators.source.extensions.fluxcd.io"],
};

/** Controllers that are not installed unless asked for. */
export const offByDefault = new Set(["sourceWatcher"]);
