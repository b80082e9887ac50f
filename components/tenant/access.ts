/** Who may do what in a tenant's namespaces: Flux in the tenant's name, and the tenant's people. */
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings, TenantSettings } from "../settings/settings.ts";
import { isLeaving } from "../settings/tenant-state.ts";
import { reconciler, roleNames } from "./labels.ts";
import type { Namespaces } from "./namespaces.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";
import type { Annotations } from "./workload-identity.ts";

interface Subject {
  kind: "ServiceAccount" | "Group" | "User";
  name: pulumi.Input<string>;
  namespace?: string;
  apiGroup?: string;
}

const apiGroup = "rbac.authorization.k8s.io";

/** A role that is given to somebody in a namespace. Its name in the cluster is that of the binding. */
export interface Grant {
  name: "reconciler" | "deployers" | "owners" | "editors" | "viewers" | "observers";
  role: keyof typeof roleNames;
  subjects: Subject[];
}

/**
 * What is granted in one of the tenant's workload namespaces. A grant to nobody is none.
 * @param deployers user names of the deployment pipelines that may write there, see {@link deployable}
 */
export function workloadGrants(tenant: TenantSettings, deployers: readonly pulumi.Input<string>[] = []): Grant[] {
  const grants: Grant[] = [
    { name: "reconciler", role: "reconciler", subjects: tenant.state === "active" ? reconcilers(tenant) : [] },
    { name: "deployers", role: "reconciler", subjects: deployers.map((name) => ({ kind: "User", name, apiGroup })) },
    { name: "owners", role: "owner", subjects: groups(tenant.owners) },
    { name: "editors", role: "editor", subjects: groups(tenant.editors) },
    { name: "viewers", role: "viewer", subjects: groups(tenant.viewers) },
  ];
  return grants.filter(({ subjects }) => subjects.length > 0);
}

/** What is granted in the tenant's control namespace. */
export function controlGrants({ owners, editors, viewers }: TenantSettings): Grant[] {
  const people = groups([...new Set([...owners, ...editors, ...viewers])]);
  return people.length > 0 ? [{ name: "observers", role: "observer", subjects: people }] : [];
}

/** Whether the environment's pipelines may deploy into a workload namespace of the tenant. */
export function deployable({ pipelines }: Settings, { state }: TenantSettings, namespace: string): boolean {
  return !isLeaving(state) && pipelines.deploy.namespaces.includes(namespace);
}

/** The account of the control namespace applies the team's folder; the others what Flux objects within that folder ask for. */
function reconcilers({ controlNamespace, namespaces }: TenantSettings): Subject[] {
  return [controlNamespace, ...namespaces.map(({ name }) => name)].map((namespace) => ({ kind: "ServiceAccount", name: reconciler, namespace }));
}

function groups(ids: readonly string[]): Subject[] {
  return ids.map((name) => ({ kind: "Group", name, apiGroup }));
}

export interface AccessArgs {
  /** Object ids of deployment pipelines by namespace: in a cluster with Entra that is the user name of a service principal. */
  deployers: (namespace: string) => pulumi.Output<string>[];
  /** Annotations by which Flux acts as the tenant's identity in Azure; in the workload namespaces only where it fetches with it. */
  reconcilerIdentity?: Annotations;
}

export function registerAccess(scope: TenantScope, { control, workloads }: Namespaces, { deployers, reconcilerIdentity }: AccessArgs): pulumi.Resource[] {
  const { tenant } = scope;
  const account = (name: string, namespace: TenantNamespace, annotations?: Annotations) =>
    new ServiceAccount(
      name,
      // No pod runs under this account; Flux asks the API server to act in its name.
      { metadata: { name: reconciler, namespace: namespace.name, annotations }, automountServiceAccountToken: false },
      within(scope, namespace),
    );
  const bind = (prefix: string, namespace: TenantNamespace, name: string, role: keyof typeof roleNames, subjects: Subject[]) =>
    new RoleBinding(
      `${prefix}-${name}`,
      { metadata: { name, namespace: namespace.name }, roleRef: { apiGroup, kind: "ClusterRole", name: roleNames[role] }, subjects },
      within(scope, namespace),
    );

  return [
    ...controlGrants(tenant).map(({ name, role, subjects }) => bind(tenant.key, control, name, role, subjects)),
    account(`${tenant.key}-control-reconciler`, control, reconcilerIdentity),
    ...workloads.flatMap((namespace) => [
      account(`${namespace.prefix}-workload-reconciler`, namespace, tenant.pulls ? reconcilerIdentity : undefined),
      ...workloadGrants(tenant, deployers(namespace.name)).map(({ name, role, subjects }) => bind(namespace.prefix, namespace, name, role, subjects)),
    ]),
  ];
}
