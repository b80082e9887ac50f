/**
 * A tenant's rights: in its own namespaces, by the roles that are made for tenants, and by nothing else.
 *
 * Kubernetes' own `edit`, and with it `admin`, lets a team delete its network policy and mint tokens of every account in
 * the namespace, `admin` also hand its rights on. So not only cluster-admin is refused, but every role that is not one
 * of ours; and ours are looked into.
 */
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding.js";
import { UnknownValueError } from "@pulumi/policy";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isReservedNamespace } from "../../components/settings/names.ts";
import { roleNames } from "../../components/tenant/labels.ts";
import { of, ofTypes } from "../of-types.ts";
import { excess } from "../role-rules.ts";

/** What the roles for tenants are called: only these are made and looked into here, so another of such a name is somebody else's. */
const tenantRoles: readonly string[] = Object.values(roleNames);
const tenantRole = /^mooring-tenant-/;

export const tenantRights: ResourceValidationPolicy = {
  name: "tenant-rights",
  description: "A tenant has rights in its own namespaces only, by the roles that are made for tenants.",
  validateResource: ofTypes(
    of(RoleBinding, ({ metadata, roleRef, subjects }, { urn }, report) => {
      const namespace = metadata?.namespace ?? "default";
      if (isReservedNamespace(namespace)) {
        for (const who of tenantsAmong(subjects, urn)) report(`It gives ${who} rights in ${namespace}, which is the platform's.`);
      } else if (roleRef.kind !== "ClusterRole" || !tenantRoles.includes(roleRef.name)) {
        report(`It binds the ${roleRef.kind} ${roleRef.name} in ${namespace}, a tenant's; bind one of the ClusterRoles ${tenantRoles.join(", ")}.`);
      }
    }),
    of(ClusterRoleBinding, ({ roleRef, subjects }, { urn }, report) => {
      for (const who of tenantsAmong(subjects, urn)) report(`It gives ${who} the rights of ${roleRef.name} in every namespace; make it a RoleBinding in the tenant's.`);
    }),
    of(ClusterRole, ({ metadata, rules, aggregationRule }, _, report) => {
      if (!tenantRole.test(metadata?.name ?? "")) return;
      if (aggregationRule !== undefined) report("It takes in the rules of other roles, which nobody here can see.");
      for (const right of (rules ?? []).flatMap(excess)) report(`It lets a tenant ${right}.`);
    }),
    of(RoleAssignment, (assignment, _, report) => {
      const role = administrators[guidOf(() => assignment.roleDefinitionId)];
      if (role !== undefined) report(`It makes somebody ${role}; those who administer the cluster are named in cluster.administrators.`);
    }),
  ),
};

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

/** The subjects that are a tenant's, or that every tenant is among. All of them in a binding that a tenant's component makes. */
function tenantsAmong(subjects: readonly Subject[] | undefined, urn: string): string[] {
  const ofTenant = urn.split("::")[2]!.split("$").includes("mooring:tenant:Tenant");
  return (subjects ?? []).filter((subject) => ofTenant || isTenants(subject)).map(({ kind, name, namespace }) => `the ${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`);
}

/**
 * Service accounts are known by their namespace: one that the settings let a tenant have is a tenant's. People are
 * ids of Entra, which say nothing about who they are.
 */
function isTenants({ kind, name, namespace }: Subject): boolean {
  if (kind === "ServiceAccount") return !isReservedNamespace(namespace ?? "default");
  if (["system:serviceaccounts", "system:authenticated", "system:unauthenticated", "system:anonymous"].includes(name)) return true;
  // `system:serviceaccounts:<namespace>` is all accounts of one, `system:serviceaccount:<namespace>:<name>` is one.
  const ofAccounts = /^system:serviceaccounts?:([^:]+)/.exec(name)?.[1];
  return ofAccounts !== undefined && !isReservedNamespace(ofAccounts);
}

/**
 * Azure's roles that rule the cluster or hand out such rights. With Azure's authorization they are what cluster-admin
 * is in Kubernetes. Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles, 2026-11.
 */
const administrators: Record<string, string> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
  "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8": "Azure Kubernetes Service Contributor",
  "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8": "Azure Kubernetes Service Cluster Admin",
  "3498e952-d568-435e-9b2c-8d77e338d7f7": "Azure Kubernetes Service RBAC Admin",
  "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b": "Azure Kubernetes Service RBAC Cluster Admin",
};

/** Not known while the scope does not exist. The same rule then sees it before `up` makes it, and in the next preview. */
function guidOf(roleDefinitionId: () => string): string {
  try {
    return roleDefinitionId().split("/").at(-1)!.toLowerCase();
  } catch (error) {
    if (error instanceof UnknownValueError) return "";
    throw error;
  }
}
