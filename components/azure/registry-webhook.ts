import { Webhook } from "@pulumi/azure-native/containerregistry/webhook.js";
import * as pulumi from "@pulumi/pulumi";
import { pushedRepositories } from "../settings/pushed-repositories.ts";
import type { Settings, TenantSettings } from "../settings/settings.ts";

export interface RegistryWebhookArgs {
  tenant: TenantSettings;
  resourceGroup: pulumi.Input<string>;
  /** The environment's own registry. */
  registryName: pulumi.Input<string>;
  /** The address that is called; whoever knows it may call it. */
  serviceUri: pulumi.Input<string>;
}

/**
 * Has the registry call an address when something of the tenant's is pushed: one webhook a repository, since a scope is one
 * repository or the whole registry (learn.microsoft.com/azure/container-registry/container-registry-webhook). In the registry's
 * own region: what is pushed to a copy arrives there too.
 */
export function registerRegistryWebhook(name: string, settings: Settings, { tenant, resourceGroup, registryName, serviceUri }: RegistryWebhookArgs, opts: pulumi.CustomResourceOptions): Webhook[] {
  const { azure, names } = settings;
  return pushedRepositories(tenant).map(
    (repository) =>
      new Webhook(
        `${name}/${repository}`,
        {
          webhookName: names.webhook(tenant.key, repository),
          registryName,
          resourceGroupName: resourceGroup,
          location: azure.location,
          serviceUri: pulumi.secret(serviceUri),
          scope: `${repository}:*`,
          actions: ["push"],
          status: "enabled",
          tags: { ...azure.tags, tenant: tenant.name },
        },
        opts,
      ),
  );
}
