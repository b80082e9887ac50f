/** What subnets and route tables that somebody else made must have. */
import { vaultProperties } from "../../components/azure/vault-args.ts";
import type { Settings } from "../../components/settings/settings.ts";
import { isCidr, size } from "../../components/settings/values.ts";
import { shellLine } from "../bootstrap/shell-line.ts";
import type { Existing } from "./existing.ts";
import { missing } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { ArmResource } from "./resources.ts";

/** Of Microsoft.Network/virtualNetworks/subnets, as far as it is looked at. */
interface SubnetProperties {
  addressPrefix?: string;
  addressPrefixes?: string[];
  delegations?: { properties?: { serviceName?: string } }[];
  serviceEndpoints?: { service?: string }[];
  natGateway?: { id: string };
  routeTable?: { id: string };
}

const vaultService = "Microsoft.KeyVault";
const clusterService = "Microsoft.ContainerService/managedClusters";

/** A way out for the egress that is set, and to the teams' vaults where these let the subnet in alone. */
export function nodesSubnet(settings: Settings): NonNullable<Existing["check"]> {
  const setting = "network.existing.nodesSubnet";
  const { network, cluster, tenants } = settings;
  return async ({ id, name, properties }, resources) => {
    const { natGateway, routeTable, serviceEndpoints = [] } = properties as SubnetProperties;
    const findings: Finding[] = [];
    const own = cluster.existing === undefined;
    if (own && network.egress === "natGateway" && natGateway === undefined) {
      findings.push(missing(`${setting}: ${name} has no NAT gateway, and network.egress is natGateway`, `\`${update(id, "--nat-gateway", "<id>")}\``));
    }
    if (own && network.egress === "userDefinedRouting") {
      if (routeTable === undefined) {
        findings.push(missing(`${setting}: ${name} has no route table, and network.egress is userDefinedRouting`, `\`${update(id, "--route-table", "<id>")}\``));
      } else {
        const table = await resources.find(routeTable.id);
        if (table !== undefined) findings.push(...routesOut(setting)(table));
      }
    }
    const services = serviceEndpoints.map(({ service }) => service ?? "");
    if (tenants.some(({ vault }) => vault) && admitsSubnetAlone(settings, id) && !services.includes(vaultService)) {
      // The flag takes the whole list: what is there must be named again.
      const remedy = update(id, "--service-endpoints", ...services, vaultService);
      findings.push(missing(`${setting}: ${name} has no service endpoint ${vaultService}, by which the teams' vaults let it in`, `\`${remedy}\``));
    }
    return findings;
  };
}

/** Source: learn.microsoft.com/azure/aks/api-server-vnet-integration. */
export const apiServerSubnet: NonNullable<Existing["check"]> = ({ id, name, properties }) => {
  const setting = "network.existing.apiServerSubnet";
  const { delegations = [], addressPrefix, addressPrefixes } = properties as SubnetProperties;
  const findings: Finding[] = [];
  if (!delegations.some((delegation) => delegation.properties?.serviceName?.toLowerCase() === clusterService.toLowerCase())) {
    findings.push(missing(`${setting}: ${name} is not delegated to ${clusterService}`, `\`${update(id, "--delegations", clusterService)}\``));
  }
  const range = addressPrefix ?? addressPrefixes?.[0];
  if (range !== undefined && isCidr(range) && size(range) < 16) {
    findings.push(missing(`${setting}: ${name} is ${range}, and the API server takes a /28 at least`, "name a larger subnet"));
  }
  return findings;
};

/** AKS refuses egress userDefinedRouting without a default route (learn.microsoft.com/azure/aks/egress-outboundtype). */
export function routesOut(setting: string): (table: ArmResource) => Finding[] {
  return ({ name, properties }) => {
    const { routes = [] } = properties as { routes?: { properties?: { addressPrefix?: string } }[] };
    if (routes.some((route) => route.properties?.addressPrefix === "0.0.0.0/0")) return [];
    return [missing(`${setting}: the route table ${name} has no route for 0.0.0.0/0`, "add one whose next hop is the firewall")];
  };
}

function admitsSubnetAlone(settings: Settings, subnet: string): boolean {
  return vaultProperties(settings, subnet).networkAcls.defaultAction === "Deny";
}

/** `--nat-gateway` and `--route-table` as on AKS's pages about egress, `--ids`, `--delegations` and `--service-endpoints` from memory. */
function update(id: string, ...flags: string[]): string {
  return shellLine("az", ["network", "vnet", "subnet", "update", "--ids", id, ...flags]);
}
