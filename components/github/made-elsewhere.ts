/** Repositories that another environment makes. */
import { getRepositories } from "@pulumi/github/getRepositories.js";
import { getRepository } from "@pulumi/github/getRepository.js";
import type { Provider } from "@pulumi/github/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { isLeaving } from "../settings/tenant-state.ts";

/** By name, those that this environment uses and does not make. */
export function madeElsewhere({ tenants, fleet }: Pick<Settings, "tenants" | "fleet">): string[] {
  const used = [...tenants.flatMap(({ repository, state }) => (repository && !isLeaving(state) ? [repository] : [])), ...(fleet ? [fleet.repository] : [])];
  return used.flatMap(({ name, manage }) => (manage ? [] : [name])).sort();
}

/** So many are named in one line. */
const told = 5;

/**
 * Throws a `RunError` of one line when such a repository is missing; nothing but `provider` need be registered by then. A search
 * tells of a hundred repositories with each request, but late of new ones, and of a thousand at most: those that it does not tell of
 * are asked for one by one.
 *
 * Of a repository that is not there, or that may not be seen, the provider's answer is empty and no error
 * (integrations/terraform-provider-github, data_source_github_repository.go and #1612).
 */
export async function expectMadeElsewhere(settings: Settings, provider: Provider): Promise<void> {
  const { owner, managedBy } = settings.github;
  const names = madeElsewhere(settings);
  if (names.length === 0) return;
  const found = new Set((await getRepositories({ query: `user:${owner}`, resultsPerPage: 100 }, { provider })).names.map((name) => name.toLowerCase()));
  const missing: string[] = [];
  for (const name of names.filter((one) => !found.has(one.toLowerCase()))) {
    const repository: { repoId?: number } | undefined = await getRepository({ fullName: `${owner}/${name}` }, { provider });
    if (!repository?.repoId) missing.push(`${owner}/${name}`);
    if (missing.length > told) break;
  }
  if (missing.length === 0) return;
  const list = missing.length > told ? `${missing.slice(0, told).join(", ")} and more do` : `${missing.join(", ")} ${missing.length > 1 ? "do" : "does"}`;
  const reason = managedBy === undefined ? "this one does not, by github.manageRepositories or repository.manage" : `github.managedBy: ${managedBy}`;
  throw new pulumi.RunError(`${list} not exist yet, or this login cannot see it: bring up the environment that owns the repositories first (${reason})`);
}
