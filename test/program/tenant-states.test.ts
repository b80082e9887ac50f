/** A tenant on its way out: what is gone in each state, and what stays. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { production } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const [owner, editor, viewer] = ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01", "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e02", "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e03"];
const orders = {
  owners: [owner],
  editors: [editor],
  viewers: [viewer],
  namespaces: { orders: {}, "order-jobs": {} },
  identity: { serviceAccounts: ["api"] },
  vault: true,
  sops: true,
  build: { trust: [{ name: "github-actions", github: { repository: "acme/orders", branch: "main" } }] },
  notify: [{ slack: "#orders", secret: "hook" }],
};
const stack = (more: Record<string, unknown>) =>
  configuration(
    {
      registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared", permissions: "abac" } },
      pipelines: { deploy: { namespaces: ["orders"] } },
      tenants: { orders: { ...orders, ...more }, web: { owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e09"] } },
    },
    { secrets: { hook: true } },
  );
const active = await Program.of(stack({}));
const suspended = await Program.of(stack({ state: "suspended" }));
const leaving = await Program.of(stack({ state: "leaving" }));
const left = await Program.of(stack({ state: "left" }));

const names = (program: Program) => program.registrations.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
/** What the first has and the other has not. */
const without = (program: Program, other: Program) => names(program).filter((name) => !names(other).includes(name)).sort();
/** The resources that both have and whose inputs or protection differ. */
const changed = (program: Program, other: Program) =>
  program.registrations
    .filter(({ urn, inputs, protect }) => {
      const twin = other.registrations.find((registration) => registration.urn === urn);
      return twin !== undefined && JSON.stringify([inputs, protect]) !== JSON.stringify([twin.inputs, twin.protect]);
    })
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
    .sort();
const suspends = (program: Program) => ["GitRepository", "Kustomization"].map((kind) => (program.object(kind, "orders-flux", "orders").inputs.spec as { suspend?: boolean }).suspend);
const reconcilers = ["RoleBinding orders-reconciler", "RoleBinding orders/order-jobs-reconciler"];

describe("a tenant that is", () => {
  test("active is reconciled", () => assert.deepEqual(suspends(active), [undefined, undefined]));

  test("suspended: nothing is reconciled, by whoever asks, and nothing else changes", () => {
    assert.deepEqual(without(active, suspended), reconcilers);
    assert.deepEqual(without(suspended, active), []);
    assert.deepEqual(changed(active, suspended), ["GitRepository orders-source", "Kustomization orders-sync"]);
    assert.deepEqual(suspends(suspended), [true, true]);
  });

  test("leaving: also the deploy key and every right of people and pipelines is gone; data, workloads and alerts stay", () => {
    const people = (name: string, prefix: string) => `RoleBinding ${prefix}-${name}`;
    assert.deepEqual(
      without(active, leaving),
      [
        ...reconcilers,
        ...["orders", "orders/order-jobs"].flatMap((prefix) => ["owners", "editors", "viewers"].map((name) => people(name, prefix))),
        ...["RoleBinding orders-observers", "RoleBinding orders-deployers"],
        // The key itself, where GitHub knows it, and where Flux finds it.
        ...["PrivateKey orders-deploy-key", "RepositoryDeployKey orders-deploy-key", "Secret orders-deploy-key"],
        // The right to push, and whoever used it.
        ...["Identity orders-azure-build", "UserAssignedIdentity orders-azure-build", "RoleAssignment orders-azure-build-pushes"],
        ...names(active).filter((name) => name.startsWith("FederatedIdentityCredential orders-azure-build-")),
        ...[owner, editor, viewer].map((group) => `RoleAssignment mooring-user-${group}`),
        ...["write-secrets", "encrypt"].map((right) => `RoleAssignment orders-azure-owners-${right}-${owner}`),
      ].sort(),
    );
    assert.deepEqual(without(leaving, active), []);
    assert.deepEqual(changed(suspended, leaving), []);
  });

  test("left: as leaving, no longer protected, and its repository archived", () => {
    assert.deepEqual([without(leaving, left), without(left, leaving)], [[], []]);
    assert.deepEqual(changed(leaving, left), ["Kustomization orders-sync", "Namespace orders-control", "Namespace orders-workload", "Namespace orders/order-jobs-workload", "Repository orders-repository", "Vault orders-azure-vault"]);
    assert.deepEqual([leaving, left].map((program) => program.one("Repository", "orders-repository").inputs.archived), [undefined, true]);
    const protection = (program: Program) => [...program.all("Namespace"), ...program.all("Kustomization")].filter(({ name }) => name.startsWith("orders")).map(({ protect }) => protect);
    assert.deepEqual([protection(active), protection(suspended), protection(leaving), protection(left)].map((all) => [...new Set(all)]), [[true], [true], [true], [false]]);
  });

  test("left, in production: its vault and the vault's name are no longer protected either, and say why, for the policy pack", async () => {
    const of = async (state: string) => {
      const program = await Program.of(configuration(production({ tenants: { orders: { ...orders, build: undefined, notify: undefined, state } }, vaults: { allowedRanges: [] } })));
      const [vault, suffix] = [program.one("Vault", "orders-azure-vault"), program.one("RandomString", "orders-azure-vault-suffix")];
      return [vault.protect, suffix.protect, (vault.inputs.tags as Record<string, string>)["tenant-state"]];
    };
    assert.deepEqual([await of("leaving"), await of("left")], [[true, true, undefined], [false, false, "left"]]);
  });

  test("on its way out: another tenant is as it was", () => {
    for (const program of [suspended, leaving, left]) assert.deepEqual(changed(active, program).filter((name) => name.includes(" web")), []);
  });
});

describe("protection of namespaces", () => {
  const protectedOf = async (changes: Record<string, unknown>) =>
    (await Program.of(configuration(changes))).all("Namespace").filter(({ protect }) => protect).map(({ name }) => name).sort();

  test("is the environment's setting, else the tenant's own; never of Flux's namespace", async () => {
    const tenants = { orders: {}, web: { protect: true }, ops: { protect: false } };
    assert.deepEqual(await protectedOf({ tenants }), ["orders-control", "orders-workload", "web-control", "web-workload"]);
    assert.deepEqual(await protectedOf({ tenants, tenancy: { protect: false } }), ["web-control", "web-workload"]);
  });
});
