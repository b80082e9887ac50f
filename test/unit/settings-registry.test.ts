/** Rules of the registry, of monitoring and of mirrors: each gives one line with its path and remedy, and its nearest right sibling passes. */
import { describe } from "node:test";
import { hub, production } from "../azure.ts";
import { testRules } from "../rules.ts";
import type { Rule } from "../rules.ts";

const of = (registry: Record<string, unknown>) => ({ registry });
const premium = (registry: Record<string, unknown>) => of({ sku: "Premium", ...registry });
const cache = (rules: Record<string, unknown>) => of({ cache: rules });
const elsewhere = { name: "cracmeshared", resourceGroup: "rg-shared" };
const zone = hub("Microsoft.Network/privateDnsZones", "privatelink.azurecr.io");
const credentials = { vault: hub("Microsoft.KeyVault/vaults", "kv-hub"), username: "hub-name", password: "hub-token" };
const workspace = hub("Microsoft.OperationalInsights/workspaces", "log-hub");
const actionGroup = hub("Microsoft.Insights/actionGroups", "on-call");
const at = "mooring:registry";

const onlyPremium: Rule[] = Object.entries({ replicas: ["northeurope"], zoneRedundant: true, allowedRanges: ["203.0.113.0/24"], privateEndpoint: true, retentionDays: 0 }).map(([setting, value]) => ({
  what: `${setting} needs the Premium tier`,
  // With a NAT gateway the nodes' address is known, which a registry for some ranges must let in.
  wrong: { network: { egress: "natGateway" }, ...of({ [setting]: value }) },
  lines: [`${at}.${setting}: needs the tier Premium, and this registry is Standard; write sku: Premium, or remove it`],
  right: { network: { egress: "natGateway" }, ...premium({ [setting]: value }) },
}));

describe("the registry", () => {
  testRules([
    ...onlyPremium,
    {
      what: "in production a lower tier gives up what only Premium has, once the settings no longer ask for it",
      wrong: production({ registry: { sku: "Standard", zoneRedundant: true } }),
      lines: [`${at}.zoneRedundant: needs the tier Premium, and this registry is Standard; write sku: Premium, or remove it`],
      right: production({ registry: { sku: "Standard" } }),
    },
    {
      what: "its firewall takes public ranges",
      wrong: premium({ allowedRanges: ["203.0.113.0/24", "192.168.0.0/24"], privateEndpoint: true }),
      lines: [`${at}.allowedRanges[1]: "192.168.0.0/24" is a private range, and a registry's firewall takes public addresses only`],
      right: premium({ allowedRanges: ["203.0.113.0/24", "192.169.0.0/24"], privateEndpoint: true }),
    },
    {
      what: "the nodes are let in too, by the address of a NAT gateway",
      wrong: { network: { egress: "loadBalancer" }, ...premium({ allowedRanges: ["203.0.113.0/24"] }) },
      lines: [`${at}.allowedRanges: shuts the nodes out, which pull from an address of their load balancer; write privateEndpoint: true, or network.egress: natGateway`],
      right: { network: { egress: "natGateway" }, ...premium({ allowedRanges: ["203.0.113.0/24"] }) },
    },
    {
      what: "the nodes are let in too, within the network",
      wrong: premium({ allowedRanges: ["203.0.113.0/24"] }),
      lines: [`${at}.allowedRanges: shuts the nodes out, which pull from an address of their load balancer; write privateEndpoint: true, or network.egress: natGateway`],
      right: premium({ allowedRanges: ["203.0.113.0/24"], privateEndpoint: true }),
    },
    {
      what: "an endpoint's zone has the name that Azure gives it",
      wrong: premium({ privateEndpoint: true, privateDnsZone: zone.replace("azurecr.io", "azurecr.cn") }),
      lines: [`${at}.privateDnsZone: the zone of a registry's private endpoint is privatelink.azurecr.io; write the id of that one`],
      right: premium({ privateEndpoint: true, privateDnsZone: zone }),
    },
    {
      what: "copies are in other regions",
      wrong: premium({ replicas: ["westeurope"] }),
      lines: [`${at}.replicas[0]: westeurope is where the registry itself is; name other regions`],
      right: premium({ replicas: ["northeurope"] }),
    },
    {
      what: "one copy a region",
      wrong: premium({ replicas: ["northeurope", "northeurope"] }),
      lines: [`${at}.replicas[1]: northeurope stands above already`],
      right: premium({ replicas: ["northeurope", "swedencentral"] }),
    },
    {
      what: "a zone is for a private endpoint",
      wrong: premium({ privateDnsZone: zone }),
      lines: [`${at}.privateDnsZone: only a private endpoint has a private DNS zone; remove it, or write privateEndpoint: true`],
      right: premium({ privateDnsZone: zone, privateEndpoint: true }),
    },
    {
      what: "an existing one has no settings but its own",
      wrong: of({ existing: elsewhere, sku: "Premium", cache: {} }),
      lines: ["sku", "cache"].map((setting) => `${at}.${setting}: belongs to a registry that Mooring makes; remove it, or registry.existing`),
      right: of({ existing: elsewhere, promoteFrom: { ...elsewhere, permissions: "abac" } }),
    },
    {
      what: "a registry's name has five letters and digits at least",
      wrong: of({ existing: { ...elsewhere, name: "cr-1" } }),
      lines: [`${at}.existing.name: a registry's name has 5 to 50 letters and digits`],
      right: of({ existing: { ...elsewhere, name: "cr111" } }),
    },
    {
      what: "rights are given in one of two ways",
      wrong: of({ promoteFrom: { ...elsewhere, permissions: "rbac" } }),
      lines: [`${at}.promoteFrom.permissions: "rbac" is not one of roles, abac; did you mean abac?`],
      right: of({ promoteFrom: { ...elsewhere, permissions: "roles" } }),
    },
  ]);
});

