/** Rules about what tenants may refer to: each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testRules } from "../rules.ts";
import { mistakes, settings } from "../settings.ts";

const at = "mooring:tenants";
const path = `${at}.orders.allowed`;
const allowed = (more: Record<string, unknown>, others: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) => ({ tenants: { orders: { allowed: more }, ...others }, ...rest });
const notAnAddress = (value: string) => `"${value}" is not an address that begins with https://, ssh:// or oci:// and ends without a slash; write for example https://charts.acme.example`;
const notARegistry = (value: string) => `"${value}" is not a registry with its host, in lower case, without a scheme and a slash at its end; write for example quay.io/prometheus`;
const notADomain = (value: string) => `"${value}" is not a domain name with a dot, in lower case and without a *; write for example shop.acme.example`;
const notALabel = (value: string, example: string) => `"${value}" is not a name of lower-case letters, digits and hyphens (at most 63 characters); write for example ${example}`;

/** Each wrong entry, and the right one next to it. */
const forms = (setting: string, pairs: [wrong: string, right: string][], line: (value: string) => string) =>
  pairs.map(([wrong, right]) => ({
    what: `${setting}: ${JSON.stringify(wrong)} and ${JSON.stringify(right)}`,
    wrong: allowed({ [setting]: [wrong] }),
    lines: [`${path}.${setting}[0]: ${line(wrong)}`],
    right: allowed({ [setting]: [right] }),
  }));

describe("the form of what a tenant may refer to", () => {
  testRules([
    ...forms(
      "sources",
      [
        ["http://charts.example", "https://charts.example"],
        ["https://charts.example/", "https://charts.example/stable"],
        ["charts.example", "oci://charts.example"],
        ["git@github.com:acme/x.git", "ssh://git@github.com/acme/x.git"],
        ["https://charts.example/a/../b", "https://charts.example/a/b"],
        ["https://charts.example/a?x=1", "https://charts.example:8443/a"],
        ["https://a.example,https://b.example", "https://a.example/b..c"],
        ["https://user:password@a.example", "https://user@a.example"],
      ],
      notAnAddress,
    ),
    ...forms(
      "registries",
      [
        ["nginx", "docker.io/library/nginx"],
        ["library/nginx", "docker.io/library"],
        ["quay.io/", "quay.io"],
        ["Quay.io", "quay.io/a_b"],
        ["https://quay.io", "localhost:5000/quay.io"],
        ["/", "/shared"],
        ["", "/shared/tools"],
        ["quay.io/../x", "quay.io/a..x"],
        ["quay.io,x.io", "quay.io/x.io"],
      ],
      notARegistry,
    ),
    ...forms("hosts", [["*.shop.example", "shop.example"], ["example", "a.example"], ["Shop.example", "xn--shop.example"], ["shop.example/x", "x.shop.example"]], notADomain),
    ...forms("storageClasses", [["Managed", "managed"]], (value) => notALabel(value, "managed-csi")),
    ...forms("priorityClasses", [["business_critical", "business-critical"]], (value) => notALabel(value, "business-critical")),
    {
      what: "serviceTypes are those of Kubernetes",
      wrong: allowed({ serviceTypes: ["ClusterIP", "Nodeport"] }),
      lines: [`${path}.serviceTypes[1]: "Nodeport" is not one of ClusterIP, LoadBalancer, NodePort, ExternalName; did you mean NodePort?`],
      right: allowed({ serviceTypes: ["ClusterIP", "NodePort", "ExternalName"] }),
    },
    { what: "serviceTypes are at least one", wrong: allowed({ serviceTypes: [] }), lines: [`${path}.serviceTypes: must not be empty`], right: allowed({ serviceTypes: ["ExternalName"] }) },
    ...[["sources", "https://a.example"], ["registries", "quay.io"], ["hosts", "a.example"], ["storageClasses", "a"], ["priorityClasses", "a"], ["serviceTypes", "ClusterIP"]].map(([setting = "", value = ""]) => ({
      what: `${setting} are named once`,
      wrong: allowed({ [setting]: [value, value] }),
      lines: [`${path}.${setting}: names ${value} twice`],
      right: allowed({ [setting]: [value] }),
    })),
    ...["sources", "registries", "hosts", "storageClasses", "priorityClasses"].map((setting) => {
      const many = (count: number) => Array.from({ length: count }, (_, index) => (setting === "sources" ? `https://a${index}.example` : setting.endsWith("Classes") ? `a${index}` : `a${index}.example`));
      return { what: `${setting} are at most fifty`, wrong: allowed({ [setting]: many(51) }), lines: [`${path}.${setting}: has 51 entries, at most 50 are allowed`], right: allowed({ [setting]: many(50) }) };
    }),
  ]);

  test("storageClasses that name none allow none; left out, any", () => {
    const of = (more: Record<string, unknown>) => settings(allowed(more)).tenants[0]!.allowed.storageClasses;
    assert.deepEqual([of({ storageClasses: [] }), of({})], [[], undefined]);
  });
});

