/** What the flux2 chart is installed with. */
import type { FluxVersion } from "../settings/versions.ts";

/** The service account in whose name an object asks Azure for a token when it names none. It exists nowhere. */
const lockedOutAccount = "flux-wi";

/** Object-level workload identity is on only so that the flags that lock it down are accepted. */
const gate = "--feature-gates=ObjectLevelWorkloadIdentity=true";

/**
 * Values of the flux2 chart 2.18: multi-tenancy lockdown with the flags that the chart leaves out.
 * Source: fluxcd.io/flux/installation/configuration/multitenancy and fluxcd.io/flux/security/best-practices.
 */
export function fluxValues({ tags }: FluxVersion) {
  const defaultAccount = `--default-service-account=${lockedOutAccount}`;
  return {
    installCRDs: true,
    // Without this, uninstalling the chart deletes the CRDs and with them every team's objects.
    crds: { annotations: { "helm.sh/resource-policy": "keep" }, migration: { enabled: true } },
    cli: { tag: tags.cli },
    multitenancy: { enabled: true, defaultServiceAccount: "default", privileged: true },
    // The chart's aggregation would let every `edit` role write the status of Flux objects.
    rbac: { createAggregation: false },
    sourceController: controller(tags.sourceController, [gate, defaultAccount], {
      // Where cosign's trust root goes on a read-only root file system.
      extraEnv: [{ name: "TUF_ROOT", value: "/tmp/.sigstore" }],
    }),
    kustomizeController: controller(tags.kustomizeController, [
      "--no-remote-bases=true",
      gate,
      `--default-decryption-service-account=${lockedOutAccount}`,
      `--default-kubeconfig-service-account=${lockedOutAccount}`,
    ]),
    helmController: controller(tags.helmController, [gate, `--default-kubeconfig-service-account=${lockedOutAccount}`]),
    notificationController: controller(tags.notificationController, [gate, defaultAccount]),
    imageReflectionController: controller(tags.imageReflectionController, [gate, defaultAccount]),
    imageAutomationController: controller(tags.imageAutomationController, [gate, defaultAccount]),
  };
}

/** The chart sets no limits; these are upstream's own. */
function controller(tag: string, additionalArgs: string[], more: object = {}) {
  return {
    tag,
    container: { additionalArgs },
    priorityClassName: "system-cluster-critical",
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "1Gi" } },
    ...more,
  };
}