describe("what is pulled through", () => {
  testRules([
    {
      what: "comes from a registry that Azure pulls through",
      wrong: cache({ other: { source: "registry.example.com/a", target: "a" } }),
      lines: [`${at}.cache.other.source: "registry.example.com/a" does not begin with a registry that Azure pulls through; write for example docker.io/library/*, ghcr.io/fluxcd/* or mcr.microsoft.com/*`],
      right: cache({ other: { source: "quay.io/a", target: "a" } }),
    },
    {
      what: "is more than a host",
      wrong: cache({ other: { source: "ghcr.io", target: "a" } }),
      lines: [`${at}.cache.other.source: "ghcr.io" does not begin with a registry that Azure pulls through; write for example docker.io/library/*, ghcr.io/fluxcd/* or mcr.microsoft.com/*`],
      right: cache({ other: { source: "ghcr.io/*", target: "ghcr/*" } }),
    },
    ...["docker.io/library/*", "dhi.io/*", "registry.redhat.io/*", "other.azurecr.io/*", "europe-docker.pkg.dev/*"].map(
      (source): Rule => ({
        what: `${source} needs credentials`,
        wrong: cache({ other: { source, target: "a/*" } }),
        lines: [`${at}.cache.other.credentials: is required for ${source.split("/")[0]}; name a vault and the secrets with the user's name and token`],
        right: cache({ other: { source, target: "a/*", credentials } }),
      }),
    ),
    ...["mcr.microsoft.com/*", "public.ecr.aws/*", "registry.access.redhat.com/*"].map(
      (source): Rule => ({
        what: `${source} takes none`,
        wrong: cache({ other: { source, target: "a/*", credentials } }),
        lines: [`${at}.cache.other.credentials: ${source.split("/")[0]} is asked without credentials; remove them`],
        right: cache({ other: { source, target: "a/*" } }),
      }),
    ),
    ...["ghcr.io/*", "quay.io/*", "registry.k8s.io/*", "gcr.io/*", "nvcr.io/*"].map(
      (source): Rule => ({
        what: `${source} goes with and without, and only a whole rule ends in /*`,
        wrong: cache({ other: { source, target: "a", credentials } }),
        lines: [`${at}.cache.other.target: source and target both end in /* or neither does`],
        right: cache({ other: { source, target: "a/*", credentials }, another: { source: source.replace("*", "b"), target: "b" } }),
      }),
    ),
    {
      what: "each path is pulled through once",
      wrong: cache({ first: { source: "ghcr.io/*", target: "ghcr/*" }, second: { source: "ghcr.io/fluxcd/*", target: "flux/*" } }),
      lines: [`${at}.cache.second.source: ghcr.io/fluxcd/* overlaps the source of first (ghcr.io/*); Azure takes each path once`],
      right: cache({ first: { source: "ghcr.io/fluxcd/*", target: "ghcr/*" }, second: { source: "ghcr.io/fluxcd2/*", target: "flux/*" } }),
    },
    {
      what: "each path is kept in a place of its own",
      wrong: cache({ first: { source: "ghcr.io/a/*", target: "cache/a/*" }, second: { source: "quay.io/a/*", target: "cache/*" } }),
      lines: [`${at}.cache.second.target: cache/* overlaps the target of first (cache/a/*); choose targets apart`],
      // One repository may lie within what a wildcard covers.
      right: cache({ first: { source: "ghcr.io/a/*", target: "cache/*" }, second: { source: "quay.io/a", target: "cache/a" } }),
    },
    {
      what: "one repository is kept once",
      wrong: cache({ first: { source: "ghcr.io/a", target: "a" }, second: { source: "quay.io/a", target: "a" } }),
      lines: [`${at}.cache.second.target: a overlaps the target of first (a); choose targets apart`],
      right: cache({ first: { source: "ghcr.io/a", target: "a" }, second: { source: "quay.io/a", target: "aa" } }),
    },
    {
      what: "rules have names of five characters at least",
      wrong: cache({ flux: { source: "ghcr.io/fluxcd/*", target: "flux/*" } }),
      lines: [`${at}.cache.flux: a cache rule's name has 5 to 50 letters, digits and hyphens`],
      right: cache({ flux2: { source: "ghcr.io/fluxcd/*", target: "flux/*" } }),
    },
    {
      what: "secrets are named as vaults name them",
      wrong: cache({ other: { source: "docker.io/library/*", target: "a/*", credentials: { ...credentials, password: "hub_token" } } }),
      lines: [`${at}.cache.other.credentials.password: a secret's name in a vault has letters, digits and hyphens`],
      right: cache({ other: { source: "docker.io/library/*", target: "a/*", credentials } }),
    },
  ]);
});

