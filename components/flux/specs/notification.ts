/** Who is told of what, and who tells Flux (fluxcd.io/flux/components/notification). */
import type { SecretRef } from "./sources.ts";

export interface ProviderSpec {
  type: "slack" | "msteams" | "discord" | "generic" | "generic-hmac" | "github" | "azuredevops";
  channel?: string;
  /** Where it is not part of the Secret, whose key is `address`. */
  address?: string;
  /** CEL on the event: what the status of a commit is called. */
  commitStatusExpr?: string;
  secretRef: SecretRef;
}

export type SourceKind = "GitRepository" | "OCIRepository" | "HelmRepository" | "Bucket" | "Kustomization" | "HelmRelease" | "ImageRepository" | "ImagePolicy" | "ImageUpdateAutomation";

export interface AlertSpec {
  providerRef: { name: string };
  eventSeverity: "info" | "error";
  eventSources: { kind: SourceKind; name: string }[];
  /** Regular expressions of Go on an event's message. */
  inclusionList?: string[];
  exclusionList?: string[];
  eventMetadata?: Record<string, string>;
}

export interface ReceiverSpec {
  type: "github" | "generic-hmac" | "acr";
  /** Its key `token` is what requests are signed with, and part of the address. */
  secretRef: SecretRef;
  /** Of GitHub: which of its events count. */
  events?: string[];
  resources: { apiVersion: string; kind: SourceKind; name: string }[];
  suspend?: boolean;
}
