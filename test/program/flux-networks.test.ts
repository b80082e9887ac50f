/**
 * The network policies of Flux's namespace, whole. They would catch: a controller that cannot reach the API server, a Git server or
 * the DNS, however the cluster's network is made; a team that reaches the instance metadata or a node through a controller; and
 * ports that more than the named namespaces see.
 */
import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { describe, test } from "node:test";
import { Program } from "../evaluate.ts";
import { configuration, smallest } from "../settings.ts";

const subnet = (name: string): string =>
  `/subscriptions/8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-hub/subnets/${name}`;
const existing = { nodesSubnet: subnet("nodes"), apiServerSubnet: subnet("api-server"), privateEndpointsSubnet: subnet("private-endpoints") };
const routeTable = "/subscriptions/8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d/resourceGroups/rg-network/providers/Microsoft.Network/routeTables/rt-spoke";
const cluster = (changes: object) => ({ cluster: { ...(smallest.cluster as object), ...changes } });

type Specs = Record<string, unknown>;
const policiesOf = (program: Program) => program.all("NetworkPolicy").filter(({ inputs }) => (inputs.metadata as { namespace: string }).namespace === "flux-system");

async function specs(changes: Record<string, unknown> = {}): Promise<Specs> {
  const program = await Program.of(configuration(changes));
  return Object.fromEntries(policiesOf(program).map(({ inputs }) => [(inputs.metadata as { name: string }).name, inputs.spec]));
}

const from = (namespace: string) => [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }];
const ownPods = [{ podSelector: {} }];
const dns = {
  to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } }, podSelector: { matchLabels: { "k8s-app": "kube-dns" } } }],
  ports: [{ port: 53, protocol: "UDP" }, { port: 53, protocol: "TCP" }],
};

/** For all pods of the namespace, the chart's hook Jobs among them. No ports: SSH, HTTPS, and what an own server listens on. */
const flux = (except: string[]) => ({
  podSelector: {},
  policyTypes: ["Ingress", "Egress"],
  ingress: [{ from: ownPods }],
  egress: [{ to: ownPods }, dns, { to: [{ ipBlock: { cidr: "0.0.0.0/0", except } }] }],
});
const metrics = (namespace: string) => ({ podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: from(namespace), ports: [{ port: 8080, protocol: "TCP" }] }] });
const webhooks = (namespace: string) => ({
  podSelector: { matchLabels: { app: "notification-controller" } },
  policyTypes: ["Ingress"],
  ingress: [{ from: from(namespace), ports: [{ port: 9292, protocol: "TCP" }] }],
});

const machine = ["169.254.0.0/16", "168.63.129.16/32"];
const [pods, nodes] = ["10.244.0.0/16", "10.240.0.0/20"];
const own = [...machine, pods, nodes];

describe("Flux's own network policies", () => {
  test("stand before the controllers do, instead of the chart's", async () => {
    const program = await Program.of(configuration());
    const release = program.one("Release", "mooring-flux");
    assert.ok(policiesOf(program).length > 0);
    for (const policy of policiesOf(program)) assert.ok(program.dependsOn(release, policy), policy.name);
    assert.deepEqual((release.inputs.values as { policies: unknown }).policies, { create: false });
  });

  for (const api of ["public", "vnetIntegration", "private"]) {
    test(`in a network of the environment's own, the API server ${api}`, async () => {
      assert.deepEqual(await specs(cluster({ api })), { flux: flux(own) });
    });
  }

  test("behind a firewall that a route table leads to", async () => {
    assert.deepEqual(await specs({ network: { egress: "userDefinedRouting", routeTable } }), { flux: flux(own) });
  });

  test("in a network that exists, whose subnets' ranges are not known", async () => {
    assert.deepEqual(await specs({ ...cluster({ api: "private" }), network: { existing } }), { flux: flux([...machine, pods]) });
    assert.deepEqual(await specs({ network: { existing, egress: "userDefinedRouting" } }), { flux: flux([...machine, pods]) });
  });

  test("in a cluster that exists", async () => {
    const changes = { cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared", pools: {} } }, registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared" } } };
    assert.deepEqual(await specs(changes), { flux: flux(machine) });
  });

  test("with other ranges", async () => {
    const network = { addressSpace: "10.8.0.0/16", nodes: "10.8.0.0/20", apiServer: "10.8.16.0/28", privateEndpoints: "10.8.17.0/24", pods: "10.9.0.0/16", services: "10.10.0.0/16" };
    assert.deepEqual(await specs({ ...cluster({ api: "vnetIntegration" }), network }), { flux: flux([...machine, "10.9.0.0/16", "10.8.0.0/20"]) });
  });

  test("with an ingress controller and with monitoring, of the cluster's own or of AKS", async () => {
    assert.deepEqual(await specs({ tenancy: { ingressNamespace: "app-routing-system", monitoringNamespace: "monitoring" } }), {
      flux: flux(own),
      metrics: metrics("monitoring"),
      webhooks: webhooks("app-routing-system"),
    });
    assert.deepEqual(await specs({ monitoring: { prometheus: true } }), { flux: flux(own), metrics: metrics("kube-system") });
  });

  // What a range selects besides is the CNI's: Cilium takes pods and nodes out of every range.
  test("leave open what the controllers need, and nothing that answers only because it is near", async () => {
    const { flux: spec } = (await specs(cluster({ api: "private" }))) as { flux: ReturnType<typeof flux> };
    const [, , outside] = spec.egress as [unknown, unknown, { to: [{ ipBlock: { cidr: string; except: string[] } }] }];
    const closed = new BlockList();
    for (const range of outside.to[0].ipBlock.except) closed.addSubnet(range.split("/")[0]!, Number(range.split("/")[1]));
    const open = { "github.com": "140.82.121.4", "the API server in its subnet": "10.240.16.4", "a public API server": "20.50.1.2", "the API server's service": "10.0.0.1", "the registry's private endpoint": "10.240.17.5" };
    for (const [what, address] of Object.entries(open)) assert.equal(closed.check(address), false, what);
    const near = { "the instance metadata": "169.254.169.254", "Azure's host": "168.63.129.16", "a node": "10.240.0.7", "a pod": "10.244.3.9" };
    for (const [what, address] of Object.entries(near)) assert.equal(closed.check(address), true, what);
  });
});
