/** What the flux2 chart is installed with. */
import type { FluxVersion } from "../settings/versions.ts";

/** The service account in whose name an object asks Azure for a token when it names none. It exists nowhere. */
const lockedOutAccount = "flux-wi";

/** Object-level workload identity: Flux decrypts as a tenant's own identity, and without the gate the flags that lock it down are refused. */
const gate = "--feature-gates=ObjectLevelWorkloadIdentity=true";

/** A worker that waits for a rollout stops waiting when there is a newer revision. */
const cancelWait = "--feature-gates=CancelHealthCheckOnNewRevision=true";

/** Workers that all teams share: more than the default of 2 to 4, as for hundreds of tenants (fluxcd.io/flux/installation/configuration/vertical-scaling). */
const workers = "--concurrent=10";

/**
 * Values of the flux2 chart 2.18: multi-tenancy lockdown with the flags that the chart leaves out.
 * `mirror` stands before the names of the images instead of ghcr.io/fluxcd.
 * Source: fluxcd.io/flux/installation/configuration/multitenancy and fluxcd.io/flux/security/best-practices.
 */
export function fluxValues({ tags }: FluxVersion, mirror?: string) {
  const controller = (name: string, tag: string, additionalArgs: string[], more: object = {}) => ({
    ...(mirror !== undefined && { image: `${mirror}/${name}` }),
    tag,
    container: { additionalArgs },
    priorityClassName: "system-cluster-critical",
    // The chart sets no limits; these are upstream's own.
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "1Gi" } },
    ...more,
  });
  const defaultAccount = `--default-service-account=${lockedOutAccount}`;
  return {
    installCRDs: true,
    // Without this, uninstalling the chart deletes the CRDs and with them every team's objects.
    crds: { annotations: { "helm.sh/resource-policy": "keep" }, migration: { enabled: true } },
    cli: { ...(mirror !== undefined && { image: `${mirror}/flux-cli` }), tag: tags.cli },
    multitenancy: { enabled: true, defaultServiceAccount: "default", privileged: true },
    // Ours are narrower, see networks.ts.
    policies: { create: false },
    // The chart's aggregation would let every `edit` role write the status of Flux objects.
    rbac: { createAggregation: false },
    sourceController: controller("source-controller", tags.sourceController, [workers, gate, defaultAccount], {
      // Where cosign's trust root goes on a read-only root file system.
      extraEnv: [{ name: "TUF_ROOT", value: "/tmp/.sigstore" }],
    }),
    kustomizeController: controller("kustomize-controller", tags.kustomizeController, [
      workers,
      "--no-remote-bases=true",
      gate,
      cancelWait,
      `--default-decryption-service-account=${lockedOutAccount}`,
      `--default-kubeconfig-service-account=${lockedOutAccount}`,
    ]),
    helmController: controller("helm-controller", tags.helmController, [workers, gate, cancelWait, `--default-kubeconfig-service-account=${lockedOutAccount}`]),
    notificationController: controller("notification-controller", tags.notificationController, [gate, defaultAccount]),
    imageReflectionController: controller("image-reflector-controller", tags.imageReflectionController, [gate, defaultAccount]),
    imageAutomationController: controller("image-automation-controller", tags.imageAutomationController, [gate, defaultAccount]),
  };
}
