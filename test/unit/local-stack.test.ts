import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnosticsIn } from "../../local/diagnostics.ts";
import { completeArguments } from "../../local/pulumi.ts";
import { completed, encryptedValues } from "../../local/stack.ts";
import { describeSummary, summarise } from "../../local/summary.ts";

const kept = "encryptionsalt: v1:abc=:v1:def\nconfig:\n  secret:orders-slack:\n    secure: v1:xyz\n";

test("the stack file's text is kept, with this machine's key and secrets added", () => {
  const tracked = "# comment\nconfig:  # settings\n  mooring:version: \"1.30\"\n  mooring:day: 2026-11-20\n";
  assert.equal(completed(tracked, kept), [
    "encryptionsalt: v1:abc=:v1:def", "# comment", "config:  # settings", "  secret:orders-slack:", "    secure: v1:xyz",
    '  mooring:version: "1.30"', "  mooring:day: 2026-11-20", "",
  ].join("\n"));
});

test("a key that another command wrote into the tracked file is replaced", () => {
  assert.equal(completed("encryptionsalt: other\nconfig:\n  a:b: c\n", "encryptionsalt: mine\n"), "encryptionsalt: mine\nconfig:\n  a:b: c\n");
});

test("a stack file without settings gets the secrets too", () => {
  const file = completed("# empty\n", kept);
  assert.deepEqual([...encryptedValues(file)], [["secret:orders-slack", "v1:xyz"]]);
});

test("only commands that read the configuration get the file", () => {
  const file = "/p/Pulumi.local.yaml";
  assert.deepEqual(completeArguments(["preview", "--diff"], "/p"), ["preview", "--config-file", file, "--diff"]);
  assert.deepEqual(completeArguments(["stack", "output"], "/p"), ["stack", "output"]);
  assert.deepEqual(completeArguments(["up", "--config-file=mine.yaml"], "/p"), ["up", "--config-file=mine.yaml"]);
});

test("of a failed run the diagnostics are shown", () => {
  const output = "Updating (local):\n + a creating\n\nDiagnostics:\n  a (b):\n    error: refused\n\nOutputs:\n    c: 1\n\nResources:\n    1 errored\n";
  assert.deepEqual(diagnosticsIn(output), ["  a (b):", "    error: refused"]);
  assert.deepEqual(diagnosticsIn("error: no stack\n"), ["error: no stack"]);
});

test("the summary names what the state holds", () => {
  const resource = (type: string, outputs: object) => ({ type, urn: "", outputs });
  const summary = summarise(JSON.stringify({ deployment: { resources: [
    resource("pulumi:pulumi:Stack", { tenants: { orders: { namespaces: ["orders", "orders-flux"], repository: "demo/orders", follows: "branch main" } } }),
    resource("pulumi:providers:github", {}),
    resource("kubernetes:core/v1:Namespace", { metadata: { name: "orders" } }),
    resource("kubernetes:core/v1:Namespace", { metadata: { name: "flux-system" } }),
    resource("github:index/repository:Repository", { fullName: "demo/orders" }),
    resource("azure-native:containerregistry:Registry", { loginServer: "cr.azurecr.io" }),
    resource("azure-native:managedidentity:UserAssignedIdentity", { name: "id-build", clientId: "1" }),
  ] } }));
  assert.equal(summary.count, 5);
  assert.deepEqual(describeSummary(summary, "nowhere"), [
    "Tenants", "  orders  namespaces orders, orders-flux  follows branch main", "",
    "Other namespaces", "  flux-system", "",
    "Repositories, bare, on this disk", "  demo/orders  not on this disk", "",
    "Azure, stood in for", "  cr.azurecr.io  registry", "  id-build       identity, client id 1", "",
  ]);
  assert.deepEqual(describeSummary(summarise('{"deployment":{}}'), "nowhere"), [], "an empty stack has nothing to tell");
});