describe("monitoring", () => {
  testRules([
    {
      what: "Grafana shows what Prometheus collects",
      wrong: { monitoring: { grafana: true } },
      lines: ["mooring:monitoring.grafana: needs Prometheus; write prometheus: true, or remove it"],
      right: { monitoring: { grafana: true, prometheus: true } },
    },
    {
      what: "alerts tell of what Prometheus collects",
      wrong: production({ monitoring: { prometheus: false, actionGroup } }),
      lines: ["mooring:monitoring.actionGroup: needs Prometheus; write prometheus: true, or remove it"],
      right: production({ monitoring: { actionGroup } }),
    },
    {
      what: "a workspace that exists has its own retention and cap",
      wrong: { monitoring: { workspace, retentionDays: 60, dailyCapGb: 1 } },
      lines: ["retentionDays", "dailyCapGb"].map((setting) => `mooring:monitoring.${setting}: belongs to a workspace that Mooring makes; remove it, or monitoring.workspace`),
      right: { monitoring: { workspace } },
    },
    {
      what: "a cap is more than nothing",
      wrong: { monitoring: { dailyCapGb: 0 } },
      lines: ["mooring:monitoring.dailyCapGb: 0 is not allowed, more than 0 is"],
      right: { monitoring: { dailyCapGb: 0.5 } },
    },
    {
      what: "logs are kept for a month at least",
      wrong: { monitoring: { retentionDays: 29 } },
      lines: ["mooring:monitoring.retentionDays: 29 is not allowed, at least 30 is"],
      right: { monitoring: { retentionDays: 730 } },
    },
  ]);
});

describe("mirrors of Flux", () => {
  testRules([
    {
      what: "a chart is in an OCI registry",
      wrong: { flux: { mirror: { chart: "https://mirror.acme.example/flux2" } } },
      lines: ['mooring:flux.mirror.chart: "https://mirror.acme.example/flux2" is not the address of an OCI chart; write for example oci://mirror.acme.example/charts/flux2'],
      right: { flux: { mirror: { chart: "oci://mirror.acme.example:5000/flux2" } } },
    },
    {
      what: "images have a registry before their names, and no scheme",
      wrong: { flux: { mirror: { images: "https://mirror.acme.example" } } },
      lines: ['mooring:flux.mirror.images: "https://mirror.acme.example" is not a registry with a prefix; write for example mirror.acme.example/fluxcd'],
      right: { flux: { mirror: { images: "mirror.acme.example:5000" } } },
    },
  ]);
});
