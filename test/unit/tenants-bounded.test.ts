/**
 * Whatever a tenant's settings say, once accepted: its quota is all there and no more, and no allowance opens an address that stays
 * closed. Addresses are compared by arithmetic of the test's own.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fluxNetworkPolicies } from "../../components/flux/networks.ts";
import type { TenantSettings } from "../../components/settings/settings.ts";
import { amount } from "../../components/settings/values.ts";
import { identityPolicySpec, networkPolicySpec } from "../../components/tenant/traffic.ts";
import { opens } from "./address-ranges.ts";
import { forAccepted } from "./tenants-accepted.ts";

describe("a tenant whose settings are accepted", () => {
  test("has its whole quota in its namespaces together: counts and CPU exactly, bytes but for less than a mebibyte", async () => {
    await forAccepted(300, ({ tenants }) => {
      for (const { quota, namespaces } of tenants) {
        const sum = (of: (part: TenantSettings["quota"]) => number) => namespaces.reduce((all, part) => all + of(part.quota), 0);
        for (const count of ["pods", "volumes", "services", "loadBalancers", "configMaps", "secrets", "jobs", "objects", "fluxObjects"] as const) {
          assert.equal(sum((part) => part[count]), quota[count], count);
          assert.ok(namespaces.every((part) => part.quota[count] >= 0), count);
        }
        assert.equal(Math.round(sum(({ cpu }) => amount(cpu)) * 1000), Math.round(amount(quota.cpu) * 1000), "cpu");
        for (const bytes of ["memory", "storage"] as const) {
          const lost = amount(quota[bytes]) - sum((part) => amount(part[bytes]));
          assert.ok(lost >= 0 && lost < 2 ** 20, `${bytes}: ${lost} bytes of ${quota[bytes]} are lost`);
        }
        assert.equal(namespaces.reduce((all, { share }) => all + share, 0), 100);
      }
    });
  });

  test("reaches neither a machine's own addresses nor the cluster's pods, services and nodes", async () => {
    await forAccepted(500, (settings) => {
      const { pods, services, nodes } = settings.network;
      const closed = ["169.254.169.254", "168.63.129.16", pods, services, nodes];
      for (const tenant of settings.tenants) {
        for (const { to } of [...networkPolicySpec(tenant, settings.tenancy).egress, ...identityPolicySpec(settings).egress]) {
          for (const peer of to) {
            if (!("ipBlock" in peer)) continue;
            for (const range of closed) assert.ok(!opens(peer.ipBlock, range), `${JSON.stringify(peer.ipBlock)} opens some of ${range}`);
          }
        }
      }
      // Flux may reach the API server, which has an address among the services, but not what is behind the others.
      for (const { to } of fluxNetworkPolicies(settings).flux.egress) {
        for (const peer of to) {
          if (!("ipBlock" in peer)) continue;
          for (const range of closed.filter((one) => one !== services)) assert.ok(!opens(peer.ipBlock as { cidr: string }, range), range);
        }
      }
    });
  });

  test("opens what it names, but for what stays closed", async () => {
    await forAccepted(300, (settings, { tenants: set }) => {
      for (const tenant of settings.tenants) {
        const entries = ((set[tenant.name]!.traffic as { outside?: { cidr: string }[] } | undefined)?.outside ?? []).map(({ cidr }) => cidr);
        const blocks = networkPolicySpec(tenant, settings.tenancy).egress.flatMap(({ to }) => to.flatMap((peer) => ("ipBlock" in peer ? [peer.ipBlock] : [])));
        assert.deepEqual(blocks.map(({ cidr }) => cidr), entries);
        for (const [index, block] of blocks.entries()) if (entries[index] === "0.0.0.0/0") assert.ok(opens(block, "203.0.113.7") && opens(block, "169.253.255.255"));
      }
    });
  });
});

