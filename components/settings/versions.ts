/**
 * Which Flux a version of the flux2 chart brings, with which image tags, and which Kubernetes it supports.
 *
 * A chart's own default tags lag behind: the tags here are the newest patches of the same Flux minor version, with the
 * fixes for CVE-2026-45022, CVE-2026-45570 and CVE-2026-45571 (source: the controllers' changelogs; Flux supports its
 * controllers together within one minor version, fluxcd.io/flux/releases).
 */
export interface FluxVersion {
  flux: string;
  /** Oldest and newest minor version of Kubernetes, both supported. */
  kubernetes: { oldest: string; newest: string };
  tags: {
    cli: string;
    sourceController: string;
    kustomizeController: string;
    helmController: string;
    notificationController: string;
    imageReflectionController: string;
    imageAutomationController: string;
  };
}

export const fluxVersions: Record<string, FluxVersion> = {
  "2.18.3": {
    flux: "2.8.8",
    kubernetes: { oldest: "1.33", newest: "1.35" },
    tags: {
      cli: "v2.8.8",
      sourceController: "v1.8.5",
      kustomizeController: "v1.8.5",
      helmController: "v1.5.5",
      notificationController: "v1.8.4",
      imageReflectionController: "v1.1.2",
      imageAutomationController: "v1.1.4",
    },
  },
};

/** The oldest minor version of Kubernetes that Mooring assumes, in its rules about tenants above all; no chart may support an older one. */
export const oldestKubernetes = "1.33";

/** Orders two minor versions: negative when `a` is older. */
export function compareMinor(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}
