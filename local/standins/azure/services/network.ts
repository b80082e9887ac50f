/** Virtual networks and their subnets. */
import type { Value, Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { isObject } from "../../shape.ts";
import { ArmError } from "../arm-error.ts";
import type { Cloud, Resource } from "../cloud.ts";
import { isBeneath, nameOf, parentId } from "../ids.ts";
import { contains, overlap, rangeOf } from "../ranges.ts";
import type { Service } from "../service.ts";

export const SUBNET = "azure-native:network:Subnet";

export function texts(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function objects(value: Value | undefined): Values[] {
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : [];
}

export interface SubnetOnHand {
  id: string;
  prefixes: string[];
}

function prefixesOf(subnet: Values): string[] {
  return typeof subnet.addressPrefix === "string" ? [subnet.addressPrefix] : texts(subnet.addressPrefixes);
}

/** All subnets of a network: those that are resources of their own and those declared inline. */
export function subnetsOf(network: Resource, cloud: Cloud): SubnetOnHand[] {
  const own = cloud.ofType(SUBNET).filter((subnet) => isBeneath(subnet.id, network.id)).map((subnet) => ({ id: subnet.id, prefixes: prefixesOf(subnet.inputs) }));
  const inline = objects(network.inputs.subnets).map((subnet) => ({ id: `${network.id}/subnets/${String(subnet.name)}`, prefixes: prefixesOf(subnet) }));
  return [...own, ...inline];
}

/** The network and the subnet of this id, `undefined` when one of them does not exist. */
export function findSubnet(id: string, cloud: Cloud): { network: Resource; subnet: SubnetOnHand } | undefined {
  const network = cloud.get(parentId(id) ?? "");
  const subnet = network && subnetsOf(network, cloud).find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
  return network && subnet ? { network, subnet } : undefined;
}

export function addressSpaceOf(network: Resource): string[] {
  return texts(valueAt(network.inputs, "addressSpace.addressPrefixes"));
}

function refuseRanges(id: string, prefixes: string[], network: string, space: string[], others: SubnetOnHand[]): void {
  if (prefixes.length === 0) throw new ArmError(400, "InvalidRequestFormat", `Subnet '${nameOf(id)}' must have an address prefix.`);
  for (const prefix of prefixes) {
    if (prefix.includes(".") && rangeOf(prefix) === undefined) throw new ArmError(400, "InvalidAddressPrefixFormat", `Address prefix ${prefix} of resource ${id} is not formatted correctly.`);
    if (!space.some((range) => contains(range, prefix))) {
      throw new ArmError(400, "NetcfgSubnetRangeOutsideVnet", `Subnet '${nameOf(id)}' is not valid because its IP address range is outside the IP address range of virtual network '${network}'.`);
    }
    const other = others.find((candidate) => candidate.id.toLowerCase() !== id.toLowerCase() && candidate.prefixes.some((range) => overlap(range, prefix)));
    if (other) throw new ArmError(400, "NetcfgSubnetRangesOverlap", `Subnet '${nameOf(id)}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`);
  }
}

/** Refuses to take a subnet, or all of a network, from under a cluster. */
function refuseInUse(resource: Resource, cloud: Cloud): void {
  for (const user of cloud.all()) {
    const pools = [user.inputs, ...objects(user.inputs.agentPoolProfiles)];
    const used = pools.map((pool) => pool.vnetSubnetID).find((subnet) => typeof subnet === "string" && isBeneath(subnet, resource.id));
    if (typeof used === "string") {
      throw new ArmError(400, "InUseSubnetCannotBeDeleted", `Subnet ${nameOf(used)} is in use by ${user.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet.`);
    }
  }
}

export const subnetService: Service = {
  refuse({ id, inputs, cloud }) {
    const network = cloud.get(parentId(id) ?? "");
    if (network) refuseRanges(id, prefixesOf(inputs), nameOf(network.id), addressSpaceOf(network), subnetsOf(network, cloud));
  },
  refuseDelete: refuseInUse,
};

export const networkService: Service = {
  refuse({ id, inputs, cloud }) {
    const space = texts(valueAt(inputs, "addressSpace.addressPrefixes"));
    if (space.length === 0) throw new ArmError(400, "InvalidRequestFormat", `Virtual network '${nameOf(id)}' must have an address space.`);
    const subnets = subnetsOf({ token: "", id, inputs, outputs: {} }, cloud);
    for (const subnet of subnets) refuseRanges(subnet.id, subnet.prefixes, nameOf(id), space, subnets);
  },
  refuseDelete: refuseInUse,
  computed: ({ id, inputs, cloud }) => ({
    subnets: subnetsOf({ token: "", id, inputs, outputs: {} }, cloud).map((subnet) => ({
      id: subnet.id,
      name: nameOf(subnet.id),
      ...(subnet.prefixes.length === 1 ? { addressPrefix: subnet.prefixes[0] ?? "" } : { addressPrefixes: subnet.prefixes }),
    })),
  }),
};
