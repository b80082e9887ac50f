/** The registry: tiers, regions, network, what it pulls through. Who may push where: azure-registry-access.test.ts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { census, cluster, grants, hub, options, production, subscription, tags } from "../azure.ts";
import { Program } from "../evaluate.ts";
import { configuration } from "../settings.ts";

const vault = hub("Microsoft.KeyVault/vaults", "KV-Hub");
const least = await Program.of(configuration({ registry: { sku: "Basic" } }));
const premium = await Program.of(configuration(production({ registry: { name: "acmeprod" } })));
const most = await Program.of(
  configuration(
    production({
      registry: {
        ...{ name: "acmeprod", replicas: ["northeurope", "swedencentral"], zoneRedundant: false, allowedRanges: ["203.0.113.0/24", "198.51.100.7/32"], privateEndpoint: true, retentionDays: 0 },
        cache: {
          fluxcd: { source: "ghcr.io/fluxcd/*", target: "cache/fluxcd/*" },
          "docker-hub": { source: "docker.io/library/*", target: "cache/library/*", credentials: { vault, username: "hub-name", password: "hub-token" } },
        },
      },
    }),
  ),
);
const zone = hub("Microsoft.Network/privateDnsZones", "privatelink.azurecr.io");
const closed = await Program.of(configuration(production({ registry: { privateEndpoint: true, privateDnsZone: zone } })));

const behindNat = await Program.of(configuration({ network: { egress: "natGateway" }, registry: { sku: "Premium", allowedRanges: ["203.0.113.0/24"] } }));

const within = { resourceGroupName: "rg-acme-staging", registryName: "acmeprod" };

describe("the registry", () => {
  const inputs = (program: Program) => program.one("Registry", "mooring-registry").inputs;
  /** The SDK writes the last of these into every registry. */
  const always = { resourceGroupName: "rg-acme-staging", location: "westeurope", adminUserEnabled: false, anonymousPullEnabled: false, networkRuleBypassOptions: "AzureServices" };
  const open = { publicNetworkAccess: "Enabled" };

  test("at its least takes nothing that only Premium has", () => {
    assert.deepEqual(inputs(least), {
      ...always,
      ...open,
      registryName: "cracmestaging<mooring-registry-suffix.result>",
      sku: { name: "Basic" },
      zoneRedundancy: "Disabled",
      tags: tags(),
    });
  });

  test("Premium, open: zones, and untagged manifests are kept for a while", () => {
    assert.deepEqual(inputs(premium), {
      ...always,
      ...open,
      registryName: "acmeprod",
      sku: { name: "Premium" },
      zoneRedundancy: "Enabled",
      policies: { retentionPolicy: { status: "enabled", days: 15 }, exportPolicy: { status: "enabled" } },
      // Always said: left out, ranges and a ban on exports would stay.
      networkRuleSet: { defaultAction: "Allow", ipRules: [] },
      tags: tags("production"),
    });
  });

  test("at its most: some ranges besides the private endpoint", () => {
    assert.deepEqual(inputs(most), {
      ...always,
      ...open,
      registryName: "acmeprod",
      sku: { name: "Premium" },
      zoneRedundancy: "Disabled",
      policies: { retentionPolicy: { status: "enabled", days: 0 }, exportPolicy: { status: "enabled" } },
      networkRuleSet: {
        defaultAction: "Deny",
        ipRules: [
          { action: "Allow", iPAddressOrRange: "203.0.113.0/24" },
          { action: "Allow", iPAddressOrRange: "198.51.100.7/32" },
        ],
      },
      tags: tags("production"),
    });
  });

  test("some ranges without a private endpoint: the nodes come from the NAT gateway's address, which is let in too", () => {
    const { inputs: throughNat } = behindNat.one("Registry", "mooring-registry");
    assert.deepEqual(throughNat.networkRuleSet, {
      defaultAction: "Deny",
      ipRules: [
        { action: "Allow", iPAddressOrRange: "203.0.113.0/24" },
        { action: "Allow", iPAddressOrRange: "<mooring-network-egress-address.ipAddress>" },
      ],
    });
  });

  test("closed: no public address, and nothing can be exported", () => {
    const { publicNetworkAccess, policies, networkRuleSet } = inputs(closed);
    assert.deepEqual([publicNetworkAccess, policies, networkRuleSet], ["Disabled", { retentionPolicy: { status: "enabled", days: 15 }, exportPolicy: { status: "disabled" } }, { defaultAction: "Allow", ipRules: [] }]);
  });

  test("is protected in production together with the random part of its name", () => {
    assert.deepEqual(closed.one("RandomString", "mooring-registry-suffix").inputs, { length: 6, upper: false, special: false });
    assert.deepEqual(options(closed.one("RandomString", "mooring-registry-suffix")), { protect: true });
    assert.deepEqual(premium.all("RandomString"), []);
    // Azure decides on zones once.
    assert.deepEqual(options(closed.one("Registry", "mooring-registry")), { protect: true, replaceOnChanges: ["zoneRedundancy"] });
    assert.deepEqual(options(least.one("Registry", "mooring-registry")), { replaceOnChanges: ["zoneRedundancy"] });
  });

  test("has copies in further regions, as its own settings are", () => {
    const copy = (region: string) => ({ ...within, replicationName: region, location: region, regionEndpointEnabled: true, zoneRedundancy: "Disabled", tags: tags("production") });
    assert.deepEqual(Object.fromEntries(most.all("Replication").map(({ name, inputs: own }) => [name, own])), {
      "mooring-registry-northeurope": copy("northeurope"),
      "mooring-registry-swedencentral": copy("swedencentral"),
    });
    for (const row of most.all("Replication")) assert.deepEqual(options(row), { replaceOnChanges: ["zoneRedundancy"], deleteBeforeReplace: true }, row.name);
  });
});

