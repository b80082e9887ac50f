/** How Flux applies a folder in the tenant's name: what the root and further Kustomizations have in common. */
import type { KustomizationSpec } from "../flux/specs/kustomization.ts";
import { add } from "../flux/specs/kustomization.ts";
import type { ApplySettings, Pace, TenantSettings } from "../settings/settings.ts";
import { reconciler } from "./labels.ts";
import { placementPatches } from "./placement.ts";

export interface Folder extends Pace {
  sourceRef: KustomizationSpec["sourceRef"];
  path: string;
  /** Of what names none. */
  targetNamespace: string | undefined;
  apply: ApplySettings;
}

export function appliedSpec(tenant: TenantSettings, { sourceRef, path, targetNamespace, apply, interval, retryInterval, timeout }: Folder): KustomizationSpec {
  const { healthChecks, images, components, substitute, dependsOn } = apply;
  return {
    sourceRef,
    path,
    interval,
    retryInterval,
    timeout,
    prune: apply.prune,
    wait: apply.wait,
    serviceAccountName: reconciler,
    ...(targetNamespace !== undefined && { targetNamespace }),
    ...(tenant.state !== "active" && { suspend: true }),
    // The account acts as the tenant's own identity: with another team's key Flux has nothing to do.
    ...(tenant.sops && { decryption: { provider: "sops", serviceAccountName: reconciler } }),
    ...(healthChecks.length > 0 && { healthChecks }),
    ...(images.length > 0 && { images }),
    ...(components.length > 0 && { components }),
    ...(substitute && { postBuild: { substitute } }),
    ...(dependsOn.length > 0 && { dependsOn: dependsOn.map((name) => ({ name })) }),
    patches: [
      ...apply.patches,
      // Last: a team need not name the account in its own Flux objects, and cannot name another.
      { target: { kind: "(Kustomization|HelmRelease)", group: "(kustomize|helm).toolkit.fluxcd.io" }, patch: add("/spec/serviceAccountName", reconciler) },
      ...(tenant.nodePool ? placementPatches(tenant.nodePool) : []),
    ],
  };
}
