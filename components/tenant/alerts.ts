/** Where a tenant's failures and deployments are told. */
import { createHash } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import { alert, notificationProvider } from "../flux/objects.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/**
 * A provider and an alert a channel, in the control namespace: under lockdown an alert hears only of objects in its
 * own namespace, and the team cannot read the webhook's address there.
 */
export function registerAlerts(scope: TenantScope, control: TenantNamespace, environment: string, secrets: Record<string, pulumi.Output<string>>): pulumi.Resource[] {
  const { tenant } = scope;
  // A slash cannot stand in a tenant's name, so no two tenants' parts have one name.
  const part = (name: string) => `${tenant.key}-notify/${name}`;
  const registered = new Map<string, Secret>();
  for (const name of new Set(tenant.notify.map(({ secret }) => secret))) {
    const metadata = { name: secretName(name), namespace: control.name };
    registered.set(name, new Secret(part(name), { metadata, stringData: { address: secrets[name]! } }, within(scope, control)));
  }
  return tenant.notify.map(({ channel, secret, severity }) => {
    const name = channelName(channel, secret);
    const metadata = { name, namespace: control.name };
    const provider = notificationProvider(
      part(name),
      metadata,
      { type: "slack", channel, secretRef: { name: secretName(secret) } },
      within(scope, control, [registered.get(secret)!]),
    );
    return alert(
      part(name),
      metadata,
      {
        providerRef: { name },
        eventSeverity: severity,
        eventSources: [
          { kind: "GitRepository", name: "*" },
          { kind: "Kustomization", name: "*" },
        ],
        eventMetadata: { environment, tenant: tenant.name },
      },
      within(scope, control, [provider]),
    );
  });
}

/** Apart from the deploy key's Secret, whatever a user calls a secret. */
const secretName = (secret: string): string => `notify-${secret}`;

/**
 * The name of a channel's objects: what is readable of it, and a hash that keeps two channels apart. Kubernetes names
 * have no `#` and no `_`.
 */
export function channelName(channel: string, secret: string): string {
  const readable = channel.replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, 40);
  const hash = createHash("sha256").update(`${channel} ${secret}`).digest("hex").slice(0, 6);
  return readable === "" ? hash : `${readable}-${hash}`;
}
