/** Typed constructors for the Flux objects that the program declares. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GitRef } from "../settings/settings.ts";

/** API versions that chart 2.18 serves, in one place. */
const apiVersions = {
  source: "source.toolkit.fluxcd.io/v1",
  kustomize: "kustomize.toolkit.fluxcd.io/v1",
  notification: "notification.toolkit.fluxcd.io/v1beta3",
} as const;

export interface ObjectMeta {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
}

export interface GitRepositorySpec {
  /** `ssh://` or `https://`; the short `git@host:path` form is refused by the CRD. */
  url: pulumi.Input<string>;
  ref: GitRef;
  interval: string;
  secretRef?: { name: string };
  suspend?: boolean;
}

export function gitRepository(name: string, metadata: ObjectMeta, spec: GitRepositorySpec, opts: pulumi.CustomResourceOptions): CustomResource {
  return new CustomResource(name, { apiVersion: apiVersions.source, kind: "GitRepository", metadata, spec }, opts);
}

export interface KustomizationSpec {
  sourceRef: { kind: "GitRepository" | "OCIRepository"; name: string };
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
  patches?: Patch[];
}

/** A JSON patch (RFC 6902) as text, and the objects it applies to; `kind` is a regular expression. */
export interface Patch {
  target: { kind: string; group?: string };
  patch: string;
}

/** The JSON patch that sets one field, over whatever is there. */
export function add(path: string, value: unknown): string {
  return JSON.stringify([{ op: "add", path, value }]);
}

export function kustomization(name: string, metadata: ObjectMeta, spec: KustomizationSpec, opts: pulumi.CustomResourceOptions): CustomResource {
  return new CustomResource(name, { apiVersion: apiVersions.kustomize, kind: "Kustomization", metadata, spec }, opts);
}

export interface ProviderSpec {
  type: "slack";
  channel: string;
  /** Its key `address` holds the webhook's address. */
  secretRef: { name: string };
}

export function notificationProvider(name: string, metadata: ObjectMeta, spec: ProviderSpec, opts: pulumi.CustomResourceOptions): CustomResource {
  return new CustomResource(name, { apiVersion: apiVersions.notification, kind: "Provider", metadata, spec }, opts);
}

export interface AlertSpec {
  providerRef: { name: string };
  eventSeverity: "info" | "error";
  eventSources: { kind: "GitRepository" | "Kustomization" | "HelmRelease"; name: string }[];
  eventMetadata?: Record<string, string>;
}

export function alert(name: string, metadata: ObjectMeta, spec: AlertSpec, opts: pulumi.CustomResourceOptions): CustomResource {
  return new CustomResource(name, { apiVersion: apiVersions.notification, kind: "Alert", metadata, spec }, opts);
}
