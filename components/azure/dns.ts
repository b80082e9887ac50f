import { getZoneOutput } from "@pulumi/azure-native/dns/getZone.js";
import { RecordSet } from "@pulumi/azure-native/dns/recordSet.js";
import { Zone } from "@pulumi/azure-native/dns/zone.js";
import { Provider } from "@pulumi/azure-native/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { DnsSettings } from "../settings/dns-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { recordKey, recordSetArgs } from "./dns-args.ts";
import { protection } from "./protection.ts";

/** What others need of the environment's zone, whoever made it. */
export interface ZoneAccess {
  readonly id: pulumi.Output<string>;
  readonly subscription: string;
  readonly resourceGroup: pulumi.Output<string>;
  /** The id of that resource group. */
  readonly groupId: pulumi.Output<string>;
  /** `apps.acme.example` */
  readonly zone: string;
  /** To be entered where the parent domain is. */
  readonly nameServers: pulumi.Output<string[]>;
}

/**
 * The environment's public DNS zone, or one that exists, with the records of the settings. The zone is protected and not
 * locked: a lock would keep external-dns from deleting records in it.
 */
export class Dns extends pulumi.ComponentResource implements ZoneAccess {
  readonly id: pulumi.Output<string>;
  readonly subscription: string;
  readonly resourceGroup: pulumi.Output<string>;
  readonly groupId: pulumi.Output<string>;
  readonly zone: string;
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, settings: Settings, dns: DnsSettings, args: { resourceGroup: pulumi.Input<string> }, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Dns", name, {}, opts);
    const { azure, environment } = settings;
    const { existing } = dns;
    this.zone = dns.zone;
    const provider =
      existing === undefined || existing.subscription === azure.subscription
        ? undefined
        : new Provider(`${name}-azure`, { subscriptionId: existing.subscription, tenantId: azure.tenant }, { parent: this });
    const own = existing
      ? undefined
      : new Zone(name, { zoneName: dns.zone, resourceGroupName: args.resourceGroup, location: "global", tags: azure.tags }, { parent: this, ...protection(settings) });
    const resourceGroupName = existing?.resourceGroup ?? args.resourceGroup;
    this.subscription = existing?.subscription ?? azure.subscription;
    this.resourceGroup = pulumi.output(resourceGroupName);
    this.groupId = pulumi.interpolate`/subscriptions/${this.subscription}/resourceGroups/${resourceGroupName}`;
    this.id = own?.id ?? pulumi.interpolate`${this.groupId}/providers/Microsoft.Network/dnsZones/${dns.zone}`;
    this.nameServers = own?.nameServers ?? getZoneOutput({ resourceGroupName, zoneName: dns.zone }, { parent: this, provider }).nameServers;

    for (const record of dns.records) {
      new RecordSet(
        `${name}-${recordKey(record)}`,
        { ...recordSetArgs(record, environment), resourceGroupName, zoneName: own?.name ?? dns.zone },
        // A new set of one name and type cannot stand beside the old one. The subscription of a zone that exists stands in the
        // provider's arguments alone, whose change azure-native takes for none.
        { parent: this, provider, deleteBeforeReplace: true, ...(existing && { replacementTrigger: [this.subscription] }) },
      );
    }
    this.registerOutputs({ zone: this.zone, nameServers: this.nameServers });
  }
}
