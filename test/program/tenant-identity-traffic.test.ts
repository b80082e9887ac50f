/** Where pods that act as a tenant's identity in Azure may connect to, and which network policies a tenant has at all. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const tenants = {
  least: null,
  orders: { namespaces: { orders: {}, "order-jobs": {} }, identity: { serviceAccounts: ["orders-api"] } },
};
const program = await Program.of(configuration({ tenants }));

/** HTTPS to every public address, for pods with the label of the workload identity webhook. */
const identity = (...own: string[]) => ({
  podSelector: { matchLabels: { "azure.workload.identity/use": "true" } },
  policyTypes: ["Egress"],
  egress: [
    {
      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "168.63.129.16/32", ...own] } }],
      ports: [{ port: 443, protocol: "TCP" }],
    },
  ],
});
const spec = (of: Program) => of.object("NetworkPolicy", "orders", "identity").inputs.spec;

describe("pods with an identity", () => {
  test("reach HTTPS at public addresses: not the metadata, and nothing private", () => {
    assert.deepEqual(spec(program), identity());
  });

  test("reach nothing of a cluster that has public addresses for its own", async () => {
    const network = { addressSpace: "52.0.0.0/16", nodes: "52.0.0.0/20", apiServer: "52.0.16.0/28", privateEndpoints: "52.0.17.0/24", pods: "33.0.0.0/16", services: "10.1.0.0/16" };
    assert.deepEqual(spec(await Program.of(configuration({ tenants, network }))), identity("33.0.0.0/16", "52.0.0.0/20", "52.0.16.0/28"));
  });

  test("are the same in a cluster that somebody else made", async () => {
    const cluster = { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } };
    assert.deepEqual(spec(await Program.of(configuration({ tenants, cluster }))), identity());
  });
});

test("a tenant has one policy a workload namespace, and one more where its identity is", () => {
  const policies = program.all("NetworkPolicy").map(({ inputs }) => inputs.metadata as { name: string; namespace: string });
  assert.deepEqual(
    policies.filter(({ namespace }) => namespace !== "flux-system").map(({ namespace, name }) => `${namespace}/${name}`).sort(),
    ["least/tenant", "order-jobs/tenant", "orders/identity", "orders/tenant"],
  );
});
