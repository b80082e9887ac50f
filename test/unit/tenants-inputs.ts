/**
 * Sets of tenants as users write them, close to each other on purpose: names that begin alike, hosts below each other, and every now
 * and then what is another tenant's. About half of them are accepted.
 */
import fc from "fast-check";
import { dotted } from "./address-ranges.ts";

type Part = Record<string, unknown>;

/** Sections of a stack file. */
export interface WrittenSet {
  network?: Part;
  registry: Part;
  tenancy: Part;
  github?: Part;
  webhooks?: Part;
  tenants: Record<string, Part>;
}

/** Names that make names of one tenant's parts meet those of another's, if they are put together carelessly. */
export const names = ["web", "web-flux", "web-control", "web-identity", "web-account", "web-azure", "web-source", "web-notify", "orders", "orders-2"];

/** `seldom` once in eight. */
const mostly = <T>(usually: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 7, arbitrary: usually }, { weight: 1, arbitrary: seldom });

/** Left out more often than not. */
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const few = <T>(one: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<T[]> => fc.uniqueArray(one, { minLength: 1, maxLength });

const someone = fc.constantFrom(...names);
const inAnyCase = (text: string): fc.Arbitrary<string> => fc.constantFrom(text, text.toUpperCase(), text[0]!.toUpperCase() + text.slice(1));

/** Every way to write a repository's address that the settings' syntax takes. */
export const repositoryAddresses = (owner: string, repository: string): string[] => [
  `https://github.com/${owner}/${repository}`,
  `https://github.com/${owner}/${repository}.git`,
  `https://github.com/${owner.toUpperCase()}/${repository.toUpperCase()}`,
  `https://github.com:443/${owner}/${repository}.git`,
  `https://www.github.com/${owner}/${repository}`,
  `ssh://git@github.com/${owner}/${repository}.git`,
  `ssh://git@github.com:22/${owner}/${repository}`,
  `ssh://git@ssh.github.com:443/${owner}/${repository}.git`,
  `https://github.com/${owner}`,
  "https://github.com",
];

/** Every way to write a tenant's part of the environment's own registry. */
export const registryParts = (registry: string, key: string): string[] => [
  `/${key}`,
  `/${key}/base`,
  `${registry}.azurecr.io`,
  `${registry}.azurecr.io/${key}`,
  `${registry}.azurecr.io:443/${key}`,
  `${registry}-c3d2b1a0.azurecr.io/${key}`,
];

const hosts = (name: string) =>
  mostly(
    fc.constantFrom(`${name}.example`, `api.${name}.example`, `${name}.shop.example`),
    fc.constantFrom("shop.example", "web.shop.example", "api.web.shop.example", "apps.acme.example", "web.apps.acme.example", "x.orders.apps.acme.example"),
  );

const registries = (name: string) =>
  mostly(
    fc.constantFrom("quay.io/prometheus", "docker.io/library", "/shared", "/shared/web", `ghcr.io/acme/${name}`),
    someone.chain((other) => fc.constantFrom(...registryParts("acmelab", other))),
  );

const sources = (name: string) =>
  mostly(
    fc.constantFrom("https://charts.example", "ssh://git@github.com/acme/shared-charts.git", "oci://ghcr.io/acme/charts", `https://charts.example/${name}`),
    fc.oneof(
      someone.chain((other) => inAnyCase(other).chain((repository) => fc.constantFrom(...repositoryAddresses("acme", repository)))),
      someone.map((other) => `oci://acmelab.azurecr.io/${other}`),
    ),
  );

/** Shares of several namespaces: none, as many as there are, or all but one. */
const shares = (count: number): fc.Arbitrary<(number | undefined)[]> => {
  const none = Array.from({ length: count }, () => undefined);
  const some = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: count - 1, maxLength: count - 1 });
  const whole = some.map((shares) => [...shares, 100 - shares.reduce((sum, share) => sum + share, 0)]);
  return fc.oneof(fc.constant(none), whole, whole.map((all) => all.with(-1, undefined as never)));
};

const namespaces = (name: string): fc.Arbitrary<Part> =>
  few(mostly(fc.constantFrom(name, `${name}-jobs`, `${name}-x`, `${name}-x-identity`), fc.constantFrom(...names, "web-flux", "jobs", "x")), 3).chain((chosen) =>
    fc.tuple(shares(chosen.length), fc.array(fc.boolean(), { minLength: chosen.length, maxLength: chosen.length })).map(([parts, adopted]) =>
      Object.fromEntries(chosen.map((namespace, index) => [namespace, { share: parts[index], adopt: adopted[index] || undefined }])),
    ),
  );

