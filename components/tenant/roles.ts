/** The cluster-wide roles that are bound in tenants' namespaces. */
import type { AddOnName } from "../add-ons/catalogue.ts";
import { tenantResources } from "../add-ons/tenant-kinds.ts";

export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** Flux's kinds that a team may use in its own namespaces, by group. Images are scanned and written by the platform, in the control namespace. */
export const fluxKinds: Record<string, string[]> = {
  "source.toolkit.fluxcd.io": ["gitrepositories", "ocirepositories", "helmrepositories", "helmcharts"],
  "kustomize.toolkit.fluxcd.io": ["kustomizations"],
  "helm.toolkit.fluxcd.io": ["helmreleases"],
  "image.toolkit.fluxcd.io": ["imagerepositories", "imagepolicies"],
  "notification.toolkit.fluxcd.io": ["providers", "alerts", "receivers"],
};

const read = ["get", "list", "watch"];
const change = ["create", "update", "patch", "delete"];
const write = [...read, ...change];

const rules = (groups: Record<string, string[]>, verbs: string[]): Rule[] => Object.entries(groups).map(([group, resources]) => ({ apiGroups: [group], resources, verbs }));

/**
 * What a team ships. Left out on purpose, since each would let a team leave its bounds: network policies, roles and
 * bindings, quotas and limits, tokens and impersonation, namespaces, endpoints, and the status of Flux objects.
 */
const workloads: Record<string, string[]> = {
  "": ["configmaps", "services", "serviceaccounts", "persistentvolumeclaims"],
  apps: ["deployments", "statefulsets", "daemonsets"],
  batch: ["jobs", "cronjobs"],
  autoscaling: ["horizontalpodautoscalers"],
  policy: ["poddisruptionbudgets"],
  "networking.k8s.io": ["ingresses"],
  "gateway.networking.k8s.io": ["httproutes", "grpcroutes"],
  // Which secrets of the team's vault are mounted into its pods.
  "secrets-store.csi.x-k8s.io": ["secretproviderclasses"],
  ...fluxKinds,
};

const secrets = (verbs: string[]): Rule => ({ apiGroups: [""], resources: ["secrets"], verbs });

/** What runs and within which bounds, to look at. */
const running = rules(
  {
    "": ["pods", "pods/log", "events", "endpoints", "resourcequotas", "limitranges", "replicationcontrollers"],
    apps: ["replicasets", "controllerrevisions"],
    "events.k8s.io": ["events"],
    "networking.k8s.io": ["networkpolicies"],
    "discovery.k8s.io": ["endpointslices"],
    "rbac.authorization.k8s.io": ["rolebindings"],
    "metrics.k8s.io": ["pods"],
  },
  read,
);

/** To restart and to scale what runs. */
const operating: Rule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["get", "update", "patch"] },
];

/** Into a pod: whoever has a shell there has what the pod has. */
const entering: Rule[] = [
  { apiGroups: [""], resources: ["pods/exec", "pods/attach", "pods/portforward"], verbs: ["get", "create"] },
  { apiGroups: [""], resources: ["pods/ephemeralcontainers"], verbs: ["get", "update", "patch"] },
];

/** The tenant's own namespace, with its bounds; reached by its name only. */
const namespace: Rule = { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] };

/** In the control namespace a team looks at its own sources, releases and images, but not at what Flux signs in with. */
const observer: Rule[] = [
  ...rules(
    { ...fluxKinds, "source.toolkit.fluxcd.io": [...fluxKinds["source.toolkit.fluxcd.io"]!, "buckets"], "image.toolkit.fluxcd.io": ["imagerepositories", "imagepolicies", "imageupdateautomations"] },
    read,
  ),
  ...rules({ "": ["events"], "events.k8s.io": ["events"] }, read),
  namespace,
];

/**
 * The rules of each role, by the part that it plays.
 * @param addOns that are on: some have kinds for teams, each held within the team by an admission rule
 */
export function roleRules(addOns: readonly AddOnName[]): Record<"reconciler" | "owner" | "editor" | "viewer" | "observer", Rule[]> {
  const made = workloadKinds(addOns);
  // What an add-on's controller makes of them, and why it does not work.
  const seen = rules(tenantResources(addOns, "read"), read);
  return {
    // Pods are only read: what a team ships makes them through workloads, and health checks look at them.
    reconciler: [...rules(made, write), secrets(write), ...running, ...seen, namespace],
    owner: [...rules(made, write), secrets(write), ...running, ...seen, ...operating, ...entering, namespace],
    // The answers to a patch that changes nothing and to a delete that waits have a secret's contents, so editors have neither.
    editor: [...rules(made, write), secrets(["create", "update"]), ...running, ...seen, ...operating, namespace],
    viewer: [...rules(made, read), ...running, ...seen, namespace],
    observer,
  };
}

/** What a team ships where these add-ons are on. */
export function workloadKinds(addOns: readonly AddOnName[]): Record<string, string[]> {
  return { ...workloads, ...tenantResources(addOns, "write") };
}
