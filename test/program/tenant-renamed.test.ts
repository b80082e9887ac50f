/** A tenant with a new name: everything that exists keeps its name and place, so that nothing is replaced. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cluster, owners } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const tenant = {
  owners: [owners],
  editors: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e02"],
  viewers: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e03"],
  identity: { serviceAccounts: ["orders-api"] },
  vault: true,
  sops: true,
  build: { trust: [{ name: "github-actions", github: { repository: "acme/orders", branch: "main" } }] },
  notify: [{ slack: "#orders", secret: "hook" }],
  traffic: { callers: [{ tenant: "web", ports: [8080] }] },
};
const stack = (name: string, more: object) =>
  configuration(
    {
      cluster: cluster({ pools: { apps: {}, mine: { tenant: name } } }),
      registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared", permissions: "abac" } },
      tenancy: { domain: "apps.acme.example" },
      pipelines: { deploy: { namespaces: ["orders"] } },
      tenants: { [name]: { ...tenant, ...more }, web: { traffic: { callers: [{ tenant: name, ports: [9090] }] } } },
    },
    { secrets: { hook: true } },
  );
const before = await Program.of(stack("orders", {}));
const after = await Program.of(stack("shop", { formerly: "orders" }));

/** Every value of a resource, its options included, by its path. */
function leaves(value: unknown, path = ""): [path: string, value: unknown][] {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}/${key}`));
}

/** `<type> <name> <path>` to the value in either program. */
const values = (program: Program) => new Map(program.registrations.flatMap(({ urn, type, name, ...rest }) => leaves(rest).map(([path, value]) => [`${type.split(":").at(-1)} ${name} ${path}`, value] as const)));

describe("after a new name", () => {
  test("there are the same resources, by the same names in the program, and none besides", () => {
    const urns = (program: Program) => program.registrations.map(({ urn }) => urn).sort();
    assert.deepEqual(urns(after), urns(before));
    assert.ok(urns(before).filter((urn) => /::orders/.test(urn)).length > 30);
  });

  test("the new name stands in these places, which people read or pools are kept by, and in no other", () => {
    const [old, now] = [values(before), values(after)];
    assert.deepEqual([...old.keys()].filter((path) => !now.has(path)), []);
    const differing = [...old].filter(([path, value]) => now.get(path) !== value).map(([path]) => path);
    const tags = ["UserAssignedIdentity orders-azure-workload", "UserAssignedIdentity orders-azure-flux", "UserAssignedIdentity orders-azure-build", "Vault orders-azure-vault", "Key orders-azure-sops", "AgentPool mooring-cluster-mine"];
    assert.deepEqual(
      differing.sort(),
      [
        ...tags.map((resource) => `${resource} inputs/tags/tenant`),
        "Repository orders-repository inputs/description",
        "Alert orders-notify/orders-6f08b6 inputs/spec/eventMetadata/tenant",
        ...["control", "workload"].map((part) => `Namespace orders-${part} inputs/metadata/annotations/mooring.platform/name`),
        ...["control", "workload"].map((part) => `Namespace orders-${part} inputs/metadata/annotations/mooring.platform/taints`),
        // A pool that is kept for it, and what puts its pods there.
        "AgentPool mooring-cluster-mine inputs/nodeLabels/mooring.platform/tenant",
        "AgentPool mooring-cluster-mine inputs/nodeTaints/0",
        ...[2, 4, 5].map((index) => `Kustomization orders-sync inputs/spec/patches/${index}/patch`),
      ].sort(),
    );
    for (const path of differing) assert.equal(String(now.get(path)).replaceAll("shop", "orders"), String(old.get(path)), path);
  });

  test("nothing that cannot change in place is called by it", () => {
    const names = (program: Program) =>
      program.registrations.flatMap(({ inputs }) => {
        const { metadata, resourceName, vaultName, name } = inputs as { metadata?: { name: string; namespace?: string }; resourceName?: string; vaultName?: string; name?: string };
        return [metadata?.name, metadata?.namespace, resourceName, vaultName, name];
      });
    assert.ok(names(before).includes("id-acme-staging-orders-workload") && names(before).includes("orders-flux"));
    assert.deepEqual(names(after).filter((name) => name?.includes("shop")), []);
  });

  test("the stack tells of it under the name that it has now", () => {
    const [old, now] = [before.outputs.tenants, after.outputs.tenants] as Record<string, unknown>[];
    assert.deepEqual(Object.keys(now!), ["shop", "web"]);
    assert.deepEqual(now!.shop, old!.orders);
  });

  test("without `formerly` it would be another tenant", async () => {
    const other = await Program.of(configuration({ tenants: { shop: {} } }));
    assert.throws(() => other.one("Namespace", "orders-workload"));
    assert.ok(other.one("Namespace", "shop-workload"));
  });
});
