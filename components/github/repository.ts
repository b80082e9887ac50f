/** Repositories at GitHub. */
import { Repository } from "@pulumi/github/repository.js";
import { TeamRepository } from "@pulumi/github/teamRepository.js";
import type * as pulumi from "@pulumi/pulumi";
import type { RepositorySettings } from "../settings/settings.ts";

export interface RepositoryArgs {
  repository: RepositorySettings;
  description: string;
  /** The repository whose files a new one starts with; it is complete when `after` is there. */
  template?: { owner: string; name: string; after: pulumi.Resource };
  /** Whether repositories start from this one. It is the program's own, and deleted when the program forgets it. Default: false. */
  isTemplate?: boolean;
}

/** What a repository has that the program says. Of one that is taken over, all of it stays as it was. */
const said = ["description", "visibility", "topics", "template", "isTemplate", "autoInit", "deleteBranchOnMerge", "hasIssues"];

/**
 * A repository, where this environment owns it. It stays as it is when the environment is destroyed, the team is removed
 * or another environment takes over: what a team wrote is never touched by a change of settings, and other environments may
 * still follow it. A tenant that has left has its repository archived.
 */
export function registerRepository(name: string, { repository, description, template, isTemplate = false }: RepositoryArgs, opts: pulumi.CustomResourceOptions): Repository | undefined {
  if (!repository.manage) return undefined;
  const { adopt, archived, scaffold } = repository;
  const start = template === undefined || scaffold === undefined ? { autoInit: true } : { template: { owner: template.owner, repository: template.name } };
  return new Repository(
    name,
    {
      name: repository.name,
      description,
      visibility: repository.visibility,
      // A first commit, so that there is a branch to follow.
      ...start,
      ...(isTemplate && { isTemplate }),
      topics: repository.topics,
      deleteBranchOnMerge: true,
      hasIssues: true,
      ...(archived && { archived }),
    },
    {
      ...opts,
      retainOnDelete: !isTemplate,
      // Where it came from is of the day it was made.
      ignoreChanges: adopt ? (archived ? said : ["*"]) : ["template", "autoInit"],
      ...(adopt && { import: repository.name }),
      ...(template && { dependsOn: template.after }),
    },
  );
}

/** An archived repository refuses every change, also the removal of what is in it. */
export const unchanged = { ignoreChanges: ["*"], retainOnDelete: true };

/** Who may do what in the repository: teams of the organisation, each by itself, so that what people add beside them stays. */
export function registerTeams(name: string, { teams, manage, archived }: RepositorySettings, repository: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): TeamRepository[] {
  if (!manage) return [];
  return Object.entries(teams).map(([teamId, permission]) => new TeamRepository(`${name}-team/${teamId}`, { repository, teamId, permission }, { ...opts, ...(archived && unchanged) }));
}
