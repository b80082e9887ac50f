/** Private endpoints and the private zones that their names are in. */
import { valueAt } from "../../differences.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { isBeneath, nameOf, parentId, partsOf, sameId } from "../ids.ts";
import { normalizedLocation } from "../regions.ts";
import type { Service } from "../service.ts";
import { objects, texts, textsAt } from "../values.ts";
import { delegationsOf, findSubnet, NETWORK } from "./network.ts";

export const ENDPOINT = "azure-native:network:PrivateEndpoint";
export const ZONE = "azure-native:privatedns:PrivateZone";
export const ZONE_GROUP = "azure-native:network:PrivateDnsZoneGroup";
export const ZONE_LINK = "azure-native:privatedns:VirtualNetworkLink";

/** What a private endpoint can lead to, by type. Source: learn.microsoft.com/azure/private-link/private-endpoint-overview; checked 2026-11-21. */
const groups: { readonly [armType: string]: string } = {
  "Microsoft.ContainerRegistry/registries": "registry",
  "Microsoft.ContainerService/managedClusters": "management",
  "Microsoft.Dashboard/grafana": "grafana",
  "Microsoft.KeyVault/vaults": "vault",
  "Microsoft.Monitor/accounts": "prometheusMetrics",
};

function refuseTarget(connection: string, target: string, asked: string[], cloud: Cloud): void {
  const { armType = "", name = "" } = partsOf(target);
  const group = groups[armType];
  if (group === undefined) throw badRequest(`Private link service connection ${connection}: ${target} is not a resource that a private endpoint can lead to.`, "InvalidResourceReference");
  const resource = cloud.get(target);
  if (resource === undefined) throw new ArmError(400, "LinkedResourceNotFound", `The private link resource ${target} of the connection ${connection} was not found.`);
  if (asked.length !== 1 || asked[0] !== group) {
    throw badRequest(`Call to ${armType.split("/")[0] ?? ""} failed. Error message: group ids [${asked.join(", ")}] are not valid for ${name}; it has ${group}.`, "PrivateEndpointInvalidGroupIds");
  }
  // Source: ACR_DOCS/container-registry-private-endpoints.md.
  if (group === "registry" && valueAt(resource.inputs, "sku.name") !== "Premium") {
    throw badRequest(`Private endpoints are supported for registries of the SKU Premium alone; ${name} has ${String(valueAt(resource.inputs, "sku.name"))}.`, "FeatureNotSupported");
  }
}

/**
 * Sources: learn.microsoft.com/azure/private-link/private-endpoint-overview (region, group ids) and its troubleshooting page
 * (delegated subnets); unverified: the codes but for PrivateEndpointCreationNotAllowedAsSubnetIsDelegated.
 */
export const endpointService: Service = {
  refuse({ id, inputs, cloud }) {
    const found = findSubnet(String(valueAt(inputs, "subnet.id")), cloud);
    if (found === undefined) throw badRequest(`Private endpoint ${nameOf(id)} must have a subnet.`, "InvalidRequestFormat");
    const region = normalizedLocation(String(found.network.inputs.location));
    if (normalizedLocation(String(inputs.location)) !== region) {
      throw badRequest(`Private endpoint ${nameOf(id)} must be in ${region}, the region of its virtual network.`, "InvalidPrivateEndpointLocation");
    }
    if (delegationsOf(found.subnet).length > 0) {
      throw badRequest(`Private endpoint ${id} cannot be created as subnet ${found.subnet.id} is delegated.`, "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated");
    }
    const connections = [...objects(inputs.privateLinkServiceConnections), ...objects(inputs.manualPrivateLinkServiceConnections)];
    if (connections.length !== 1) throw badRequest(`Private endpoint ${nameOf(id)} must have exactly one connection.`, "InvalidRequestFormat");
    for (const connection of connections) refuseTarget(String(connection.name), String(connection.privateLinkServiceId), texts(connection.groupIds), cloud);
  },
  computed: ({ id }) => ({ customDnsConfigs: [], networkInterfaces: [{ id: `${id.replace(/\/privateEndpoints\/[^/]+$/, "")}/networkInterfaces/${nameOf(id)}.nic` }] }),
};

export const zoneGroupService: Service = {
  refuse({ id, inputs, cloud }) {
    if (objects(inputs.privateDnsZoneConfigs).length === 0) throw badRequest(`Zone group ${nameOf(id)} must name a private DNS zone.`, "InvalidRequestFormat");
    const other = cloud.ofType(ZONE_GROUP).find((group) => !sameId(group.id, id) && isBeneath(group.id, parentId(id) ?? ""));
    if (other) throw badRequest(`Private endpoint ${nameOf(parentId(id) ?? "")} has the zone group ${nameOf(other.id)} already; it can have one.`, "MoreThanOnePrivateDnsZoneGroupPerPrivateEndpointNotAllowed");
  },
};

export const zoneService: Service = {
  refuseDelete({ id }, cloud) {
    const link = cloud.ofType(ZONE_LINK).find((other) => isBeneath(other.id, id));
    if (link) throw new ArmError(409, "CannotDeleteResource", `Can not delete resource before nested resources are deleted: ${link.id}.`);
  },
};

/** Source: learn.microsoft.com/azure/dns/private-dns-virtual-network-links; unverified: the codes, and that equal zone names exclude one another. */
export const zoneLinkService: Service = {
  refuse({ id, inputs, cloud }) {
    const network = textsAt(inputs, "virtualNetwork.id")[0];
    if (network === undefined || cloud.get(network)?.token !== NETWORK) throw badRequest("The virtual network of a link must be given.", "InvalidRequestFormat");
    const zone = nameOf(parentId(id) ?? "").toLowerCase();
    const others = cloud.ofType(ZONE_LINK).filter((other) => !sameId(other.id, id) && textsAt(other.inputs, "virtualNetwork.id").some((linked) => sameId(linked, network)));
    const same = others.find((other) => nameOf(parentId(other.id) ?? "").toLowerCase() === zone);
    if (same) throw new ArmError(409, "Conflict", `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '${zone}' and '${zone}' zones.`);
    if (inputs.registrationEnabled === true && others.some((other) => other.inputs.registrationEnabled === true)) {
      throw new ArmError(409, "Conflict", `The virtual network ${nameOf(network)} is a registration network of another zone already; it can have one.`);
    }
  },
};
