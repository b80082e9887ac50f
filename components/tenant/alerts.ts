/** Where a tenant's failures and deployments are told. */
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import { alertSpec, notificationName, notificationSecret, providerSecret, providerSpec } from "../flux/notifications.ts";
import { alert, notificationProvider } from "../flux/objects.ts";
import type { StackSettings } from "../settings/load.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/**
 * A provider and an alert a notification, in the control namespace: under lockdown an alert hears only of objects in its
 * own namespace, and the team cannot read the address or token there.
 */
export function registerAlerts(scope: TenantScope, control: TenantNamespace, { environment, secrets, github }: StackSettings): pulumi.Resource[] {
  const { tenant } = scope;
  // A slash cannot stand in a tenant's name, so no two tenants' parts have one name.
  const part = (name: string) => `${tenant.key}-notify/${name}`;
  return tenant.notify.map((entry) => {
    const name = notificationName(entry);
    const metadata = { name, namespace: control.name };
    const secretName = notificationSecret(name);
    const secret = new Secret(part(name), { metadata: { name: secretName, namespace: control.name }, stringData: providerSecret(entry, secrets) }, within(scope, control));
    const provider = notificationProvider(part(name), metadata, providerSpec(entry, secretName, github.host), within(scope, control, [secret]));
    return alert(part(name), metadata, alertSpec(entry, name, { environment, tenant: tenant.name }), within(scope, control, [provider]));
  });
}
