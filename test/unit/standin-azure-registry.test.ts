/** The stand-in for Azure: registries and what lies beneath them; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { UNKNOWN } from "../../local/standins/contract.ts";
import { type, withGroup } from "./standin-azure-foundation.ts";
import type { Driver, Live } from "./standin-driver.ts";

async function withRegistry(context: TestContext, tier = "Premium"): Promise<{ driver: Driver; registry: Live }> {
  const driver = await withGroup(context);
  return { driver, registry: await driver.create(type.registry, "acr", { resourceGroupName: "rg", registryName: "mooring01", sku: { name: tier } }) };
}

test("a registry's name is taken once in the world, and tiers have their features", async (context) => {
  const driver = await withGroup(context);
  await driver.create(type.group, "other", { resourceGroupName: "other" });
  const registry = (name: string, more: Values = {}): Values => ({ resourceGroupName: "rg", registryName: name, sku: { name: "Basic" }, ...more });
  const live = await driver.create(type.registry, "acr", registry("Mooring01"));
  assert.equal(live.outputs.loginServer, "mooring01.azurecr.io");
  await assert.rejects(driver.create(type.registry, "twin", registry("mooring01", { resourceGroupName: "other" })), /Code="AlreadyInUse"/);
  await driver.create(type.registry, "free", registry("mooring02", { resourceGroupName: "other" }));
  const retention = { policies: { retentionPolicy: { days: 7, status: "enabled" } } };
  await assert.rejects(driver.create(type.registry, "basic", registry("mooring03", retention)), /policies.retentionPolicy.status is not supported for the registry SKU Basic; it needs Premium/);
  await driver.create(type.registry, "premium", registry("mooring03", { ...retention, sku: { name: "Premium" } }));
  for (const premium of [{ publicNetworkAccess: "Disabled" }, { networkRuleSet: { defaultAction: "Deny", ipRules: [] } }, { dataEndpointEnabled: true }, { encryption: { status: "enabled" } }] as Values[]) {
    await assert.rejects(driver.create(type.registry, "standard", registry("mooring05", { ...premium, sku: { name: "Standard" } })), /SKU Standard; it needs Premium/, Object.keys(premium)[0]);
    const made = await driver.create(type.registry, "premium", registry("mooring05", { ...premium, sku: { name: "Premium" } }));
    await driver.delete(made);
  }
  const closed = { policies: { exportPolicy: { status: "disabled" } }, sku: { name: "Premium" } };
  await assert.rejects(driver.create(type.registry, "open", registry("mooring05", closed)), /Enabling public network access is not supported because the registry mooring05 has exports disabled/);
  const shut = await driver.create(type.registry, "closed", registry("mooring05", { ...closed, publicNetworkAccess: "Disabled" }));
  await assert.rejects(driver.update(shut, registry("mooring05", { ...closed, publicNetworkAccess: "Enabled" })), /has exports disabled/);
  await driver.update(shut, registry("mooring05", { policies: { exportPolicy: { status: "enabled" } }, sku: { name: "Premium" }, publicNetworkAccess: "Enabled" }));
  const range = (value: string) => registry("mooring06", { sku: { name: "Premium" }, networkRuleSet: { defaultAction: "Deny", ipRules: [{ action: "Allow", iPAddressOrRange: value }] } });
  await assert.rejects(driver.create(type.registry, "private", range("10.0.0.0/8")), /10\.0\.0\.0\/8 is not a public IPv4 address or range/);
  await driver.create(type.registry, "public", range("198.51.100.0/24"));
  const both = { policies: { ...retention.policies, softDeletePolicy: { retentionDays: 7, status: "enabled" } }, sku: { name: "Premium" } };
  await assert.rejects(driver.create(type.registry, "both", registry("mooring04", both)), /cannot be enabled together/);
});

test("replications are for Premium, one a region, and none at home", async (context) => {
  const { driver, registry } = await withRegistry(context, "Standard");
  const replica = (name: string, location: string): Values => ({ resourceGroupName: "rg", registryName: "mooring01", replicationName: name, location, zoneRedundancy: "Enabled" });
  await assert.rejects(driver.create(type.replication, "north", replica("northeurope", "northeurope")), /not supported for the registry SKU Standard; they need Premium/);
  await driver.update(registry, { ...registry.inputs, sku: { name: "Premium" } });
  await assert.rejects(driver.create(type.replication, "home", replica("westeurope", "West Europe")), /home region westeurope holds its images already/);
  const live = await driver.create(type.replication, "north", replica("northeurope", "northeurope"));
  await assert.rejects(driver.create(type.replication, "again", replica("north2", "northeurope")), /has a replication in northeurope already/);
  await assert.rejects(driver.create(type.replication, "far", replica("atlantis", "atlantis")), /LocationNotAvailableForResourceType/);
  assert.deepEqual((await driver.diff(live, replica("northeurope", "francecentral"))).replaces, ["location"]);
  await assert.rejects(driver.update(registry, { ...registry.inputs, sku: { name: "Standard" } }), /only the SKU Premium has replications/);
});

const secrets = { name: "Credential1", usernameSecretIdentifier: "https://kv.vault.azure.net/secrets/name", passwordSecretIdentifier: "https://kv.vault.azure.net/secrets/token" };
const set = (more: Values = {}): Values => ({ resourceGroupName: "rg", registryName: "mooring01", credentialSetName: "docker-hub", loginServer: "docker.io", identity: { type: "SystemAssigned" }, authCredentials: [secrets], ...more });

test("a credential set reads its two secrets with an identity of its own", async (context) => {
  const { driver } = await withRegistry(context, "Basic");
  const refused = (more: Values, message: RegExp) => assert.rejects(driver.create(type.credentialSet, "hub", set(more)), message);
  await refused({ identity: { type: "None" } }, /needs a system-assigned identity/);
  await refused({ authCredentials: [{ ...secrets, passwordSecretIdentifier: "token" }] }, /passwordSecretIdentifier: "token" is not legal: the URI of a secret/);
  await refused({ authCredentials: [] }, /has one credential/);
  const { name, usernameSecretIdentifier } = secrets;
  await refused({ authCredentials: [{ name, usernameSecretIdentifier }] }, /has one credential/);
  const { loginServer: _, ...without } = set();
  await assert.rejects(driver.create(type.credentialSet, "hub", without), /needs a loginServer/);

  const preview = await driver.previewCreate(type.credentialSet, "hub", set());
  assert.deepEqual((preview.outputs.identity as Values).principalId, UNKNOWN);
  const live = await driver.create(type.credentialSet, "hub", set());
  const { principalId } = live.outputs.identity as Values;
  assert.match(String(principalId), /^[0-9a-f-]{36}$/);
  const found = await driver.invoke("azure-native:containerregistry:getCredentialSet", { resourceGroupName: "rg", registryName: "mooring01", credentialSetName: "docker-hub" });
  assert.equal((found.identity as Values).principalId, principalId);
  const updated = await driver.update(live, set({ authCredentials: [{ ...secrets, passwordSecretIdentifier: "https://kv.vault.azure.net/secrets/other" }] }));
  assert.equal((updated.outputs.identity as Values).principalId, principalId);
  await assert.rejects(driver.update(live, set({ loginServer: "quay.io" })), /Changing property 'loginServer'/);
});

test("cache rules: sources that are offered, credentials where the source wants them, no overlaps", async (context) => {
  const { driver } = await withRegistry(context, "Standard");
  const credentials = await driver.create(type.credentialSet, "hub", set());
  const rule = (cacheRuleName: string, sourceRepository: string, targetRepository: string, credentialSetResourceId?: string): Values =>
    ({ resourceGroupName: "rg", registryName: "mooring01", cacheRuleName, sourceRepository, targetRepository, ...(credentialSetResourceId !== undefined && { credentialSetResourceId }) });
  const refused = (args: Values, message: RegExp) => assert.rejects(driver.create(type.cacheRule, "rule", args), message);
  await refused(rule("nginx", "docker.io/library/nginx", "nginx"), /docker\.io\/library\/nginx supports authenticated pulls only/);
  await refused(rule("nginx", "docker.io/library/nginx", "nginx", `${credentials.id}x`), /Code="ResourceNotFound".*credentialSets\/mooring01\/docker-hubx/);
  await refused(rule("aks-mcr", "mcr.microsoft.com/*", "mcr/*", credentials.id), /supports unauthenticated pulls only/);
  await refused(rule("other", "example.com/app", "app"), /does not support the source example\.com\/app/);
  await refused(rule("other", "ghcr.io/*/app", "app/*"), /a wildcard is one \* at the end/);
  await refused(rule("other", "ghcr.io/fluxcd/*", "fluxcd"), /both a wildcard, or none/);
  await refused({ ...rule("other", "ghcr.io/a", "a"), targetRepository: "" }, /needs a sourceRepository such as/);
  const live = await driver.create(type.cacheRule, "nginx", rule("nginx", "docker.io/library/nginx", "nginx", credentials.id));
  await driver.create(type.cacheRule, "flux", rule("fluxcd", "ghcr.io/fluxcd/*", "fluxcd/*"));
  await refused(rule("nginx2", "quay.io/nginx/nginx", "nginx"), /Status=409 .*overlaps with nginx, which caches docker\.io\/library\/nginx/);
  await refused(rule("flux2", "ghcr.io/*", "github/*"), /overlaps with fluxcd/);
  await refused(rule("flux3", "quay.io/*", "fluxcd/images/*"), /overlaps with fluxcd/);
  await driver.create(type.cacheRule, "one", rule("flux-one", "ghcr.io/fluxcd/source-controller", "fluxcd/one"));
  await driver.create(type.cacheRule, "mcr", rule("aks-mcr", "mcr.microsoft.com/*", "mcr/*"));
  await assert.rejects(driver.update(live, rule("nginx", "docker.io/library/nginx", "nginx2", credentials.id)), /Changing property 'targetRepository'/);
  await assert.rejects(driver.delete(credentials), /in use by the cache rule nginx/);
  await driver.delete(live);
  await driver.delete(credentials);
});

test("webhooks: as many as the tier has, of one repository or all, in a region of the registry; their address is not told again", async (context) => {
  const { driver, registry } = await withRegistry(context, "Basic");
  const webhook = (webhookName: string, more: Values = {}): Values =>
    ({ resourceGroupName: "rg", registryName: "mooring01", webhookName, location: "westeurope", serviceUri: "https://hooks.acme.example/hook/0815", actions: ["push"], scope: "orders/api:*", status: "enabled", ...more });
  const refused = (args: Values, message: RegExp) => assert.rejects(driver.create(type.webhook, "hook", args), message);
  await refused(webhook("first", { scope: "orders/*" }), /The scope orders\/\* is not valid/);
  await refused(webhook("first", { scope: "orders/api:" }), /is not valid/);
  await refused(webhook("first", { actions: [] }), /needs an action/);
  await refused(webhook("first", { actions: ["pull"] }), /actions\[0\]: "pull" is not one of push/);
  await refused(webhook("first", { serviceUri: "hooks.acme.example" }), /is not legal: an address with http/);
  await refused(webhook("first", { location: "northeurope" }), /The registry is not in northeurope; a webhook is in a region of its registry: westeurope/);
  const { serviceUri: _, ...without } = webhook("first");
  await refused(without, /missing required property 'serviceUri'/);

  const live = await driver.create(type.webhook, "first", webhook("first"));
  const { outputs } = (await driver.read(live))!;
  assert.deepEqual([outputs.serviceUri, outputs.scope, outputs.actions], [undefined, "orders/api:*", ["push"]]);
  assert.deepEqual((await driver.diff(live, webhook("first", { location: "northeurope" }))).replaces, ["location"]);
  assert.deepEqual((await driver.diff(live, webhook("first", { serviceUri: "https://hooks.acme.example/hook/0816" }))).replaces, []);
  await driver.create(type.webhook, "second", webhook("second", { scope: "" }));
  await refused(webhook("third"), /SKU Basic has at most 2 webhooks/);
  await driver.update(registry, { ...registry.inputs, sku: { name: "Standard" } });
  for (let number = 3; number <= 10; number++) await driver.create(type.webhook, `n${number}`, webhook(`number${number}`, { scope: `orders/api-${number}:v1` }));
  await refused(webhook("number11"), /SKU Standard has at most 10 webhooks/);
  await assert.rejects(driver.update(registry, { ...registry.inputs, sku: { name: "Basic" } }), /has 10 webhooks; the SKU Basic has at most 2/);
});
