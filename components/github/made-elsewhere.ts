/** Repositories that another environment makes. */
import { getRepository } from "@pulumi/github/getRepository.js";
import type { Provider } from "@pulumi/github/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { isLeaving } from "../settings/tenant-state.ts";

/** The first by name of those that this environment uses and does not make. */
export function madeElsewhere({ tenants, fleet }: Pick<Settings, "tenants" | "fleet">): string | undefined {
  const used = [...tenants.flatMap(({ repository, state }) => (repository && !isLeaving(state) ? [repository] : [])), ...(fleet ? [fleet.repository] : [])];
  return used.flatMap(({ name, manage }) => (manage ? [] : [name])).sort()[0];
}

/**
 * Throws a `RunError` of one line when such a repository is missing; nothing but `provider` need be registered by then. Only the first
 * is asked for: a preview of a thousand tenants asks GitHub once.
 *
 * Of a repository that is not there, or that may not be seen, the provider's answer is empty and no error
 * (integrations/terraform-provider-github, data_source_github_repository.go and #1612).
 */
export async function expectMadeElsewhere(settings: Settings, provider: Provider): Promise<void> {
  const { owner, managedBy } = settings.github;
  const name = madeElsewhere(settings);
  if (name === undefined) return;
  const found: { repoId?: number } | undefined = await getRepository({ fullName: `${owner}/${name}` }, { provider });
  if (found?.repoId) return;
  const reason = managedBy === undefined ? "this one does not, by github.manageRepositories or repository.manage" : `github.managedBy: ${managedBy}`;
  throw new pulumi.RunError(`${owner}/${name} does not exist yet, or this login cannot see it: bring up the environment that owns the repositories first (${reason})`);
}
