/** An address for the registry within the virtual network. */
import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup.js";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint.js";
import { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone.js";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import type { Subnets } from "./network.ts";

/** The zone that Azure's name servers lead registries' names to (learn.microsoft.com/azure/private-link/private-endpoint-dns). */
const zoneName = "privatelink.azurecr.io";

export interface EndpointParts {
  resourceGroup: pulumi.Input<string>;
  registryId: pulumi.Input<string>;
  subnets: Subnets;
}

export function registerPrivateEndpoint(name: string, settings: Settings, { resourceGroup, registryId, subnets }: EndpointParts, parent: pulumi.Resource): void {
  const { azure, names, registry } = settings;
  const resourceGroupName = resourceGroup;
  let privateDnsZoneId: pulumi.Input<string> | undefined = registry.privateDnsZone;
  if (privateDnsZoneId === undefined) {
    // Private DNS belongs to no region.
    const zone = new PrivateZone(`${name}-zone`, { resourceGroupName, privateZoneName: zoneName, location: "global", tags: azure.tags }, { parent });
    new VirtualNetworkLink(
      `${name}-zone-link`,
      {
        resourceGroupName,
        privateZoneName: zone.name,
        virtualNetworkLinkName: names.virtualNetwork,
        location: "global",
        registrationEnabled: false,
        virtualNetwork: { id: subnets.virtualNetworkId },
        tags: azure.tags,
      },
      { parent },
    );
    privateDnsZoneId = zone.id;
  }
  const endpoint = new PrivateEndpoint(
    `${name}-endpoint`,
    {
      resourceGroupName,
      privateEndpointName: names.registryEndpoint,
      location: azure.location,
      subnet: { id: subnets.privateEndpoints! },
      privateLinkServiceConnections: [{ name: "registry", privateLinkServiceId: registryId, groupIds: ["registry"] }],
      tags: azure.tags,
    },
    { parent },
  );
  new PrivateDnsZoneGroup(
    `${name}-endpoint-names`,
    { resourceGroupName, privateEndpointName: endpoint.name, privateDnsZoneGroupName: "default", privateDnsZoneConfigs: [{ name: "registry", privateDnsZoneId }] },
    { parent },
  );
}
