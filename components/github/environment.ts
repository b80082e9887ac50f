/** What a team's pipelines need to know of an environment, as a GitHub environment of the repository. */
import { ActionsEnvironmentSecret } from "@pulumi/github/actionsEnvironmentSecret.js";
import { ActionsEnvironmentVariable } from "@pulumi/github/actionsEnvironmentVariable.js";
import { RepositoryEnvironment } from "@pulumi/github/repositoryEnvironment.js";
import { RepositoryEnvironmentDeploymentPolicy } from "@pulumi/github/repositoryEnvironmentDeploymentPolicy.js";
import type * as pulumi from "@pulumi/pulumi";

/** The names under which a pipeline finds them, at GitHub and in Azure DevOps. */
export const deliveryVariable = "MOORING";
export const receiverSecret = "MOORING_RECEIVER_TOKEN";

export interface EnvironmentArgs {
  repository: pulumi.Input<string>;
  environment: string;
  /** JSON, nothing secret. */
  delivery: pulumi.Input<string>;
  receiverToken?: pulumi.Output<string>;
  /** Refs whose jobs may use the environment, and with it the identity that trusts it. Absent: any. */
  only?: { branches: string[]; tags: string[] };
}

/** Who runs a job with this environment acts as the identity that trusts it. */
export function registerEnvironment(name: string, { repository, environment, delivery, receiverToken, only }: EnvironmentArgs, opts: pulumi.CustomResourceOptions): void {
  const made = new RepositoryEnvironment(
    `${name}-environment`,
    { repository, environment, ...(only && { deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true } }) },
    opts,
  );
  const within = { ...opts, dependsOn: made };
  for (const branchPattern of only?.branches ?? []) {
    new RepositoryEnvironmentDeploymentPolicy(`${name}-environment/branch/${branchPattern}`, { repository, environment, branchPattern }, within);
  }
  for (const tagPattern of only?.tags ?? []) {
    new RepositoryEnvironmentDeploymentPolicy(`${name}-environment/tag/${tagPattern}`, { repository, environment, tagPattern }, within);
  }
  new ActionsEnvironmentVariable(`${name}-environment`, { repository, environment, variableName: deliveryVariable, value: delivery }, within);
  if (receiverToken) {
    new ActionsEnvironmentSecret(`${name}-environment`, { repository, environment, secretName: receiverSecret, plaintextValue: receiverToken }, within);
  }
}
