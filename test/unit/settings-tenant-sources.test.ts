/** Rules about where tenants' images and Flux's sources come from: each gives one line with its path and remedy, and its nearest right sibling passes. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testRules } from "../rules.ts";
import { mistakes } from "../settings.ts";

const at = "mooring:tenants";
const path = `${at}.orders.allowed`;
const allowed = (more: Record<string, unknown>, others: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) => ({ tenants: { orders: { allowed: more }, ...others }, ...rest });
/** An environment whose registry is acmelab.azurecr.io. */
const lab = (more: Record<string, unknown>, others: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) => allowed(more, others, { registry: { name: "acmelab" }, ...rest });

describe("the environment's own registry", () => {
  const of = (tenant: string, part: string) => `${part} is ${tenant}'s part of the registry (${at}.${tenant}); share images in a part that is no tenant's`;
  testRules([
    { what: "is written as a slash", wrong: lab({ registries: ["acmelab.azurecr.io/shared"] }), lines: [`${path}.registries[0]: is the environment's own registry; write /shared`], right: lab({ registries: ["/shared"] }) },
    { what: "is the same with its port", wrong: lab({ registries: ["acmelab.azurecr.io:443/shared"] }), lines: [`${path}.registries[0]: is the environment's own registry; write /shared`], right: lab({ registries: ["other.azurecr.io:443/shared"] }) },
    {
      what: "is not opened as a whole",
      wrong: lab({}, {}, { tenancy: { registries: ["acmelab.azurecr.io"] } }),
      lines: ["mooring:tenancy.registries[0]: is the whole of the environment's own registry, with every tenant's images; name a part of it, for example /shared"],
      right: lab({}, {}, { tenancy: { registries: ["acmelab2.azurecr.io"] } }),
    },
    { what: "with a generated name is known by its beginning", wrong: allowed({ registries: ["cracmestagingx1y2z3.azurecr.io/a"] }), lines: [`${path}.registries[0]: is the environment's own registry; write /a`], right: allowed({ registries: ["cracmeprodx1y2z3.azurecr.io/a"] }) },
    { what: "has a part of each tenant's", wrong: lab({ registries: ["/web"] }, { web: {} }), lines: [`${path}.registries[0]: ${of("web", "/web")}`], right: lab({ registries: ["/webs"] }, { web: {} }) },
    { what: "has no part within a tenant's for others", wrong: lab({ registries: ["/web/api"] }, { web: {} }), lines: [`${path}.registries[0]: ${of("web", "/web/api")}`], right: lab({ registries: ["/orders/api"] }, { web: {} }) },
    {
      what: "has no tenant's part for all",
      wrong: lab({}, {}, { tenancy: { registries: ["/orders"] } }),
      lines: [`mooring:tenancy.registries[0]: ${of("orders", "/orders")}`],
      right: lab({}, {}, { tenancy: { registries: ["/shared"] } }),
    },
    {
      what: "is for charts too, but not as a source",
      wrong: lab({ sources: ["oci://acmelab.azurecr.io/charts"] }),
      lines: [`${path}.sources[0]: is the environment's own registry; write /charts in allowed.registries, which is for charts too`],
      right: lab({ sources: ["oci://other.azurecr.io/charts"] }),
    },
    {
      what: "is no source of everybody's charts",
      wrong: lab({}, {}, { tenancy: { charts: ["oci://acmelab.azurecr.io"] } }),
      lines: ["mooring:tenancy.charts[0]: is the environment's own registry; write a part of it in tenancy.registries, which is for charts too"],
      right: lab({}, {}, { tenancy: { charts: ["oci://ghcr.io/acme"] } }),
    },
  ]);
});

