/** What Flux follows for a tenant: the deploy key, the source and the folder that is applied. */
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import { add, gitRepository, kustomization } from "../flux/objects.ts";
import type { KustomizationSpec } from "../flux/objects.ts";
import { githubKnownHosts } from "../github/host-keys.ts";
import { sshUrl } from "../github/repository.ts";
import type { DeployKey } from "../github/repository.ts";
import type { TenantSettings } from "../settings/settings.ts";
import { reconciler } from "./labels.ts";
import { placementPatches } from "./placement.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

export function kustomizationSpec(tenant: TenantSettings): KustomizationSpec {
  return {
    sourceRef: { kind: "GitRepository", name: tenant.key },
    path: tenant.deploy.path,
    interval: tenant.deploy.interval,
    retryInterval: tenant.deploy.retryInterval,
    timeout: tenant.deploy.timeout,
    prune: true,
    wait: true,
    serviceAccountName: reconciler,
    // With several namespaces each manifest names its own.
    ...(tenant.namespaces.length === 1 && { targetNamespace: tenant.namespaces[0]!.name }),
    ...(tenant.state !== "active" && { suspend: true }),
    // The account acts as the tenant's own identity: with another team's key Flux has nothing to do.
    ...(tenant.sops && { decryption: { provider: "sops", serviceAccountName: reconciler } }),
    patches: [
      // A team need not name the account in its own Flux objects, and cannot name another.
      { target: { kind: "(Kustomization|HelmRelease)", group: "(kustomize|helm).toolkit.fluxcd.io" }, patch: add("/spec/serviceAccountName", reconciler) },
      ...(tenant.nodePool ? placementPatches(tenant.nodePool) : []),
    ],
  };
}

export interface SyncArgs {
  control: TenantNamespace;
  owner: string;
  /** None for a tenant that is leaving. */
  deployKey: DeployKey | undefined;
  /** All else that the tenant has. */
  others: pulumi.Resource[];
}

/**
 * The Kustomization comes after everything else of the tenant: nothing runs before its quota, its traffic rules and its rights in
 * Azure. And so it goes before everything else. It is protected as the namespaces are, since the engine deletes in this order
 * and notices protection only when it comes to it: an `up` without a preview, of a stack file that lost the tenant, ends here.
 */
export function registerSync(scope: TenantScope, { control, owner, deployKey, others }: SyncArgs): void {
  const { tenant } = scope;
  const namespace = control.name;
  const needed = deployKey ? [registerKey(scope, control, deployKey), deployKey.registered] : [];
  const source = gitRepository(
    `${tenant.key}-source`,
    { name: tenant.key, namespace },
    {
      url: sshUrl(owner, tenant.repository.name),
      ref: tenant.deploy.ref,
      interval: tenant.deploy.interval,
      secretRef: { name: keyName },
      ...(tenant.state !== "active" && { suspend: true }),
    },
    within(scope, control, needed),
  );
  const options = { ...within(scope, control, [source, ...others]), protect: tenant.protect };
  kustomization(`${tenant.key}-sync`, { name: tenant.key, namespace }, kustomizationSpec(tenant), options);
}

const keyName = "deploy-key";

function registerKey(scope: TenantScope, control: TenantNamespace, { privateKey, publicKey }: DeployKey): Secret {
  return new Secret(
    `${scope.tenant.key}-deploy-key`,
    { metadata: { name: keyName, namespace: control.name }, stringData: { identity: privateKey, "identity.pub": publicKey, known_hosts: githubKnownHosts } },
    within(scope, control),
  );
}
