/** Settings that cannot change while an environment lives, and what stops a change of one. */
import type { Settings } from "../plans.ts";
import type { Change } from "./mutable.ts";
import { hub, spoke } from "./outside.ts";

/** A change, and the protected resource that the engine names: `replace ManagedCluster mooring-cluster`. */
export interface Stop {
  set: Settings;
  stops: string;
}

const cluster = "replace ManagedCluster mooring-cluster";
const group = "replace ResourceGroup mooring-group";
const at = (subnet: string): string => `${spoke}/subnets/${subnet}`;
const without = (...settings: string[]): Settings => Object.fromEntries(settings.map((setting) => [setting, undefined]));

/** Of the environment of its own. Where the cluster or the group is to be replaced, the engine ends the preview there. */
export const stopped: Stop[] = [
  { set: { platform: "other" }, stops: group },
  { set: { "azure.location": "francecentral" }, stops: group },
  { set: { "azure.subscription": "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5f" }, stops: group },
  { set: { "azure.tenant": "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3f" }, stops: group },
  { set: { "network.nodes": "10.64.32.0/20" }, stops: "replace Subnet mooring-network-nodes" },
  { set: { "network.apiServer": "10.64.18.0/28" }, stops: "replace Subnet mooring-network-api-server" },
  { set: { "network.privateEndpoints": "10.64.18.0/24" }, stops: "replace Subnet mooring-network-private-endpoints" },
  { set: { "network.pods": "10.132.0.0/14" }, stops: cluster },
  { set: { "network.services": "10.2.0.0/16" }, stops: cluster },
  { set: { "network.egress": "natGateway", "network.routeTable": undefined }, stops: cluster },
  { set: { network: { egress: "userDefinedRouting", existing: { nodesSubnet: at("nodes"), apiServerSubnet: at("api-server"), privateEndpointsSubnet: at("private-endpoints") } } }, stops: cluster },
  { set: { "cluster.api": "public" }, stops: cluster },
  { set: { "cluster.systemPool.vmSize": "Standard_D16ds_v5" }, stops: cluster },
  { set: { "cluster.systemPool.zones": ["1", "2"] }, stops: cluster },
  { set: { "cluster.systemPool.osDisk": "Managed" }, stops: cluster },
  { set: { "cluster.systemPool.osDiskGb": 256 }, stops: cluster },
  { set: { "cluster.systemPool.maxPods": 200 }, stops: cluster },
  { set: { "monitoring.workspace": `${hub}/Microsoft.OperationalInsights/workspaces/log-hub`, ...without("monitoring.retentionDays", "monitoring.dailyCapGb") }, stops: "delete Workspace mooring-logs" },
  { set: { "monitoring.grafana": false }, stops: "delete Grafana mooring-metrics-grafana" },
  { set: { "monitoring.prometheus": false, "monitoring.grafana": false, "monitoring.actionGroup": undefined }, stops: "delete Grafana mooring-metrics-grafana" },
  { set: { "registry.zoneRedundant": false }, stops: "replace Registry mooring-registry" },
  { set: { "registry.name": "acmeother" }, stops: "replace Registry mooring-registry" },
  { set: { registry: { existing: { name: "cracmeshared", resourceGroup: "rg-acme-shared", subscription: "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", permissions: "roles" } } }, stops: "delete Registry mooring-registry" },
  { set: { "dns.zone": "apps-2.acme.example" }, stops: "replace Zone mooring-dns" },
  { set: { "tenants.orders.vault": false, "tenants.orders.sops": false }, stops: "delete Vault orders-azure-vault" },
];

/** Of one pool, all in one preview: it goes on here, and shows each place that asks for the replacement. */
export const stoppedPool: { stops: string; changes: Change[] } = {
  stops: "replace AgentPool mooring-cluster-orders",
  changes: [
    ["vmSize", "Standard_E16ds_v5", "vmSize"],
    ["zones", ["1", "2"], "availabilityZones[2]"],
    ["osDisk", "Ephemeral", "osDiskType"],
    ["osDiskGb", 512, "osDiskSizeGB"],
    ["maxPods", 100, "maxPods"],
    ["spot", true, "scaleSetPriority"],
  ].map(([setting, value, place]) => ({ set: { [`cluster.pools.orders.${String(setting)}`]: value }, plans: [`replace AgentPool mooring-cluster-orders: ${String(place)}`] })),
};

/** Of the environment among what exists. */
export const stoppedAmongExisting: Stop[] = [
  { set: { "azure.resourceGroup": "rg-acme-shared" }, stops: cluster },
  { set: { "network.existing.nodesSubnet": at("nodes-2") }, stops: cluster },
  { set: { "network.existing.apiServerSubnet": at("api-server-2") }, stops: cluster },
  { set: { "cluster.privateDnsZone": undefined }, stops: cluster },
];
