/**
 * Kubernetes versions of the stand-in: the minor versions that AKS supports (MicrosoftDocs/azure-aks-docs fb060ab,
 * supported-kubernetes-versions.md; checked 2026-11-20), each with one patch release. The real patch releases differ per region.
 */
export const supportedVersions: { readonly [minor: string]: string } = { "1.34": "1.34.9", "1.35": "1.35.6", "1.36": "1.36.3", "1.37": "1.37.1" };
export const defaultMinor = "1.36";

/** `1.35` of `1.35.4`. */
export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** Negative when `a` is older than `b`; a part that one of them lacks is not compared. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
