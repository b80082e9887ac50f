/** A Helm release that Flux keeps (fluxcd.io/flux/components/helm/helmreleases). */
import type { Patch } from "./kustomization.ts";
import type { SecretRef } from "./sources.ts";

type Crds = "Skip" | "Create" | "CreateReplace";

export interface HelmReleaseSpec {
  /** Of an OCIRepository; else `chart`. */
  chartRef?: { kind: "OCIRepository"; name: string };
  chart?: { spec: { chart: string; version?: string; sourceRef: { kind: "HelmRepository"; name: string }; interval: string } };
  interval: string;
  timeout: string;
  releaseName: string;
  targetNamespace: string;
  /** Where Helm keeps its records. */
  storageNamespace: string;
  serviceAccountName: string;
  suspend?: boolean;
  values?: Record<string, unknown>;
  valuesFrom?: { kind: "Secret"; name: SecretRef["name"]; valuesKey: string; targetPath?: string }[];
  install: { crds: Crds; timeout?: string; remediation: { retries: number; remediateLastFailure: boolean } };
  upgrade: { crds: Crds; timeout?: string; cleanupOnFail: boolean; remediation: { retries: number; remediateLastFailure: boolean; strategy: "rollback" | "uninstall" } };
  rollback: { cleanupOnFail: boolean; timeout?: string };
  test?: { enable: boolean };
  driftDetection: { mode: "enabled" | "warn" | "disabled"; ignore?: { paths: string[]; target?: Record<string, string> }[] };
  dependsOn?: { name: string }[];
  postRenderers?: { kustomize: { patches: Patch[] } }[];
}
