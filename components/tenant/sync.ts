/** What Flux follows for a tenant: its repository, and the folder that is applied. */
import type * as pulumi from "@pulumi/pulumi";
import { gitRepository, kustomization } from "../flux/objects.ts";
import type { KustomizationSpec } from "../flux/specs/kustomization.ts";
import type { GitRepositorySpec } from "../flux/specs/sources.ts";
import type { TenantSettings } from "../settings/settings.ts";
import { appliedSpec } from "./applied.ts";
import type { Signed } from "./git-access.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/** The Secret with which Flux reads the team's repository. */
export function repositorySecret({ key, git }: TenantSettings): { name: string; resource: string } {
  const name = git.access.kind === "deployKey" ? "deploy-key" : "repository-access";
  return { name, resource: `${key}-${name}` };
}

/** Of the team's repository; of another the settings say the address. */
export function sourceSpec({ git, deploy, state }: TenantSettings, signed: Signed["spec"]): GitRepositorySpec {
  return {
    url: git.url,
    ref: deploy.ref,
    interval: deploy.interval,
    ...signed,
    ...(git.ignore !== undefined && { ignore: git.ignore }),
    ...(git.submodules && { recurseSubmodules: true }),
    ...(state !== "active" && { suspend: true }),
  };
}

export function kustomizationSpec(tenant: TenantSettings): KustomizationSpec {
  const { deploy, namespaces } = tenant;
  // With several namespaces each manifest names its own.
  const targetNamespace = namespaces.length === 1 ? namespaces[0]!.name : undefined;
  return appliedSpec(tenant, { sourceRef: { kind: "GitRepository", name: tenant.key }, targetNamespace, ...deploy });
}

export function registerSource(scope: TenantScope, control: TenantNamespace, { spec, needed }: Signed): pulumi.Resource {
  const { tenant } = scope;
  return gitRepository(`${tenant.key}-source`, { name: tenant.key, namespace: control.name }, sourceSpec(tenant, spec), within(scope, control, needed));
}

/**
 * The Kustomization comes after everything else of the tenant: nothing runs before its quota, its traffic rules and its rights in
 * Azure. And so it goes before everything else. It is protected as the namespaces are, since the engine deletes in this order
 * and notices protection only when it comes to it: an `up` without a preview, of a stack file that lost the tenant, ends here.
 */
export function registerSync(scope: TenantScope, control: TenantNamespace, after: pulumi.Resource[]): pulumi.Resource {
  const { tenant } = scope;
  const options = { ...within(scope, control, after), protect: tenant.protect };
  return kustomization(`${tenant.key}-sync`, { name: tenant.key, namespace: control.name }, kustomizationSpec(tenant), options);
}
