import type { TenantSettings } from "./tenant-settings.ts";

/** Whether a tenant has an identity of its own that pushes to the registry: for whom its settings trust, or for its repository's pipelines. */
export const hasBuildIdentity = ({ buildTrust, repository }: Pick<TenantSettings, "buildTrust" | "repository">): boolean => buildTrust.length > 0 || repository?.environment === true;
