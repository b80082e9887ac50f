/** Where a tenant's failures and deployments are told. */
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import { alert, notificationProvider } from "../flux/objects.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/**
 * A provider and an alert a channel, in the control namespace: under lockdown an alert hears only of objects in its
 * own namespace, and the team cannot read the webhook's address there.
 */
export function registerAlerts(scope: TenantScope, control: TenantNamespace, environment: string, secrets: Record<string, pulumi.Output<string>>): void {
  const { tenant } = scope;
  const registered = new Map<string, Secret>();
  for (const name of new Set(tenant.notify.map(({ secret }) => secret))) {
    registered.set(
      name,
      new Secret(`${tenant.name}-${name}`, { metadata: { name, namespace: control.name }, stringData: { address: secrets[name]! } }, within(scope, control)),
    );
  }
  for (const { channel, secret, severity } of tenant.notify) {
    const name = channelName(channel, secret);
    const metadata = { name, namespace: control.name };
    const provider = notificationProvider(
      `${tenant.name}-${name}-provider`,
      metadata,
      { type: "slack", channel, secretRef: { name: secret } },
      within(scope, control, [registered.get(secret)!]),
    );
    alert(
      `${tenant.name}-${name}-alert`,
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
  }
}

/** `#orders_alerts` through the secret `orders-slack` as `orders-alerts-orders-slack`: Kubernetes names have no `_`. */
export function channelName(channel: string, secret: string): string {
  return `${channel.slice(1).replaceAll("_", "-").replaceAll(/^-+|-+$/g, "")}-${secret}`;
}