describe("a host name", () => {
  const two = (first: string, second: string) => allowed({ hosts: [first] }, { web: { allowed: { hosts: ["own.example", second] } } });
  const line = (text: string) => [`${at}.web.allowed.hosts[1]: ${text} already orders's (${at}.orders); each host name has one tenant`];
  testRules([
    { what: "has one tenant", wrong: two("shop.example", "shop.example"), lines: line("shop.example is"), right: two("shop.example", "myshop.example") },
    { what: "has one tenant with all below it", wrong: two("shop.example", "a.shop.example"), lines: line("a.shop.example lies below shop.example, which is"), right: two("b.shop.example", "a.shop.example") },
    { what: "has one tenant with what is below it already", wrong: two("a.shop.example", "shop.example"), lines: line("shop.example has a.shop.example below it, which is"), right: two("a.shop.example", "shop.b.example") },
    ...[["apps.example", "apps.example is tenancy.domain"], ["example.org", "example.org has tenancy.domain (apps.example.org) below it"]].map(([host = "", is = ""]) => ({
      what: `is not the domain in which every tenant has a part: ${host}`,
      wrong: { tenants: { orders: {}, web: { allowed: { hosts: [host] } } }, tenancy: { domain: host === "example.org" ? "apps.example.org" : host } },
      lines: [`${at}.web.allowed.hosts[0]: ${is}, where every tenant has its part; name a host of this tenant's own`],
      right: { tenants: { orders: {}, web: { allowed: { hosts: [host] } } }, tenancy: { domain: "apps.example.net" } },
    })),
    {
      what: "in the domain is below the tenant's own part, even if nobody has the other yet",
      wrong: { tenants: { orders: { allowed: { hosts: ["orders.apps.example", "pay.apps.example"] } } }, tenancy: { domain: "apps.example" } },
      lines: [`${at}.orders.allowed.hosts[1]: pay.apps.example is another tenant's part of tenancy.domain, or will be; write orders.apps.example or what lies below it`],
      right: { tenants: { orders: { allowed: { hosts: ["orders.apps.example", "pay.orders.apps.example"] } } }, tenancy: { domain: "apps.example" } },
    },
    {
      what: "in the domain is below the name that the tenant had first",
      wrong: { tenants: { orders: { formerly: "shop", allowed: { hosts: ["orders.apps.example"] } } }, tenancy: { domain: "apps.example" } },
      lines: [`${at}.orders.allowed.hosts[0]: orders.apps.example is another tenant's part of tenancy.domain, or will be; write shop.apps.example or what lies below it`],
      right: { tenants: { orders: { formerly: "shop", allowed: { hosts: ["x.shop.apps.example"] } } }, tenancy: { domain: "apps.example" } },
    },
  ]);

  test("may stand with one below it, of the same tenant", () => assert.deepEqual(mistakes(allowed({ hosts: ["shop.example", "a.shop.example"] })), []));
});
