/** Rules of the network and of where the environment lives: each gives one line with its path and remedy, and its nearest right sibling passes. */
import { describe } from "node:test";
import { cluster, hub } from "../azure.ts";
import { testRules } from "../rules.ts";
import { smallest } from "../settings.ts";

const of = (network: Record<string, unknown>, more: Record<string, unknown> = {}) => ({ network, ...more });
const closed = { cluster: cluster({ api: "private" }) };
const endpoint = { registry: { sku: "Premium", privateEndpoint: true } };
const zoned = { registry: { ...endpoint.registry, privateDnsZone: hub("Microsoft.Network/privateDnsZones", "privatelink.azurecr.io") } };
const routeTable = hub("Microsoft.Network/routeTables", "rt-firewall");
const subnet = (name: string) => hub("Microsoft.Network/virtualNetworks", `vnet-spoke/subnets/${name}`);
const existing = (...more: string[]) => ({ existing: Object.fromEntries(["nodesSubnet", ...more].map((name) => [name, subnet(name)])) });
const azure = (more: Record<string, unknown>) => ({ azure: { ...(smallest.azure as object), ...more } });
const budget = (more: Record<string, unknown>) => ({ budget: { amount: 1, start: "2026-12-01", emails: ["a@acme.example"], ...more } });
const at = "mooring:network";

describe("the way out", () => {
  testRules([
    {
      what: "a route to a firewall needs its route table",
      wrong: of({ egress: "userDefinedRouting" }),
      lines: [`${at}.routeTable: is required with egress userDefinedRouting; write the id of the route table that leads to the firewall`],
      right: of({ egress: "userDefinedRouting", routeTable }),
    },
    {
      what: "subnets that exist have theirs already",
      wrong: of({ egress: "userDefinedRouting", routeTable, ...existing() }),
      lines: [`${at}.routeTable: belongs to a network that Mooring makes; remove it, or network.existing`],
      right: of({ egress: "userDefinedRouting", ...existing() }),
    },
    {
      what: "no other way out goes by a route table",
      wrong: of({ egress: "natGateway", routeTable }),
      lines: [`${at}.routeTable: is for egress userDefinedRouting, and egress is natGateway; remove it, or change egress`],
      right: of({ egress: "natGateway" }),
    },
    {
      what: "a route table is named by its id",
      wrong: of({ egress: "userDefinedRouting", routeTable: subnet("nodes") }),
      lines: [
        `${at}.routeTable: "${subnet("nodes")}" is not the id of a route table; write for example /subscriptions/8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/rg-hub/providers/Microsoft.Network/routeTables/name`,
        // With the table wrong, it cannot be told whether egress fits.
      ],
      right: of({ egress: "userDefinedRouting", routeTable }),
    },
  ]);
});

describe("subnets", () => {
  testRules([
    {
      what: "the one for private endpoints lies within the network, though there are none yet",
      wrong: of({ privateEndpoints: "10.250.0.0/24" }),
      lines: [`${at}.privateEndpoints: 10.250.0.0/24 does not lie within addressSpace (10.240.0.0/16)`],
      right: of({ privateEndpoints: "10.240.250.0/24" }),
    },
    {
      what: "those that are used lie apart",
      wrong: of({ apiServer: "10.240.0.0/28" }, closed),
      lines: [`${at}.apiServer: 10.240.0.0/28 overlaps nodes (10.240.0.0/20); choose ranges that do not overlap`],
      right: of({ apiServer: "10.240.0.0/28" }),
    },
    {
      what: "the API server takes sixteen addresses",
      wrong: of({ apiServer: "10.240.16.0/29" }, closed),
      lines: [`${at}.apiServer: 10.240.16.0/29 is too small; the API server takes a /28 at least`],
      right: of({ apiServer: "10.240.16.0/28" }, closed),
    },
    {
      what: "of a network that exists, the API server's is named",
      wrong: of(existing(), closed),
      lines: [`${at}.existing.apiServerSubnet: is required, since cluster.api is private; write the id of the subnet`],
      right: of(existing("apiServerSubnet"), closed),
    },
    {
      what: "of a network that exists, the one for private endpoints is named",
      wrong: of(existing(), zoned),
      lines: [`${at}.existing.privateEndpointsSubnet: is required, since registry.privateEndpoint is true; write the id of the subnet`],
      right: of(existing("privateEndpointsSubnet"), zoned),
    },
    {
      what: "a network that exists may have the zone of private endpoints already",
      wrong: of(existing("privateEndpointsSubnet"), endpoint),
      lines: ["mooring:registry.privateDnsZone: is required in an existing network, which may know the zone privatelink.azurecr.io already; write its id"],
      // In a network of its own Mooring makes the zone.
      right: endpoint,
    },
    {
      what: "each that exists has a use of its own",
      wrong: of({ existing: { nodesSubnet: subnet("nodes"), apiServerSubnet: subnet("nodes").toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions") } }, closed),
      lines: [`${at}.existing.apiServerSubnet: is the subnet of nodesSubnet already; each has its own`],
      right: of(existing("apiServerSubnet"), closed),
    },
    {
      what: "those that exist are of one network",
      wrong: of({ existing: { nodesSubnet: subnet("nodes"), apiServerSubnet: subnet("api").replace("vnet-spoke", "vnet-hub") } }, closed),
      lines: [`${at}.existing.apiServerSubnet: is in another virtual network than nodesSubnet; the cluster lives in one`],
      right: of({ existing: { nodesSubnet: subnet("nodes"), apiServerSubnet: subnet("api").replace("vnet-spoke", "VNET-SPOKE") } }, closed),
    },
    {
      what: "a cluster that exists lends none to a private endpoint",
      wrong: { cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } }, ...zoned },
      lines: [`${at}.existing.privateEndpointsSubnet: is required, since registry.privateEndpoint is true; write the id of the subnet`],
      right: { cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } }, ...zoned, network: existing("privateEndpointsSubnet") },
    },
    {
      what: "ranges belong to a network of one's own",
      wrong: of({ ...existing(), nodes: "10.240.0.0/20", addressSpace: "10.240.0.0/16" }),
      lines: ["addressSpace", "nodes"].map((name) => `${at}.${name}: belongs to a network that Mooring makes; remove it, or network.existing`),
      right: of({ ...existing(), pods: "10.244.0.0/16", services: "10.0.0.0/16", egress: "natGateway" }),
    },
    {
      what: "pods' and services' ranges lie apart, in a network that exists too",
      wrong: of({ ...existing(), pods: "10.0.0.0/12" }),
      lines: [`${at}.pods: 10.0.0.0/12 overlaps services (10.0.0.0/16); choose ranges that do not overlap`],
      // The network's own range is not known here.
      right: of({ ...existing(), pods: "10.240.0.0/12", services: "10.0.0.0/16" }),
    },
    {
      what: "there are addresses for the nodes of every pool during an upgrade",
      wrong: of({ nodes: "10.240.0.0/27" }, { cluster: cluster({ pools: { apps: { max: 20 } } }) }),
      lines: [`${at}.nodes: 10.240.0.0/27 is too small for the 31 nodes that all pools may have during an upgrade`],
      // 32 addresses, of which Azure keeps five; 17 nodes and a third more, and the system pool's three and one.
      right: of({ nodes: "10.240.0.0/27" }, { cluster: cluster({ pools: { apps: { max: 17 } } }) }),
    },
  ]);
});

