/** Who is told of something, and who tells Flux. As the program uses it. */

export type NotificationSettings = {
  secret: string;
  include: string[];
  exclude: string[];
  severity: "info" | "error";
} & (
  | { kind: "slack"; to: string; bot: boolean }
  | { kind: "msteams" | "discord"; to: string }
  | { kind: "webhook"; to: string; signature?: string }
  // `to`: the repository, `owner/name` or an address.
  | { kind: "github" | "azureDevOps"; to: string }
);

/** Who tells Flux at once of something new. */
export interface TenantWebhookSettings {
  repository: boolean;
  registry: "none" | "pipeline" | "acr";
  rotation: number;
}

export interface WebhookSettings {
  host: string;
  /** `own`: that of the add-on. */
  gateway?: { name: string; namespace: string; section?: string; own?: boolean };
  ingress?: { class: string; certificate: string; issuer?: string };
}
