import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findings, healthy, stackFile, subscription } from "../doctor.ts";

/** What the doctor says about the pools of a cluster of these versions. */
async function said(runs: string, pools: Record<string, string>): Promise<string[]> {
  const id = `/subscriptions/${subscription}/resourceGroups/rg-acme-test/providers/Microsoft.ContainerService/managedClusters/aks-acme-test`;
  const agentPoolProfiles = Object.entries(pools).map(([name, currentOrchestratorVersion]) => ({ name, currentOrchestratorVersion }));
  const lines = await findings({ yaml: stackFile, az: { ...healthy(), resources: { [id]: { currentKubernetesVersion: runs, agentPoolProfiles } } } });
  return lines.filter((line) => line.includes("node pools"));
}

const command = (version: string) =>
  `\`az aks nodepool upgrade --resource-group rg-acme-test --cluster-name aks-acme-test --name system --kubernetes-version ${version} --subscription ${subscription}\`, at a quiet hour`;

describe("node pools", () => {
  test("of the cluster's minor version, whatever their patch", async () => {
    assert.deepEqual(await said("1.35.4", { system: "1.35.1", apps: "1.35.4" }), ["ok       node pools: of the cluster's version, 1.35"]);
  });

  test("one that was left behind, with the command that takes it along", async () => {
    assert.deepEqual(await said("1.35.4", { system: "1.34.9", apps: "1.35.4" }), [`warning  node pools: system runs Kubernetes 1.34, the cluster 1.35; ${command("1.35")}`]);
  });

  test("one so far behind that the cluster cannot go on", async () => {
    assert.deepEqual(await said("1.35.0", { system: "1.32.9" }), [
      `missing  node pools: system runs Kubernetes 1.32, the cluster 1.35; the cluster's next upgrade is refused; ${command("1.35")}`,
    ]);
  });

  test("nothing of a cluster that does not exist yet", async () => {
    assert.deepEqual((await findings({ yaml: stackFile })).filter((line) => line.includes("node pools")), []);
  });
});
