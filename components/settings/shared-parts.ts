/** Which parts of the environment's own registry a tenant may read besides its own. */
import type { TenancySettings, TenantSettings } from "./tenant-settings.ts";

/** `shared/charts`, without the slash in front: the entries of `tenancy.registries` and `allowed.registries` that begin with one, each once. */
export function sharedParts({ registries }: Pick<TenancySettings, "registries">, { allowed }: Pick<TenantSettings, "allowed">): string[] {
  return [...new Set([...registries, ...allowed.registries].filter((entry) => entry.startsWith("/")).map((entry) => entry.slice(1)))];
}
