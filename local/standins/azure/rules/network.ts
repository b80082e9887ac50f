/** Microsoft.Network. */
import type { Shape } from "../../shape.ts";
import { each, listOf, mapOf, object, oneOf, text } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED, RESOURCE_NAMES } from "../rule.ts";

const CIDR = text(/^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[0-9a-f:]+\/\d{1,3})$/i, "an address range such as 10.0.0.0/16");
/** What most of Microsoft.Network's names must be. */
export const anyName = {
  generated: "random",
  pattern: /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,78}[a-zA-Z0-9_])?$/,
  says: "1 to 80 letters, digits, '-', '.' or '_', starting with a letter or digit, ending with one or '_'",
  source: RESOURCE_NAMES,
  checked: CHECKED,
} as const;

export const reference = object({ id: "string" });
export const references = listOf(reference);
export const extendedLocation = object({ name: "string", type: oneOf("EdgeZone") });
const ipamAllocations = listOf(object(each("string", "id", "numberOfIpAddresses")));
const addressSpace = object({ addressPrefixes: listOf(CIDR), ipamPoolPrefixAllocations: ipamAllocations });
const links = listOf(object(each("string", "id", "link", "linkedResourceType", "name")));

const securityGroup = object({ id: "string", location: "string", tags: mapOf("string") });
const securityRules = listOf(object({
  "access!": oneOf("Allow", "Deny"),
  "direction!": oneOf("Inbound", "Outbound"),
  "protocol!": oneOf("Tcp", "Udp", "Icmp", "Esp", "*", "Ah"),
  priority: "number",
  ...each("string", "description", "destinationAddressPrefix", "destinationPortRange", "etag", "id", "name", "provisioningState", "sourceAddressPrefix", "sourcePortRange", "type"),
  ...each(listOf("string"), "destinationAddressPrefixes", "destinationPortRanges", "sourceAddressPrefixes", "sourcePortRanges"),
  ...each(listOf(securityGroup), "destinationApplicationSecurityGroups", "sourceApplicationSecurityGroups"),
}));

export const route = object({
  addressPrefix: "string",
  ...each("string", "etag", "id", "name", "nextHopIpAddress", "provisioningState", "type"),
  "nextHopType!": oneOf("VirtualNetworkGateway", "VnetLocal", "Internet", "VirtualAppliance", "None"),
});

/** A subnet, whether a resource of its own or a part of its network. */
const subnet: Record<string, Shape> = {
  addressPrefix: CIDR,
  addressPrefixes: listOf(CIDR),
  applicationGatewayIPConfigurations: listOf(object({ ...each("string", "id", "name"), subnet: reference })),
  defaultOutboundAccess: "boolean",
  delegations: listOf(object({ actions: listOf("string"), ...each("string", "etag", "id", "name", "serviceName", "type") })),
  ...each("string", "id", "name", "type"),
  ipAllocations: references,
  ipamPoolPrefixAllocations: ipamAllocations,
  natGateway: reference,
  networkSecurityGroup: object({
    ...each(securityRules, "defaultSecurityRules", "securityRules"),
    ...each("string", "etag", "id", "location", "provisioningState", "resourceGuid"),
    flushConnection: "boolean",
    tags: mapOf("string"),
  }),
  privateEndpointNetworkPolicies: oneOf("Enabled", "Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"),
  privateLinkServiceNetworkPolicies: oneOf("Enabled", "Disabled"),
  routeTable: object({
    disableBgpRoutePropagation: "boolean",
    ...each("string", "etag", "id", "location", "provisioningState"),
    routes: listOf(route),
    tags: mapOf("string"),
  }),
  serviceEndpointPolicies: listOf(object({
    contextualServiceEndpointPolicies: listOf("string"),
    ...each("string", "etag", "id", "location", "serviceAlias"),
    serviceEndpointPolicyDefinitions: listOf(object({ ...each("string", "description", "etag", "id", "name", "service", "type"), serviceResources: listOf("string") })),
    tags: mapOf("string"),
  })),
  serviceEndpoints: listOf(object({ locations: listOf("string"), networkIdentifier: reference, ...each("string", "provisioningState", "service") })),
  sharingScope: oneOf("Tenant", "DelegatedServices"),
};

