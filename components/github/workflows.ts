/** What workflows of a repository may do. */
import { WorkflowRepositoryPermissions } from "@pulumi/github/workflowRepositoryPermissions.js";
import type * as pulumi from "@pulumi/pulumi";
import type { RepositorySettings } from "../settings/settings.ts";
import { unchanged } from "./repository.ts";
import { codeowners } from "./scaffold/codeowners.ts";

/**
 * The scaffold's workflows open pull requests, for newer images and for promotion. GitHub has one switch for that and for approving
 * them (docs.github.com, "Preventing GitHub Actions from creating or approving pull requests"), so it is on only where an owner of
 * the code must approve every change as well, which a workflow never is.
 */
export function mayOpenPullRequests({ scaffold, rules, ...repository }: RepositorySettings): boolean {
  const everything = repository.codeOwners === undefined || "*" in repository.codeOwners;
  return scaffold !== undefined && rules?.codeOwners === true && everything && codeowners("", repository) !== undefined;
}

/** The token of a job reads, unless the workflow asks for more. Only of a repository that starts from the scaffold. */
export function registerWorkflows(name: string, repository: RepositorySettings, repositoryName: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): WorkflowRepositoryPermissions | undefined {
  const { manage, adopt, scaffold, archived } = repository;
  if (!manage || adopt || scaffold === undefined) return undefined;
  return new WorkflowRepositoryPermissions(
    name,
    { repository: repositoryName, canApprovePullRequestReviews: mayOpenPullRequests(repository), defaultWorkflowPermissions: "read" },
    { ...opts, ...(archived && unchanged) },
  );
}
