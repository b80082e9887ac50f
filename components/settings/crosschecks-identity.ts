/** Mistakes in what tenants have in Azure. */
import { hasBuildIdentity } from "./builds.ts";
import { clusterUsers } from "./cluster-users.ts";
import type { Mistake } from "./mistake.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings } from "./settings.ts";
import { sharedParts } from "./shared-parts.ts";
import { isLeaving } from "./tenant-state.ts";

/** In production a vault is open to somebody, never to anybody without a word. */
export function vaultAccess({ tier, tenants, vaults }: Settings): Mistake[] {
  if (tier !== "production" || vaults.allowedRanges !== undefined || !tenants.some(({ vault }) => vault)) return [];
  return [{ path: "mooring:vaults.allowedRanges", message: "is required in production where a team has a vault and cluster.authorizedRanges does not say from where people come; write ranges, or [] for the cluster alone" }];
}

export function tenantAzure({ tenants, registry }: Settings): Mistake[] {
  return tenants.flatMap((tenant) => {
    const mistakes: Mistake[] = [];
    const mistake = (setting: string, message: string) => mistakes.push({ path: settingPath(tenant, setting), message });
    for (const [index, account] of tenant.serviceAccounts.entries()) {
      const setting = `identity.serviceAccounts[${index}]`;
      if (["default", "reconciler"].includes(account)) mistake(setting, `${account} is a service account that exists already; choose another name`);
      else if (tenant.serviceAccounts.indexOf(account) < index) mistake(setting, `${account} stands above already`);
    }
    if (tenant.sops && !tenant.vault) mistake("sops", "its key lives in the team's vault; write vault: true beside it");
    if (tenant.vault && tenant.owners.length === 0 && !isLeaving(tenant.state)) mistake("vault", "needs owners; nobody could write a secret into it");
    if (tenant.vault && !tenant.sops && tenant.serviceAccounts.length === 0) mistake("vault", "nobody would read it; name identity.serviceAccounts, or write sops: true");
    if (tenant.buildTrust.length > 0 && registry.existing?.permissions !== "abac") {
      mistake(
        "build",
        "needs a registry in ABAC mode (registry.existing with permissions: abac): without it a team that may push could overwrite every other team's images; use pipelines.build",
      );
    }
    return mistakes;
  });
}

/** One identity's federated credentials, and the length of a role assignment's condition (learn.microsoft.com: workload identity federation; role conditions, limits). */
const mostCredentials = 20;
const mostCondition = 8192;

/** Tenants in whose name Flux fetches: its identity trusts an account in each of their namespaces, and may read what they share. */
export function pulling({ tenants, tenancy, registry }: Settings): Mistake[] {
  return tenants.filter(({ pulls }) => pulls).flatMap((tenant) => {
    const mistakes: Mistake[] = [];
    const accounts = 1 + tenant.namespaces.length;
    if (accounts > mostCredentials) {
      const message = `there are ${tenant.namespaces.length}, and Flux, which fetches from the registry in the tenant's name, could act in ${mostCredentials - 1} at most: Azure takes ${mostCredentials} federated credentials for one identity; spread them over two tenants`;
      mistakes.push({ path: settingPath(tenant, "namespaces"), message });
    }
    // Two comparisons for each part, with its name in both; the rest has fewer characters than these.
    const shared = sharedParts(tenancy, tenant);
    const length = shared.reduce((sum, part) => sum + 2 * (part.length + 110), 500);
    if (registry.existing?.permissions === "abac" && length > mostCondition) {
      mistakes.push({ path: settingPath(tenant, "allowed.registries"), message: `with tenancy.registries these are ${shared.length} parts of the registry, more than the condition of one role holds; share fewer and larger parts` });
    }
    return mistakes;
  });
}

/** What one subscription takes (learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits). */
const mostRoleAssignments = 4000;

export function roleAssignments(settings: Settings): Mistake[] {
  const { tenants, cluster } = settings;
  const perTenant = tenants.reduce(
    (sum, tenant) => {
      const { vault, sops, serviceAccounts, owners, pulls } = tenant;
      const building = hasBuildIdentity(tenant) ? (settings.registry.promoteFrom ? 2 : 1) : 0;
      return sum + (vault ? owners.length + (serviceAccounts.length > 0 ? 1 : 0) : 0) + (sops ? owners.length + 1 : 0) + building + (pulls ? 1 : 0);
    },
    0,
  );
  const count = clusterUsers(settings).length + perTenant;
  if (count <= mostRoleAssignments) return [];
  const remedy = cluster.users === undefined ? "name one group of all developers in cluster.users, or spread the teams over more subscriptions" : "spread the teams over more subscriptions";
  return [{ path: "mooring:tenants", message: `they take ${count} role assignments, and a subscription has room for ${mostRoleAssignments}; ${remedy}` }];
}
