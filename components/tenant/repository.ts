/** A team's repository at GitHub, with all that this environment has in it. */
import type * as pulumi from "@pulumi/pulumi";
import { registerDeployKey } from "../github/deploy-key.ts";
import type { DeployKey } from "../github/deploy-key.ts";
import { registerEnvironment } from "../github/environment.ts";
import { repositoryId } from "../github/ids.ts";
import { commitFiles } from "../github/files.ts";
import { registerRepository, registerTeams } from "../github/repository.ts";
import { registerRules } from "../github/rules.ts";
import { scaffoldFiles } from "../github/scaffold/files.ts";
import type { Template } from "../github/templates.ts";
import { registerWorkflows } from "../github/workflows.ts";
import type { Settings, TenantSettings } from "../settings/settings.ts";
import { isLeaving } from "../settings/tenant-state.ts";

export interface TenantRepositoryArgs {
  tenant: TenantSettings;
  registryHost: pulumi.Output<string>;
  /** What the repository starts with, where this environment makes it. */
  template: Template | undefined;
  /** For the team's pipelines: JSON, and what they sign calls with. */
  delivery: pulumi.Output<string>;
  receiverToken: pulumi.Output<string> | undefined;
}

export interface TenantRepository {
  /** Its name, once it exists, and its number. */
  name: pulumi.Input<string>;
  id: pulumi.Output<number>;
  /** None for a tenant that is leaving, and where Flux reads the repository in another way. */
  deployKey?: DeployKey;
  /** All that must be there before Flux looks. */
  parts: pulumi.Resource[];
}

/** Nothing for a repository on another server. */
export function registerTenantRepository(settings: Settings, { tenant, registryHost, template, delivery, receiverToken }: TenantRepositoryArgs, opts: pulumi.CustomResourceOptions): TenantRepository | undefined {
  const { key, repository, git } = tenant;
  if (repository === undefined) return undefined;
  const { github } = settings;
  const made = registerRepository(
    `${key}-repository`,
    {
      repository,
      description: tenant.description ?? `The repository of the ${tenant.name} team`,
      template: template && { owner: github.owner, name: template.name, after: template.last },
    },
    opts,
  );
  const name = made?.name ?? repository.name;
  const leaving = isLeaving(tenant.state);
  const committed = leaving ? undefined : commitFiles(key, name, { files: scaffoldFiles(settings, tenant, registryHost), theirs: true, fresh: false, made: made !== undefined }, made ? { ...opts, dependsOn: made } : opts);
  const deployKey = git.access.kind === "deployKey" && !leaving ? registerDeployKey(key, settings, repository, name, git.access.write, opts) : undefined;
  if (repository.environment && !leaving) {
    // A job of a tag alone acts as production: what is on a branch, image automation's key may have put there.
    const only = settings.tier === "production" ? { branches: [], tags: ["v*", "*/v*"] } : undefined;
    registerEnvironment(key, { repository: name, environment: settings.environment, delivery, receiverToken, only }, opts);
  }
  registerTeams(key, repository, name, opts);
  registerWorkflows(`${key}-workflows`, repository, name, opts);
  const last = committed ?? made;
  const rules = registerRules(key, github, repository, name, last, opts);
  const id = made?.repoId ?? repositoryId(github, repository.name, { parent: opts.parent });
  return { name, id, deployKey, parts: [...rules, last].filter((part) => part !== undefined) };
}
