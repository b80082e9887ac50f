/** The addresses of a cluster: service, pod and network ranges must not meet. Source: MicrosoftDocs/azure-aks-docs fb060ab; checked 2026-11-20. */
import type { Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { ArmError } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { contains, isFirst, overlap, rangeOf } from "../ranges.ts";
import { sameId } from "../ids.ts";
import { objects, texts } from "../values.ts";
import { addressSpaceOf, findSubnet, subnetsOf } from "./network.ts";

const RESERVED = ["169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"];

const invalid = (message: string): ArmError => new ArmError(400, "InvalidParameter", message);

export function refuseAddresses(inputs: Values, cloud: Cloud): void {
  const given = (name: string, standard: string): string => String(valueAt(inputs, `networkProfile.${name}`) ?? standard);
  const service = given("serviceCidr", "10.0.0.0/16");
  const pod = given("podCidr", "10.244.0.0/16");
  const dns = given("dnsServiceIP", "10.0.0.10");
  const hasPodRange = valueAt(inputs, "networkProfile.networkPluginMode") === "overlay" || valueAt(inputs, "networkProfile.networkPlugin") === "kubenet";

  for (const [name, range] of Object.entries({ serviceCidr: service, podCidr: pod })) {
    if (rangeOf(range) === undefined) throw invalid(`The value of parameter networkProfile.${name} is invalid: '${range}' is not an address range.`);
    const reserved = RESERVED.find((candidate) => overlap(candidate, range));
    if (reserved !== undefined) throw invalid(`networkProfile.${name} ${range} overlaps with the reserved range ${reserved}.`);
  }
  if (!contains(service, dns)) throw new ArmError(400, "DnsServiceIpOutOfServiceCidr", `The specified DNS service IP ${dns} is out of service CIDR ${service}.`);
  if (isFirst(service, dns)) throw invalid(`networkProfile.dnsServiceIP ${dns} is the first address of ${service}, which the Kubernetes API takes.`);
  if (hasPodRange && overlap(service, pod)) throw invalid(`networkProfile.serviceCidr ${service} overlaps with networkProfile.podCidr ${pod}.`);

  const ipRanges = texts(valueAt(inputs, "apiServerAccessProfile.authorizedIPRanges"));
  const wrong = ipRanges.find((range) => rangeOf(range) === undefined);
  if (wrong !== undefined) throw invalid(`apiServerAccessProfile.authorizedIPRanges: '${wrong}' is not an address range.`);

  const subnetIds = objects(inputs.agentPoolProfiles).flatMap((profile) => (typeof profile.vnetSubnetID === "string" ? [profile.vnetSubnetID] : []));
  const networks = subnetIds.flatMap((id) => findSubnet(id, cloud)?.network ?? []);
  const [network] = networks;
  if (network === undefined) return;
  if (networks.some((other) => !sameId(other.id, network.id))) throw invalid("All agent pools of a cluster must be in one virtual network.");
  for (const subnet of subnetsOf(network, cloud)) {
    const taken = subnet.prefixes.find((prefix) => overlap(prefix, service));
    if (taken !== undefined) {
      throw new ArmError(400, "ServiceCidrOverlapExistingSubnetsCidr", `The specified service CIDR ${service} is conflicted with an existing subnet CIDR ${taken}`);
    }
  }
  for (const space of addressSpaceOf(network)) {
    if (overlap(space, service)) throw invalid(`networkProfile.serviceCidr ${service} overlaps with ${space} of the cluster's virtual network.`);
    if (hasPodRange && overlap(space, pod)) throw invalid(`networkProfile.podCidr ${pod} overlaps with ${space} of the cluster's virtual network.`);
  }
}
