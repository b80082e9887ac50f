/** What a role lets somebody do, in words that need no Kubernetes. */
import type { Rule } from "../../../components/tenant/roles.ts";

/** Requests to the API server, one for each verb and resource. */
export interface Probe {
  verbs: string[];
  /** Empty: the core group. */
  group: string;
  resources: string[];
}

export interface Ability {
  name: string;
  /** What that means, in a sentence. */
  means: string;
  probes: Probe[];
}

const change = ["create", "update", "patch", "delete"];

/** Every line of the access matrix, from looking to what no team may do. */
export const abilities: readonly Ability[] = [
  {
    name: "See what runs",
    means: "Pods, workloads and jobs, with their state.",
    probes: [
      { verbs: ["get", "list"], group: "", resources: ["pods", "services"] },
      { verbs: ["get", "list"], group: "apps", resources: ["deployments", "statefulsets", "daemonsets"] },
      { verbs: ["get", "list"], group: "batch", resources: ["jobs", "cronjobs"] },
    ],
  },
  { name: "Read logs", means: "What the programs write.", probes: [{ verbs: ["get"], group: "", resources: ["pods/log"] }] },
  {
    name: "See what Flux does",
    means: "What it follows, what it applied, and why it failed.",
    probes: [
      { verbs: ["get", "list"], group: "source.toolkit.fluxcd.io", resources: ["gitrepositories"] },
      { verbs: ["get", "list"], group: "kustomize.toolkit.fluxcd.io", resources: ["kustomizations"] },
      { verbs: ["get", "list"], group: "helm.toolkit.fluxcd.io", resources: ["helmreleases"] },
    ],
  },
  {
    name: "See limits and traffic rules",
    means: "How much is left of the quota, and who may talk to whom.",
    probes: [
      { verbs: ["get", "list"], group: "", resources: ["resourcequotas", "limitranges"] },
      { verbs: ["get", "list"], group: "networking.k8s.io", resources: ["networkpolicies"] },
    ],
  },
  {
    name: "Change what runs",
    means: "Make, change and remove workloads, jobs, services and routes. A program may read the secrets that it is given.",
    probes: [
      { verbs: change, group: "", resources: ["services", "configmaps", "persistentvolumeclaims"] },
      { verbs: change, group: "apps", resources: ["deployments", "statefulsets", "daemonsets"] },
      { verbs: change, group: "batch", resources: ["jobs", "cronjobs"] },
      { verbs: change, group: "networking.k8s.io", resources: ["ingresses"] },
    ],
  },
  {
    name: "Change what Flux does",
    means: "Further sources, folders and Helm releases, within the team's bounds.",
    probes: [
      { verbs: change, group: "source.toolkit.fluxcd.io", resources: ["gitrepositories"] },
      { verbs: change, group: "kustomize.toolkit.fluxcd.io", resources: ["kustomizations"] },
      { verbs: change, group: "helm.toolkit.fluxcd.io", resources: ["helmreleases"] },
    ],
  },
  { name: "Restart a pod", means: "Delete it, so that it is made anew.", probes: [{ verbs: ["delete"], group: "", resources: ["pods"] }] },
  // The answers to a patch, also to one that changes nothing, and to a delete that waits have the whole secret.
  { name: "Read secrets", means: "Passwords and keys, in clear.", probes: [{ verbs: ["get", "list", "watch", "patch", "delete"], group: "", resources: ["secrets"] }] },
  { name: "Write secrets", means: "Make and replace them.", probes: [{ verbs: ["create", "update"], group: "", resources: ["secrets"] }] },
  { name: "Open a shell", means: "In a running pod, with all that the pod has.", probes: [{ verbs: ["create"], group: "", resources: ["pods/exec", "pods/attach"] }] },
  { name: "Connect to a pod", means: "To a port of it, from one's own machine.", probes: [{ verbs: ["create"], group: "", resources: ["pods/portforward"] }] },
  { name: "Start a pod by hand", means: "Past workloads and repository.", probes: [{ verbs: ["create"], group: "", resources: ["pods"] }] },
  { name: "Change limits", means: "Raise the team's own quota.", probes: [{ verbs: change, group: "", resources: ["resourcequotas", "limitranges"] }] },
  { name: "Change traffic rules", means: "Open the team's network, or another's.", probes: [{ verbs: change, group: "networking.k8s.io", resources: ["networkpolicies"] }] },
  { name: "Give rights", means: "To oneself or to others.", probes: [{ verbs: change, group: "rbac.authorization.k8s.io", resources: ["roles", "rolebindings"] }] },
  {
    name: "Act as somebody else",
    means: "Impersonate a person, or take a token of an account.",
    probes: [
      { verbs: ["impersonate"], group: "", resources: ["users", "groups", "serviceaccounts"] },
      { verbs: ["create"], group: "", resources: ["serviceaccounts/token"] },
    ],
  },
  { name: "Change the namespace", means: "Its bounds and its pod security level; or delete it.", probes: [{ verbs: change, group: "", resources: ["namespaces"] }] },
];

export type Reach = "yes" | "partly" | "no";

/** Whether rules allow all, some or none of what an ability stands for. */
export function reach(rules: readonly Rule[], { probes }: Ability): Reach {
  const requests = probes.flatMap(({ verbs, group, resources }) => verbs.flatMap((verb) => resources.map((resource) => ({ verb, group, resource }))));
  const allowed = requests.filter(({ verb, group, resource }) =>
    rules.some(({ verbs, apiGroups, resources }) => holds(verbs, verb) && holds(apiGroups, group) && (holds(resources, resource) || resources.includes(`*/${resource.split("/")[1]}`))),
  );
  return allowed.length === requests.length ? "yes" : allowed.length > 0 ? "partly" : "no";
}

const holds = (list: readonly string[], wanted: string): boolean => list.includes("*") || list.includes(wanted);
