/** What Flux applies of a source (fluxcd.io/flux/components/kustomize/kustomizations). */
import type * as pulumi from "@pulumi/pulumi";

export interface KustomizationSpec {
  sourceRef: { kind: "GitRepository" | "OCIRepository" | "Bucket"; name: string };
  path: string;
  interval: string;
  retryInterval: string;
  timeout: string;
  prune: boolean;
  wait: boolean;
  /** The account in whose name everything is applied, in the Kustomization's own namespace. */
  serviceAccountName: string;
  targetNamespace?: string;
  suspend?: boolean;
  /** How encrypted files are read; the account is one of the Kustomization's own namespace. */
  decryption?: { provider: "sops"; serviceAccountName: string };
  healthChecks?: { apiVersion: string; kind: string; name: string; namespace: string }[];
  patches?: Patch[];
  images?: { name: string; newName?: string; newTag?: string; digest?: string }[];
  /** Paths that start from `path`. */
  components?: string[];
  postBuild?: { substitute: Record<string, pulumi.Input<string>> };
  /** Kustomizations of the same namespace. */
  dependsOn?: { name: string }[];
}

/** A strategic merge patch or a JSON patch (RFC 6902) as text, and the objects it applies to, by regular expressions. */
export interface Patch {
  target?: { kind?: string; group?: string; [selector: string]: string | undefined };
  patch: string;
}

/** The JSON patch that sets one field, over whatever is there. */
export function add(path: string, value: unknown): string {
  return JSON.stringify([{ op: "add", path, value }]);
}
