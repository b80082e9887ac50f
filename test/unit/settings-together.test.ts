/** Several mistakes in one section show in one run, and none is told twice or because of another. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as z from "zod";
import { excluded, together } from "../../components/settings/schema/together.ts";
import { cluster, hub } from "../azure.ts";
import { mistakes } from "../settings.ts";

describe("a check of a section as a whole", () => {
  const section = z
    .strictObject({ reason: z.string().optional(), number: z.int().optional(), other: z.boolean().optional() })
    .check(together((value) => excluded(value, "reason", ["number", "other"], "must go")));
  const lines = (value: unknown) => section.safeParse(value).error?.issues.map(({ path, message, code }) => `${path.join(".")}: ${code === "custom" ? message : code}`) ?? [];

  test("says what must go, each by its own path", () => {
    assert.deepEqual(lines({ reason: "x", number: 1, other: false }), ["number: must go", "other: must go"]);
    assert.deepEqual([lines({ reason: "x" }), lines({ number: 1, other: false }), lines({})], [[], [], []]);
  });

  test("is made even while single settings are wrong or unknown", () => {
    assert.deepEqual(lines({ reason: "x", number: "1", unknown: 2 }), ["number: invalid_type", ": unrecognized_keys", "number: must go"]);
    assert.deepEqual(lines({ reason: 1, other: true }), ["reason: invalid_type", "other: must go"]);
  });

  test("is not made of what is no section", () => {
    for (const value of [null, "text", 1]) assert.deepEqual(lines(value), [": invalid_type"]);
  });

  test("keeps what was checked as it is", () => assert.deepEqual(section.parse({ reason: "x" }), { reason: "x" }));
});

describe("several mistakes of one section", () => {
  const subnet = hub("Microsoft.Network/virtualNetworks", "vnet-spoke/subnets/nodes");

  test("the network's", () => {
    assert.deepEqual(mistakes({ network: { existing: { nodesSubnet: subnet }, nodes: "10.240.0.1/20", routeTabel: "x", egress: "nat" } }), [
      'mooring:network.nodes: "10.240.0.1/20" is not the start of its range; write 10.240.0.0/20',
      'mooring:network.egress: "nat" is not one of loadBalancer, natGateway, userDefinedRouting',
      "mooring:network.routeTabel: there is no such setting; did you mean routeTable?",
      "mooring:network.nodes: belongs to a network that Mooring makes; remove it, or network.existing",
    ]);
  });

  test("the cluster's, where administrators are missing too", () => {
    assert.deepEqual(mistakes({ cluster: { sku: "Cheap", pools: { apps: { max: 0 } }, api: "open" } }), [
      'mooring:cluster.sku: "Cheap" is not one of Free, Standard',
      'mooring:cluster.api: "open" is not one of public, vnetIntegration, private',
      "mooring:cluster.pools.apps.max: 0 is not allowed, at least 1 is",
      'mooring:cluster.administrators: is required; write the object ids of Entra groups, for example ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"]',
    ]);
  });

  test("the registry's and monitoring's", () => {
    const existing = { name: "cracmeshared", resourceGroup: "rg-shared" };
    assert.deepEqual(mistakes({ registry: { existing, sku: "Gold", retentionDays: -1 }, monitoring: { workspace: hub("Microsoft.OperationalInsights/workspaces", "log-hub"), retentionDays: 1 } }), [
      'mooring:monitoring.retentionDays: 1 is not allowed, at least 30 is',
      "mooring:monitoring.retentionDays: belongs to a workspace that Mooring makes; remove it, or monitoring.workspace",
      'mooring:registry.sku: "Gold" is not one of Basic, Standard, Premium',
      "mooring:registry.retentionDays: -1 is not allowed, at least 0 is",
      "mooring:registry.sku: belongs to a registry that Mooring makes; remove it, or registry.existing",
      "mooring:registry.retentionDays: belongs to a registry that Mooring makes; remove it, or registry.existing",
    ]);
  });

  test("of different rules", () => {
    const privateDnsZone = hub("Microsoft.Network/privateDnsZones", "private.westeurope.azmk8s.io");
    const pools = { system: { taints: ["a=b:NoSchedule"] } };
    const upgrades = { freezes: [{ from: "2027-01-02", to: "2027-01-01" }] };
    const lines = mistakes({ cluster: cluster({ privateDnsZone, longTermSupport: true, sku: "Free", pools, upgrades }) });
    assert.deepEqual(lines.map((line) => line.split(": ")[0]), [
      ...["mooring:cluster.pools.system", "mooring:cluster.pools", "mooring:cluster.privateDnsZone", "mooring:cluster.sku", "mooring:cluster.upgrades.freezes[0]"],
    ]);
  });

  test("nothing is concluded from a section that is wrong in itself", () => {
    // Not: that the pool is unknown, nor that the ranges of an environment whose tier is not known are missing.
    assert.deepEqual(mistakes({ cluster: cluster({ pools: { "Big-Pool": {} } }), tenants: { orders: { nodePool: "big" } }, tier: "prod" }), [
      'mooring:tier: "prod" is not one of production, nonproduction',
      "mooring:cluster.pools.Big-Pool: a pool's name has 1 to 12 lower-case letters and digits and starts with a letter",
    ]);
  });
});