describe("where the environment lives, and what it may cost", () => {
  testRules([
    {
      what: "a vault's firewall takes public ranges",
      wrong: { vaults: { allowedRanges: ["10.1.0.0/16"] } },
      lines: ['mooring:vaults.allowedRanges[0]: "10.1.0.0/16" is a private range, and a vault\'s firewall takes public addresses only'],
      right: { vaults: { allowedRanges: ["203.0.113.0/24", "11.0.0.0/8"] } },
    },
    {
      what: "a resource group's name ends with no dot",
      wrong: azure({ resourceGroup: "rg-acme." }),
      lines: ['mooring:azure.resourceGroup: "rg-acme." is not the name of a resource group: at most 90 letters, digits, - _ . ( ), and no dot at the end'],
      right: azure({ resourceGroup: "rg.acme_(1)" }),
    },
    {
      what: "the tags of Mooring are its own",
      wrong: azure({ tags: { Tenant: "x" } }),
      lines: ["mooring:azure.tags.Tenant: a tag's name has none of < > % & \\ ? /; environment, tier, owner, tenant, tenant-state and managed-by are set by Mooring"],
      right: azure({ tags: { tenants: "x" } }),
    },
    {
      what: "so they are on the cluster",
      wrong: { cluster: cluster({ tags: { tier: "gold" } }) },
      lines: ["mooring:cluster.tags.tier: a tag's name has none of < > % & \\ ? /; environment, tier, owner, tenant, tenant-state and managed-by are set by Mooring"],
      right: { cluster: cluster({ tags: { tiers: "gold" } }) },
    },
    {
      what: "a tag has a name",
      wrong: azure({ tags: { "": "x" } }),
      lines: ["mooring:azure.tags.: must not be empty"],
      right: azure({ tags: { " ": "x" } }),
    },
    {
      what: "Azure takes names of 512 characters",
      wrong: azure({ tags: { ["x".repeat(513)]: "x" } }),
      lines: [`mooring:azure.tags.${"x".repeat(513)}: has 513 characters, at most 512 are allowed`],
      right: azure({ tags: { ["x".repeat(512)]: "x" } }),
    },
    {
      what: "there is room for twenty tags",
      wrong: azure({ tags: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`t${i}`, ""])) }),
      lines: ["mooring:azure.tags: at most 20 tags"],
      right: azure({ tags: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`t${i}`, ""])) }),
    },
    {
      what: "a budget starts with a month",
      wrong: budget({ start: "2026-12-02" }),
      lines: ['mooring:budget.start: "2026-12-02" is not the first day of a month, on which a budget starts; write 2026-12-01'],
      right: budget({ start: "2027-01-01" }),
    },
    {
      what: "a budget's start is a day",
      wrong: budget({ start: "2026-13-01" }),
      lines: ['mooring:budget.start: "2026-13-01" is not a day of the calendar'],
      right: budget({ start: "2026-11-01" }),
    },
    {
      what: "a budget is more than nothing",
      wrong: budget({ amount: 0 }),
      lines: ["mooring:budget.amount: 0 is not allowed, more than 0 is"],
      right: budget({ amount: 0.5 }),
    },
    {
      what: "somebody is told",
      wrong: budget({ emails: [] }),
      lines: ["mooring:budget.emails: must not be empty"],
      right: budget({ emails: ["a@acme.example", "b@acme.example"] }),
    },
    {
      what: "by e-mail",
      wrong: budget({ emails: ["@platform"] }),
      lines: ['mooring:budget.emails[0]: "@platform" is not an e-mail address'],
      right: budget({ emails: ["platform@acme.example"] }),
    },
  ]);
});
