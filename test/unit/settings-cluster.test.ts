/** Rules of the cluster, its own or one that exists: each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { administrators, cluster, hub, owners, production } from "../azure.ts";
import { testRules } from "../rules.ts";
import { mistakes } from "../settings.ts";

const of = (more: Record<string, unknown>) => ({ cluster: cluster(more) });
const existing = (more: Record<string, unknown> = {}, others: Record<string, unknown> = {}) => ({ cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared", ...more }, ...others } });
const zone = hub("Microsoft.Network/privateDnsZones", "private.westeurope.azmk8s.io");
const at = "mooring:cluster";
const example = "/subscriptions/8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/rg-hub/providers";

describe("who administers and reaches the cluster", () => {
  testRules([
    {
      what: "administrators are required",
      wrong: { cluster: { sku: "Free" } },
      lines: [`${at}.administrators: is required; write the object ids of Entra groups, for example ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"]`],
      right: of({ sku: "Free" }),
    },
    {
      what: "a group administers once",
      wrong: of({ administrators: [administrators, administrators] }),
      lines: [`${at}.administrators: names a group twice`],
      right: of({ administrators: [administrators, owners] }),
    },
    {
      what: "a group uses the cluster once",
      wrong: of({ users: [owners, owners] }),
      lines: [`${at}.users: names a group twice`],
      // An administrator may be a user; the right is given once.
      right: of({ users: [owners, administrators] }),
    },
    {
      what: "production says who may reach the API server",
      wrong: { tier: "production" },
      lines: [`${at}.authorizedRanges: is required in production; write the ranges of your offices and agents, for example [203.0.113.0/24], or [] to let every address try`],
      right: production(),
    },
    {
      what: "so it does with VNet integration, whose public address stays",
      wrong: { tier: "production", ...of({ api: "vnetIntegration" }) },
      lines: [`${at}.authorizedRanges: is required in production; write the ranges of your offices and agents, for example [203.0.113.0/24], or [] to let every address try`],
      right: { tier: "production", ...of({ api: "private" }) },
    },
    {
      what: "a private API server has no public address to restrict",
      wrong: of({ api: "private", authorizedRanges: ["203.0.113.0/24"] }),
      lines: [`${at}.authorizedRanges: a private API server has no public address to restrict; remove it, or write api: public`],
      right: of({ api: "vnetIntegration", authorizedRanges: ["203.0.113.0/24"] }),
    },
    {
      what: "AKS takes 200 ranges",
      wrong: of({ authorizedRanges: Array.from({ length: 201 }, (_, i) => `203.0.${i}.0/24`) }),
      lines: [`${at}.authorizedRanges: AKS takes at most 200 ranges`],
      right: of({ authorizedRanges: Array.from({ length: 200 }, (_, i) => `203.0.${i}.0/24`) }),
    },
    {
      what: "only a private API server has a private zone",
      wrong: of({ api: "vnetIntegration", privateDnsZone: zone }),
      lines: [`${at}.privateDnsZone: only a private API server has a private DNS zone; remove it, or write api: private`],
      right: of({ api: "private", privateDnsZone: zone }),
    },
    {
      what: "the zone is the region's, or a part below it",
      wrong: of({ api: "private", privateDnsZone: hub("Microsoft.Network/privateDnsZones", "privatelink.westeurope.azmk8s.io") }),
      lines: [`${at}.privateDnsZone: the zone of a private API server in westeurope is private.westeurope.azmk8s.io, or a part below it; write the id of that one`],
      right: of({ api: "private", privateDnsZone: hub("Microsoft.Network/privateDnsZones", "acme.private.westeurope.azmk8s.io") }),
    },
    {
      what: "a zone that only ends alike is another",
      wrong: of({ api: "private", privateDnsZone: hub("Microsoft.Network/privateDnsZones", "notprivate.westeurope.azmk8s.io") }),
      lines: [`${at}.privateDnsZone: the zone of a private API server in westeurope is private.westeurope.azmk8s.io, or a part below it; write the id of that one`],
      right: of({ api: "private", privateDnsZone: zone }),
    },
    {
      what: "a zone is named by its id",
      wrong: of({ api: "private", privateDnsZone: "private.westeurope.azmk8s.io" }),
      lines: [`${at}.privateDnsZone: "private.westeurope.azmk8s.io" is not the id of a private DNS zone; write for example ${example}/Microsoft.Network/privateDnsZones/name`],
      right: of({ api: "private", privateDnsZone: zone.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions") }),
    },
  ]);
});

describe("versions and upgrades", () => {
  testRules([
    {
      what: "long-term support is a tier of its own",
      wrong: of({ longTermSupport: true, sku: "Standard" }),
      lines: [`${at}.sku: long-term support has a tier of its own, Premium; remove sku, or longTermSupport`],
      right: of({ longTermSupport: true }),
    },
    {
      what: "the tier of long-term support is not to be had without it",
      wrong: of({ sku: "Premium" }),
      lines: [`${at}.sku: "Premium" is not one of Free, Standard`],
      right: of({ sku: "Standard" }),
    },
    {
      what: "a window has four hours at least",
      wrong: of({ upgrades: { window: { hours: 3 } } }),
      lines: [`${at}.upgrades.window.hours: 3 is not allowed, at least 4 is`],
      right: of({ upgrades: { window: { hours: 4 } } }),
    },
    {
      what: "a window starts at a time of day",
      wrong: of({ upgrades: { nodeWindow: { start: "24:00" } } }),
      lines: [`${at}.upgrades.nodeWindow.start: "24:00" is not a time; write it in quotes, for example "20:00"`],
      right: of({ upgrades: { nodeWindow: { start: "23:59" } } }),
    },
    {
      what: "windows are told in hours from UTC",
      wrong: of({ upgrades: { utcOffset: "CET" } }),
      lines: [`${at}.upgrades.utcOffset: "CET" is not an offset from UTC; write for example "+01:00"`],
      right: of({ upgrades: { utcOffset: "-09:30" } }),
    },
    {
      what: "a freeze ends after it begins",
      wrong: of({ upgrades: { freezes: [{ from: "2026-12-20", to: "2026-12-19" }] } }),
      lines: [`${at}.upgrades.freezes[0]: ends (2026-12-19) before it begins (2026-12-20)`],
      right: of({ upgrades: { freezes: [{ from: "2026-12-20", to: "2026-12-20" }] } }),
    },
    {
      what: "a freeze is told in days of the calendar",
      wrong: of({ upgrades: { freezes: [{ from: "2027-02-28", to: "2027-02-29" }] } }),
      lines: [`${at}.upgrades.freezes[0].to: "2027-02-29" is not a day of the calendar`],
      right: of({ upgrades: { freezes: [{ from: "2028-02-28", to: "2028-02-29" }] } }),
    },
  ]);
});

describe("a cluster that exists", () => {
  const belongs = "belongs to a cluster that Mooring makes; remove it, or cluster.existing";
  testRules([
    {
      what: "has no settings but its own",
      wrong: existing({}, { sku: "Free", pools: {}, generation: 2 }),
      lines: [`${at}.sku: ${belongs}`, `${at}.pools: ${belongs}`, `${at}.generation: ${belongs}`],
      right: existing({}, { users: [] }),
    },
    {
      what: "has its own network and metrics",
      wrong: { ...existing(), network: { egress: "natGateway" }, monitoring: { prometheus: true, retentionDays: 60 } },
      lines: [`mooring:network.egress: ${belongs}`, `mooring:monitoring.prometheus: ${belongs}`],
      right: { ...existing(), monitoring: { retentionDays: 60 } },
    },
    {
      what: "is named as AKS names clusters",
      wrong: existing({ name: "aks_" }),
      lines: [`${at}.existing.name: "aks_" is not the name of an AKS cluster`],
      right: existing({ name: "aks_1" }),
    },
    {
      what: "has the pools that the settings name",
      wrong: { ...existing({ pools: { batch: {} } }), tenants: { orders: { nodePool: "batsh" } } },
      lines: ["mooring:tenants.orders.nodePool: there is no pool batsh in cluster.existing.pools; did you mean batch?"],
      right: { ...existing({ pools: { batch: {} } }), tenants: { orders: { nodePool: "batch" } } },
    },
    {
      what: "may have any taint on them, AKS's own included",
      wrong: existing({ pools: { spare: { taints: ["kubernetes.azure.com/scalesetpriority=spot"] } } }),
      lines: [`${at}.existing.pools.spare.taints[0]: "kubernetes.azure.com/scalesetpriority=spot" is not a taint; write key=value:NoSchedule`],
      right: existing({ pools: { spare: { taints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"] } } }),
    },
  ]);

  test("is bound to no version that Mooring installs, and makes no names that could be too long", () => {
    assert.deepEqual(mistakes({ ...existing(), tier: "production" }, { environment: "production-westeurope" }), []);
    assert.deepEqual(mistakes(production(), { environment: "production-westeurope" }), [
      "stack production-westeurope: the stack's name makes the Grafana workspace name amg-acme-production-westeurope, which is 7 characters longer than the 23 allowed; shorten the stack's name or mooring:platform",
    ]);
    assert.deepEqual(mistakes(production({ monitoring: { grafana: false } }), { environment: "production-westeurope" }), []);
  });
});