const quota: fc.Arbitrary<Part> = fc.record(
  {
    cpu: fc.oneof(fc.integer({ min: 2, max: 64 }).map(String), fc.integer({ min: 2000, max: 9999 }).map((milli) => `${milli}m`), fc.constantFrom("2.125", 7)),
    memory: fc.constantFrom("4Gi", "4.5Gi", "5000M", "5G", "6001Mi", "4294967297"),
    storage: fc.constantFrom("1Ti", "333Gi", "10G"),
    pods: fc.integer({ min: 10, max: 1000 }),
    volumes: fc.nat(100),
    services: fc.nat(100),
    configMaps: fc.nat(1000),
    secrets: fc.nat(1000),
    jobs: fc.nat(1000),
    objects: fc.nat(1000),
    fluxObjects: fc.nat(100),
  },
  { requiredKeys: [] },
);

/** A range that begins where it says. */
export const cidrs: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 0, max: 32 }), fc.oneof(fc.nat(2 ** 32 - 1), fc.constantFrom(0xa9fea9fe, 0xa83f8110, 0x0af40000, 0x0a000000, 0x0af00000, 0x21000000)))
  .map(([bits, address]) => `${dotted(Math.floor(address / 2 ** (32 - bits)) * 2 ** (32 - bits))}/${bits}`);

const wide = fc.constantFrom("0.0.0.0/0", "160.0.0.0/4", "8.0.0.0/6", "203.0.113.0/24", "168.63.0.0/16");

const ports = few(fc.integer({ min: 1, max: 65_535 }), 3);

const traffic = (others: readonly string[]): fc.Arbitrary<Part> => fc.record(
  {
    callers: fc.uniqueArray(fc.record({ tenant: fc.constantFrom(...others), ports }), { maxLength: 2, selector: ({ tenant }) => tenant }),
    ingress: fc.record({ ports }),
    monitoring: fc.record({ ports }),
    outside: fc
      .array(fc.record({ cidr: mostly(wide, cidrs), ports, protocol: fc.constantFrom("TCP", "UDP") }), { maxLength: 2 })
      .map((entries) => entries.map((entry, index) => ({ ...entry, name: `range-${index}` }))),
  },
  { requiredKeys: [] },
);

const groups = few(fc.constantFrom(...[1, 2, 3, 4].map((digit) => `7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e0${digit}`)));

