/** The values of the variables in the fleet repository's modules. */
import type * as pulumi from "@pulumi/pulumi";
import { receiverHost } from "../settings/receiver-host.ts";
import type { Settings } from "../settings/settings.ts";
import type { AddOnName } from "../add-ons/catalogue.ts";
import type { VariableName } from "../add-ons/variables.ts";

export interface SubstituteArgs {
  /** The DNS zone that some of them write to. */
  zone: { zone: string; resourceGroup: pulumi.Input<string>; subscription: string } | undefined;
  /** Client ids of the add-ons' identities. */
  clientIds: Partial<Record<AddOnName, pulumi.Output<string>>>;
}

/** What is not known of this environment is left out: no module that is on has it. */
export function substitutes(settings: Settings, { zone, clientIds }: SubstituteArgs): Partial<Record<VariableName, pulumi.Input<string>>> {
  const { environment, tier, names, tenancy, azure, addons } = settings;
  const values: Record<VariableName, pulumi.Input<string> | undefined> = {
    environment,
    cluster_name: names.cluster,
    replicas: tier === "production" ? "2" : "1",
    domain: tenancy.domain,
    receiver_host: receiverHost(settings),
    dns_zone: zone?.zone,
    dns_resource_group: zone?.resourceGroup,
    subscription_id: zone?.subscription,
    tenant_id: azure.tenant,
    cert_manager_client_id: clientIds.certManager,
    external_dns_client_id: clientIds.externalDns,
    email: addons.certManager?.email,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
