/**
 * Whatever tenants the settings accept, two of them never share what would let one reach the other. Checked on what is made of the
 * settings, not by the settings' own rules.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { webhookPath } from "../../components/flux/webhook-path.ts";
import { httpsUrl, sshUrl } from "../../components/settings/git-urls.ts";
import { pushedRepositories } from "../../components/settings/pushed-repositories.ts";
import type { Settings, TenantSettings } from "../../components/settings/settings.ts";
import { workloadGrants } from "../../components/tenant/access.ts";
import { boundsOf } from "../../components/tenant/bounds.ts";
import { bounds } from "../../components/tenant/labels.ts";
import { networkPolicySpec } from "../../components/tenant/traffic.ts";
import type { Registration } from "../../cli/render/evaluate.ts";
import { Program } from "../evaluate.ts";
import { configuration, read } from "../settings.ts";
import { forAccepted, namespacesOf, tally } from "./tenants-accepted.ts";
import { secretsIn, secretsOf } from "./tenants-inputs.ts";
import type { WrittenSet } from "./tenants-inputs.ts";

interface Rule {
  to?: unknown;
  from?: unknown;
  ports?: unknown[];
}

const pairs = <T>(all: readonly T[]): [T, T][] => all.flatMap((one) => all.filter((other) => other !== one).map((other): [T, T] => [one, other]));

/** What two tenants both have; `what` makes each tenant's list. */
function assertNothingShared(settings: Settings, what: string, of: (tenant: TenantSettings) => string[]): void {
  const owner = new Map<string, string>();
  for (const tenant of settings.tenants) {
    for (const value of of(tenant)) {
      const other = owner.get(value) ?? tenant.name;
      assert.equal(other, tenant.name, `${tenant.name} and ${other} share the ${what} ${value}`);
      owner.set(value, tenant.name);
    }
  }
}

/** Whether one path is the other or lies below it. */
const nested = (a: string, b: string, separator: string): boolean => {
  const [one, two] = [a, b].map((path) => path.split(separator));
  const shorter = Math.min(one!.length, two!.length);
  return one!.slice(0, shorter).every((part, index) => part === two![index]);
};

/** A place whatever scheme, user, port and case it is written with. GitHub answers under three names. */
function place(address: string): string {
  const [, host, path] = /^(?:\w+:\/\/)?(?:[^@/]*@)?([^/:]+)(?::\d+)?(.*?)(?:\.git)?$/.exec(address.toLowerCase())!;
  return host!.replace(/^(www|ssh)\.github\.com$/, "github.com") + path!;
}

/** As Azure names it; the names under which a geo-replicated registry or one with a hash answers come down to this one. */
const registryHost = ({ registry }: Settings): string => `${registry.existing?.name ?? registry.name}.azurecr.io`;

const registryPlace = (address: string): string => place(address).replace(/^([a-z0-9]+)-[a-z0-9]+\.azurecr/, "$1.azurecr");

const written = <T>(value: pulumi.Input<T>): Promise<T> => (pulumi.output(value) as unknown as { promise(): Promise<T> }).promise();

async function listed(annotations: Record<string, pulumi.Input<string>>, name: string): Promise<string[]> {
  return (await written(annotations[name]!)).split(",").filter((entry) => entry !== "");
}