describe("a private endpoint", () => {
  const endpoint = (id: string) => ({
    resourceGroupName: "rg-acme-staging",
    location: "westeurope",
    privateEndpointName: "pep-acme-staging-registry",
    subnet: { id, privateEndpointNetworkPolicies: "Disabled", privateLinkServiceNetworkPolicies: "Enabled" },
    privateLinkServiceConnections: [{ name: "registry", privateLinkServiceId: "<mooring-registry.id>", groupIds: ["registry"] }],
    tags: tags("production"),
  });
  const names = { resourceGroupName: "rg-acme-staging", privateEndpointName: "pep-acme-staging-registry", privateDnsZoneGroupName: "default" };

  test("in a zone of the environment's own, which its network asks", () => {
    assert.deepEqual(most.one("PrivateEndpoint", "mooring-registry-endpoint").inputs, endpoint("<mooring-network-private-endpoints.id>"));
    const everywhere = { resourceGroupName: "rg-acme-staging", privateZoneName: "privatelink.azurecr.io", location: "global", tags: tags("production") };
    assert.deepEqual(most.one("PrivateZone", "mooring-registry-zone").inputs, everywhere);
    assert.deepEqual(most.one("VirtualNetworkLink", "mooring-registry-zone-link").inputs, {
      ...everywhere,
      virtualNetworkLinkName: "vnet-acme-staging",
      registrationEnabled: false,
      virtualNetwork: { id: "<mooring-network.id>" },
    });
    assert.deepEqual(most.one("PrivateDnsZoneGroup", "mooring-registry-endpoint-names").inputs, { ...names, privateDnsZoneConfigs: [{ name: "registry", privateDnsZoneId: "<mooring-registry-zone.id>" }] });
  });

  test("in the zone that the settings name: none is made or linked", () => {
    assert.deepEqual(closed.one("PrivateDnsZoneGroup", "mooring-registry-endpoint-names").inputs, { ...names, privateDnsZoneConfigs: [{ name: "registry", privateDnsZoneId: zone }] });
    assert.deepEqual([...closed.all("PrivateZone"), ...closed.all("VirtualNetworkLink")], []);
  });

  test("is not made unless it is asked for", () => {
    for (const kind of ["PrivateEndpoint", "PrivateDnsZoneGroup", "PrivateZone", "VirtualNetworkLink", "Replication", "CacheRule", "CredentialSet"]) assert.equal(census(premium)[kind], undefined, kind);
  });
});

describe("what is pulled through", () => {
  const rule = (name: string) => most.one("CacheRule", `mooring-registry-cache-${name}`);

  test("without credentials", () => {
    assert.deepEqual(rule("fluxcd").inputs, { ...within, cacheRuleName: "fluxcd", sourceRepository: "ghcr.io/fluxcd/*", targetRepository: "cache/fluxcd/*" });
    assert.deepEqual(options(rule("fluxcd")), { replaceOnChanges: ["sourceRepository", "targetRepository", "credentialSetResourceId"], deleteBeforeReplace: true });
  });

  test("with credentials from a vault, which an identity of their own may read", () => {
    assert.deepEqual(rule("docker-hub").inputs, {
      ...within,
      cacheRuleName: "docker-hub",
      sourceRepository: "docker.io/library/*",
      targetRepository: "cache/library/*",
      credentialSetResourceId: "<mooring-registry-cache-docker-hub.id>",
    });
    assert.deepEqual(most.one("CredentialSet", "mooring-registry-cache-docker-hub").inputs, {
      ...within,
      credentialSetName: "docker-hub",
      loginServer: "docker.io",
      identity: { type: "SystemAssigned" },
      authCredentials: [
        {
          name: "Credential1",
          usernameSecretIdentifier: "https://kv-hub.vault.azure.net/secrets/hub-name",
          passwordSecretIdentifier: "https://kv-hub.vault.azure.net/secrets/hub-token",
        },
      ],
    });
    assert.deepEqual(grants(most, /cache/), { "mooring-registry-cache-docker-hub-reads-vault": ["Key Vault Secrets User", "<docker-hub.identity.principalId>", "ServicePrincipal", vault] });
    assert.deepEqual(most.all("CredentialSet").map(options), [{ replaceOnChanges: ["loginServer"], deleteBeforeReplace: true }]);
  });

  test("a vault of another subscription: the role is that subscription's", async () => {
    const other = vault.replace(subscription, "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e");
    const cache = { "docker-hub": { source: "docker.io/library/*", target: "cache/library/*", credentials: { vault: other, username: "a", password: "b" } } };
    const program = await Program.of(configuration({ cluster: cluster(), registry: { cache } }));
    assert.equal(grants(program, /cache/)["mooring-registry-cache-docker-hub-reads-vault"]?.[0], "Key Vault Secrets User of 9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e");
  });
});
