/** What the other parts of an environment need of its registry, whoever made it, and who may do what there. */
import { getRegistryOutput } from "@pulumi/azure-native/containerregistry/getRegistry.js";
import { Provider } from "@pulumi/azure-native/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { ElsewhereRegistry, RegistryPermissions, Settings } from "../settings/settings.ts";
import type { Role } from "./roles.ts";

export interface RegistryAccess {
  readonly id: pulumi.Output<string>;
  readonly registryName: pulumi.Output<string>;
  /** The host images are pushed to and pulled from, as Azure says it. */
  readonly loginServer: pulumi.Output<string>;
  /**
   * The same, known in the preview of every change of the registry too, so that nothing in the cluster is planned anew with
   * it.
   */
  readonly host: pulumi.Output<string>;
  readonly permissions: RegistryPermissions;
}

/** A registry that somebody else made. Nothing of it is changed; roles on it are given. */
export class ExistingRegistry extends pulumi.ComponentResource implements RegistryAccess {
  readonly id: pulumi.Output<string>;
  readonly registryName: pulumi.Output<string>;
  readonly loginServer: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly permissions: RegistryPermissions;

  constructor(name: string, { azure }: Settings, existing: ElsewhereRegistry, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:ExistingRegistry", name, {}, opts);
    this.id = pulumi.output(registryId(existing));
    this.registryName = pulumi.output(existing.name);
    this.permissions = existing.permissions;
    const provider =
      existing.subscription === azure.subscription
        ? undefined
        : new Provider(`${name}-azure`, { subscriptionId: existing.subscription, tenantId: azure.tenant }, { parent: this });
    this.loginServer = getRegistryOutput({ resourceGroupName: existing.resourceGroup, registryName: existing.name }, { parent: this, provider }).loginServer;
    this.host = this.loginServer;
    this.registerOutputs({ name: this.registryName, loginServer: this.loginServer });
  }
}

export function registryId({ subscription, resourceGroup, name }: ElsewhereRegistry): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`;
}

/**
 * The role that pulls or pushes. In ABAC mode a registry does not honour AcrPull and AcrPush
 * (learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions).
 */
export function registryRole(permissions: RegistryPermissions, right: "pull" | "push"): Role {
  if (permissions === "abac") return right === "pull" ? "repositoryReader" : "repositoryWriter";
  return right === "pull" ? "acrPull" : "acrPush";
}

const repository = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
const below = (part: string): string => `${repository} StringStartsWithIgnoreCase '${part}/'`;

/**
 * A role's data actions, let through where one of the expressions holds. One line, as Azure gives it back.
 * Source: learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions.
 */
function narrowed(actions: readonly string[], expressions: readonly string[]): string {
  const others = actions.map((action) => `!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/${action}'})`);
  return `((${others.join(" AND ")}) OR (${expressions.join(" OR ")}))`;
}

/**
 * Narrows Repository Writer to what lies below `<prefix>/`, reading included; with the slash at the end, without which
 * `team-a` would reach `team-a-evil` too.
 */
export function belowPrefix(prefix: string): string {
  return narrowed(["content/read", "content/write", "metadata/read", "metadata/write"], [below(prefix)]);
}

/** Narrows Repository Reader to what lies below `<prefix>/`, and to the shared parts: each a repository itself, and what lies below. */
export function readsBelow(prefix: string, shared: readonly string[]): string {
  return narrowed(["content/read", "metadata/read"], [below(prefix), ...shared.flatMap((part) => [`${repository} StringEqualsIgnoreCase '${part}'`, below(part)])]);
}
