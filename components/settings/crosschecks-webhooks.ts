/** Mistakes in what the registry itself calls. */
import type { Mistake } from "./mistake.ts";
import { pushedRepositories } from "./pushed-repositories.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings } from "./settings.ts";

/** Webhooks of one registry, by tier (learn.microsoft.com/azure/container-registry/container-registry-skus). */
const mostWebhooks = { Basic: 2, Standard: 10, Premium: 500 };

/** One webhook a repository: a scope is one repository, or the whole registry with every other tenant's images. */
export function registryWebhooks({ tenants, registry }: Settings): Mistake[] {
  const called = tenants.filter(({ webhooks }) => webhooks.registry === "acr");
  const most = mostWebhooks[registry.sku];
  let count = 0;
  return called.flatMap((tenant) => {
    const path = settingPath(tenant, "webhooks.registry");
    if (registry.existing) return [{ path, message: "acr is for a registry that Mooring makes, and this one exists (registry.existing); write pipeline" }];
    const own = pushedRepositories(tenant).length;
    const before = count;
    count += own;
    if (count <= most) return [];
    const remedy = registry.sku === "Premium" ? "write pipeline" : "write pipeline, or give the registry a higher tier";
    return [{ path, message: `a ${registry.sku} registry has room for ${most} webhooks, one a repository: ${before} are taken above, and this tenant has ${own}; ${remedy}` }];
  });
}
