/** Virtual networks and their subnets. */
import type { Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { ArmError } from "../arm-error.ts";
import type { Cloud, Resource } from "../cloud.ts";
import { isBeneath, nameOf, parentId, sameId } from "../ids.ts";
import { contains, overlap, rangeOf } from "../ranges.ts";
import type { Service, Write } from "../service.ts";
import { objects, texts, textsAt } from "../values.ts";

export const NETWORK = "azure-native:network:VirtualNetwork";
export const SUBNET = "azure-native:network:Subnet";

export interface SubnetOnHand {
  id: string;
  prefixes: string[];
  /** As it was written. */
  inputs: Values;
}

function prefixesOf(subnet: Values): string[] {
  return typeof subnet.addressPrefix === "string" ? [subnet.addressPrefix] : texts(subnet.addressPrefixes);
}

/** All subnets of a network: those that are resources of their own and those declared inline. */
export function subnetsOf(network: Pick<Resource, "id" | "inputs">, cloud: Cloud): SubnetOnHand[] {
  const own = cloud.ofType(SUBNET).filter((subnet) => isBeneath(subnet.id, network.id)).map(({ id, inputs }) => ({ id, prefixes: prefixesOf(inputs), inputs }));
  const inline = objects(network.inputs.subnets).map((inputs) => ({ id: `${network.id}/subnets/${String(inputs.name)}`, prefixes: prefixesOf(inputs), inputs }));
  return [...own, ...inline.filter(({ id }) => !own.some((subnet) => sameId(subnet.id, id)))];
}

/** The network and the subnet of this id, `undefined` when one of them does not exist. */
export function findSubnet(id: string, cloud: Cloud): { network: Resource; subnet: SubnetOnHand } | undefined {
  const network = cloud.get(parentId(id) ?? "");
  if (network?.token !== NETWORK) return undefined;
  const subnet = subnetsOf(network, cloud).find((candidate) => sameId(candidate.id, id));
  return subnet && { network, subnet };
}

/** The services that a subnet is delegated to. */
export function delegationsOf({ inputs }: SubnetOnHand): string[] {
  return textsAt(inputs, "delegations[].serviceName");
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
    const other = others.find((candidate) => !sameId(candidate.id, id) && candidate.prefixes.some((range) => overlap(range, prefix)));
    if (other) throw new ArmError(400, "NetcfgSubnetRangesOverlap", `Subnet '${nameOf(id)}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`);
  }
}

/** The subnets that a resource has something in. */
export function subnetsInUse({ inputs }: Pick<Resource, "inputs">): string[] {
  return ["vnetSubnetID", "podSubnetID", "agentPoolProfiles[].vnetSubnetID", "agentPoolProfiles[].podSubnetID", "apiServerAccessProfile.subnetId", "subnet.id"].flatMap((path) => textsAt(inputs, path));
}

/** The first cluster, pool or private endpoint in a subnet, or in any of a network's. */
function useOf({ id }: Pick<Resource, "id">, cloud: Cloud): { subnet: string; user: string } | undefined {
  const uses = cloud.all().flatMap((user) => subnetsInUse(user).map((subnet) => ({ subnet, user: user.id })));
  return uses.find(({ subnet }) => isBeneath(subnet, id));
}

/** Refuses to take a subnet, or all of a network, from under what is in it. */
function refuseInUse(resource: Resource, cloud: Cloud): void {
  const use = useOf(resource, cloud);
  if (use === undefined) return;
  throw new ArmError(400, "InUseSubnetCannotBeDeleted", `Subnet ${nameOf(use.subnet)} is in use by ${use.user} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet.`);
}

/** Source: learn.microsoft.com/azure/virtual-network/how-to-multiple-prefixes-subnet; unverified: the words. */
function refuseOtherPrefix({ id, inputs, cloud, previous }: Write): void {
  const gone = previous === undefined ? undefined : prefixesOf(previous.inputs).find((prefix) => !prefixesOf(inputs).includes(prefix));
  if (gone === undefined || useOf({ id }, cloud) === undefined) return;
  throw new ArmError(400, "InUsePrefixCannotBeDeleted", `IpPrefix ${gone} on Subnet ${nameOf(id)} has active allocations and cannot be deleted.`);
}

export const subnetService: Service = {
  refuse(write) {
    const { id, inputs, cloud } = write;
    refuseOtherPrefix(write);
    const network = cloud.get(parentId(id) ?? "");
    if (network) refuseRanges(id, prefixesOf(inputs), nameOf(network.id), addressSpaceOf(network), subnetsOf(network, cloud));
  },
  refuseDelete: refuseInUse,
};

export const networkService: Service = {
  refuse({ id, inputs, cloud }) {
    const space = texts(valueAt(inputs, "addressSpace.addressPrefixes"));
    if (space.length === 0) throw new ArmError(400, "InvalidRequestFormat", `Virtual network '${nameOf(id)}' must have an address space.`);
    const subnets = subnetsOf({ id, inputs }, cloud);
    for (const subnet of subnets) refuseRanges(subnet.id, subnet.prefixes, nameOf(id), space, subnets);
  },
  refuseDelete: refuseInUse,
  live: (network, cloud) => ({
    subnets: subnetsOf(network, cloud).map((subnet) => ({
      id: subnet.id,
      name: nameOf(subnet.id),
      ...(subnet.prefixes.length === 1 ? { addressPrefix: subnet.prefixes[0] ?? "" } : { addressPrefixes: subnet.prefixes }),
    })),
  }),
};
