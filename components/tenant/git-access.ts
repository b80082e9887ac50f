/** How Flux signs in where it fetches Git: a Secret of the control namespace, which the team cannot read. */
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GitRepositorySpec } from "../flux/specs/sources.ts";
import { apiOf } from "../github/api.ts";
import type { DeployKey } from "../github/deploy-key.ts";
import { knownHosts } from "../github/host-keys.ts";
import type { StackSettings } from "../settings/load.ts";
import type { GitAccess } from "../settings/settings.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

type Contents = Record<string, pulumi.Input<string>>;

/** The keys that source-controller reads (fluxcd.io/flux/components/source/gitrepositories, "Secret reference"). */
export function accessContents(access: GitAccess, { secrets, github }: Pick<StackSettings, "secrets" | "github">, deployKey: DeployKey | undefined): Contents | undefined {
  switch (access.kind) {
    case "deployKey":
      return deployKey && { identity: deployKey.privateKey, "identity.pub": deployKey.publicKey, known_hosts: knownHosts(github) };
    case "ssh":
      return { identity: secrets[access.secret]!, known_hosts: access.hostKeys.length > 0 ? access.hostKeys.join("\n") : knownHosts(github) };
    case "token":
      return { username: access.username, password: secrets[access.secret]! };
    case "app":
      return {
        githubAppID: String(access.id),
        githubAppInstallationID: String(access.installationId),
        githubAppPrivateKey: secrets[access.secret]!,
        ...(github.host !== "github.com" && { githubAppBaseURL: apiOf(github.host) }),
      };
    case "none":
      return undefined;
  }
}

export interface Signed {
  spec: Pick<GitRepositorySpec, "secretRef" | "provider">;
  /** What must be there before Flux fetches. */
  needed: pulumi.Resource[];
}

/**
 * The Secret of one source, called `name`, and how the source refers to it. `resource` is its name for Pulumi. A tenant that is leaving has neither key nor token
 * any more, but its source, suspended, still names the Secret.
 */
export function registerGitAccess(
  scope: TenantScope,
  control: TenantNamespace,
  { name, resource }: { name: string; resource: string },
  access: GitAccess,
  settings: StackSettings,
  { deployKey, leaving }: { deployKey?: DeployKey; leaving: boolean },
): Signed {
  if (access.kind === "none") return { spec: {}, needed: [] };
  const spec = { secretRef: { name }, ...(access.kind === "app" && { provider: "github" as const }) };
  const stringData = leaving ? undefined : accessContents(access, settings, deployKey);
  if (stringData === undefined) return { spec, needed: [] };
  const secret = new Secret(resource, { metadata: { name, namespace: control.name }, stringData }, within(scope, control));
  return { spec, needed: [secret, ...(deployKey ? [deployKey.registered] : [])] };
}
