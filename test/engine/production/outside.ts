/** What a company has already, beside the stacks: their files name it, and Azure refuses what names nothing. */
import { addExisting } from "../../../local/standins/azure/existing.ts";
import type { Values } from "../../../local/standins/contract.ts";

const tenantId = "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e";
const production = "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e";
const others = "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
/** Of one more team. */
export const third = "7c3d4e5f-6071-4829-93a4-b5c6d7e8f901";

export const hub = `/subscriptions/${production}/resourceGroups/rg-hub/providers`;
export const spoke = `${hub}/Microsoft.Network/virtualNetworks/vnet-spoke`;

const inHub = { resourceGroupName: "rg-hub" };
const subnet = (name: string, addressPrefix: string, more: Values = {}) => ["network:Subnet", { ...inHub, virtualNetworkName: "vnet-spoke", subnetName: name, addressPrefix, ...more }] as [string, Values];
const cluster = (resourceGroupName: string, resourceName: string) =>
  [
    "containerservice:ManagedCluster",
    {
      resourceGroupName,
      resourceName,
      dnsPrefix: resourceName,
      identity: { type: "SystemAssigned" },
      aadProfile: { managed: true },
      oidcIssuerProfile: { enabled: true },
      agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4ds_v5", type: "VirtualMachineScaleSets" }],
    },
  ] as [string, Values];
const dnsZone = (resourceGroupName: string): [string, Values][] => [
  ["resources:ResourceGroup", { resourceGroupName }],
  ["dns:Zone", { resourceGroupName, zoneName: "acme.example", location: "global" }],
];
const delegations = [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }];
const vault: Values = { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true };

/** In the order in which they need each other, by subscription. Of some there are two, so that a setting can name another one. */
const resources: Record<string, [string, Values][]> = {
  [production]: [
    ...["rg-hub", "rg-acme-landing-zone", "rg-acme-clusters"].map((name): [string, Values] => ["resources:ResourceGroup", { resourceGroupName: name }]),
    ...["rt-firewall", "rt-firewall-2"].map((name): [string, Values] => [
      "network:RouteTable",
      { ...inHub, routeTableName: name, routes: [{ name: "all", addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.200.0.4" }] },
    ]),
    ["network:VirtualNetwork", { ...inHub, virtualNetworkName: "vnet-spoke", addressSpace: { addressPrefixes: ["10.240.0.0/16"] } }],
    subnet("nodes", "10.240.0.0/20"),
    subnet("nodes-2", "10.240.32.0/20"),
    subnet("api-server", "10.240.16.0/28", { delegations }),
    subnet("api-server-2", "10.240.16.16/28", { delegations }),
    subnet("private-endpoints", "10.240.17.0/24"),
    subnet("private-endpoints-2", "10.240.18.0/24"),
    ...["privatelink.azurecr.io", "private.westeurope.azmk8s.io"].map((name): [string, Values] => ["privatedns:PrivateZone", { ...inHub, privateZoneName: name, location: "global" }]),
    ...["kv-hub", "kv-hub-2"].map((name): [string, Values] => ["keyvault:Vault", { ...inHub, vaultName: name, properties: vault }]),
    ["operationalinsights:Workspace", { ...inHub, workspaceName: "log-hub" }],
    cluster("rg-acme-clusters", "aks-shared"),
    cluster("rg-hub", "aks-other"),
    ["containerregistry:Registry", { resourceGroupName: "rg-acme-clusters", registryName: "cracmeours", sku: { name: "Premium" } }],
  ],
  [others]: [
    ...["rg-acme-staging", "rg-acme-shared"].map((name): [string, Values] => ["resources:ResourceGroup", { resourceGroupName: name }]),
    ["containerregistry:Registry", { resourceGroupName: "rg-acme-staging", registryName: "cracmestaging4711", sku: { name: "Standard" } }],
    ["containerregistry:Registry", { resourceGroupName: "rg-acme-shared", registryName: "cracmeshared", sku: { name: "Premium" } }],
    ["containerregistry:Registry", { resourceGroupName: "rg-acme-shared", registryName: "cracmeshared2", sku: { name: "Premium" } }],
    ...["rg-acme-dns", "rg-acme-dns-2"].flatMap(dnsZone),
  ],
  [third]: dnsZone("rg-acme-dns"),
};

/** Puts it into Azure's stand-in of this folder, as if somebody else had made it. */
export async function addOutside(folder: string): Promise<void> {
  for (const [subscriptionId, own] of Object.entries(resources)) {
    for (const [type, args] of own) await addExisting({ folder, subscriptionId, tenantId, location: "westeurope" }, `azure-native:${type}`, args);
  }
}
