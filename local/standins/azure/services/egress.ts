/** Public addresses, NAT gateways and route tables: the way out of a network. */
import { createHash } from "node:crypto";
import { valueAt } from "../../differences.ts";
import { ArmError } from "../arm-error.ts";
import type { Cloud, Resource } from "../cloud.ts";
import { nameOf, sameId } from "../ids.ts";
import type { Service } from "../service.ts";
import { textsAt } from "../values.ts";
import { NETWORK, subnetsOf } from "./network.ts";

export const ADDRESS = "azure-native:network:PublicIPAddress";
export const GATEWAY = "azure-native:network:NatGateway";
export const ROUTES = "azure-native:network:RouteTable";

/** The ids of the subnets that name this resource at a path. */
function subnetsWith(path: "natGateway.id" | "routeTable.id", id: string, cloud: Cloud): string[] {
  return cloud.ofType(NETWORK).flatMap((network) => subnetsOf(network, cloud)).filter(({ inputs }) => textsAt(inputs, path).some((named) => sameId(named, id))).map((subnet) => subnet.id);
}

function refuseUsed(code: string, what: string, resource: Resource, users: string[]): void {
  if (users.length === 0) return;
  throw new ArmError(400, code, `${what} ${nameOf(resource.id)} can not be deleted since it is in use by ${users.join(", ")}.`);
}

/** An address that is the same for the life of the resource. */
function addressOf(id: string): string {
  const [a = 0, b = 0, c = 0] = createHash("sha256").update(id.toLowerCase()).digest();
  return `20.${a}.${b}.${Math.max(1, c)}`;
}

/** unverified: the codes; the rule is in learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses. */
export const addressService: Service = {
  refuse({ id, inputs }) {
    if (valueAt(inputs, "sku.name") !== "Standard") {
      throw new ArmError(400, "IPv4BasicSkuPublicIpCountLimitReached", `Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region: give ${nameOf(id)} the SKU Standard.`);
    }
    if (inputs.publicIPAllocationMethod !== "Static") {
      throw new ArmError(400, "PublicIPAddressWithStandardSkuMustUseStaticAllocation", `Standard SKU public IP address ${id} must have its allocation method set to Static.`);
    }
  },
  refuseDelete(resource, cloud) {
    const users = cloud.ofType(GATEWAY).filter(({ inputs }) => textsAt(inputs, "publicIpAddresses[].id").some((id) => sameId(id, resource.id)));
    refuseUsed("PublicIPAddressCannotBeDeleted", "Public IP address", resource, users.map(({ id }) => id));
  },
  computed: ({ id }) => ({ ipAddress: addressOf(id) }),
};

/** Source of the refusal to delete: InUseNatGatewayCannotBeDeleted in clients of the network API; unverified: the others. */
export const gatewayService: Service = {
  refuse({ id, inputs, cloud }) {
    if (valueAt(inputs, "sku.name") === undefined) throw new ArmError(400, "InvalidRequestFormat", `NAT gateway ${nameOf(id)} must have a SKU: Standard.`);
    const taken = cloud.ofType(GATEWAY).filter((other) => !sameId(other.id, id)).flatMap((other) => textsAt(other.inputs, "publicIpAddresses[].id"));
    const shared = textsAt(inputs, "publicIpAddresses[].id").find((address) => taken.some((other) => sameId(other, address)));
    if (shared !== undefined) throw new ArmError(400, "PublicIPAddressInUse", `Resource ${id} is referencing public IP address ${shared} that is already allocated to another resource.`);
  },
  refuseDelete: (resource, cloud) => refuseUsed("InUseNatGatewayCannotBeDeleted", "NAT gateway", resource, subnetsWith("natGateway.id", resource.id, cloud)),
  live: ({ id }, cloud) => ({ subnets: subnetsWith("natGateway.id", id, cloud).map((subnet) => ({ id: subnet })) }),
};

export const routesService: Service = {
  refuseDelete: (resource, cloud) => refuseUsed("InUseRouteTableCannotBeDeleted", "Route table", resource, subnetsWith("routeTable.id", resource.id, cloud)),
  live: ({ id }, cloud) => ({ subnets: subnetsWith("routeTable.id", id, cloud).map((subnet) => ({ id: subnet })) }),
};
