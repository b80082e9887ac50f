/** Every create-only row of the stand-in for Azure: the provider plans a replacement, or Azure refuses the change. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOnly } from "../../local/standins/azure/create-only.ts";
import { diffInputs, refusedChanges } from "../../local/standins/azure/inputs.ts";
import { ruleOf } from "../../local/standins/azure/rules.ts";
import type { Value, Values } from "../../local/standins/contract.ts";

/** A tree with one value at a path, lists written `a[].b`. */
function at(path: string, value: Value): Values {
  const [step = "", ...rest] = path.split(".");
  const inner = rest.length === 0 ? value : at(rest.join("."), value);
  return step.endsWith("[]") ? { [step.slice(0, -2)]: [inner] } : { [step]: inner };
}

for (const { type, path, kind } of createOnly) {
  const rule = ruleOf(type);
  const [before, after, unchanged] = [at(path, "westeurope"), at(path, "northeurope"), { ...at(path, "westeurope"), tags: { a: "b" } }];
  test(`${type} ${path} ${kind === "replaces" ? "is replaced" : "is refused"}`, () => {
    const { changes, replaces } = diffInputs(rule, before, after);
    assert.deepEqual(replaces, kind === "replaces" ? changes : []);
    assert.equal(changes.length, 1);
    assert.deepEqual(refusedChanges(rule, { inputs: before, outputs: before }, after), changes, "Azure does not take the change");
    assert.deepEqual(refusedChanges(rule, { inputs: before, outputs: before }, unchanged), []);
    assert.deepEqual(refusedChanges(rule, { inputs: {}, outputs: before }, before), [], "what Azure chose may be spelled out later");
    // An item that is new has nothing that could change.
    if (!path.includes("[]")) assert.equal(refusedChanges(rule, { inputs: {}, outputs: before }, after).length, 1, "also when it was not said before");
  });
}

test("items of a list are known by their names", () => {
  const rule = ruleOf("azure-native:containerservice:ManagedCluster");
  const pools = (...profiles: [name: string, vmSize: string][]): Values => ({ agentPoolProfiles: profiles.map(([name, vmSize]) => ({ name, vmSize })) });
  const before = pools(["a", "small"], ["b", "large"]);
  const refused = (after: Values) => refusedChanges(rule, { inputs: before, outputs: {} }, after);
  assert.deepEqual(refused(pools(["b", "large"], ["a", "small"])), []);
  assert.deepEqual(refused(pools(["c", "large"], ["a", "small"])), []);
  assert.deepEqual(refused(pools(["b", "small"])), ["agentPoolProfiles[0].vmSize"]);
});

test("what is not listed is updated in place", () => {
  const rule = ruleOf("azure-native:containerservice:AgentPool");
  for (const path of ["osSKU", "count", "minCount", "maxCount", "nodeLabels.a", "mode", "upgradeSettings.maxSurge", "orchestratorVersion"]) {
    const [before, after] = [at(path, "a"), at(path, "b")];
    assert.deepEqual(diffInputs(rule, before, after).replaces, [], path);
    assert.deepEqual(refusedChanges(rule, { inputs: before, outputs: before }, after), [], path);
  }
});
