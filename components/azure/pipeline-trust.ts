/** A team's build identity trusts the pipelines of the team's repository. */
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings, TenantSettings } from "../settings/settings.ts";

const issuer = "https://token.actions.githubusercontent.com";

export interface PipelineTrustArgs {
  tenant: TenantSettings;
  resourceGroup: pulumi.Input<string>;
  /** Of the owner, and of the repository. */
  ownerId: pulumi.Input<string | number>;
  repositoryId: pulumi.Input<number>;
}

/**
 * For jobs with the environment's name. Repositories made, renamed or moved since 2026-07-15 send the subject with the numbers
 * of owner and repository (docs.github.com/actions/reference/security/oidc); one that is older, which a repository that this
 * environment did not make may be, sends it without.
 *
 * @param opts must wait for the identity with all its other credentials: Azure answers 409 to two writes at a time
 */
export function trustRepository(name: string, settings: Settings, { tenant, resourceGroup, ownerId, repositoryId }: PipelineTrustArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
  const { github, environment, names } = settings;
  const { name: repository, manage, adopt } = tenant.repository!;
  const context = `environment:${environment.replaceAll(":", "%3A")}`;
  const trust = (suffix: string, subject: pulumi.Input<string>, after: pulumi.Resource[]) =>
    new FederatedIdentityCredential(
      `${name}-trusts-repository${suffix}`,
      {
        federatedIdentityCredentialResourceName: `github-${environment}${suffix}`,
        resourceGroupName: resourceGroup,
        resourceName: names.identity("build", tenant.key),
        issuer,
        subject,
        audiences: ["api://AzureADTokenExchange"],
      },
      { ...opts, dependsOn: [...([opts.dependsOn ?? []].flat() as pulumi.Resource[]), ...after], deleteBeforeReplace: true },
    );
  const numbered = trust("", pulumi.interpolate`repo:${github.owner}@${ownerId}/${repository}@${repositoryId}:${context}`, []);
  return manage && !adopt ? [numbered] : [numbered, trust("-classic", `repo:${github.owner}/${repository}:${context}`, [numbered])];
}
