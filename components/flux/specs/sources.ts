/** Where Flux fetches from (fluxcd.io/flux/components/source). */
import type * as pulumi from "@pulumi/pulumi";
import type { GitRef } from "../../settings/settings.ts";

/** A Secret of the object's own namespace. */
export interface SecretRef {
  name: string;
}

interface Source {
  interval: string;
  secretRef?: SecretRef;
  suspend?: boolean;
  /** In the form of .gitignore. */
  ignore?: string;
}

export interface GitRepositorySpec extends Source {
  /** `ssh://` or `https://`; the short `git@host:path` form is refused by the CRD. */
  url: pulumi.Input<string>;
  ref: GitRef;
  /** `github`: the Secret holds a GitHub App's key. */
  provider?: "github";
  recurseSubmodules?: boolean;
}

export interface OciRepositorySpec extends Source {
  /** `oci://`, with the artifact's name. */
  url: pulumi.Input<string>;
  ref: { tag: string } | { semver: string } | { digest: string };
  /** `azure`: as the identity of `serviceAccountName`. */
  provider?: "azure";
  serviceAccountName?: string;
  /** A chart is kept as it is, everything else is unpacked. */
  layerSelector?: { mediaType: string; operation: "copy" | "extract" };
  verify?: { provider: "cosign" | "notation"; secretRef?: SecretRef; matchOIDCIdentity?: { issuer: string; subject: string }[] };
}

/** The media type of a chart in a registry. */
export const chartLayer = { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", operation: "copy" } as const;

export type HelmRepositorySpec = Omit<Source, "ignore"> & { url: string };

export interface BucketSpec extends Source {
  bucketName: string;
  endpoint: string;
  provider: "generic";
  region?: string;
  prefix?: string;
}
