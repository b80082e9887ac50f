/** Where the platform's own failures and deployments are told. */
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import type { StackSettings } from "../settings/load.ts";
import { fluxNamespace } from "./namespace.ts";
import { alertSpec, notificationName, notificationSecret, providerSecret, providerSpec } from "./notifications.ts";
import { alert, notificationProvider } from "./objects.ts";

/** In Flux's own namespace: an alert hears of the objects there, which are the fleet's. */
export function registerPlatformAlerts(name: string, { notify, secrets, github, environment }: StackSettings, after: pulumi.Resource[], opts: pulumi.CustomResourceOptions): void {
  for (const entry of notify) {
    const called = notificationName(entry);
    const part = `${name}/${called}`;
    const metadata = { name: called, namespace: fluxNamespace };
    const secretName = notificationSecret(called);
    const secret = new Secret(part, { metadata: { name: secretName, namespace: fluxNamespace }, stringData: providerSecret(entry, secrets) }, { ...opts, dependsOn: after });
    const provider = notificationProvider(part, metadata, providerSpec(entry, secretName, github.host), { ...opts, dependsOn: [...after, secret] });
    alert(part, metadata, alertSpec(entry, called, { environment }), { ...opts, dependsOn: [...after, provider] });
  }
}