describe("two tenants whose settings are accepted", () => {
  test("share no namespace, account, host, secret, repository or part of the registry", async () => {
    await forAccepted(800, async (settings, set) => {
      assertNothingShared(settings, "key", ({ key }) => [key]);
      assertNothingShared(settings, "namespace", namespacesOf);
      assertNothingShared(settings, "account", (tenant) => [
        ...workloadGrants(tenant, [])
          .flatMap(({ subjects }) => subjects.filter(({ kind }) => kind !== "Group"))
          .map(({ name, namespace }) => `${namespace}/${String(name)}`),
        ...tenant.serviceAccounts.map((account) => `${tenant.namespaces[0]!.name}/${account}`),
      ]);
      assertNothingShared(settings, "secret", ({ name }) => [...new Set(secretsIn(set.tenants[name]))]);
      assertNothingShared(settings, "repository", ({ git }) => [place(git.url)]);
      assertNothingShared(settings, "place of images", ({ key, images }) => images.map(({ name }) => `${key}/${name}`));
      // Even if two had one secret made at random.
      assertNothingShared(settings, "address of a receiver", ({ controlNamespace }) => ["repository", "images"].map((name) => webhookPath("token", name, controlNamespace)));
      assertNothingShared(settings, "webhook of the registry", (tenant) => pushedRepositories(tenant).filter((pushed) => pushed.startsWith(`${tenant.key}/`)).map((pushed) => settings.names.webhook(tenant.key, pushed)));
      assertNothingShared(settings, "host", ({ allowed }) => allowed.hosts);

      const host = registryHost(settings);
      for (const [one, other] of pairs(settings.tenants)) {
        const annotations = boundsOf(one, settings, host, "control");
        for (const mine of await listed(annotations, bounds.hosts)) {
          for (const theirs of other.allowed.hosts) {
            const [a, b] = [mine, theirs].map((name) => name.split(".").reverse().join(".")) as [string, string];
            assert.ok(!nested(a, b, "."), `${one.name} serves ${mine}, and ${other.name} ${theirs}`);
          }
        }
        const [images, sources] = [await listed(annotations, bounds.images), await listed(annotations, bounds.sources)];
        for (const source of one.sources) {
          const fetched = source.kind === "git" ? place(source.url) : source.kind === "oci" ? registryPlace(source.address.startsWith("/") ? `${host}${source.address}` : source.address) : "";
          for (const theirs of [place(other.git.url), `${host}/${other.key}`]) assert.ok(!nested(fetched, theirs, "/"), `${one.name} fetches ${fetched}, which is ${other.name}'s`);
        }
        for (const entry of [...images, ...sources]) {
          assert.ok(!nested(registryPlace(entry), `${host}/${other.key}`, "/"), `${one.name} may use ${entry}, where ${other.name}'s images are`);
        }
        for (const entry of sources) {
          const addresses = other.repository ? [sshUrl, httpsUrl].map((url) => url(settings.github, other.repository!.name)) : [other.git.url];
          for (const address of addresses) {
            assert.ok(!nested(place(entry), place(address), "/"), `${one.name} may fetch ${entry}, where ${other.name}'s repository is`);
          }
        }
      }
    });
  });

  test("connect only where the one that is called has named the caller, on those ports alone", async () => {
    await forAccepted(300, (settings) => {
      for (const [caller, callee] of pairs(settings.tenants)) {
        const named = callee.traffic.callers.filter(({ tenant }) => tenant === caller.name);
        const ports = named.flatMap((entry) => entry.ports).map((port) => ({ port, protocol: "TCP" }));
        const labels = (key: string) => ({ "toolkit.fluxcd.io/tenant": key, "mooring.platform/namespace": "workload" });
        const peer = (key: string) => JSON.stringify([{ namespaceSelector: { matchLabels: labels(key) } }]);
        const { egress } = networkPolicySpec(caller, settings.tenancy);
        const { ingress } = networkPolicySpec(callee, settings.tenancy);
        // A rule without ports would open all of them.
        const opened = (rules: readonly Rule[], end: "to" | "from", key: string) =>
          rules.filter((rule) => JSON.stringify(rule[end]) === peer(key)).flatMap((rule) => rule.ports ?? ["every port"]);
        assert.deepEqual(opened(egress, "to", callee.key), ports, `${caller.name} to ${callee.name}`);
        assert.deepEqual(opened(ingress, "from", caller.key), ports, `${callee.name} from ${caller.name}`);
      }
    });
  });

  test("are each one set of registrations: no resource and no object has the name of another", async () => {
    // A run takes a fifth of a second, and looking for a smaller example hundreds of them.
    const check = async (settings: Settings, set: WrittenSet) => assertOwnObjects(settings, await Program.of(configuration({ ...set }, { secrets: secretsOf(set) })));
    await forAccepted(25, check, { endOnFailure: true });
  });

  test("are so also where their names are each other's with a suffix, and what is in them likewise", async () => {
    const suffixes = ["flux", "control", "workload", "account", "identity", "azure", "notify", "traffic"];
    const inside = ["x", "x-identity", "x-workload"];
    const set: WrittenSet = {
      registry: { name: "acmelab" },
      tenancy: {},
      tenants: Object.fromEntries(
        ["web", ...suffixes.filter((suffix) => suffix !== "flux").map((suffix) => `web-${suffix}`)].map((name) => [
          name,
          {
            owners: ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"],
            ...{ size: "large", vault: true, sops: true, quota: { loadBalancers: 1 }, allowed: { serviceTypes: ["ClusterIP", "LoadBalancer"] } },
            namespaces: Object.fromEntries([name, ...inside.map((namespace) => `${name}--${namespace}`)].map((namespace) => [namespace, {}])),
            identity: { serviceAccounts: ["x", `${name}--x-workload-reconciler`, ...suffixes] },
            notify: [{ slack: "#alerts", secret: `${name}-hook` }],
          },
        ]),
      ),
    };
    // The first namespace of web-account, and an account of web, would be one resource if a single slash stood in both.
    (set.tenants["web-account"] as { namespaces: object }).namespaces = { foo: {} };
    (set.tenants.web as { identity: { serviceAccounts: string[] } }).identity.serviceAccounts.push("foo-workload-reconciler");
    const { settings, mistakes } = read({ ...set });
    assert.deepEqual(mistakes, []);
    assertOwnObjects(settings!, await Program.of(configuration({ ...set }, { secrets: secretsOf(set) })));
  });
});