/** A subnet as a part of something else. */
export const inlineSubnet = object({
  ...subnet,
  ...each("string", "etag", "provisioningState"),
  resourceNavigationLinks: links,
  serviceAssociationLinks: links,
  serviceGateway: reference,
});

const peering = object({
  ...each("boolean", "allowForwardedTraffic", "allowGatewayTransit", "allowVirtualNetworkAccess", "doNotVerifyRemoteGateways", "enableOnlyIPv6Peering", "peerCompleteVnets", "useRemoteGateways"),
  ...each("string", "id", "name", "type"),
  ...each(addressSpace, "localAddressSpace", "localVirtualNetworkAddressSpace", "remoteAddressSpace", "remoteVirtualNetworkAddressSpace"),
  ...each(listOf("string"), "localSubnetNames", "remoteSubnetNames"),
  peeringState: oneOf("Initiated", "Connected", "Disconnected"),
  peeringSyncLevel: oneOf("FullyInSync", "RemoteNotInSync", "LocalNotInSync", "LocalAndRemoteNotInSync"),
  remoteBgpCommunities: object({ "virtualNetworkCommunity!": "string" }),
  remoteVirtualNetwork: reference,
});

const names = { generated: "random", source: RESOURCE_NAMES, checked: CHECKED } as const;

const VNET = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}";

export const networkRules: ResourceRule[] = [
  {
    token: "azure-native:network:VirtualNetwork",
    armType: "Microsoft.Network/virtualNetworks",
    apiVersion: "2024-05-01",
    id: VNET,
    name: {
      argument: "virtualNetworkName",
      pattern: /^[a-zA-Z0-9][-._a-zA-Z0-9]{0,62}[a-zA-Z0-9_]$/,
      says: "2 to 64 letters, digits, '-', '.' or '_', starting with a letter or digit, ending with one or '_'",
      ...names,
    },
    arguments: object({
      addressSpace,
      bgpCommunities: object({ "virtualNetworkCommunity!": "string" }),
      ddosProtectionPlan: reference,
      dhcpOptions: object({ dnsServers: listOf("string") }),
      ...each("boolean", "enableDdosProtection", "enableVmProtection"),
      encryption: object({ "enabled!": "boolean", enforcement: oneOf("DropUnencrypted", "AllowUnencrypted") }),
      extendedLocation,
      flowTimeoutInMinutes: "number",
      ...each("string", "id", "location", "virtualNetworkName"),
      ipAllocations: references,
      privateEndpointVNetPolicies: oneOf("Disabled", "Basic"),
      "resourceGroupName!": "string",
      subnets: listOf(inlineSubnet),
      tags: mapOf("string"),
      virtualNetworkPeerings: listOf(peering),
    }),
    silent: ["id"],
    subResources: ["subnets", "virtualNetworkPeerings"],
    answers: { provisioningState: { constant: "Succeeded" }, resourceGuid: { guid: true }, flowLogs: { constant: [] } },
  },
  {
    token: "azure-native:network:Subnet",
    armType: "Microsoft.Network/virtualNetworks/subnets",
    apiVersion: "2024-05-01",
    id: `${VNET}/subnets/{subnetName}`,
    name: {
      argument: "subnetName",
      pattern: /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,78}[a-zA-Z0-9_])?$/,
      says: "1 to 80 letters, digits, '-', '.' or '_', starting with a letter or digit, ending with one or '_'",
      ...names,
    },
    arguments: object({
      ...subnet,
      "resourceGroupName!": "string",
      subnetName: "string",
      "virtualNetworkName!": "string",
    }),
    references: { "natGateway.id": "azure-native:network:NatGateway", "routeTable.id": "azure-native:network:RouteTable" },
    silent: ["id"],
    answers: { provisioningState: { constant: "Succeeded" }, privateEndpointNetworkPolicies: { standard: "Disabled" }, privateLinkServiceNetworkPolicies: { standard: "Enabled" } },
  },
];
