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

const hostKeys = ["git.lab.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"];

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
      (repository ? repositoryAddresses(github.owner, repository.name) : []).flatMap((address) => [{ thief: { allowed: { sources: [address] } } }, { tenancy: { charts: [address] } }]),
    at: /\.(sources|charts)\[0\]$/,
  },
  {
    what: "its repository, as a source of its own, or as its repository elsewhere",
    plant: ({ repository }, { github }) =>
      (repository ? repositoryAddresses(github.owner, repository.name).slice(0, -2) : []).flatMap((url) => [
        { thief: { sources: { theirs: { git: url, branch: "main", secret: "thief", hostKeys: url.startsWith("ssh:") ? hostKeys : undefined } } } },
        { thief: { repository: undefined, git: { url, secret: "thief", hostKeys: url.startsWith("ssh:") ? hostKeys : undefined } } },
      ]),
    at: /(\.sources\.theirs\.git|\.git\.url|\.repository\.name)$/,
  },
  {
    what: "its repository on another server, to own and to fetch from",
    plant: () => {
      const victim = { repository: undefined, git: { url: "https://git.lab.example/acme/victim.git", secret: "victim" } };
      const ssh = { secret: "thief", hostKeys };
      return [
        ...["https://git.lab.example/acme/victim", "https://git.lab.example/ACME/Victim.git", "https://git.lab.example:443/acme/victim.git"].map((url) => ({ url, secret: "thief" })),
        ...["ssh://git@git.lab.example/acme/victim.git", "ssh://other@git.lab.example:22/acme/victim"].map((url) => ({ url, ...ssh })),
      ].flatMap((git) => [
        { victim, thief: { repository: undefined, git } },
        { victim, thief: { sources: { theirs: { git: git.url, branch: "main", secret: "thief", hostKeys: git.url.startsWith("ssh:") ? hostKeys : undefined } } } },
        { victim, thief: { allowed: { sources: [git.url.replace("other@", "git@")] } } },
      ]);
    },
    at: /(\.git\.url|\.sources\.theirs\.git|\.allowed\.sources\[0\])$/,
  },
  {
    what: "its images and charts, as a source of its own",
    plant: ({ key }) =>
      [`/${key}/charts/api`, `oci://acmelab.azurecr.io/${key}/charts/api`, `oci://acmelab-c3d2b1a0.azurecr.io/${key}/api`].map((oci) => ({ thief: { sources: { theirs: { oci, tag: "v1" } } } })),
    at: /\.sources\.theirs\.oci$/,
  },
  {
    what: "its repository, to own",
    plant: ({ repository }) => (repository ? [repository.name] : []).flatMap((name) => [name, name.toUpperCase(), name.toLowerCase()]).map((name) => ({ thief: { git: undefined, repository: { name } } })),
    // Whoever was allowed to fetch from the repository that is given up for this one is not concerned.
    at: /\.repository\.name$/,
  },
  {
    what: "its secret, whatever it is for",
    plant: () => {
      const users = (name: string): object[] => [
        { notify: [{ slack: `#${name}`, secret: "hook" }] },
        { notify: [{ webhook: name, secret: `${name}-own`, signature: "hook" }] },
        { repository: undefined, git: { url: `https://git.lab.example/${name}`, secret: "hook" } },
        { git: undefined, repository: { token: { secret: "hook" } } },
        { git: undefined, repository: { app: { id: 1, installationId: 2, secret: "hook" } } },
        { sources: { lab: { git: `https://git.lab.example/${name}/more`, branch: "main", secret: "hook" } } },
        { sources: { charts: { helm: "https://charts.example/x", secret: "hook", username: "reader" } } },
        { sources: { signed: { oci: "oci://ghcr.io/acme/charts/x", tag: "v1", verify: { provider: "cosign", secret: "hook" } } } },
        { sources: { charts: { helm: "https://charts.example/x" } }, releases: { x: { source: "charts", chart: "x", valuesFrom: [{ secret: "hook" }] } } },
      ];
      const [first] = users("one") as [object];
      return users("two").map((thief) => ({ tenancy: { charts: ["https://charts.example", "oci://ghcr.io/acme/charts"] }, victim: first, thief }));
    },
    // The second of the two is told, by name.
    at: /\.(secret|signature)$/,
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
