import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inlineOptions } from "../../components/azure/inline-pool.ts";
import type { LivePool } from "../../components/azure/inline-pool.ts";
import { systemPoolProfile } from "../../components/azure/pool-args.ts";
import { settings, smallest } from "../settings.ts";

const wanted = (systemPool: object = {}) => settings({ cluster: { ...(smallest.cluster as object), systemPool } });

/** The pool as AKS tells it once it was made from the smallest settings: with more than was said, and scaled out. */
const live = {
  ...systemPoolProfile(wanted().cluster, "/subscriptions/s/subnets/nodes"),
  count: 3,
  orchestratorVersion: "1.35",
  currentOrchestratorVersion: "1.35.4",
  kubeletDiskType: "OS",
  maxPods: 250,
  osDiskSizeGB: 128,
  powerState: { code: "Running" },
  upgradeSettings: { maxSurge: "33%", drainTimeoutInMinutes: 30, undrainableNodeBehavior: "Cordon" },
} as unknown as LivePool;

describe("the cluster's inline pool against the one that AKS has", () => {
  test("as wanted: nothing in the list is a change, whatever AKS added or did by itself", () => {
    assert.deepEqual(inlineOptions(wanted(), live), { ignoreChanges: ["agentPoolProfiles"], replaceOnChanges: [] });
  });

  test("other bounds: a change that AKS takes", () => {
    assert.deepEqual(inlineOptions(wanted({ min: 2, max: 7 }), live), { ignoreChanges: [], replaceOnChanges: [] });
  });

  for (const [what, change] of Object.entries({ "VM size": { vmSize: "Standard_D4ds_v5" }, zones: { zones: ["1"] }, disk: { osDisk: "Ephemeral" }, "disk's size": { osDiskGb: 64 }, "pods on a node": { maxPods: 110 } })) {
    test(`another ${what}: a new cluster`, () => {
      assert.deepEqual(inlineOptions(wanted(change), live), { ignoreChanges: [], replaceOnChanges: ["agentPoolProfiles"] });
    });
  }

  test("zones in another order are the same zones", () => {
    const inZones = { ...live, availabilityZones: ["3", "1"] } as LivePool;
    assert.deepEqual(inlineOptions(wanted({ zones: ["1", "3"] }), inZones).ignoreChanges, ["agentPoolProfiles"]);
  });
});