/** What Azure has of a tenant goes together. */
const accounts = few(mostly(fc.constantFrom("api", "worker", "x-workload-reconciler"), fc.constantFrom("reconciler", "default")));
const withVault = { vault: true, sops: true, owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"] };
const azure: fc.Arbitrary<Part> = accounts.chain((serviceAccounts) => fc.constantFrom({ identity: { serviceAccounts } }, { identity: { serviceAccounts }, ...withVault }));

/** A secret of the tenant's own, or one that others may mean too. */
const secret = (name: string, what: string) => mostly(fc.constant(`${name}-${what}`), fc.constant("shared"));

/** Where Git is elsewhere, and once in a while another team's. */
const gitUrls = (name: string) =>
  mostly(
    fc.constantFrom(`https://git.example/${name}`, `https://git.example/acme/${name}.git`),
    someone.chain((other) => fc.constantFrom(`https://git.example/${other}`, `https://git.example/ACME/${other}`, ...repositoryAddresses("acme", other).slice(0, 3))),
  );

const git = (name: string): fc.Arbitrary<Part> => fc.record({ url: gitUrls(name), secret: secret(name, "git") });

/** Names of sources that are those of a tenant's other parts. */
const sourceNames = fc.constantFrom("charts", "deploy-key", "webhook-token", "repository", "x");

const further = (name: string): fc.Arbitrary<Part> =>
  fc.oneof(
    fc.record({ git: gitUrls(name), branch: fc.constant("main"), secret: secret(name, "source") }),
    mostly(fc.constant(name), someone).chain((whose) => fc.constantFrom(`/${whose}/charts/api`, `/${whose}/manifests`, "/shared/base")).map((oci) => ({ oci, semver: "1.x" })),
    fc.record({ oci: fc.constantFrom("oci://ghcr.io/acme/charts/api", ...names.map((other) => `oci://acmelab.azurecr.io/${other}/api`)), tag: fc.constant("v1"), secret: secret(name, "oci"), username: fc.constant("robot") }),
    fc.record({ helm: fc.constantFrom("https://charts.example/stable", "https://charts.example"), secret: secret(name, "helm"), username: fc.constant("reader") }),
  );

const follows = fc.constantFrom({ branch: "main" }, { semver: "1.x" }, { tag: "stable" });

/** What is delivered: images, sources, what tells Flux, and whom Flux tells. */
const delivered = (name: string): fc.Arbitrary<Part> =>
  fc.record({
    images: sometimes(fc.uniqueArray(fc.constantFrom("api", "repository", "x"), { minLength: 1, maxLength: 2 }).chain((all) => fc.tuple(...all.map((image) => fc.record({ name: fc.constant(image), follow: follows }))))),
    sources: sometimes(fc.dictionary(sourceNames, further(name), { minKeys: 1, maxKeys: 2 })),
    kustomizations: sometimes(fc.dictionary(sourceNames, fc.record({ path: fc.constantFrom("./a", "./b") }), { minKeys: 1, maxKeys: 2 })),
    notify: sometimes(
      fc.uniqueArray(
        fc.oneof(
          secret(name, "slack").map((value) => ({ slack: "#alerts", secret: value })),
          fc.record({ webhook: fc.constantFrom("alerts", "web"), secret: secret(name, "hook"), signature: secret(name, "sign") }),
          secret(name, "status").map((value) => ({ github: "acme/web", secret: value })),
        ),
        { minLength: 1, maxLength: 2, selector: (entry) => Object.keys(entry)[0] },
      ),
    ),
  });

const tenant = (name: string, others: readonly string[]): fc.Arbitrary<Part> =>
  fc
    .record({
      formerly: sometimes(mostly(fc.constant(`old-${name}`), someone)),
      state: sometimes(fc.constantFrom("active", "suspended", "leaving", "left")),
      owners: sometimes(groups),
      editors: sometimes(groups),
      viewers: sometimes(groups),
      namespaces: sometimes(namespaces(name)),
      size: sometimes(fc.constantFrom("small", "medium", "large")),
      quota: sometimes(quota),
      allowed: fc.record({ hosts: sometimes(few(hosts(name))), registries: sometimes(few(registries(name))), sources: sometimes(few(sources(name))) }),
      traffic: sometimes(traffic(others)),
      where: fc.oneof(
        { weight: 5, arbitrary: fc.constant({}) },
        { weight: 3, arbitrary: fc.record({ repository: fc.record({ name: mostly(inAnyCase(name), fc.oneof(someone.chain(inAnyCase), fc.constant("shared-charts"))) }) }) },
        { weight: 1, arbitrary: fc.record({ git: git(name) }) },
      ),
      delivered: sometimes(delivered(name)),
      azure: sometimes(azure),
    })
    .map(({ azure: cloud, delivered: what, where, ...rest }) => ({ ...rest, ...where, ...what, ...cloud }));

/** Where the cluster's own ranges are; public ones are legal, and somebody has them. */
const network = fc.constantFrom(
  undefined,
  ranges("10.64", { pods: "10.128.0.0/14", services: "10.1.0.0/16" }),
  ranges("52.0", { pods: "33.0.0.0/16", services: "44.1.0.0/16" }),
);

/** Subnets of a network `<begin>.0.0/16`, and what is not in it. */
function ranges(begin: string, rest: Part): Part {
  return { addressSpace: `${begin}.0.0/16`, nodes: `${begin}.0.0/20`, apiServer: `${begin}.16.0/28`, privateEndpoints: `${begin}.17.0/24`, ...rest };
}

const tenancy = fc.record({
  domain: sometimes(fc.constant("apps.acme.example")),
  registries: sometimes(few(registries("acme"))),
  // Where most of what they fetch lies.
  charts: sometimes(few(sources("acme"))).map((some = []) => [...new Set([...some, "https://charts.example", "oci://ghcr.io/acme/charts"])]),
  ingressNamespace: mostly(fc.constant("ingress"), someone),
  monitoringNamespace: mostly(fc.constant("monitoring"), someone),
});

/** Two to four tenants. */
export const tenantSets: fc.Arbitrary<WrittenSet> = fc
  .uniqueArray(someone, { minLength: 2, maxLength: 4 })
  .chain((chosen) =>
    fc.record({
      network,
      registry: fc.constantFrom<Part>({ name: "acmelab" }, { existing: { name: "acmelab", resourceGroup: "rg-acme" } }),
      tenancy,
      webhooks: fc.constantFrom({ host: "flux.platform.example", gateway: { name: "public", namespace: "ingress" } }, undefined),
      tenants: fc.record(Object.fromEntries(chosen.map((name) => [name, tenant(name, chosen.filter((other) => other !== name))]))),
    }),
  )
  .map((set) => ({ ...set, tenancy: { ...set.tenancy, adoptable: adopted(set.tenants) } }));

/** What the platform gives away, which is what the tenants ask for. */
function adopted(tenants: Record<string, Part>): string[] {
  const namespaces = Object.values(tenants).flatMap((one) => Object.entries((one.namespaces ?? {}) as Record<string, { adopt?: boolean }>));
  return [...new Set(namespaces.filter(([, { adopt }]) => adopt).map(([name]) => name))];
}

/** The secrets that a tenant names, wherever it does. */
export function secretsIn(written: unknown): string[] {
  if (written === null || typeof written !== "object") return [];
  return Object.entries(written).flatMap(([key, value]) => (typeof value === "string" ? (key === "secret" || key === "signature" ? [value] : []) : secretsIn(value)));
}

/** The secrets that a set names, for a configuration that is evaluated as a whole. */
export function secretsOf({ tenants }: WrittenSet): Record<string, boolean> {
  return Object.fromEntries(secretsIn(tenants).map((name) => [name, true]));
}
