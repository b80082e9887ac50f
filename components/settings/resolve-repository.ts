/** A repository's settings from what the user wrote, and how Flux reads it. */
import type { GitAccess, GitRef, GitSettings } from "./git-settings.ts";
import type { GithubSettings, RepositorySettings, RuleSettings } from "./github-settings.ts";
import { httpsUrl, sshUrl } from "./git-urls.ts";
import { everyTag } from "./names.ts";
import { pipelineFiles } from "./push-rules.ts";
import type { StackInput } from "./schema/stack.ts";
import type { TenantInput } from "./schema/tenant.ts";

export type RepositoryInput = NonNullable<TenantInput["repository"]>;

/** What `mooring:github` says for every repository. */
export interface RepositoryFallback {
  manage: boolean;
  adopt: boolean;
  teams: RepositorySettings["teams"];
  rules: NonNullable<StackInput["github"]["rules"]>;
}

export function resolveGithub({ owner, ownerType, plan, managedBy, manageRepositories, enterpriseServer, app, releaseEnvironment, adoptable, public: open }: StackInput["github"]): GithubSettings {
  return {
    owner,
    ownerType: ownerType ?? "organization",
    plan: plan ?? "team",
    ...(managedBy !== undefined && { managedBy }),
    makesTemplates: manageRepositories ?? managedBy === undefined,
    host: enterpriseServer?.host ?? "github.com",
    releaseEnvironment: releaseEnvironment ?? "prod",
    adoptable: adoptable ?? [],
    public: open ?? [],
    ...(enterpriseServer && { hostKeys: enterpriseServer.hostKeys }),
    ...(app && { app }),
  };
}

export function repositoryFallback({ managedBy, manageRepositories, adoptRepositories, teams, rules }: StackInput["github"]): RepositoryFallback {
  return { manage: manageRepositories ?? managedBy === undefined, adopt: adoptRepositories ?? false, teams: teams ?? {}, rules: rules ?? {} };
}

export interface RepositorySurroundings {
  /** The repository's name where none is written. */
  name: string;
  /** Whether an automation of this environment pushes to its default branch. */
  pushes: boolean;
  left: boolean;
  fallback: RepositoryFallback;
}

export function resolveRepository(input: Omit<RepositoryInput, "teams"> & { teams?: RepositorySettings["teams"] }, { name, pushes, left, fallback }: RepositorySurroundings): RepositorySettings {
  return {
    name: input.name ?? name,
    manage: input.manage ?? fallback.manage,
    adopt: input.adopt ?? fallback.adopt,
    visibility: input.visibility ?? "private",
    scaffold: input.scaffold,
    environment: input.environment ?? input.scaffold !== undefined,
    topics: input.topics ?? [],
    teams: { ...input.teams, ...fallback.teams },
    codeOwners: input.codeOwners,
    rules: rules(fallback.rules, input.rules ?? {}, pushes),
    archived: left && (input.archive ?? true),
    keyRotation: input.keyRotation ?? 1,
  };
}

/** A team's own rules only add to those of the platform; that they do not say less is cross-checked. */
function rules(platform: RepositoryFallback["rules"], own: Omit<RepositoryFallback["rules"], "enforce" | "tags">, pushes: boolean): RuleSettings | undefined {
  if (platform.enforce === false) return undefined;
  const both = (one: string[] = [], other: string[] = []): string[] => [...new Set([...one, ...other])];
  return {
    reviews: own.reviews ?? platform.reviews ?? 1,
    codeOwners: own.codeOwners ?? platform.codeOwners ?? true,
    checks: both(platform.checks, own.checks),
    branches: both(platform.branches, own.branches),
    tags: platform.tags ?? [everyTag],
    keysMayPush: own.keysMayPush ?? platform.keysMayPush ?? pushes,
    closedToKeys: both(pipelineFiles, both(platform.closedToKeys, own.closedToKeys)),
  };
}

/** What Flux follows of a repository at GitHub. */
export function followGithub(github: GithubSettings, repository: RepositorySettings, { token, app, ignore, submodules }: RepositoryInput, write: boolean): GitSettings {
  const access: GitAccess = token
    ? { kind: "token", secret: token.secret, username: token.username ?? "git" }
    : app
      ? { kind: "app", ...app }
      : { kind: "deployKey", write };
  const url = access.kind === "deployKey" ? sshUrl(github, repository.name) : httpsUrl(github, repository.name);
  return { url, access, ignore, submodules: submodules ?? false };
}

/** What Flux follows of a repository elsewhere. */
export function followElsewhere({ url, secret, username, hostKeys, ignore, submodules }: NonNullable<TenantInput["git"]>): GitSettings {
  return { url, access: accessTo(url, { secret, username, hostKeys }), ignore, submodules: submodules ?? false };
}

export function accessTo(url: string, { secret, username, hostKeys }: { secret?: string; username?: string; hostKeys?: string[] }): GitAccess {
  if (secret === undefined) return { kind: "none" };
  return url.startsWith("ssh://") ? { kind: "ssh", secret, hostKeys: hostKeys ?? [] } : { kind: "token", secret, username: username ?? "git" };
}

export function refOf({ branch, tag, semver }: { branch?: string; tag?: string; semver?: string }): GitRef | undefined {
  return branch !== undefined ? { branch } : tag !== undefined ? { tag } : semver !== undefined ? { semver } : undefined;
}
