/** Who may pull and push where: roles of the two modes of a registry, promotion, and the condition that keeps a team to its own repositories. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { belowPrefix, readsBelow } from "../../components/azure/registry-access.ts";
import { permits } from "../abac.ts";
import { entraTenant, grants, owners, subscription } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration, mistakes } from "../settings.ts";

const elsewhere = "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e";
const trust = [{ name: "ci-1", issuer: "https://ci.example", subject: "s" }];
const registryId = (scope: string, group: string, name: string) => `/subscriptions/${scope}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;

const abac = await Program.of(
  configuration({
    registry: {
      existing: { name: "cracmeshared", resourceGroup: "rg-shared", subscription: elsewhere, permissions: "abac" },
      promoteFrom: { name: "cracmedev", resourceGroup: "rg-dev", permissions: "abac" },
    },
    tenants: { "team-a": { owners: [owners], build: { trust } } },
  }),
);
const roles = await Program.of(configuration({ registry: { promoteFrom: { name: "cracmedev", resourceGroup: "rg-dev", subscription: elsewhere } } }));

describe("roles", () => {
  const build = ["<id-acme-staging-build.principalId>", "ServicePrincipal"];
  const rights = (program: Program) => grants(program, /(pull|pushes|promotes)$/);

  test("on the whole registry, and AcrPull on the one that releases come from", () => {
    assert.deepEqual(rights(roles), {
      "mooring-nodes-pull": ["AcrPull", "<id-acme-staging-kubelet.principalId>", "ServicePrincipal", "<mooring-registry.id>"],
      "mooring-pipelines-build-pushes": ["AcrPush", ...build, "<mooring-registry.id>"],
      "mooring-pipelines-build-promotes": [`AcrPull of ${elsewhere}`, ...build, registryId(elsewhere, "rg-dev", "cracmedev")],
    });
    for (const { inputs } of roles.all("RoleAssignment")) assert.ok(!("condition" in inputs));
  });

  test("in ABAC mode are its own, which replace AcrPull and AcrPush there", () => {
    const shared = registryId(elsewhere, "rg-shared", "cracmeshared");
    assert.deepEqual(rights(abac), {
      "mooring-nodes-pull": [`Container Registry Repository Reader of ${elsewhere}`, "<id-acme-staging-kubelet.principalId>", "ServicePrincipal", shared],
      "mooring-pipelines-build-pushes": [`Container Registry Repository Writer of ${elsewhere}`, ...build, shared],
      "mooring-pipelines-build-promotes": ["Container Registry Repository Reader", ...build, registryId(subscription, "rg-dev", "cracmedev")],
      "team-a-azure-build-pushes": [`Container Registry Repository Writer of ${elsewhere}`, "<id-acme-staging-team-a-build.principalId>", "ServicePrincipal", shared],
      "team-a-azure-build-promotes": ["Container Registry Repository Reader", "<id-acme-staging-team-a-build.principalId>", "ServicePrincipal", registryId(subscription, "rg-dev", "cracmedev")],
    });
  });

  test("only a team's own identity is narrowed, by one line", () => {
    const conditions = abac.all("RoleAssignment").filter(({ inputs }) => "condition" in inputs || "conditionVersion" in inputs);
    assert.deepEqual(conditions.map(({ name, inputs }) => [name, inputs.condition, inputs.conditionVersion]), [
      ["team-a-azure-build-promotes", readsBelow("team-a", []), "2.0"],
      ["team-a-azure-build-pushes", belowPrefix("team-a"), "2.0"],
    ]);
    assert.ok(!/[\r\n]|\s{2}/.test(belowPrefix("team-a")));
  });
});

describe("a registry that somebody else made", () => {
  test("is only looked up, with a provider for its subscription", () => {
    for (const kind of ["Registry", "Replication", "CacheRule", "CredentialSet", "PrivateEndpoint"]) assert.deepEqual(abac.all(kind), [], kind);
    assert.ok(!abac.registrations.some(({ name }) => name === "mooring-registry-logs"));
    const provider = abac.registrations.find(({ name }) => name === "mooring-registry-azure");
    assert.deepEqual([provider?.type, provider?.inputs.subscriptionId, provider?.inputs.tenantId], ["pulumi:providers:azure-native", elsewhere, entraTenant]);
    assert.deepEqual(abac.outputs.registry, { name: "cracmeshared", loginServer: "<cracmeshared.loginServer>" });
  });
});

describe("the condition of a team's push identity", () => {
  const attribute = "Microsoft.ContainerRegistry/registries/repositories:name";
  const action = (name: string) => `Microsoft.ContainerRegistry/registries/${name}`;
  const allows = (repository: string | undefined, what: string, prefix = "team-a") =>
    permits(belowPrefix(prefix), { action: action(what), attributes: repository === undefined ? {} : { [attribute]: repository } });

  /** Every data action of Container Registry Repository Writer (learn.microsoft.com, built-in roles, containers). */
  const writer = ["content/read", "content/write", "metadata/read", "metadata/write"].map((name) => `repositories/${name}`);

  test("lets it into its own repositories, whatever the case, with every right of the role", () => {
    for (const what of writer) for (const repository of ["team-a/x", "team-a/x/y", "TEAM-A/x"]) assert.ok(allows(repository, what), `${what} ${repository}`);
  });

  test("keeps it out of every other repository, to read as well", () => {
    for (const what of writer) {
      for (const repository of ["team-a-evil/x", "team-a", "team-b/x", "x/team-a/y", "", undefined]) assert.ok(!allows(repository, what), `${what} ${String(repository)}`);
    }
  });

  test("says nothing of actions that concern no repository", () => {
    for (const what of ["catalog/read", "pull/read", "webhooks/write"]) assert.ok(allows("team-b/x", what), what);
  });

  test("keeps any two teams apart", () => {
    const tenant = fc.stringMatching(/^[a-z][-a-z0-9]{0,18}[a-z0-9]$/).filter((name) => mistakes({ tenants: { [name]: {} } }).length === 0);
    fc.assert(
      fc.property(tenant, tenant, fc.constantFrom(...writer), fc.stringMatching(/^[a-z0-9]{1,8}(\/[a-z0-9]{1,8})?$/), (own, other, what, rest) => {
        assert.ok(allows(`${own}/${rest}`, what, own));
        assert.equal(allows(`${other}/${rest}`, what, own), own === other);
      }),
    );
  });

  test("is really read: without the slash, or with fewer actions, the answers would be others", () => {
    const evil = { action: action("repositories/content/write"), attributes: { [attribute]: "team-a-evil/x" } };
    assert.ok(permits(belowPrefix("team-a").replace("team-a/", "team-a"), evil));
    const foreign = { action: action("repositories/content/read"), attributes: { [attribute]: "team-b/x" } };
    const withoutRead = belowPrefix("team-a").replace("!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'}) AND ", "");
    assert.ok(permits(withoutRead, foreign) && !permits(belowPrefix("team-a"), foreign));
    assert.throws(() => permits("(x)", foreign));
  });
});
