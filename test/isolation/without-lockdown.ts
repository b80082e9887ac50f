/**
 * The same tenants as a usual installation has them: `flux create tenant` binds cluster-admin in the tenant's namespace
 * (fluxcd/flux2 cmd/flux/create_tenant.go), where the deploy key is too; people have Kubernetes's own roles, to which the chart adds
 * Flux's kinds (flux2 chart, templates/aggregate-clusterroles.yaml). Tenants that stopped keep what they had.
 */
import type { Values } from "../../local/standins/contract.ts";
import { groups } from "./ground.ts";
import type { Rendered } from "./rendered.ts";

const rbac = "rbac.authorization.k8s.io";

const usualRole: Record<string, string> = {
  "mooring-tenant-reconciler": "cluster-admin",
  "mooring-tenant-owner": "cluster-admin",
  "mooring-tenant-observer": "view",
  "mooring-tenant-editor": "edit",
  "mooring-tenant-viewer": "view",
};

const ownersOf: Record<string, string> = { orders: groups.owners, web: groups.webOwners, paused: groups.pausedOwners, parting: groups.partingOwners };

/** The objects of the cluster. Quotas and network policies stay, to be taken away by an attack; they limit nothing here. */
export function objectsWithoutLockdown(objects: Values[]): Values[] {
  const kept = objects.filter(({ kind }) => !String(kind).startsWith("ValidatingAdmissionPolicy")).map(opened);
  const tenantOf = ({ metadata }: Values) => (metadata as { labels?: Record<string, string> }).labels?.["toolkit.fluxcd.io/tenant"];
  const bindings = objects.filter((object) => object.kind === "Namespace" && tenantOf(object) !== undefined).map((object) => usualBinding((object.metadata as { name: string }).name, tenantOf(object)!));
  return [...kept, ...bindings, fluxRole("edit", ["*"]), fluxRole("view", ["get", "list", "watch"])];
}

function opened(object: Values): Values {
  const { kind } = object;
  if (kind === "ResourceQuota") return { ...object, spec: { hard: {} } };
  if (kind === "LimitRange") return { ...object, spec: { limits: [] } };
  if (kind === "RoleBinding") return { ...object, roleRef: { apiGroup: rbac, kind: "ClusterRole", name: usualRole[(object.roleRef as { name: string }).name]! } };
  if (kind !== "Namespace") return object;
  const { labels = {}, ...metadata } = object.metadata as { labels?: Record<string, string> };
  return { ...object, metadata: { ...metadata, labels: Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith("pod-security."))) } };
}

function usualBinding(namespace: string, tenant: string): Values {
  const accounts = [`${tenant}-flux`, tenant].map((where) => ({ kind: "ServiceAccount", name: "reconciler", namespace: where }));
  return {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata: { name: "usual", namespace },
    roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
    subjects: [...accounts, { kind: "Group", name: ownersOf[tenant]!, apiGroup: rbac }],
  };
}

function fluxRole(role: "edit" | "view", verbs: string[]): Values {
  const apiGroups = ["source", "kustomize", "helm", "notification", "image"].map((name) => `${name}.toolkit.fluxcd.io`);
  const labels = { [`${rbac}/aggregate-to-${role}`]: "true", ...(role === "view" && { [`${rbac}/aggregate-to-edit`]: "true" }) };
  return { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name: `flux-${role}`, labels }, rules: [{ apiGroups, resources: ["*"], verbs }] };
}

/**
 * What a usual installation renders: the chart's defaults (an old one, before the fixes of 2022), no network policies but
 * the chart's, one identity for everybody, and deploy keys that push.
 */
export function renderedWithoutLockdown({ chart, objects, resources }: Rendered): Rendered {
  const controllers = Object.entries(chart).filter(([name]) => name.endsWith("Controller"));
  const plain = controllers.map(([name]): [string, Values] => [name, { tag: "v0.21.0", container: { additionalArgs: ["--insecure-kubeconfig-exec=true", "--sops-age-secret=sops-age"] } }]);
  return {
    chart: { ...Object.fromEntries(plain), multitenancy: { enabled: false }, policies: { create: true }, rbac: { createAggregation: true } },
    objects: [...objects.filter(({ kind }) => kind !== "NetworkPolicy" && kind !== "ResourceQuota").map(usualObject), ...leftBehind],
    resources: resources.map(({ type, inputs }) => ({ type, inputs: usualInputs(type, inputs) })),
  };
}

function usualObject(object: Values): Values {
  if (object.kind === "ServiceAccount") return { ...object, automountServiceAccountToken: true };
  if (object.kind === "GitRepository" || object.kind === "Kustomization") return { ...object, spec: { ...(object.spec as Values), suspend: false } };
  return opened(object);
}

/** What a platform leaves in teams' namespaces: credentials for convenience, and the key of a team that has left. */
const leftBehind: Values[] = [
  { apiVersion: "v1", kind: "Secret", metadata: { name: "registry", namespace: "orders" } },
  { apiVersion: "v1", kind: "Secret", metadata: { name: "deploy-key", namespace: "parting-flux" } },
];

function usualInputs(type: string, inputs: Values): Values {
  if (type.endsWith(":FederatedIdentityCredential")) return { ...inputs, subject: "system:serviceaccount:flux-system:kustomize-controller" };
  if (type.endsWith(":RepositoryDeployKey")) return { ...inputs, readOnly: false };
  return inputs;
}