describe("what the platform has", () => {
  const inner = (host: string) => `${host} is an IP address or a name within a network, perhaps the platform's own; name a public host`;
  testRules([
    ...[
      ["https://charts", "charts", "https://charts.example"],
      ["https://charts.platform.svc.cluster.local", "charts.platform.svc.cluster.local", "https://charts.platform.services.example"],
      ["https://charts.platform.svc:8443", "charts.platform.svc", "https://charts.platform.example:8443"],
      ["https://10.1.2.3:8443/charts", "10.1.2.3", "https://10.1.2.3.example/charts"],
      ["ssh://git@git.local/x", "git.local", "ssh://git@git.local.example/x"],
      ["oci://metadata.google.internal", "metadata.google.internal", "oci://internal.example"],
    ].map(([value = "", host = "", right]) => ({ what: `is no source: ${value}`, wrong: allowed({ sources: [value] }), lines: [`${path}.sources[0]: ${inner(host)}`], right: allowed({ sources: [right] }) })),
    {
      what: "are priority classes of the cluster itself",
      wrong: allowed({ priorityClasses: ["system-node-critical"] }),
      lines: [`${path}.priorityClasses[0]: system-node-critical is for what the cluster itself needs, and would push it off the nodes; make a class of your own`],
      right: allowed({ priorityClasses: ["node-critical"] }),
    },
    {
      what: "are Flux's images in the registry",
      wrong: { tenants: { fluxcd: {} }, registry: { name: "acmelab" }, flux: { mirror: { images: "acmelab.azurecr.io/fluxcd" } } },
      lines: [`${at}.fluxcd: fluxcd would be the tenant's part of the registry, and flux.mirror.images is there; move that elsewhere, or give the tenant another name`],
      right: { tenants: { fluxcds: {} }, registry: { name: "acmelab" }, flux: { mirror: { images: "acmelab.azurecr.io/fluxcd" } } },
    },
    {
      what: "is Flux's chart in the registry, also for a tenant of another name now",
      wrong: { tenants: { shop: { formerly: "charts" } }, registry: { name: "acmelab" }, flux: { mirror: { chart: "oci://acmelab.azurecr.io/charts/flux2" } } },
      lines: [`${at}.shop.formerly: charts would be the tenant's part of the registry, and flux.mirror.chart is there; move that elsewhere, or give the tenant another name`],
      right: { tenants: { shop: { formerly: "charts" } }, registry: { name: "acmelab" }, flux: { mirror: { chart: "oci://mirror.example/charts/flux2" } } },
    },
    {
      what: "is a cache in the registry",
      wrong: { tenants: { cache: {} }, registry: { cache: { quayio: { source: "quay.io/prometheus/*", target: "cache/quay/*" } } } },
      lines: [`${at}.cache: cache would be the tenant's part of the registry, and registry.cache.quayio is there; move that elsewhere, or give the tenant another name`],
      right: { tenants: { cached: {} }, registry: { cache: { quayio: { source: "quay.io/prometheus/*", target: "cache/quay/*" } } } },
    },
  ]);
});

describe("another tenant's repository", () => {
  const web = { web: { repository: { name: "Shop" } } };
  const line = (value: string, is: string) => `${value} ${is} the repository of web (${at}.web); share charts in a repository that is no tenant's`;
  const pairs: [string, string, string][] = [
    ["ssh://git@github.com/acme/shop.git", "is", "ssh://git@github.com/acme/charts.git"],
    ["https://github.com/ACME/Shop", "is", "https://github.com/acme/shops"],
    ["ssh://git@github.com:22/acme/shop", "is", "ssh://git@github.com:22/acme/shop2"],
    ["ssh://git@ssh.github.com:443/acme/shop", "is", "ssh://git@git.acme.example/acme/shop"],
    ["https://github.com/acme/shop/x", "lies within", "https://github.com/other/shop"],
    ["https://github.com/acme", "covers", "https://github.com/acm"],
    ["https://github.com", "covers", "https://gitlab.example"],
  ];
  testRules([
    ...pairs.map(([value, is, right]) => ({ what: `is no source: ${value}`, wrong: allowed({ sources: [value] }, web), lines: [`${path}.sources[0]: ${line(value, is)}`], right: allowed({ sources: [right] }, web) })),
    {
      what: "is no source of everybody's charts",
      wrong: allowed({}, web, { tenancy: { charts: ["https://github.com/acme/shop.git"] } }),
      lines: [`mooring:tenancy.charts[0]: ${line("https://github.com/acme/shop.git", "is")}`],
      right: allowed({}, web, { tenancy: { charts: ["https://github.com/acme/charts.git"] } }),
    },
  ]);

  test("the tenant's own may be named, though it need not", () => assert.deepEqual(mistakes(allowed({ sources: ["https://github.com/acme/orders"], registries: ["/orders"] }, web)), []));
});
