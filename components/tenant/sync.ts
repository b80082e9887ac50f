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

/** How soon a failed application is tried again. */
const retryInterval = "2m";

export function kustomizationSpec(tenant: TenantSettings): KustomizationSpec {
  return {
    sourceRef: { kind: "GitRepository", name: tenant.name },
    path: tenant.deploy.path,
    interval: tenant.deploy.interval,
    retryInterval,
    timeout: tenant.deploy.timeout,
    prune: true,
    wait: true,
    serviceAccountName: reconciler,
    targetNamespace: tenant.namespace,
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
  deployKey: DeployKey;
  /** What Flux needs before it may apply anything. */
  access: pulumi.Resource[];
}

export function registerSync(scope: TenantScope, { control, owner, deployKey, access }: SyncArgs): void {
  const { tenant } = scope;
  const namespace = control.name;
  const key = new Secret(
    `${tenant.name}-deploy-key`,
    {
      metadata: { name: "deploy-key", namespace },
      stringData: { identity: deployKey.privateKey, "identity.pub": deployKey.publicKey, known_hosts: githubKnownHosts },
    },
    within(scope, control),
  );
  const source = gitRepository(
    `${tenant.name}-source`,
    { name: tenant.name, namespace },
    { url: sshUrl(owner, tenant.repository.name), ref: tenant.deploy.ref, interval: tenant.deploy.interval, secretRef: { name: "deploy-key" } },
    within(scope, control, [key, deployKey.registered]),
  );
  kustomization(`${tenant.name}-sync`, { name: tenant.name, namespace }, kustomizationSpec(tenant), within(scope, control, [source, ...access]));
}
