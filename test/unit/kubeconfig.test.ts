import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clusterIdentifier, endpointOf, kubeconfig } from "../../components/azure/kubeconfig.ts";
import { settings, smallest } from "../settings.ts";

describe("the kubeconfig", () => {
  const text = kubeconfig("aks-acme-staging", "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e", { server: "https://x.hcp.westeurope.azmk8s.io:443", certificateAuthority: "Q0E=" });

  test("asks kubelogin with the Azure CLI's login and holds no secret and no client id", () => {
    const { users, clusters } = JSON.parse(text) as { users: { user: Record<string, { command: string; args: string[] }> }[]; clusters: unknown };
    assert.deepEqual(Object.keys(users[0]!.user), ["exec"]);
    const { command, args } = users[0]!.user.exec!;
    assert.equal(command, "kubelogin");
    assert.deepEqual(args, [
      "get-token", "--environment", "AzurePublicCloud", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630",
      "--tenant-id", "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e", "--login", "azurecli",
    ]);
    assert.deepEqual(clusters, [{ name: "aks-acme-staging", cluster: { server: "https://x.hcp.westeurope.azmk8s.io:443", "certificate-authority-data": "Q0E=" } }]);
  });

  test("takes server and certificate authority out of what AKS hands out", async () => {
    const aks = "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: Q0E=\n    server: https://a:443\n  name: x\nusers:\n- name: y\n  user:\n    token: planted\n";
    assert.deepEqual(await endpointOf(Buffer.from(aks).toString("base64")), { server: "https://a:443", certificateAuthority: "Q0E=" });
  });
});

describe("the cluster's identity", () => {
  const cluster = smallest.cluster as object;
  const base = clusterIdentifier(settings());

  test("stays while the cluster lives", () => {
    for (const change of [
      { owner: "someone else" },
      { tenants: { orders: {} } },
      { network: { nodes: "10.240.32.0/20" } },
      { cluster: { ...cluster, kubernetesVersion: "1.34", sku: "Standard", authorizedRanges: ["203.0.113.0/24"], systemPool: { min: 3, max: 4 } } },
    ]) {
      assert.equal(clusterIdentifier(settings(change)), base);
    }
  });

  test("is the same in every version of the program: another one would make everything in every cluster anew", () => {
    assert.equal(base, "acme/staging/5a848f3b3b47/1");
  });

  test("changes with what only a new cluster can have, and with its generation", () => {
    const others = [
      { network: { egress: "natGateway" } },
      { cluster: { ...cluster, systemPool: { vmSize: "Standard_D4ds_v5" } } },
      { cluster: { ...cluster, systemPool: { zones: ["1"] } } },
      { cluster: { ...cluster, systemPool: { osDisk: "Ephemeral" } } },
      { network: { pods: "10.100.0.0/16" } }, { azure: { ...(smallest.azure as object), location: "northeurope" } }, { cluster: { ...cluster, generation: 2 } }, { platform: "other" },
    ];
    const identifiers = others.map((change) => clusterIdentifier(settings(change)));
    assert.equal(new Set([base, ...identifiers]).size, others.length + 1);
  });
});
