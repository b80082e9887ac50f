/** Rules about who the tenants are: names, states, people, namespaces. Each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { administrators, owners } from "../azure.ts";
import { testRules } from "../rules.ts";
import { mistakes, settings } from "../settings.ts";

const at = "mooring:tenants";
const path = `${at}.orders`;
const orders = (more: unknown, others: Record<string, unknown> = {}) => ({ tenants: { orders: more, ...others } });
const group = (index: number) => `7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e${String(index).padStart(2, "0")}`;
const aName = "a tenant's name has 2 to 20 lower-case letters, digits and hyphens, and starts with a letter";

describe("a former name", () => {
  testRules([
    { what: "is a name", wrong: orders({ formerly: "Shop" }), lines: [`${path}.formerly: ${aName}`], right: orders({ formerly: "shop" }) },
    { what: "is another one", wrong: orders({ formerly: "orders" }), lines: [`${path}.formerly: orders is its name now; remove it`], right: orders({}) },
    {
      what: "is no other tenant's name, which is told once for all that they would share",
      wrong: { ...orders({}, { shop: { formerly: "orders" } }), tenancy: { domain: "apps.acme.example" } },
      lines: [`${at}.shop.formerly: orders is a tenant itself (${path}); a former name belongs to one tenant, so give one of the two another name`],
      right: orders({}, { shop: { formerly: "order" } }),
    },
    {
      what: "is no other tenant's name, even if that one was renamed as well",
      wrong: orders({ formerly: "older" }, { shop: { formerly: "orders" } }),
      lines: [`${at}.shop.formerly: orders is a tenant itself (${path}); a former name belongs to one tenant, so give one of the two another name`],
      right: orders({ formerly: "older" }, { shop: { formerly: "oldest" } }),
    },
    {
      what: "is one tenant's",
      wrong: { tenants: { shop: { formerly: "orders" }, store: { formerly: "orders" } } },
      lines: [`${at}.store.formerly: orders is already the former name of shop (${at}.shop); remove it from one of the two`],
      right: { tenants: { shop: { formerly: "orders" }, store: { formerly: "order" } } },
    },
    {
      what: "is no name of the system's",
      wrong: orders({ formerly: "kube-system" }),
      lines: [`${path}.formerly: the namespace kube-system belongs to Kubernetes or the platform; choose another`],
      right: orders({ formerly: "cube-system" }),
    },
    {
      what: "keeps its namespace",
      wrong: orders({ formerly: "shop" }, { web: { namespaces: { shop: {} } } }),
      lines: [`${at}.web.namespaces.shop: the namespace shop is already orders's (${path}); each namespace has one tenant`],
      right: orders({ formerly: "shop" }, { web: { namespaces: { orders: {} } } }),
    },
    {
      what: "keeps its control namespace",
      wrong: orders({ formerly: "shop" }, { "shop-flux": {} }),
      lines: [`${at}.shop-flux: the namespace shop-flux is already orders's (${path}); each namespace has one tenant`],
      right: orders({ formerly: "shop" }, { "orders-flux": {} }),
    },
    {
      what: "keeps its control namespace from whoever came before",
      wrong: { tenants: { web: { namespaces: { "shop-flux": {} } }, orders: { formerly: "shop" } } },
      lines: [`${path}.formerly: the namespace shop-flux is already web's (${at}.web); each namespace has one tenant`],
      right: { tenants: { web: { namespaces: { "orders-flux": {} } }, orders: { formerly: "shop" } } },
    },
    {
      what: "keeps its repository",
      wrong: orders({ formerly: "shop" }, { web: { repository: { name: "Shop" } } }),
      lines: [`${at}.web.repository.name: the repository acme/Shop is already orders's (${path})`],
      right: orders({ formerly: "shop" }, { web: { repository: { name: "orders" } } }),
    },
  ]);

  test("gives everything its name but what people call the tenant", () => {
    const [tenant] = settings({ ...orders({ formerly: "shop" }), tenancy: { domain: "apps.acme.example" } }).tenants;
    const { name, key, namespaces, controlNamespace, repository, allowed } = tenant!;
    assert.deepEqual([name, key, namespaces[0]!.name, controlNamespace, repository!.name, allowed.hosts], ["orders", "shop", "shop", "shop-flux", "shop", ["shop.apps.acme.example"]]);
  });
});

describe("the state of a tenant", () => {
  testRules([
    { what: "is one of four", wrong: orders({ state: "leavin" }), lines: [`${path}.state: "leavin" is not one of active, suspended, leaving, left; did you mean leaving?`], right: orders({ state: "leaving" }) },
    {
      what: "has nothing to protect once it has left",
      wrong: orders({ state: "left", protect: true }),
      lines: [`${path}.protect: a tenant that has left is not protected; remove it, or go back to state: leaving`],
      right: orders({ state: "leaving", protect: true }),
    },
    { what: "is protected or not", wrong: orders({ protect: "no" }), lines: [`${path}.protect: true or false is needed, not "no"`], right: orders({ protect: false }) },
    {
      what: "needs an owner of a vault only while somebody works with it",
      wrong: orders({ state: "suspended", vault: true, sops: true }),
      lines: [`${path}.vault: needs owners; nobody could write a secret into it`],
      right: orders({ state: "leaving", vault: true, sops: true }),
    },
  ]);

  test("takes people and pipelines from one that leaves, and protection from one that has left", () => {
    const registry = { existing: { name: "cracmeshared", resourceGroup: "rg-shared", permissions: "abac" } };
    const written = { owners: [owners], editors: [group(2)], viewers: [group(3)], build: { trust: [{ name: "pipeline", issuer: "https://ci.example", subject: "s" }] } };
    const of = (state: string | undefined, protect?: boolean) => {
      const [tenant] = settings({ ...orders({ ...written, state, protect }), registry }).tenants;
      return [tenant!.state, tenant!.owners.length + tenant!.editors.length + tenant!.viewers.length, tenant!.buildTrust.length, tenant!.protect];
    };
    assert.deepEqual(["active", "suspended", "leaving", "left"].map((state) => of(state)), [["active", 3, 1, true], ["suspended", 3, 1, true], ["leaving", 0, 0, true], ["left", 0, 0, false]]);
    assert.deepEqual([of(undefined), of("leaving", false), of("left", false)], [["active", 3, 1, true], ["leaving", 0, 0, false], ["left", 0, 0, false]]);
  });

  test("protection is the environment's unless the tenant says otherwise", () => {
    const of = (tenancy: unknown, tenant: unknown) => settings({ ...orders(tenant), tenancy }).tenants[0]!.protect;
    assert.deepEqual([of({}, {}), of({ protect: false }, {}), of({ protect: false }, { protect: true }), of({ protect: true }, { protect: false })], [true, false, true, false]);
  });
});

describe("people", () => {
  testRules(
    ["owners", "editors", "viewers"].flatMap((role) => [
      { what: `${role} are ids`, wrong: orders({ [role]: ["developers"] }), lines: [`${path}.${role}[0]: "developers" is not a GUID; write for example 3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e`], right: orders({ [role]: [owners] }) },
      { what: `${role} are named once`, wrong: orders({ [role]: [owners, owners] }), lines: [`${path}.${role}: names a group twice`], right: orders({ [role]: [owners, administrators] }) },
      {
        what: `${role} are at most 20 groups`,
        wrong: orders({ [role]: Array.from({ length: 21 }, (_, index) => group(index)) }),
        lines: [`${path}.${role}: has 21 entries, at most 20 are allowed`],
        right: orders({ [role]: Array.from({ length: 20 }, (_, index) => group(index)) }),
      },
    ]),
  );

  test("may have several roles", () => assert.deepEqual(mistakes(orders({ owners: [owners], editors: [owners], viewers: [owners] })), []));
});

describe("namespaces", () => {
  testRules([
    { what: "are at least one", wrong: orders({ namespaces: {} }), lines: [`${path}.namespaces: must name a namespace, or be left out`], right: orders({ namespaces: { shop: {} } }) },
    { what: "are a map", wrong: orders({ namespaces: ["shop"] }), lines: [`${path}.namespaces: a map is needed, not a list; write for example {"orders":{},"orders-jobs":{"share":25}}`], right: orders({ namespaces: { shop: null } }) },
    {
      what: "have names of Kubernetes",
      wrong: orders({ namespaces: { Shop: {} } }),
      lines: [`${path}.namespaces.Shop: "Shop" is not a name of lower-case letters, digits and hyphens (at most 63 characters); write for example orders`],
      right: orders({ namespaces: { ["s".repeat(63)]: {} } }),
    },
    {
      what: "have three settings",
      wrong: orders({ namespaces: { shop: { adopted: true, podSecurity: "strict", share: 12.5 } } }),
      lines: [
        `${path}.namespaces.shop.podSecurity: "strict" is not one of restricted, baseline, privileged`,
        `${path}.namespaces.shop.share: a whole number is needed, not 12.5; write for example 75`,
        `${path}.namespaces.shop.adopted: there is no such setting; did you mean adopt?`,
      ],
      right: { ...orders({ namespaces: { shop: { adopt: true, podSecurity: "baseline", share: 100 } } }), tenancy: { adoptable: ["shop"] } },
    },
    {
      what: "are not the tenant's own control namespace",
      wrong: orders({ namespaces: { "orders-flux": {} } }),
      lines: [`${path}.namespaces.orders-flux: the namespace orders-flux is this tenant's control namespace; choose another`],
      right: orders({ namespaces: { "order-flux": {} } }),
    },
    ...["default", "flux-system", "kube-public", "aks-command", "mooring-x"].map((name) => ({
      what: `are not the system's: ${name}`,
      wrong: { ...orders({ namespaces: { [name]: { adopt: true } } }), tenancy: { adoptable: [name] } },
      lines: [`${path}.namespaces.${name}: the namespace ${name} belongs to Kubernetes or the platform; choose another`],
      right: { ...orders({ namespaces: { [`my-${name}`]: { adopt: true } } }), tenancy: { adoptable: [`my-${name}`] } },
    })),
    {
      what: "are one tenant's",
      wrong: orders({ namespaces: { shop: {}, jobs: {} } }, { web: { namespaces: { jobs: {} } } }),
      lines: [`${at}.web.namespaces.jobs: the namespace jobs is already orders's (${path}); each namespace has one tenant`],
      right: orders({ namespaces: { shop: {}, jobs: {} } }, { web: { namespaces: { job: {} } } }),
    },
    {
      what: "that exist are the platform's to give",
      wrong: { ...orders({ namespaces: { legacy: { adopt: true }, old: { adopt: true } } }), tenancy: { adoptable: ["legacy"] } },
      lines: [`${path}.namespaces.old.adopt: a namespace that exists is the platform's to give; add old to mooring:tenancy.adoptable`],
      right: { ...orders({ namespaces: { legacy: { adopt: true }, old: {} } }), tenancy: { adoptable: ["legacy"] } },
    },
  ]);
});
