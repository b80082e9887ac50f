/** The numbers by which GitHub knows owner and repositories; they stay when a name changes. */
import { getOrganizationOutput } from "@pulumi/github/getOrganization.js";
import { getRepositoryOutput } from "@pulumi/github/getRepository.js";
import { getUserOutput } from "@pulumi/github/getUser.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GithubSettings } from "../settings/settings.ts";

export function ownerId({ owner, ownerType }: GithubSettings, opts: pulumi.InvokeOutputOptions): pulumi.Output<string> {
  return ownerType === "organization" ? getOrganizationOutput({ name: owner }, opts).id : getUserOutput({ username: owner }, opts).id;
}

/** Of a repository that another environment makes. */
export function repositoryId({ owner }: GithubSettings, name: string, opts: pulumi.InvokeOutputOptions): pulumi.Output<number> {
  return getRepositoryOutput({ fullName: `${owner}/${name}` }, opts).repoId;
}
