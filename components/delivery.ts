/** What a team's pipelines are told of an environment. */
import * as pulumi from "@pulumi/pulumi";
import type { Settings, TenantSettings } from "./settings/settings.ts";

export interface DeliveryArgs {
  registryHost: pulumi.Output<string>;
  registryName: pulumi.Output<string>;
  /** The identity that pushes: the team's own, else the environment's. */
  clientId: pulumi.Output<string>;
  /** Where a push of an image is told, where the pipeline tells it. */
  receiver: pulumi.Output<string> | undefined;
  /** The registry that images are promoted from. */
  promoteFrom: { host: pulumi.Output<string>; registryName: pulumi.Output<string> } | undefined;
}

/** JSON, the value of the variable MOORING: the form that the scaffold's build script reads. Nothing in it is secret. */
export function delivery({ environment, tier, azure }: Settings, { key, images, webhooks }: TenantSettings, { registryHost, registryName, clientId, receiver, promoteFrom }: DeliveryArgs): pulumi.Output<string> {
  return pulumi.jsonStringify({
    environment,
    tier,
    team: key,
    registry: registryHost,
    registryName,
    clientId,
    tenantId: azure.tenant,
    subscriptionId: azure.subscription,
    images: images.map((image) => image.name),
    // Calls are signed: to know the address is not enough.
    receiver: webhooks.registry === "pipeline" && receiver ? pulumi.unsecret(receiver) : null,
    promoteFrom: promoteFrom ? { registry: promoteFrom.host, name: promoteFrom.registryName } : null,
  });
}
