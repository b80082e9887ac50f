import type { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { NamespacePatch } from "@pulumi/kubernetes/core/v1/namespacePatch.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AddOnName } from "../add-ons/catalogue.ts";
import type { ClusterTie } from "../flux/cluster-tie.ts";
import type { NamespaceSettings, TenantSettings } from "../settings/settings.ts";

/** What every part of a tenant is registered with. */
export interface TenantScope {
  tenant: TenantSettings;
  tie: ClusterTie;
  /** Add-ons that are on. */
  addOns: readonly AddOnName[];
  /** The tenant's component, parent of all its parts. */
  parent: pulumi.Resource;
}

/** One of a tenant's namespaces. */
export interface TenantNamespace {
  name: string;
  resource: Namespace | NamespacePatch;
  /** What goes when the namespace does: nothing by itself where it stays. */
  goesWith: pulumi.Resource | undefined;
}

export interface WorkloadNamespace extends TenantNamespace {
  settings: NamespaceSettings;
  /** What the name of a resource in this namespace begins with; no two of a stack share one. */
  prefix: string;
}

/**
 * Options for an object in a namespace: made after it, and gone with it, without a delete of its own. In a namespace that
 * stays each object is deleted by itself.
 * The namespace's name is passed as plain text everywhere, so that no preview sees it as unknown.
 */
export function within({ tie, parent }: TenantScope, { resource, goesWith }: TenantNamespace, dependsOn: pulumi.Resource[] = []): pulumi.CustomResourceOptions {
  return { parent, deletedWith: goesWith, replacementTrigger: tie.replacementTrigger, dependsOn: [resource, ...dependsOn] };
}
