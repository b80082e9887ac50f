/** A tenant cannot be given what is another's: each kind of collision is planted into accepted sets, in every way of writing it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Settings, TenantSettings } from "../../components/settings/settings.ts";
import { cluster } from "../azure.ts";
import { read } from "../settings.ts";
import { forAccepted, namespacesOf } from "./tenants-accepted.ts";
import { registryParts, repositoryAddresses } from "./tenants-inputs.ts";

/** What is written over an accepted set so that the second tenant, or all tenants, get something of the first. */
interface Planted {
  victim?: object;
  thief?: object;
  tenancy?: object;
  stack?: object;
}

interface Collision {
  what: string;
  plant: (victim: TenantSettings, settings: Settings) => Planted[];
  /** The setting that is told wrong, of either tenant or of all. */
  at: RegExp;
}

const collisions: Collision[] = [
  {
    what: "its namespaces",
    plant: (victim) => namespacesOf(victim).map((namespace) => ({ thief: { namespaces: { [namespace]: {} } } })),
    at: /^mooring:tenants\.[^.]+(\.formerly|\.namespaces\.[^.]+)?$/,
  },
  {
    what: "its name, and the name it was made under",
    plant: ({ name, key }) => [name, key].map((formerly) => ({ thief: { formerly } })),
    at: /\.formerly$/,
  },
  {
    what: "its hosts, and what is below and above them",
    plant: () =>
      ["shop.victim.example", "api.shop.victim.example", "victim.example"].map((host) => ({
        victim: { allowed: { hosts: ["shop.victim.example"] } },
        thief: { allowed: { hosts: [host] } },
      })),
    at: /\.allowed\.hosts(\[\d\])?$/,
  },
  {
    what: "the host that it has by default",
    plant: ({ key }) =>
      [`${key}.apps.victim.example`, `x.${key}.apps.victim.example`, "apps.victim.example"].map((host) => ({
        tenancy: { domain: "apps.victim.example" },
        victim: { allowed: {} },
        thief: { allowed: { hosts: [host] } },
      })),
    at: /^mooring:tenants\.[^.]+(\.allowed\.hosts(\[\d\])?)?$/,
  },
  {
    what: "its part of the registry",
    plant: ({ key }) =>
      registryParts("acmelab", key).flatMap((part) => [
        { thief: { allowed: { registries: [part] } } },
        { tenancy: { registries: [part] } },
        ...(part.startsWith("/") ? [] : [{ thief: { allowed: { sources: [`oci://${part}`] } } }, { tenancy: { charts: [`https://${part}`] } }]),
      ]),
    at: /\.(registries|sources|charts)\[0\]$/,
  },
  {
    what: "its repository, to fetch from",
    plant: ({ repository }, { github }) =>
      repositoryAddresses(github.owner, repository!.name).flatMap((address) => [{ thief: { allowed: { sources: [address] } } }, { tenancy: { charts: [address] } }]),
    at: /\.(sources|charts)\[0\]$/,
  },
  {
    what: "its repository, to own",
    plant: ({ repository }) => [repository!.name].flatMap((name) => [name, name.toUpperCase(), name.toLowerCase()]).map((repository) => ({ thief: { repository: { name: repository } } })),
    // Whoever was allowed to fetch from the repository that is given up for this one is not concerned.
    at: /\.repository\.name$/,
  },
  {
    what: "its secret",
    plant: () => [{ victim: { notify: [{ slack: "#one", secret: "hook" }] }, thief: { notify: [{ slack: "#two", secret: "hook" }] } }],
    at: /\.notify\[0\]\.secret$/,
  },
  {
    what: "its place as the namespace that traffic comes from",
    plant: (victim) => namespacesOf(victim).flatMap((namespace) => [{ tenancy: { ingressNamespace: namespace } }, { tenancy: { monitoringNamespace: namespace } }]),
    at: /^mooring:tenancy\.(ingress|monitoring)Namespace$/,
  },
  {
    what: "its pods' addresses, and others that stay closed",
    plant: (_, { network: { pods, services, nodes } }) =>
      [pods, services, nodes, "169.254.169.254/32", "168.63.129.16/32"].map((cidr) => ({ thief: { traffic: { outside: [{ name: "there", cidr }] } } })),
    at: /\.traffic\.outside\[0\]\.cidr$/,
  },
  {
    what: "a pool of nodes that is kept for it",
    plant: ({ name }) => [{ stack: { cluster: cluster({ pools: { apps: {}, theirs: { tenant: name } } }) }, thief: { nodePool: "theirs" } }],
    at: /\.nodePool$/,
  },
];

describe("of two accepted tenants, the settings refuse that one takes what is the other's:", () => {
  for (const { what, plant, at } of collisions) {
    test(what, async () => {
      let tried = 0;
      await forAccepted(25, (settings, set) => {
        const [one, two] = settings.tenants as [TenantSettings, TenantSettings];
        for (const [victim, thief] of [[one, two], [two, one]] as const) {
          for (const planted of plant(victim, settings)) {
            const of = (tenant: TenantSettings, more: object | undefined) => ({ [tenant.name]: { ...set.tenants[tenant.name], ...more } });
            const tenants = { ...set.tenants, ...of(victim, planted.victim), ...of(thief, planted.thief) };
            const { mistakes } = read({ ...set, ...planted.stack, tenancy: { ...set.tenancy, ...planted.tenancy }, tenants });
            assert.ok(mistakes.length > 0, `accepted: ${JSON.stringify({ of: victim.name, takes: thief.name, ...planted })}`);
            // Where it was written; what follows from it may be told besides.
            assert.ok(mistakes.some(({ path }) => at.test(path)), `${JSON.stringify(planted)}: ${mistakes.map(({ path }) => path).join(", ")}`);
            tried++;
          }
        }
      });
      assert.ok(tried > 0);
    });
  }
});
