/** Rules about whom tenants may talk to: each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { closedRanges, closedWithin } from "../../components/settings/closed-ranges.ts";
import { hub, production } from "../azure.ts";
import { testRules } from "../rules.ts";
import { settings } from "../settings.ts";

const path = "mooring:tenants.orders.traffic";
const traffic = (more: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({ tenants: { orders: { traffic: more }, web: {}, shop: { formerly: "store" } }, ...rest });
const existing = { cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } } };

describe("callers", () => {
  const callers = (...list: Record<string, unknown>[]) => traffic({ callers: list });
  const ports = [8080];
  testRules([
    { what: "have a name", wrong: callers({ ports }), lines: [`${path}.callers[0].tenant: is required; write for example "web"`], right: callers({ tenant: "web", ports }) },
    { what: "have ports", wrong: callers({ tenant: "web" }), lines: [`${path}.callers[0].ports: is required; write for example [8080]`], right: callers({ tenant: "web", ports: [1] }) },
    { what: "have a port at least", wrong: callers({ tenant: "web", ports: [] }), lines: [`${path}.callers[0].ports: must not be empty`], right: callers({ tenant: "web", ports: [65_535] }) },
    {
      what: "have ports that there are",
      wrong: callers({ tenant: "web", ports: [0, 65_536, "http", 80.5] }),
      lines: [
        `${path}.callers[0].ports[0]: 0 is not allowed, at least 1 is`,
        `${path}.callers[0].ports[1]: 65536 is not allowed, at most 65535 is`,
        `${path}.callers[0].ports[2]: a number is needed, not "http"`,
        `${path}.callers[0].ports[3]: a whole number is needed, not 80.5`,
      ],
      right: callers({ tenant: "web", ports: Array.from({ length: 20 }, (_, index) => 1 + index) }),
    },
    { what: "are tenants", wrong: callers({ tenant: "wep", ports }), lines: [`${path}.callers[0].tenant: there is no tenant wep; did you mean web?`], right: callers({ tenant: "web", ports }) },
    { what: "are called as they are now", wrong: callers({ tenant: "store", ports }), lines: [`${path}.callers[0].tenant: there is no tenant store; it is called shop now`], right: callers({ tenant: "shop", ports }) },
    { what: "are others", wrong: callers({ tenant: "orders", ports }), lines: [`${path}.callers[0].tenant: is this tenant; its pods reach each other anyway`], right: callers({ tenant: "web", ports }) },
    { what: "stand once", wrong: callers({ tenant: "web", ports }, { tenant: "web", ports: [1] }), lines: [`${path}.callers[1].tenant: web stands above already; name all its ports there`], right: callers({ tenant: "web", ports }, { tenant: "shop", ports }) },
    { what: "say nothing else", wrong: callers({ tenant: "web", ports, port: 1 }), lines: [`${path}.callers[0].port: there is no such setting; did you mean ports?`], right: callers({ tenant: "web", ports }) },
  ]);

  test("are not doubted while a team is missing because of a mistake", () => {
    // `Web` cannot be read as a team, so nothing is said of who calls.
    testRules([{ what: "one mistake, one line", wrong: { tenants: { orders: { traffic: { callers: [{ tenant: "Web", ports }] } }, Web: {} } }, lines: [
      "mooring:tenants.Web: a tenant's name has 2 to 20 lower-case letters, digits and hyphens, and starts with a letter",
    ], right: callers({ tenant: "web", ports }) }]);
  });

  test("are told whom they may call, by the names that both have and had", () => {
    const { tenants } = settings({
      tenants: {
        orders: { traffic: { callers: [{ tenant: "shop", ports: [1, 2] }, { tenant: "web", ports: [3] }] } },
        web: {},
        shop: { formerly: "store", traffic: { callers: [{ tenant: "web", ports: [4] }] } },
      },
    });
    const of = (wanted: string) => (({ callers: from, calls }) => ({ from, calls }))(tenants.find(({ name }) => name === wanted)!.traffic);
    assert.deepEqual(of("orders"), { from: [{ tenant: "shop", key: "store", ports: [1, 2] }, { tenant: "web", key: "web", ports: [3] }], calls: [] });
    assert.deepEqual(of("shop"), { from: [{ tenant: "web", key: "web", ports: [4] }], calls: [{ tenant: "orders", key: "orders", ports: [1, 2] }] });
    assert.deepEqual(of("web"), { from: [], calls: [{ tenant: "orders", key: "orders", ports: [3] }, { tenant: "shop", key: "store", ports: [4] }] });
  });
});

describe("the ingress controller and monitoring", () => {
  const line = (setting: string, who: string) => `${path}.${setting}: the namespace of ${who} is not known; write mooring:tenancy.${setting}Namespace`;
  const [ingress, monitoring] = [{ ingress: { ports: [8080] } }, { monitoring: { ports: [9090] } }];
  testRules([
    { what: "have ports", wrong: traffic({ ingress: {}, monitoring: { ports: [] } }), lines: [`${path}.ingress.ports: is required; write for example [8080]`, `${path}.monitoring.ports: must not be empty`], right: traffic({}) },
    { what: "the ingress controller has a namespace", wrong: traffic(ingress), lines: [line("ingress", "the ingress controller")], right: traffic(ingress, { tenancy: { ingressNamespace: "app-routing-system" } }) },
    { what: "monitoring has a namespace", wrong: traffic(monitoring), lines: [line("monitoring", "what collects metrics")], right: traffic(monitoring, { tenancy: { monitoringNamespace: "monitoring" } }) },
    { what: "AKS's collectors have one", wrong: traffic(monitoring, { monitoring: { prometheus: false } }), lines: [line("monitoring", "what collects metrics")], right: traffic(monitoring, { monitoring: { prometheus: true } }) },
    {
      what: "AKS's collectors are not known of a cluster that exists",
      wrong: traffic(monitoring, { tier: "production", ...existing }),
      lines: [line("monitoring", "what collects metrics")],
      right: traffic(monitoring, production()),
    },
    {
      what: "are not in a tenant's namespace",
      wrong: traffic({}, { tenancy: { ingressNamespace: "orders", monitoringNamespace: "store-flux" } }),
      lines: [
        "mooring:tenancy.ingressNamespace: orders is orders's namespace, which would let that team into others; name one of the platform's",
        "mooring:tenancy.monitoringNamespace: store-flux is shop's namespace, which would let that team into others; name one of the platform's",
      ],
      right: traffic({}, { tenancy: { ingressNamespace: "ingress", monitoringNamespace: "shop-flux" } }),
    },
    {
      what: "nothing is concluded from a tier that there is not",
      wrong: traffic(monitoring, { tier: "prod" }),
      lines: ['mooring:tier: "prod" is not one of production, nonproduction'],
      right: traffic(monitoring, production()),
    },
  ]);
});

describe("ranges outside", () => {
  const outside = (...ranges: Record<string, unknown>[]) => traffic({ outside: ranges });
  const cidr = "203.0.113.0/24";
  const at = `${path}.outside[0]`;
  const closed: [range: string, within: string, what: string, right: string][] = [
    ["169.254.169.254/32", "169.254.0.0/16", "the instance metadata and other machine-local addresses", "169.253.0.0/16"],
    ["168.63.129.16/32", "168.63.129.16/32", "the Azure host below a node", "168.63.129.17/32"],
    ["10.244.3.0/24", "10.244.0.0/16", "the cluster's pods, for which there is traffic.callers", "10.245.3.0/24"],
    ["10.0.0.1/32", "10.0.0.0/16", "the cluster's services", "10.1.0.1/32"],
    ["10.240.0.0/24", "10.240.0.0/20", "the cluster's nodes", "10.240.32.0/24"],
    ["10.240.16.0/28", "10.240.16.0/28", "the cluster's API server", "10.240.16.16/28"],
  ];
  testRules([
    { what: "have a name", wrong: outside({ cidr }), lines: [`${at}.name: is required; write for example "payment-provider"`], right: outside({ name: "bank", cidr }) },
    { what: "have a name of one word", wrong: outside({ name: "The bank", cidr }), lines: [`${at}.name: "The bank" is not a name of lower-case letters, digits and hyphens (at most 63 characters); write for example payment-provider`], right: outside({ name: "the-bank", cidr }) },
    { what: "have names of their own", wrong: outside({ name: "a", cidr }, { name: "a", cidr: "198.51.100.0/24" }), lines: [`${path}.outside[1].name: a stands above already; give each range a name of its own`], right: outside({ name: "a", cidr }, { name: "b", cidr }) },
    { what: "are IPv4", wrong: outside({ name: "a", cidr: "2001:db8::/32" }), lines: [`${at}.cidr: "2001:db8::/32" is not an IPv4 range; write for example 203.0.113.0/24`], right: outside({ name: "a", cidr: "203.0.113.7/32" }) },
    { what: "begin at their first address", wrong: outside({ name: "a", cidr: "203.0.113.7/24" }), lines: [`${at}.cidr: "203.0.113.7/24" is not the start of its range; write 203.0.113.0/24`], right: outside({ name: "a", cidr }) },
    { what: "have ports", wrong: outside({ name: "a", cidr, ports: [] }), lines: [`${at}.ports: must not be empty`], right: outside({ name: "a", cidr, ports: [443] }) },
    { what: "have a protocol", wrong: outside({ name: "a", cidr, protocol: "tcp" }), lines: [`${at}.protocol: "tcp" is not one of TCP, UDP; did you mean TCP?`], right: outside({ name: "a", cidr, protocol: "UDP" }) },
    ...closed.map(([range, within, what, right]) => ({
      what: `are not ${what}`,
      wrong: outside({ name: "a", cidr: range }),
      lines: [`${at}.cidr: ${range} is within ${within}: ${what}; it stays closed, remove it`],
      right: outside({ name: "a", cidr: right }),
    })),
    {
      what: "are not the machine's own wherever the cluster is",
      wrong: traffic({ outside: [{ name: "a", cidr: "169.254.169.254/32" }] }, existing),
      lines: [`${at}.cidr: 169.254.169.254/32 is within 169.254.0.0/16: the instance metadata and other machine-local addresses; it stays closed, remove it`],
      right: traffic({ outside: [{ name: "a", cidr: "10.244.3.0/24" }] }, existing),
    },
  ]);

  test("have defaults, and lose what stays closed", () => {
    const of = (changes: Record<string, unknown>) => settings(changes).tenants[0]!.traffic.outside;
    assert.deepEqual(of(outside({ name: "a", cidr })), [{ name: "a", cidr, except: [], ports: [443], protocol: "TCP" }]);
    assert.deepEqual(of(outside({ name: "a", cidr: "10.240.0.0/12" }))[0]!.except, ["10.244.0.0/16", "10.240.0.0/20", "10.240.16.0/28"]);
    assert.deepEqual(of(traffic({ outside: [{ name: "a", cidr: "168.0.0.0/6" }] }, existing))[0]!.except, ["169.254.0.0/16", "168.63.129.16/32"]);
  });

  test("that stay closed are those of the cluster, as far as they are Mooring's", () => {
    const ranges = (changes: Record<string, unknown>) => closedRanges(settings(changes)).map(({ range }) => range);
    const machine = ["169.254.0.0/16", "168.63.129.16/32"];
    assert.deepEqual(ranges({}), [...machine, "10.244.0.0/16", "10.0.0.0/16", "10.240.0.0/20", "10.240.16.0/28"]);
    assert.deepEqual(ranges({ network: { pods: "10.250.0.0/16" } })[2], "10.250.0.0/16");
    assert.deepEqual(ranges({ network: { existing: { nodesSubnet: hub("Microsoft.Network/virtualNetworks", "vnet/subnets/nodes") } } }), [...machine, "10.244.0.0/16", "10.0.0.0/16"]);
    assert.deepEqual(ranges(existing), machine);
    assert.deepEqual(closedWithin("169.254.0.0/15", closedRanges(settings())), ["169.254.0.0/16"]);
  });
});
