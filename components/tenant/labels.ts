/** Labels and fixed names that a tenant's parts share. */

/** Flux's own label for what belongs to a tenant. */
export const tenantLabel = "toolkit.fluxcd.io/tenant";

/** Which of a tenant's namespaces it is: `control` or `workload`. */
export const namespaceLabel = "mooring.platform/namespace";

/** The account in whose name Flux applies what a team ships; one in each of the tenant's namespaces. */
export const reconciler = "reconciler";

/** The cluster-wide roles that are bound in tenants' namespaces. */
export const roleNames = {
  reconciler: "mooring-tenant-reconciler",
  owner: "mooring-tenant-owner",
  observer: "mooring-tenant-observer",
} as const;
