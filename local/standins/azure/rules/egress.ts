/** Microsoft.Network: the way out of a network. */
import { each, listOf, mapOf, object, oneOf, range, text } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { anyName as name, extendedLocation, reference, references, route } from "./network.ts";

const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network";
const zones = listOf(text(/^[123]$/, "1, 2 or 3"));
const common = { ...each("string", "id", "location"), "resourceGroupName!": "string", tags: mapOf("string") } as const;

export const egressRules: ResourceRule[] = [
  {
    token: "azure-native:network:PublicIPAddress",
    armType: "Microsoft.Network/publicIPAddresses",
    apiVersion: "2024-05-01",
    id: `${GROUP}/publicIPAddresses/{publicIpAddressName}`,
    name: { argument: "publicIpAddressName", ...name },
    arguments: object({
      ...common,
      ddosSettings: object({ ddosProtectionPlan: reference, protectionMode: oneOf("VirtualNetworkInherited", "Enabled", "Disabled") }),
      deleteOption: oneOf("Delete", "Detach"),
      dnsSettings: object({
        ...each("string", "domainNameLabel", "fqdn", "reverseFqdn"),
        domainNameLabelScope: oneOf("TenantReuse", "SubscriptionReuse", "ResourceGroupReuse", "NoReuse"),
      }),
      extendedLocation,
      idleTimeoutInMinutes: range(4, 30),
      ipAddress: "string",
      ipTags: listOf(object(each("string", "ipTagType", "tag"))),
      // Addresses and gateways within an address: the class is its own argument.
      ...each("any", "linkedPublicIPAddress", "natGateway", "servicePublicIPAddress"),
      migrationPhase: oneOf("None", "Prepare", "Commit", "Abort", "Committed"),
      publicIPAddressVersion: oneOf("IPv4", "IPv6"),
      publicIPAllocationMethod: oneOf("Static", "Dynamic"),
      publicIPPrefix: reference,
      publicIpAddressName: "string",
      sku: object({ name: oneOf("Basic", "Standard"), tier: oneOf("Regional", "Global") }),
      zones,
    }),
    silent: ["id"],
    answers: { provisioningState: { constant: "Succeeded" }, resourceGuid: { guid: true } },
  },
  {
    token: "azure-native:network:NatGateway",
    armType: "Microsoft.Network/natGateways",
    apiVersion: "2024-05-01",
    id: `${GROUP}/natGateways/{natGatewayName}`,
    name: { argument: "natGatewayName", ...name },
    arguments: object({
      ...common,
      idleTimeoutInMinutes: range(4, 120),
      natGatewayName: "string",
      ...each(references, "publicIpAddresses", "publicIpPrefixes"),
      sku: object({ name: oneOf("Standard") }),
      zones,
    }),
    references: { "publicIpAddresses[].id": "azure-native:network:PublicIPAddress" },
    silent: ["id"],
    answers: { idleTimeoutInMinutes: { standard: 4 }, provisioningState: { constant: "Succeeded" }, resourceGuid: { guid: true }, subnets: { computed: true } },
  },
  {
    token: "azure-native:network:RouteTable",
    armType: "Microsoft.Network/routeTables",
    apiVersion: "2024-05-01",
    id: `${GROUP}/routeTables/{routeTableName}`,
    name: { argument: "routeTableName", ...name },
    arguments: object({ ...common, disableBgpRoutePropagation: "boolean", routeTableName: "string", routes: listOf(route) }),
    silent: ["id"],
    subResources: ["routes"],
    answers: { provisioningState: { constant: "Succeeded" }, resourceGuid: { guid: true }, subnets: { computed: true } },
  },
];