/** Names are unique, and every object of a tenant stands in a namespace of that tenant. */
function assertOwnObjects(settings: Settings, program: Program): void {
  const unique = (what: string, all: string[]) => assert.deepEqual(all.filter((one, index) => all.indexOf(one) < index), [], what);
  unique("resources of Pulumi", program.registrations.map(({ urn }) => urn));
  const metadataOf = ({ inputs }: Registration) => inputs.metadata as { name: string; namespace?: string };
  const identified = (object: Registration) => `${String(object.inputs.kind)} ${metadataOf(object).namespace ?? ""}/${metadataOf(object).name}`;
  unique("objects of Kubernetes", program.objects().map(identified));
  unique("identities in Azure", program.all("UserAssignedIdentity").map(({ inputs }) => String(inputs.resourceName)));
  unique("repositories", program.all("Repository").map(({ inputs }) => String(inputs.name).toLowerCase()));
  unique("webhooks of the registry", program.all("Webhook").filter(({ type }) => type.startsWith("azure-native:")).map(({ inputs }) => String(inputs.webhookName).toLowerCase()));

  const owner = new Map(settings.tenants.flatMap((tenant) => namespacesOf(tenant).map((namespace) => [namespace, tenant.key])));
  const components = new Map(program.registrations.map(({ urn, type, name }) => [urn, { type, name }]));
  let seen = 0;
  for (const object of program.objects()) {
    const component = components.get(object.parent ?? "");
    if (component?.type !== "mooring:tenant:Tenant") continue;
    seen++;
    const { name, namespace = name } = metadataOf(object);
    assert.equal(owner.get(namespace), component.name, object.name);
  }
  // Namespaces, accounts, quota, limits, traffic, source and Kustomization are there in every state.
  assert.ok(seen >= 9 * settings.tenants.length, `only ${seen} objects of tenants`);
}

test("of the sets that are tried, some are accepted and some refused", (t) => {
  assert.ok(tally.accepted > 0 && tally.accepted < tally.written);
  t.diagnostic(`${tally.accepted} of ${tally.written} sets accepted`);
});
