/** Who may talk to a tenant's pods, and whom they may talk to: each kind of allowance, to the letter. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cluster } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const program = await Program.of(
  configuration({
    tenancy: { ingressNamespace: "app-routing-system", monitoringNamespace: "metrics" },
    tenants: {
      least: null,
      orders: {
        namespaces: { orders: {}, "order-jobs": {} },
        traffic: {
          callers: [{ tenant: "web", ports: [8080, 8443] }, { tenant: "renamed", ports: [9000] }],
          ingress: { ports: [8080] },
          monitoring: { ports: [9090, 9091] },
          outside: [
            { name: "payment-provider", cidr: "203.0.113.0/24" },
            { name: "time", cidr: "198.51.100.0/24", ports: [123], protocol: "UDP" },
            { name: "anywhere", cidr: "0.0.0.0/0", ports: [80, 443] },
          ],
        },
      },
      web: {},
      renamed: { formerly: "caller" },
    },
  }),
);

interface Policy {
  ingress: unknown[];
  egress: unknown[];
}
const policy = (namespace: string, of = program) => of.object("NetworkPolicy", namespace, "tenant").inputs.spec as Policy;
const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
/** The workload namespaces of a tenant. */
const podsOf = (key: string) => ({ namespaceSelector: { matchLabels: { "toolkit.fluxcd.io/tenant": key, "mooring.platform/namespace": "workload" } } });
const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" }));
const dns = {
  to: [{ ...inNamespace("kube-system"), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ports: [{ port: 53, protocol: "UDP" }, { port: 53, protocol: "TCP" }],
};

describe("traffic", () => {
  test("by default: only within the namespace and to the cluster's DNS", () => {
    assert.deepEqual(policy("least"), {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }, dns],
    });
  });

  test("of a tenant with several namespaces: between all of them, and the same rules in each", () => {
    assert.deepEqual(policy("order-jobs"), policy("orders"));
    const { ingress, egress } = policy("orders");
    assert.deepEqual([ingress[0], egress[0], egress[1]], [{ from: [podsOf("orders")] }, { to: [podsOf("orders")] }, dns]);
  });

  test("from callers, the ingress controller and monitoring: each on its ports alone", () => {
    assert.deepEqual(policy("orders").ingress.slice(1), [
      { from: [podsOf("web")], ports: tcp(8080, 8443) },
      { from: [podsOf("caller")], ports: tcp(9000) },
      { from: [inNamespace("app-routing-system")], ports: tcp(8080) },
      { from: [inNamespace("metrics")], ports: tcp(9090, 9091) },
    ]);
  });

  test("to a tenant that names its callers: opened on both sides, by the names that the namespaces have", () => {
    for (const [namespace, ports] of [["web", [8080, 8443]], ["caller", [9000]]] as const) {
      assert.deepEqual(policy(namespace), { ...policy("least"), egress: [...policy("least").egress, { to: [podsOf("orders")], ports: tcp(...ports) }] }, namespace);
    }
  });

  test("to the outside: the named ranges, without the machine's addresses and the cluster's own", () => {
    const except = ["169.254.0.0/16", "168.63.129.16/32", "10.244.0.0/16", "10.0.0.0/16", "10.240.0.0/20", "10.240.16.0/28"];
    assert.deepEqual(policy("orders").egress.slice(2), [
      { to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports: tcp(443) },
      { to: [{ ipBlock: { cidr: "198.51.100.0/24" } }], ports: [{ port: 123, protocol: "UDP" }] },
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except } }], ports: tcp(80, 443) },
    ]);
  });

  test("to the outside from a cluster or a network that somebody else made: what is known of it stays closed", async () => {
    const wide = { tenants: { orders: { traffic: { outside: [{ name: "anywhere", cidr: "0.0.0.0/0" }] } } } };
    const except = async (changes: Record<string, unknown>) => {
      const [, , { to }] = policy("orders", await Program.of(configuration({ ...wide, ...changes }))).egress as [unknown, unknown, { to: { ipBlock: { except: string[] } }[] }];
      return to[0]!.ipBlock.except;
    };
    const machine = ["169.254.0.0/16", "168.63.129.16/32"];
    const nodesSubnet = "/subscriptions/8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet/subnets/nodes";
    assert.deepEqual(await except({ cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } } }), machine);
    assert.deepEqual(await except({ cluster: cluster(), network: { existing: { nodesSubnet } } }), [...machine, "10.244.0.0/16", "10.0.0.0/16"]);
  });
});
