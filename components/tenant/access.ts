/** Who may do what in a tenant's namespaces: Flux in the tenant's name, and the tenant's people. */
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import type * as pulumi from "@pulumi/pulumi";
import { reconciler, roleNames } from "./labels.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";
import type { Annotations } from "./workload-identity.ts";

interface Subject {
  kind: "ServiceAccount" | "Group" | "User";
  name: pulumi.Input<string>;
  namespace?: string;
  apiGroup?: string;
}

export interface Namespaces {
  control: TenantNamespace;
  workload: TenantNamespace;
}

export interface AccessArgs {
  /** Object ids of deployment pipelines: in a cluster with Entra that is the user name of a service principal. */
  deployers: pulumi.Output<string>[];
  /** Annotations by which Flux acts as the tenant's identity in Azure. */
  reconcilerIdentity?: Annotations;
}

/** Returns what must exist before Flux applies anything in the tenant's name. */
export function registerAccess(scope: TenantScope, { control, workload }: Namespaces, { deployers, reconcilerIdentity }: AccessArgs): pulumi.Resource[] {
  const { tenant } = scope;
  const account = (namespace: TenantNamespace, role: string, annotations?: Annotations) =>
    new ServiceAccount(
      `${tenant.name}-${role}-reconciler`,
      // No pod runs under this account; Flux asks the API server to act in its name.
      { metadata: { name: reconciler, namespace: namespace.name, annotations }, automountServiceAccountToken: false },
      within(scope, namespace),
    );
  const bind = (suffix: string, namespace: TenantNamespace, role: string, subjects: Subject[]) =>
    new RoleBinding(
      `${tenant.name}-${suffix}`,
      {
        metadata: { name: suffix, namespace: namespace.name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects,
      },
      within(scope, namespace),
    );

  const accounts = [account(control, "control", reconcilerIdentity), account(workload, "workload")];
  const reconcilers = bind("reconciler", workload, roleNames.reconciler, [
    // The first applies the team's folder; the second what Flux objects within that folder ask for.
    { kind: "ServiceAccount", name: reconciler, namespace: control.name },
    { kind: "ServiceAccount", name: reconciler, namespace: workload.name },
  ]);
  if (tenant.owners.length > 0) {
    const owners = tenant.owners.map((group): Subject => ({ kind: "Group", name: group, apiGroup: "rbac.authorization.k8s.io" }));
    bind("owners", workload, roleNames.owner, owners);
    bind("observers", control, roleNames.observer, owners);
  }
  if (deployers.length > 0) {
    bind("deployers", workload, roleNames.reconciler, deployers.map((name): Subject => ({ kind: "User", name, apiGroup: "rbac.authorization.k8s.io" })));
  }
  return [...accounts, reconcilers];
}
