/** Who is told of failures and deployments, from what the settings say. */
import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { NotificationSettings } from "../settings/settings.ts";
import type { AlertSpec, ProviderSpec, SourceKind } from "./specs/notification.ts";

/** Every kind whose failure somebody should hear of. */
const told: readonly SourceKind[] = ["GitRepository", "OCIRepository", "HelmRepository", "Bucket", "Kustomization", "HelmRelease", "ImageRepository", "ImageUpdateAutomation"];

/** GitHub and Azure DevOps take a status for a commit, which only what is applied from Git has. */
const committed: readonly SourceKind[] = ["Kustomization"];

/**
 * What a commit's status is called: `mooring/staging/Kustomization/orders`. Flux's own names differ by cluster in the id of an object
 * alone; by this one scaffold/shared/ci/promote.sh knows what an environment reports. `environment` is of the alert's eventMetadata.
 */
const commitStatus = "'mooring/' + event.metadata.environment + '/' + event.involvedObject.kind + '/' + event.involvedObject.name";

const slackApi = "https://slack.com/api/chat.postMessage";

/** Apart from the other Secrets, whatever a user calls a channel. */
export const notificationSecret = (name: string): string => `notify-${name}`;

/** The provider of a notification; `secret` is the name of its Secret (fluxcd.io/flux/components/notification/providers). */
export function providerSpec(entry: NotificationSettings, secret: string, githubHost: string): ProviderSpec {
  const secretRef = { name: secret };
  switch (entry.kind) {
    case "slack":
      return { type: "slack", channel: entry.to, ...(entry.bot && { address: slackApi }), secretRef };
    case "msteams":
    case "discord":
      return { type: entry.kind, secretRef };
    case "webhook":
      return { type: entry.signature === undefined ? "generic" : "generic-hmac", secretRef };
    case "github":
      return { type: "github", address: `https://${githubHost}/${entry.to}`, commitStatusExpr: commitStatus, secretRef };
    case "azureDevOps":
      return { type: "azuredevops", address: entry.to, commitStatusExpr: commitStatus, secretRef };
  }
}

/** The contents of that Secret. */
export function providerSecret(entry: NotificationSettings, secrets: Record<string, pulumi.Output<string>>): Record<string, pulumi.Output<string>> {
  const value = secrets[entry.secret]!;
  if (entry.kind === "github" || entry.kind === "azureDevOps" || (entry.kind === "slack" && entry.bot)) return { token: value };
  return { address: value, ...(entry.kind === "webhook" && entry.signature !== undefined && { token: secrets[entry.signature]! }) };
}

export function alertSpec({ kind, severity, include, exclude }: NotificationSettings, provider: string, metadata: Record<string, string>): AlertSpec {
  const kinds = kind === "github" || kind === "azureDevOps" ? committed : told;
  return {
    providerRef: { name: provider },
    eventSeverity: severity,
    eventSources: kinds.map((source) => ({ kind: source, name: "*" })),
    ...(include.length > 0 && { inclusionList: include }),
    ...(exclude.length > 0 && { exclusionList: exclude }),
    eventMetadata: metadata,
  };
}

/**
 * The name of a notification's objects: what is readable of it, and a hash that keeps two apart. Kubernetes names have no `#`
 * and no `_`.
 */
export function notificationName({ kind, to, secret }: NotificationSettings): string {
  const readable = to.toLowerCase().replace(/^https:\/\//, "").replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 40).replace(/-$/, "");
  const hash = createHash("sha256").update(`${kind} ${to} ${secret}`).digest("hex").slice(0, 6);
  return readable === "" ? hash : `${readable}-${hash}`;
}
