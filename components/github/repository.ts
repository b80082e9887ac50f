/** A tenant's repository and the deploy key with which Flux reads it. */
import { Repository } from "@pulumi/github/repository.js";
import { RepositoryDeployKey } from "@pulumi/github/repositoryDeployKey.js";
import type * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import type { Settings, TenantSettings } from "../settings/settings.ts";
import { isLeaving } from "../settings/tenant-state.ts";

export interface DeployKey {
  /** OpenSSH form, secret. */
  privateKey: pulumi.Output<string>;
  publicKey: pulumi.Output<string>;
  /** GitHub knows the key once this exists. */
  registered: RepositoryDeployKey;
}

/** The address from which Flux fetches a repository. Flux does not take the short `git@host:path` form. */
export function sshUrl(owner: string, repository: string): string {
  return `ssh://git@github.com/${owner}/${repository}.git`;
}

/** The same for Flux objects of a team that fetches with a token of its own. */
export function httpsUrl(owner: string, repository: string): string {
  return `https://github.com/${owner}/${repository}.git`;
}

/**
 * The tenant's repository, where this environment owns it. It stays as it is when the environment is destroyed, the
 * team is removed or another environment takes over: what a team wrote is never touched by a change of settings, and
 * other environments may still follow it.
 */
export function tenantRepository({ name, key, description, repository }: TenantSettings, opts: pulumi.CustomResourceOptions): Repository | undefined {
  if (!repository.manage) return undefined;
  return new Repository(
    `${key}-repository`,
    {
      name: repository.name,
      description: description ?? `The repository of the ${name} team`,
      visibility: repository.visibility,
      // A first commit, so that there is a branch to follow.
      autoInit: true,
      deleteBranchOnMerge: true,
      hasIssues: true,
    },
    { ...opts, retainOnDelete: true },
  );
}

/**
 * One ed25519 key a repository and environment, read-only, made anew when `repository.keyRotation` is raised. A tenant that
 * is leaving has none.
 */
export function deployKey(
  { key: tenant, state, repository }: TenantSettings,
  { platform, environment }: Settings,
  owned: Repository | undefined,
  opts: pulumi.CustomResourceOptions,
): DeployKey | undefined {
  if (isLeaving(state)) return undefined;
  // A new name is a new key, registered before the old one is removed: Flux never stands without a valid one.
  const generation = repository.keyRotation === 1 ? "" : `-${repository.keyRotation}`;
  const key = new PrivateKey(`${tenant}-deploy-key${generation}`, { algorithm: "ED25519" }, opts);
  const publicKey = key.publicKeyOpenssh.apply((line) => line.trim());
  const registered = new RepositoryDeployKey(
    `${tenant}-deploy-key${generation}`,
    {
      repository: owned?.name ?? repository.name,
      title: `Flux ${platform}-${environment}${generation}`,
      key: publicKey,
      readOnly: true,
    },
    // GitHub takes a key once: after another name of the repository it is the same one that is registered anew.
    { ...opts, deleteBeforeReplace: true },
  );
  return { privateKey: key.privateKeyOpenssh, publicKey, registered };
}
