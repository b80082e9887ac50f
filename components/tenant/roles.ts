import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterTie } from "../flux/cluster-tie.ts";
import { roleNames } from "./labels.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const read = ["get", "list", "watch"];
const write = [...read, "create", "update", "patch", "delete"];

/**
 * What a team ships. Left out on purpose, since each would let a team leave its bounds: network policies, roles and
 * bindings, quotas and limits, tokens and impersonation, namespaces, and the status of Flux objects.
 */
const workloads: Rule[] = [
  { apiGroups: [""], resources: ["configmaps", "secrets", "services", "serviceaccounts", "persistentvolumeclaims"], verbs: write },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets", "daemonsets"], verbs: write },
  { apiGroups: ["batch"], resources: ["jobs", "cronjobs"], verbs: write },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: write },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"], verbs: write },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs: write },
  // Which secrets of the team's vault are mounted into its pods.
  { apiGroups: ["secrets-store.csi.x-k8s.io"], resources: ["secretproviderclasses"], verbs: write },
];

const flux: Record<string, string[]> = {
  "source.toolkit.fluxcd.io": ["gitrepositories", "ocirepositories", "helmrepositories", "helmcharts", "buckets"],
  "kustomize.toolkit.fluxcd.io": ["kustomizations"],
  "helm.toolkit.fluxcd.io": ["helmreleases"],
  "image.toolkit.fluxcd.io": ["imagerepositories", "imagepolicies", "imageupdateautomations"],
  "notification.toolkit.fluxcd.io": ["providers", "alerts", "receivers"],
};

const fluxRules = (verbs: string[]): Rule[] => Object.entries(flux).map(([group, resources]) => ({ apiGroups: [group], resources, verbs }));

/** What runs, to look at. */
const running: Rule[] = [
  { apiGroups: [""], resources: ["pods", "pods/log", "events", "endpoints", "resourcequotas", "limitranges", "replicationcontrollers"], verbs: read },
  { apiGroups: ["apps"], resources: ["replicasets", "controllerrevisions"], verbs: read },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: read },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
];

/** The rules of each role, by its name. */
export const roleRules: Record<string, Rule[]> = {
  // Pods are only read: what a team ships makes them through workloads, and health checks look at them.
  [roleNames.reconciler]: [...workloads, ...fluxRules(write), ...running],
  [roleNames.owner]: [
    ...workloads,
    ...fluxRules(write),
    ...running,
    { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
    { apiGroups: [""], resources: ["pods/exec", "pods/portforward"], verbs: ["get", "create"] },
    { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["get", "update", "patch"] },
  ],
  // In the control namespace a team looks at its own source and reconciliation, but not at the deploy key.
  [roleNames.observer]: [...fluxRules(read), { apiGroups: [""], resources: ["events"], verbs: read }],
};

/** The cluster-wide roles that tenants' bindings refer to. */
export class TenantRoles extends pulumi.ComponentResource {
  readonly roles: ClusterRole[];

  constructor(name: string, tie: ClusterTie, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:tenant:Roles", name, {}, opts);
    this.roles = Object.entries(roleRules).map(
      ([role, rules]) => new ClusterRole(`${name}-${role}`, { metadata: { name: role }, rules }, { parent: this, ...tie }),
    );
    this.registerOutputs({});
  }
}
