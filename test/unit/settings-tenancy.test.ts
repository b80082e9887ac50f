/** Rules about what holds for every tenant, and the same rules for teams with files of their own. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parse } from "yaml";
import { projectRoot } from "../../cli/arguments.ts";
import { testRules } from "../rules.ts";
import { mistakes, settings } from "../settings.ts";

const tenancy = (more: Record<string, unknown>, tenants: Record<string, unknown> = { orders: {} }) => ({ tenancy: more, tenants });
const at = "mooring:tenancy";
const notALabel = (value: string, example: string) => `"${value}" is not a name of lower-case letters, digits and hyphens (at most 63 characters); write for example ${example}`;

test("the scaffold's release waits as long as the check of tenancy.maximumTimeout says", () => {
  const { spec } = parse(readFileSync(join(projectRoot, "scaffold/helm/deploy/base/release.yaml"), "utf8")) as { spec: { timeout: string } };
  assert.equal(spec.timeout, "5m");
});

describe("what holds for every tenant", () => {
  testRules([
    { what: "admission refuses or reports", wrong: tenancy({ admission: "deny" }), lines: [`${at}.admission: "deny" is not one of Deny, Audit; did you mean Deny?`], right: tenancy({ admission: "Audit" }) },
    {
      what: "the shortest interval is a duration",
      wrong: tenancy({ minimumInterval: "1 minute" }),
      lines: [`${at}.minimumInterval: "1 minute" is not a duration; write for example 10m`],
      right: tenancy({ minimumInterval: "1m" }),
    },
    { what: "the shortest interval has a bound of its own", wrong: tenancy({ minimumInterval: "29s" }), lines: [`${at}.minimumInterval: "29s" is shorter than 30 seconds, the shortest that is allowed; write 30s or more`], right: tenancy({ minimumInterval: "30s" }) },
    {
      what: "the longest timeout is a duration",
      wrong: tenancy({ maximumTimeout: "5" }),
      lines: [`${at}.maximumTimeout: "5" is not a duration; write for example 10m`],
      right: tenancy({ maximumTimeout: "5m" }),
    },
    {
      what: "the longest timeout is that of the scaffold's release, where a team starts from it",
      wrong: { tenancy: { maximumTimeout: "4m" }, tenants: { orders: { repository: { scaffold: "helm" } } } },
      lines: [`${at}.maximumTimeout: teams that start from the scaffold helm have a release with a timeout of 5m; write 5m or more`],
      right: { tenancy: { maximumTimeout: "4m" }, tenants: { orders: { repository: { scaffold: "kustomize" } } } },
    },
    { what: "namespaces that may be taken over have names", wrong: tenancy({ adoptable: ["Old"] }), lines: [`${at}.adoptable[0]: ${notALabel("Old", "orders")}`], right: tenancy({ adoptable: ["old"] }) },
    { what: "namespaces that may be taken over are named once", wrong: tenancy({ adoptable: ["old", "old"] }), lines: [`${at}.adoptable: names old twice`], right: tenancy({ adoptable: ["old", "older"] }) },
    {
      what: "charts are addresses",
      wrong: tenancy({ charts: ["jetstack"] }),
      lines: [`${at}.charts[0]: "jetstack" is not an address that begins with https://, ssh:// or oci:// and ends without a slash; write for example https://charts.acme.example`],
      right: tenancy({ charts: ["https://charts.jetstack.io"] }),
    },
    { what: "charts are named once", wrong: tenancy({ charts: ["https://a.example", "https://a.example"] }), lines: [`${at}.charts: names https://a.example twice`], right: tenancy({ charts: ["https://a.example", "https://a.example/b"] }) },
    {
      what: "registries have a host or a slash",
      wrong: tenancy({ registries: ["mcr"] }),
      lines: [`${at}.registries[0]: "mcr" is not a registry with its host, in lower case, without a scheme and a slash at its end; write for example quay.io/prometheus`],
      right: tenancy({ registries: ["mcr.microsoft.com", "/mcr"] }),
    },
    { what: "registries are named once", wrong: tenancy({ registries: ["/shared", "/shared"] }), lines: [`${at}.registries: names /shared twice`], right: tenancy({ registries: [] }) },
    {
      what: "the domain is one",
      wrong: tenancy({ domain: "*.acme.example" }),
      lines: [`${at}.domain: "*.acme.example" is not a domain name with a dot, in lower case and without a *; write for example apps.acme.example`],
      right: tenancy({ domain: "acme.example" }),
    },
    { what: "the ingress controller's namespace has a name", wrong: tenancy({ ingressNamespace: "Ingress" }), lines: [`${at}.ingressNamespace: ${notALabel("Ingress", "app-routing-system")}`], right: tenancy({ ingressNamespace: "ingress" }) },
    { what: "monitoring's namespace has a name", wrong: tenancy({ monitoringNamespace: "" }), lines: [`${at}.monitoringNamespace: ${notALabel("", "monitoring")}`], right: tenancy({ monitoringNamespace: "kube-system" }) },
    { what: "protection is on or off", wrong: tenancy({ protect: "off" }), lines: [`${at}.protect: true or false is needed, not "off"`], right: tenancy({ protect: false }) },
    { what: "nothing else can be said", wrong: tenancy({ ingresNamespace: "x" }), lines: [`${at}.ingresNamespace: there is no such setting; did you mean ingressNamespace?`], right: tenancy({}) },
  ]);

  test("a domain gives each tenant the host of its name, where it names none itself", () => {
    const hosts = (more: Record<string, unknown>, written: unknown) => settings(tenancy(more, { orders: written })).tenants[0]!.allowed.hosts;
    const domain = "apps.acme.example";
    assert.deepEqual([hosts({ domain }, {}), hosts({ domain }, { formerly: "shop" }), hosts({}, {})], [["orders.apps.acme.example"], ["shop.apps.acme.example"], []]);
    assert.deepEqual([hosts({ domain }, { allowed: { hosts: ["orders.example"] } }), hosts({ domain }, { allowed: { hosts: [] } })], [["orders.example"], []]);
  });
});

describe("intervals", () => {
  const path = "mooring:tenants.orders.deploy.interval";
  testRules([
    {
      what: "are no shorter than the platform allows",
      wrong: tenancy({ minimumInterval: "10m" }, { orders: { deploy: { interval: "599s" } } }),
      lines: [`${path}: 599s is shorter than tenancy.minimumInterval; write 10m or more`],
      right: tenancy({ minimumInterval: "10m" }, { orders: { deploy: { interval: "0.5h" } } }),
    },
  ]);

  testRules([
    {
      what: "have timeouts no longer than the platform allows",
      wrong: tenancy({}, { orders: { deploy: { timeout: "16m" } } }),
      lines: ["mooring:tenants.orders.deploy.timeout: 16m is longer than tenancy.maximumTimeout; write 15m or less"],
      right: tenancy({ maximumTimeout: "20m" }, { orders: { deploy: { timeout: "16m" } } }),
    },
  ]);

  test("a timeout that nobody wrote follows a shorter maximum", () => {
    const of = (maximumTimeout: string) => settings(tenancy({ maximumTimeout })).tenants[0]!.deploy.timeout;
    assert.deepEqual([of("15m"), of("5m"), of("2m")], ["5m", "5m", "2m"]);
  });

  test("of tenants that say nothing, and of retries, follow a longer minimum, or the admission rule would refuse what Mooring makes", () => {
    const of = (minimumInterval: string) => (({ interval, retryInterval }) => [interval, retryInterval])(settings(tenancy({ minimumInterval })).tenants[0]!.deploy);
    assert.deepEqual([of("30s"), of("5m"), of("15m")], [["10m", "2m"], ["10m", "5m"], ["15m", "15m"]]);
  });
});

describe("privileged pods", () => {
  const grant = (name: string) => `privileged pods reach the nodes and with them every tenant; the platform grants them: add ${name} to mooring:tenancy.privileged`;
  const path = "mooring:tenants.orders";
  const orders = { podSecurity: "privileged" };
  testRules([
    { what: "are the platform's to grant", wrong: tenancy({}, { orders }), lines: [`${path}.podSecurity: ${grant("orders")}`], right: tenancy({ privileged: ["orders"] }, { orders }) },
    {
      what: "are named where they were written",
      wrong: tenancy({}, { orders: { namespaces: { a: {}, b: { podSecurity: "privileged" } } } }),
      lines: [`${path}.namespaces.b.podSecurity: ${grant("orders")}`],
      right: tenancy({}, { orders: { ...orders, namespaces: { a: { podSecurity: "restricted" }, b: { podSecurity: "baseline" } } } }),
    },
    {
      what: "are one mistake of a tenant, even in several namespaces",
      wrong: tenancy({}, { orders: { ...orders, namespaces: { a: {}, b: {}, c: { podSecurity: "privileged" } } } }),
      lines: [`${path}.podSecurity: ${grant("orders")}`],
      right: tenancy({ privileged: ["orders"] }, { orders: { ...orders, namespaces: { a: {}, b: {}, c: { podSecurity: "privileged" } } } }),
    },
    { what: "are granted to each by its name", wrong: tenancy({ privileged: ["web"] }, { orders, web: {} }), lines: [`${path}.podSecurity: ${grant("orders")}`], right: tenancy({ privileged: ["web", "orders"] }, { orders, web: {} }) },
    { what: "are granted to tenants", wrong: tenancy({ privileged: ["ordres"] }), lines: [`${at}.privileged[0]: there is no tenant ordres; did you mean orders?`], right: tenancy({ privileged: ["orders"] }) },
    { what: "are granted by the name that a tenant has now", wrong: tenancy({ privileged: ["store"] }, { shop: { formerly: "store" } }), lines: [`${at}.privileged[0]: there is no tenant store; it is called shop now`], right: tenancy({ privileged: ["shop"] }, { shop: { formerly: "store" } }) },
    { what: "are granted once", wrong: tenancy({ privileged: ["orders", "orders"] }), lines: [`${at}.privileged: names orders twice`], right: tenancy({ privileged: [] }) },
  ]);
});

describe("a team with a file of its own", () => {
  const scratch = mkdtempSync(join(tmpdir(), "mooring-tenancy-"));
  after(() => rmSync(scratch, { recursive: true }));
  const lines = (files: Record<string, string>, changes: Record<string, unknown> = {}) => {
    const root = mkdtempSync(join(scratch, "project-"));
    mkdirSync(join(root, "teams"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "teams", `${name}.yaml`), text);
    return mistakes({ tenantsFolder: "teams", ...changes }, { root });
  };

  /** One line of a file, and what is said about it. */
  const cases: [what: string, text: string, line: string][] = [
    ["a setting that there is not", "formely: shop", "formely: there is no such setting; did you mean formerly?"],
    ["its name as its former name", "formerly: orders", "formerly: orders is its name now; remove it"],
    ["another's former name", "formerly: web", "formerly: web is a tenant itself (mooring:tenants.web); a former name belongs to one tenant, so give one of the two another name"],
    ["another's namespace", "namespaces: { web-jobs: }", "namespaces.web-jobs: the namespace web-jobs is already web's (mooring:tenants.web); each namespace has one tenant"],
    ["shares", "namespaces: { a: { share: 10 } }", "namespaces: the shares add up to 10 percent; let them add up to 100, or leave one out"],
    ["privileged pods", "podSecurity: privileged", "podSecurity: privileged pods reach the nodes and with them every tenant; the platform grants them: add orders to mooring:tenancy.privileged"],
    ["privileged pods in one namespace", "namespaces: { a: { podSecurity: privileged } }", "namespaces.a.podSecurity: privileged pods reach the nodes and with them every tenant; the platform grants them: add orders to mooring:tenancy.privileged"],
    ["another's host", "allowed: { hosts: [a.web.example] }", "allowed.hosts[0]: a.web.example lies below web.example, which is already web's (mooring:tenants.web); each host name has one tenant"],
    ["another's part of the registry", "allowed: { registries: [/web/x] }", "allowed.registries[0]: /web/x is web's part of the registry (mooring:tenants.web); share images in a part that is no tenant's"],
    ["another's repository", "allowed: { sources: [https://github.com/acme/web] }", "allowed.sources[0]: https://github.com/acme/web is the repository of web (mooring:tenants.web); share charts in a repository that is no tenant's"],
    ["a caller that there is not", "traffic: { callers: [{ tenant: wep, ports: [1] }] }", "traffic.callers[0].tenant: there is no tenant wep; did you mean web?"],
    ["a closed range", "traffic: { outside: [{ name: x, cidr: 10.244.0.0/24 }] }", "traffic.outside[0].cidr: 10.244.0.0/24 is within 10.244.0.0/16: the cluster's pods, for which there is traffic.callers; it stays closed, remove it"],
    ["an ingress controller that nobody named", "traffic: { ingress: { ports: [1] } }", "traffic.ingress: the namespace of the ingress controller is not known; write mooring:tenancy.ingressNamespace"],
    ["load balancers without their type", "quota: { loadBalancers: 1 }", "quota.loadBalancers: needs the type too; write allowed.serviceTypes: [ClusterIP, LoadBalancer]"],
    ["too short an interval", "deploy: { interval: 30s }", "deploy.interval: 30s is shorter than tenancy.minimumInterval; write 1m or more"],
    ["protection of one that has left", "{ state: left, protect: true }", "protect: a tenant that has left is not protected; remove it, or go back to state: leaving"],
  ];
  const around = { tenancy: { minimumInterval: "1m" }, tenants: { web: { namespaces: { web: {}, "web-jobs": {} }, allowed: { hosts: ["web.example"] } } } };
  for (const [what, text, line] of cases) {
    test(`reads of ${what} by the file's name`, () => assert.deepEqual(lines({ orders: text }, around), [`teams/orders.yaml: ${line}`]));
  }

  test("is a caller, and is granted privileged pods, like any other", () => {
    const files = { orders: "podSecurity: privileged\ntraffic: { callers: [{ tenant: web, ports: [1] }] }", ops: "traffic: { callers: [{ tenant: orders, ports: [1] }] }" };
    assert.deepEqual(lines(files, { tenancy: { privileged: ["orders"] }, tenants: { web: { traffic: { callers: [{ tenant: "ops", ports: [1] }] } } } }), []);
  });
});
