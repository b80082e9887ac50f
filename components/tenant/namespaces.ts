/** A tenant's two namespaces: one for the platform's hold on the tenant, one for what the team runs. */
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { TenantSettings } from "../settings/settings.ts";
import { namespaceLabel, tenantLabel } from "./labels.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

export function namespaceMetadata(tenant: TenantSettings, role: "control" | "workload") {
  // Nothing runs in the control namespace, so the strictest level costs nothing there.
  const level = role === "control" ? "restricted" : tenant.podSecurity;
  return {
    name: role === "control" ? tenant.controlNamespace : tenant.namespace,
    labels: {
      [tenantLabel]: tenant.name,
      [namespaceLabel]: role,
      "pod-security.kubernetes.io/enforce": level,
      "pod-security.kubernetes.io/warn": level,
    },
    ...(tenant.description !== undefined && { annotations: { "kubernetes.io/description": tenant.description } }),
  };
}

/**
 * `after` holds the chart's release: the namespaces must be gone before the controllers are, which clear the finalizers
 * of the Flux objects within; else the namespaces never finish.
 */
export function registerNamespaces({ tenant, tie, parent }: TenantScope, after: pulumi.Resource[]): { control: TenantNamespace; workload: TenantNamespace } {
  const register = (role: "control" | "workload"): TenantNamespace => {
    const metadata = namespaceMetadata(tenant, role);
    return { name: metadata.name, resource: new Namespace(`${tenant.name}-${role}`, { metadata }, { parent, dependsOn: after, ...tie }) };
  };
  return { control: register("control"), workload: register("workload") };
}
