/** Microsoft.Network: addresses of services within a network, and the private zones that their names are in. */
import { each, listOf, mapOf, object, oneOf } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED } from "../rule.ts";
import { anyName as names, extendedLocation, inlineSubnet, reference } from "./network.ts";

const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network";
const ENDPOINT = `${GROUP}/privateEndpoints/{privateEndpointName}`;
const ZONE = `${GROUP}/privateDnsZones/{privateZoneName}`;

const connections = listOf(object({
  groupIds: listOf("string"),
  ...each("string", "id", "name", "privateLinkServiceId", "requestMessage"),
  privateLinkServiceConnectionState: object(each("string", "actionsRequired", "description", "status")),
}));

export const privateEndpointRules: ResourceRule[] = [
  {
    token: "azure-native:network:PrivateEndpoint",
    armType: "Microsoft.Network/privateEndpoints",
    apiVersion: "2024-05-01",
    id: ENDPOINT,
    name: { argument: "privateEndpointName", ...names },
    arguments: object({
      applicationSecurityGroups: listOf(object({ ...each("string", "id", "location"), tags: mapOf("string") })),
      customDnsConfigs: listOf(object({ fqdn: "string", ipAddresses: listOf("string") })),
      ...each("string", "customNetworkInterfaceName", "id", "location", "privateEndpointName"),
      extendedLocation,
      ipConfigurations: listOf(object(each("string", "groupId", "memberName", "name", "privateIPAddress"))),
      ...each(connections, "manualPrivateLinkServiceConnections", "privateLinkServiceConnections"),
      "resourceGroupName!": "string",
      subnet: inlineSubnet,
      tags: mapOf("string"),
    }),
    references: { "subnet.id": "azure-native:network:Subnet" },
    silent: ["id"],
    answers: { networkInterfaces: { computed: true }, provisioningState: { constant: "Succeeded" } },
  },
  {
    token: "azure-native:network:PrivateDnsZoneGroup",
    armType: "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    apiVersion: "2024-05-01",
    id: `${ENDPOINT}/privateDnsZoneGroups/{privateDnsZoneGroupName}`,
    name: { argument: "privateDnsZoneGroupName", ...names },
    arguments: object({
      ...each("string", "id", "name", "privateDnsZoneGroupName"),
      privateDnsZoneConfigs: listOf(object(each("string", "name", "privateDnsZoneId"))),
      ...each("string", "privateEndpointName!", "resourceGroupName!"),
    }),
    references: { "privateDnsZoneConfigs[].privateDnsZoneId": "azure-native:privatedns:PrivateZone" },
    silent: ["id"],
    answers: { provisioningState: { constant: "Succeeded" } },
  },
  {
    token: "azure-native:privatedns:PrivateZone",
    armType: "Microsoft.Network/privateDnsZones",
    apiVersion: "2024-06-01",
    id: ZONE,
    name: {
      argument: "privateZoneName",
      generated: "random",
      pattern: /^(?=.{3,253}$)([a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?\.){1,33}[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?$/,
      says: "2 to 34 labels of 1 to 63 letters, digits, '-' or '_', without a dot at the end",
      source: "learn.microsoft.com/azure/dns/private-dns-privatednszone",
      checked: CHECKED,
    },
    arguments: object({ ...each("string", "location", "privateZoneName"), "resourceGroupName!": "string", tags: mapOf("string") }),
    locations: ["global"],
    answers: { internalId: { guid: true }, maxNumberOfRecordSets: { constant: 25000 }, maxNumberOfVirtualNetworkLinks: { constant: 1000 }, provisioningState: { constant: "Succeeded" } },
  },
  {
    token: "azure-native:privatedns:VirtualNetworkLink",
    armType: "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    apiVersion: "2024-06-01",
    id: `${ZONE}/virtualNetworkLinks/{virtualNetworkLinkName}`,
    name: { argument: "virtualNetworkLinkName", ...names },
    arguments: object({
      ...each("string", "location", "privateZoneName!", "resourceGroupName!", "virtualNetworkLinkName"),
      registrationEnabled: "boolean",
      resolutionPolicy: oneOf("Default", "NxDomainRedirect"),
      tags: mapOf("string"),
      virtualNetwork: reference,
    }),
    locations: ["global"],
    references: { "virtualNetwork.id": "azure-native:network:VirtualNetwork" },
    answers: { provisioningState: { constant: "Succeeded" }, registrationEnabled: { standard: false }, virtualNetworkLinkState: { constant: "Completed" } },
  },
];
