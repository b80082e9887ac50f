/** Labels, annotations and fixed names that a tenant's parts and the rules about them share. */

/** Flux's own label for what belongs to a tenant. The admission rules look at namespaces that have it. */
export const tenantLabel = "toolkit.fluxcd.io/tenant";

/** Which of a tenant's namespaces it is: `control` or `workload`. */
export const namespaceLabel = "mooring.platform/namespace";

/** With the value `mooring`: an account that the platform made and a team leaves as it is. */
export const managedBy = "app.kubernetes.io/managed-by";

/** The account in whose name Flux applies what a team ships; one in each of the tenant's namespaces. */
export const reconciler = "reconciler";

/** The cluster-wide roles that are bound in tenants' namespaces. */
export const roleNames = {
  reconciler: "mooring-tenant-reconciler",
  owner: "mooring-tenant-owner",
  editor: "mooring-tenant-editor",
  viewer: "mooring-tenant-viewer",
  observer: "mooring-tenant-observer",
} as const;

/** Annotations of a tenant's namespaces, which the admission rules read: lists with commas between. */
export const bounds = {
  /** The tenant's name, where people look it up; the label has the name under which it was made. */
  name: "mooring.platform/name",
  /** Its workload namespaces. */
  namespaces: "mooring.platform/namespaces",
  /** Addresses that Flux may fetch from, each with what lies below. */
  sources: "mooring.platform/sources",
  /** Where images may come from, likewise. */
  images: "mooring.platform/images",
  /** Host names, each with what lies below. */
  hosts: "mooring.platform/hosts",
  serviceTypes: "mooring.platform/service-types",
  /** `*`: any. */
  storageClasses: "mooring.platform/storage-classes",
  priorityClasses: "mooring.platform/priority-classes",
  /** Taints of the tenant's node pool that its pods may tolerate, `key=value` or `key`. */
  taints: "mooring.platform/taints",
} as const;
