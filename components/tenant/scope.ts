import type { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterTie } from "../flux/cluster-tie.ts";
import type { TenantSettings } from "../settings/settings.ts";

/** What every part of a tenant is registered with. */
export interface TenantScope {
  tenant: TenantSettings;
  tie: ClusterTie;
  /** The tenant's component, parent of all its parts. */
  parent: pulumi.Resource;
}

/** One of a tenant's namespaces. */
export interface TenantNamespace {
  name: string;
  resource: Namespace;
}

/**
 * Options for an object in a namespace: made after it, and gone with it, without a delete of its own.
 * The namespace's name is passed as plain text everywhere, so that no preview sees it as unknown.
 */
export function within({ tie, parent }: TenantScope, { resource }: TenantNamespace, dependsOn: pulumi.Resource[] = []): pulumi.CustomResourceOptions {
  return { parent, deletedWith: resource, replacementTrigger: tie.replacementTrigger, dependsOn: [resource, ...dependsOn] };
}
