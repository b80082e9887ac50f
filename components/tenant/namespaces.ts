/** A tenant's namespaces: one for the platform's hold on the tenant, the others for what the team runs. */
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { NamespacePatch } from "@pulumi/kubernetes/core/v1/namespacePatch.js";
import type * as pulumi from "@pulumi/pulumi";
import type { PodSecurity, TenantSettings } from "../settings/settings.ts";
import { namespaceLabel, tenantLabel } from "./labels.ts";
import type { TenantNamespace, TenantScope, WorkloadNamespace } from "./scope.ts";

export interface NamespaceMetadata {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, pulumi.Input<string>>;
}

/** @param bounds what objects there may refer to, see {@link boundsOf} */
export function namespaceMetadata(
  { key, description }: TenantSettings,
  { name, role, podSecurity }: { name: string; role: "control" | "workload"; podSecurity: PodSecurity },
  bounds: Record<string, pulumi.Input<string>>,
): NamespaceMetadata {
  return {
    name,
    labels: {
      [tenantLabel]: key,
      [namespaceLabel]: role,
      "pod-security.kubernetes.io/enforce": podSecurity,
      "pod-security.kubernetes.io/warn": podSecurity,
    },
    annotations: { ...(description !== undefined && { "kubernetes.io/description": description }), ...bounds },
  };
}

/** How the provider applies; the owner of our fields has a name that does not depend on what the state remembers. */
const applying = { "pulumi.com/patchForce": "true", "pulumi.com/patchFieldManager": "mooring" };

export interface Namespaces {
  control: TenantNamespace;
  workloads: WorkloadNamespace[];
}

/**
 * `after` holds the chart's release and the admission rules. The namespaces must be gone before the controllers are, which
 * clear the finalizers of the Flux objects within, else they never finish; and nothing is put into them before the rules
 * hold.
 */
export function registerNamespaces({ tenant, tie, parent }: TenantScope, after: pulumi.Resource[], boundsOf: (role: "control" | "workload") => Record<string, pulumi.Input<string>>): Namespaces {
  const make = (resourceName: string, metadata: NamespaceMetadata): TenantNamespace => {
    const resource = new Namespace(resourceName, { metadata }, { parent, dependsOn: after, protect: tenant.protect, ...tie });
    return { name: metadata.name, resource, goesWith: resource };
  };
  const adopt = (resourceName: string, metadata: NamespaceMetadata): TenantNamespace => {
    // A run ends here, its preview first, where there is no such namespace: an apply alone would make it.
    const found = Namespace.get(`${resourceName}-found`, metadata.name, { parent });
    // Server-side apply of our fields, over those of whoever made the namespace; they alone are taken back in the end.
    const resource = new NamespacePatch(resourceName, { metadata: { ...metadata, annotations: { ...metadata.annotations, ...applying } } }, { parent, dependsOn: [...after, found], ...tie });
    return { name: metadata.name, resource, goesWith: tie.deletedWith };
  };
  // Nothing runs in the control namespace, so the strictest level costs nothing there.
  const control = make(`${tenant.key}-control`, namespaceMetadata(tenant, { name: tenant.controlNamespace, role: "control", podSecurity: "restricted" }, boundsOf("control")));
  const bounds = boundsOf("workload");
  const workloads = tenant.namespaces.map((settings): WorkloadNamespace => {
    const metadata = namespaceMetadata(tenant, { name: settings.name, role: "workload", podSecurity: settings.podSecurity }, bounds);
    // The slash cannot stand in a tenant's name, so no two tenants' parts have one name.
    const prefix = settings.name === tenant.key ? tenant.key : `${tenant.key}/${settings.name}`;
    return { ...(settings.adopt ? adopt : make)(`${prefix}-workload`, metadata), settings, prefix };
  });
  return { control, workloads };
}
