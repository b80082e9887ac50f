/** Rules of what tenants have in Azure: each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readsBelow } from "../../components/azure/registry-access.ts";
import { roleAssignments } from "../../components/settings/crosschecks-identity.ts";
import { administrators, cluster, owners, production } from "../azure.ts";
import { testRules } from "../rules.ts";
import { settings } from "../settings.ts";

const other = (name: string, subject: string) => ({ name, issuer: "https://ci.example", subject });
const orders = (more: Record<string, unknown>) => ({ tenants: { orders: more } });
const namespaces = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`orders-${index}`, {}]));
const parts = (count: number, name = "shared") => Array.from({ length: count }, (_, index) => `/${name}-${String(index).padStart(2, "0")}/charts`);

describe("what tenants have in Azure", () => {
  const path = "mooring:tenants.orders";
  const vault = { owners: [owners], vault: true, identity: { serviceAccounts: ["orders-api"] } };
  const abac = { registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared", permissions: "abac" } } };
  const build = { build: { trust: [other("pipeline", "s")] } };
  testRules([
    {
      what: "a key lives in a vault",
      wrong: orders({ sops: true }),
      lines: [`${path}.sops: its key lives in the team's vault; write vault: true beside it`],
      right: orders({ sops: true, vault: true, owners: [owners] }),
    },
    {
      what: "somebody writes into a vault",
      wrong: orders({ ...vault, owners: [] }),
      lines: [`${path}.vault: needs owners; nobody could write a secret into it`],
      right: orders(vault),
    },
    {
      what: "somebody reads from a vault",
      wrong: orders({ vault: true, owners: [owners] }),
      lines: [`${path}.vault: nobody would read it; name identity.serviceAccounts, or write sops: true`],
      right: orders({ vault: true, owners: [owners], sops: true }),
    },
    ...["default", "reconciler"].map((account) => ({
      what: `${account} exists already`,
      wrong: orders({ identity: { serviceAccounts: [account] } }),
      lines: [`${path}.identity.serviceAccounts[0]: ${account} is a service account that exists already; choose another name`],
      right: orders({ identity: { serviceAccounts: [`${account}2`] } }),
    })),
    {
      what: "an account is named once",
      wrong: orders({ identity: { serviceAccounts: ["a", "a"] } }),
      lines: [`${path}.identity.serviceAccounts[1]: a stands above already`],
      right: orders({ identity: { serviceAccounts: ["a", "b"] } }),
    },
    {
      what: "an identity is somebody's",
      wrong: orders({ identity: {} }),
      lines: [`${path}.identity.serviceAccounts: is required; write for example ["orders-api"]`],
      right: orders({ identity: { serviceAccounts: ["a"] } }),
    },
    {
      what: "an identity takes twenty",
      wrong: orders({ identity: { serviceAccounts: Array.from({ length: 21 }, (_, i) => `a${i}`) } }),
      lines: [`${path}.identity.serviceAccounts: Azure takes at most 20 federated credentials for one identity`],
      right: orders({ identity: { serviceAccounts: Array.from({ length: 20 }, (_, i) => `a${i}`) } }),
    },
    {
      what: "a team pushes where it can be kept to its own",
      wrong: { ...orders(build), registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared" } } },
      lines: [
        `${path}.build: needs a registry in ABAC mode (registry.existing with permissions: abac): without it a team that may push could overwrite every other team's images; use pipelines.build`,
      ],
      right: { ...orders(build), ...abac },
    },
    {
      what: "a push identity trusts somebody",
      wrong: { ...orders({ build: { trust: [] } }), ...abac },
      lines: [`${path}.build.trust: an identity that trusts nobody is of no use; name whom it trusts`],
      right: { ...orders(build), ...abac },
    },
    {
      what: "in production a vault is open to somebody, where nothing says from where people come",
      wrong: production(orders(vault)),
      lines: ["mooring:vaults.allowedRanges: is required in production where a team has a vault and cluster.authorizedRanges does not say from where people come; write ranges, or [] for the cluster alone"],
      right: production({ ...orders(vault), vaults: { allowedRanges: [] } }),
    },
    {
      what: "private ranges say nothing about a vault",
      wrong: production({ ...orders(vault), cluster: cluster({ authorizedRanges: ["10.1.0.0/16"] }) }),
      lines: ["mooring:vaults.allowedRanges: is required in production where a team has a vault and cluster.authorizedRanges does not say from where people come; write ranges, or [] for the cluster alone"],
      right: production({ ...orders(vault), cluster: cluster({ authorizedRanges: ["203.0.113.0/24"] }) }),
    },
    {
      what: "so it is in a cluster that exists",
      wrong: { tier: "production", ...orders(vault), cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } } },
      lines: ["mooring:vaults.allowedRanges: is required in production where a team has a vault and cluster.authorizedRanges does not say from where people come; write ranges, or [] for the cluster alone"],
      right: { tier: "production", ...orders({ owners: [owners] }), cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } } },
    },
    {
      what: "nobody pushes into production whom nobody has reviewed",
      wrong: production({ ...orders({ build: { trust: [{ name: "github-actions", github: { repository: "acme/orders", pullRequests: true } }] } }), ...abac }),
      lines: [`${path}.build.trust[0]: trusts pull requests, which nobody has reviewed, with production; name an environment, a branch or a tag`],
      right: production({ ...orders({ build: { trust: [{ name: "github-actions", github: { repository: "acme/orders", tag: "v1" } }] } }), ...abac }),
    },
    {
      what: "a group owns a tenant once",
      wrong: orders({ owners: [owners, owners] }),
      lines: [`${path}.owners: names a group twice`],
      right: orders({ owners: [owners, administrators] }),
    },
    {
      what: "Flux fetches in the name of a tenant of nineteen namespaces, and one for control",
      wrong: orders({ registryCharts: true, size: "large", namespaces: namespaces(20) }),
      lines: [
        `${path}.namespaces: there are 20, and Flux, which fetches from the registry in the tenant's name, could act in 19 at most: Azure takes 20 federated credentials for one identity; spread them over two tenants`,
      ],
      right: orders({ registryCharts: true, size: "large", namespaces: namespaces(19) }),
    },
    {
      what: "a tenant that fetches nothing has as many as it likes",
      wrong: orders({ images: [{ name: "api", follow: { branch: "main" } }], size: "large", namespaces: namespaces(21) }),
      lines: [
        `${path}.namespaces: there are 21, and Flux, which fetches from the registry in the tenant's name, could act in 19 at most: Azure takes 20 federated credentials for one identity; spread them over two tenants`,
      ],
      right: orders({ size: "large", namespaces: namespaces(21) }),
    },
    {
      what: "the condition of the right to read has room for the shared parts of the registry",
      wrong: { ...orders({ registryCharts: true, allowed: { registries: parts(20) } }), tenancy: { registries: parts(11, "common") }, ...abac },
      lines: [`${path}.allowed.registries: with tenancy.registries these are 31 parts of the registry, more than the condition of one role holds; share fewer and larger parts`],
      right: { ...orders({ registryCharts: true, allowed: { registries: parts(20) } }), tenancy: { registries: [...parts(10, "common"), "quay.io/prometheus"] }, ...abac },
    },
    {
      what: "without conditions there is room for all",
      wrong: { ...orders({ registryCharts: true, allowed: { registries: parts(40) } }), ...abac },
      lines: [`${path}.allowed.registries: with tenancy.registries these are 40 parts of the registry, more than the condition of one role holds; share fewer and larger parts`],
      right: orders({ registryCharts: true, allowed: { registries: parts(40) } }),
    },
    {
      what: "a team's trusts are checked as the pipelines' are",
      wrong: { ...orders({ build: { trust: [other("same", "a"), other("same", "b")] } }), ...abac },
      lines: [`${path}.build.trust[1]: the name same is already used above`],
      // Another identity may trust the same.
      right: { tenants: { orders: build, web: build }, ...abac },
    },
  ]);

  test("the longest list of shared parts that is let through fits the condition", () => {
    const shared = [...parts(20), ...parts(10, "common")].map((part) => part.slice(1));
    assert.ok(readsBelow("orders", shared).length <= 8192);
    assert.ok(readsBelow("orders", [...shared, ...shared]).length > 8192, "it could be too long");
  });

  test("all take no more role assignments than a subscription has, counted as they are made", () => {
    const { tenants: [tenant], ...rest } = settings({ tenants: { orders: { owners: [owners], vault: true, sops: true, identity: { serviceAccounts: ["a"] } } } });
    // Fetch a kubeconfig for the administrators; that, write secrets and encrypt for each owner; read secrets for the pods, decrypt for Flux.
    const groups = (count: number) => Array.from({ length: count }, (_, i) => String(i));
    const lines = (count: number, users?: string[]) =>
      roleAssignments({ ...rest, cluster: { ...rest.cluster, users }, tenants: [{ ...tenant!, owners: groups(count) }] }).map(({ path: where, message }) => `${where}: ${message}`);
    assert.deepEqual(lines(1332), []);
    assert.deepEqual(lines(1333), [
      "mooring:tenants: they take 4002 role assignments, and a subscription has room for 4000; name one group of all developers in cluster.users, or spread the teams over more subscriptions",
    ]);
    assert.deepEqual(lines(1333, ["everybody"]), []);
    assert.deepEqual(lines(1998, ["others"]), []);
    // A group is counted once.
    assert.deepEqual(lines(1998, ["others", administrators]), []);
    assert.deepEqual(roleAssignments({ ...rest, cluster: { ...rest.cluster, users: ["everybody"] }, tenants: [{ ...tenant!, owners: groups(1998), pulls: true }] }).length, 1, "with the right to pull");
    assert.deepEqual(roleAssignments({ ...rest, cluster: { ...rest.cluster, users: [administrators] }, tenants: [{ ...tenant!, owners: groups(1998), pulls: true }] }).length, 0);
    assert.deepEqual(lines(1998, ["others", "more"]), ["mooring:tenants: they take 4001 role assignments, and a subscription has room for 4000; spread the teams over more subscriptions"]);
  });
});
