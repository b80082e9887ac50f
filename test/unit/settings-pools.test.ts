/** Rules of node pools: each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { toleration } from "../../components/tenant/placement.ts";
import { cluster, production } from "../azure.ts";
import { testRules } from "../rules.ts";
import { settings } from "../settings.ts";

const of = (more: Record<string, unknown>, tenants: Record<string, unknown> = {}) => ({ cluster: cluster(more), tenants });
const pools = (written: Record<string, unknown>, tenants: Record<string, unknown> = {}) => of({ pools: { apps: {}, ...written } }, tenants);
const at = "mooring:cluster";

describe("pools", () => {
  testRules([
    {
      what: "system is the cluster's own",
      wrong: pools({ system: {} }),
      lines: [`${at}.pools.system: the name system belongs to the cluster's own pool (systemPool); choose another`],
      right: pools({ system2: {} }),
    },
    {
      what: "one pool takes Flux: spare capacity has a taint",
      wrong: of({ pools: { apps: { spot: true } } }),
      lines: [`${at}.pools: there is no pool without a taint, so Flux has no node to run on; add one, for example apps: {}`],
      right: of({ pools: { apps: { spot: true }, other: {} } }),
    },
    {
      what: "so does a pool that is kept for a tenant",
      wrong: of({ pools: { apps: { tenant: "orders" } } }, { orders: {} }),
      lines: [`${at}.pools: there is no pool without a taint, so Flux has no node to run on; add one, for example apps: {}`],
      right: of({ pools: { apps: { tenant: "orders" } }, nodeProvisioning: true }, { orders: {} }),
    },
    {
      what: "a pool is kept for a tenant that there is",
      wrong: pools({ mine: { tenant: "ordres" } }, { orders: {} }),
      lines: [`${at}.pools.mine.tenant: there is no tenant ordres; did you mean orders?`],
      right: pools({ mine: { tenant: "orders" } }, { orders: {} }),
    },
    {
      what: "a tenant has one pool of its own",
      wrong: pools({ mine: { tenant: "orders" }, more: { tenant: "orders" } }, { orders: {} }),
      lines: [`${at}.pools.more.tenant: the pool mine is kept for orders already; a tenant has one pool of its own`],
      right: pools({ mine: { tenant: "orders" }, more: { tenant: "web" } }, { orders: {}, web: {} }),
    },
    {
      what: "nobody else runs on a pool that is kept",
      wrong: pools({ mine: { tenant: "orders" } }, { orders: {}, web: { nodePool: "mine" } }),
      lines: ["mooring:tenants.web.nodePool: the pool mine is kept for orders (cluster.pools.mine.tenant); name another"],
      right: pools({ mine: { tenant: "orders" } }, { orders: { nodePool: "mine" }, web: { nodePool: "apps" } }),
    },
    {
      what: "keys of AKS and Mooring are taken",
      wrong: pools({ mine: { taints: ["mooring.platform/tenant=orders:NoSchedule"] } }),
      lines: [`${at}.pools.mine.taints[0]: "mooring.platform/tenant=orders:NoSchedule" has a key of kubernetes.io, azure.com or mooring.platform, which are taken; choose another`],
      right: pools({ mine: { taints: ["platform/tenant=orders:NoSchedule"] } }),
    },
    {
      what: "a taint has an effect",
      wrong: pools({ mine: { taints: ["team=batch"] } }),
      lines: [`${at}.pools.mine.taints[0]: "team=batch" is not a taint; write key=value:NoSchedule`],
      right: pools({ mine: { taints: ["team=batch:NoExecute", "team:PreferNoSchedule"] } }),
    },
    ...[
      ["Standard_D4s_v5", "Standard_D4ds_v5"],
      ["Standard_D4as_v4", "Standard_D4ads_v5"],
      // Before version 4 a size has a disk without saying so.
      ["Standard_E8s_v5", "Standard_E8s_v3"],
      // Sizes for storage and for supercomputing have one without saying so.
      ["Standard_F8as_v6", "Standard_L8s_v4"],
      ["Standard_D8as_v6", "Standard_HB176rs_v4"],
      ["Standard_E8as_v5", "Standard_ND96isr_H100_v5"],
      ["Standard_D8pls_v6", "Standard_NC24ads_A100_v4"],
    ].map(([wrong = "", right = ""]) => ({
      what: `a system on the size's own disk needs a size that has one: ${wrong} has none, ${right} has`,
      wrong: pools({ mine: { osDisk: "Ephemeral", vmSize: wrong } }),
      lines: [`${at}.pools.mine.vmSize: ${wrong} has no disk of its own to hold the operating system; choose a size with a d, such as Standard_D4ds_v5, or write osDisk: Managed`],
      right: pools({ mine: { osDisk: "Ephemeral", vmSize: right }, more: { osDisk: "Managed", vmSize: wrong } }),
    })),
    {
      what: "so does the cluster's own pool, and in production by default",
      wrong: production({ cluster: cluster({ authorizedRanges: [], systemPool: { vmSize: "Standard_D4s_v5" } }) }),
      lines: [`${at}.systemPool.vmSize: Standard_D4s_v5 has no disk of its own to hold the operating system; choose a size with a d, such as Standard_D4ds_v5, or write osDisk: Managed`],
      right: production({ cluster: cluster({ authorizedRanges: [], systemPool: { vmSize: "Standard_D4s_v5", osDisk: "Managed" } }) }),
    },
    {
      what: "AKS runs 30 pods a node at least",
      wrong: pools({ mine: { maxPods: 29 } }),
      lines: [`${at}.pools.mine.maxPods: 29 is not allowed, at least 30 is`],
      right: pools({ mine: { maxPods: 30, osDisk: "Ephemeral", osDiskGb: 30, min: 0 } }),
    },
    {
      what: "the cluster's own pool is never empty",
      wrong: of({ systemPool: { min: 0 } }),
      lines: [`${at}.systemPool.min: 0 is not allowed, at least 1 is`],
      right: of({ systemPool: { min: 1 } }),
    },
  ]);

  test("what keeps a pool for a tenant lets that tenant in, and with any other labels and taints too", () => {
    const key = fc.stringMatching(/^[a-z]{1,10}$/);
    fc.assert(
      fc.property(fc.dictionary(key, key, { maxKeys: 3 }), fc.array(fc.tuple(key, fc.constantFrom("NoSchedule", "NoExecute", "PreferNoSchedule")), { maxLength: 3 }), fc.boolean(), (labels, taints, spot) => {
        const mine = { tenant: "orders", labels, taints: taints.map(([name, effect]) => `${name}=x:${effect}`), spot };
        const { cluster: made, tenants } = settings(pools({ mine }, { orders: {}, web: {} }));
        const pool = made.pools.mine!;
        assert.equal(pool.labels["mooring.platform/tenant"], "orders");
        assert.ok(pool.taints.includes("mooring.platform/tenant=orders:NoSchedule"));
        assert.equal(pool.taints.includes("kubernetes.azure.com/scalesetpriority=spot:NoSchedule"), spot);
        const [orders, web] = tenants;
        assert.deepEqual([orders!.nodePool?.name, web!.nodePool], ["mine", undefined]);
        const tolerated = orders!.nodePool!.taints.map(toleration).map(({ key: name, value, effect }) => `${name}=${value}:${effect}`);
        for (const taint of pool.taints) assert.ok(tolerated.includes(taint), taint);
      }),
    );
  });
});
