/** The stand-in for Azure: key vaults, their keys, and budgets; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { CRYPTO_OFFICER, foundation, subscriptionId, tenantId, type, withGroup } from "./standin-azure-foundation.ts";

const vault = (more: Values = {}, name = "kv-mooring"): Values => ({
  resourceGroupName: "rg", vaultName: name, properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true, ...more },
});

test("a vault's protections are on for good, and its firewall takes public ranges and prepared subnets", async (context) => {
  const { driver, subnet } = await foundation(context);
  const refused = (more: Values, message: RegExp) => assert.rejects(driver.create(type.vault, "kv", vault(more)), message);
  await refused({ enablePurgeProtection: false }, /"enablePurgeProtection\" cannot be set to false/);
  await refused({ enableSoftDelete: false }, /"enableSoftDelete\" cannot be set to false/);
  await refused({ softDeleteRetentionInDays: 6 }, /softDeleteRetentionInDays: 6 is out of range: 7 to 90/);
  await refused({ enableRbacAuthorization: false }, /accessPolicies is not specified/);
  await refused({ createMode: "recover" }, /no deleted vault 'kv-mooring' to recover/);
  const acls = (more: Values): Values => ({ networkAcls: { bypass: "None", defaultAction: "Deny", ...more } });
  await refused(acls({ ipRules: [{ value: "192.168.0.0/24" }] }), /192\.168\.0\.0\/24 must be a public IPv4 address or range/);
  await refused(acls({ virtualNetworkRules: [{ id: `${subnet.id}x` }] }), /Code="ResourceNotFound"/);
  await refused(acls({ virtualNetworkRules: [{ id: subnet.id }] }), /do not have ServiceEndpoints for Microsoft\.KeyVault/);
  await driver.update(subnet, { ...subnet.inputs, serviceEndpoints: [{ service: "Microsoft.KeyVault" }] });
  const good = { enablePurgeProtection: true, softDeleteRetentionInDays: 7, ...acls({ ipRules: [{ value: "198.51.100.7" }], virtualNetworkRules: [{ id: subnet.id }] }) };
  const live = await driver.create(type.vault, "kv", vault(good));
  assert.equal((live.outputs.properties as Values).vaultUri, "https://kv-mooring.vault.azure.net/");
  const { enablePurgeProtection: _, ...unprotected } = good;
  await assert.rejects(driver.update(live, vault(unprotected)), /Purge protection cannot be taken from a vault/);
  await assert.rejects(driver.update(live, vault({ ...good, softDeleteRetentionInDays: 30 })), /Changing property 'properties\.softDeleteRetentionInDays'/);
  await assert.rejects(driver.update(live, { ...vault(good), location: "northeurope" }), /Status=409 Code="InvalidResourceLocation".*already exists in location 'westeurope'/);
  await driver.update(live, vault({ ...good, enabledForDeployment: true }));
});

test("a vault's name is taken once in the world, and still when it is deleted, until it is recovered", async (context) => {
  const driver = await withGroup(context);
  await driver.create(type.group, "other", { resourceGroupName: "other" });
  const live = await driver.create(type.vault, "kv", vault());
  await assert.rejects(driver.create(type.vault, "twin", { ...vault({}, "KV-MOORING"), resourceGroupName: "other" }), /Code="VaultAlreadyExists"/);
  await driver.delete(live);
  assert.equal(await driver.read(live), undefined);
  const deleted = /Status=409 Code="ConflictError" Message="A vault with the same name already exists in deleted state/;
  await assert.rejects(driver.create(type.vault, "kv", vault()), deleted);
  await assert.rejects(driver.create(type.vault, "kv", { ...vault(), resourceGroupName: "other" }), deleted);
  await driver.create(type.vault, "free", vault({}, "kv-other"));
  const recovered = await driver.create(type.vault, "kv", vault({ createMode: "recover" }));
  assert.equal(recovered.id, live.id);
});

test("a vault goes with its group and keeps its name all the same", async (context) => {
  const driver = await withGroup(context);
  await driver.create(type.vault, "kv", vault());
  const id = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
  await driver.delete({ type: type.group, name: "rg", id, inputs: {}, outputs: {} });
  await driver.create(type.group, "rg", { resourceGroupName: "rg" });
  await assert.rejects(driver.create(type.vault, "kv", vault()), /in deleted state/);
});

test("a key is made once and never changed, and deleted by those alone whom the vault lets", async (context) => {
  const driver = await withGroup(context);
  const live = await driver.create(type.vault, "kv", vault());
  const key = (properties: Values, keyName = "sops"): Values => ({ resourceGroupName: "rg", vaultName: "kv-mooring", keyName, properties });
  const refused = (properties: Values, message: RegExp) => assert.rejects(driver.create(type.key, "sops", key(properties)), message);
  await refused({}, /must have a kty/);
  await refused({ kty: "RSA", keySize: 1024 }, /key size 1024 is not one of 2048, 3072, 4096/);
  await refused({ kty: "RSA", curveName: "P-256" }, /curveName is for keys of the type EC/);
  await refused({ kty: "RSA-HSM" }, /need a vault of the SKU premium/);
  await refused({ kty: "RSA", keyOps: ["encypt"] }, /"encypt" is not one of encrypt/);
  const made = await driver.create(type.key, "sops", { ...key({ kty: "RSA", keySize: 4096 }), tags: { a: "b" } });
  assert.match(String(made.outputs.keyUriWithVersion), /^https:\/\/kv-mooring\.vault\.azure\.net\/keys\/sops\/[0-9a-f]{32}$/);
  assert.deepEqual([made.outputs.keyUri, made.outputs.properties], ["https://kv-mooring.vault.azure.net/keys/sops", undefined]);
  await assert.rejects(driver.update(made, key({ kty: "RSA", keySize: 2048 })), /Changing property 'properties\.keySize'/);
  assert.deepEqual((await driver.update(made, { ...made.inputs, tags: { a: "c" } })).outputs.tags, { a: "b" }, "an existing key is answered with as it is");

  await assert.rejects(driver.delete(made), /403 Forbidden: ForbiddenByRbac/);
  const { objectId = "" } = await driver.invoke("azure-native:authorization:getClientConfig", {});
  await driver.create(type.assignment, "officer", { scope: live.id, principalId: objectId, principalType: "User", roleDefinitionId: CRYPTO_OFFICER });
  await driver.create(type.lock, "keep", { scope: live.id, level: "CanNotDelete" });
  await driver.delete(made);
  await assert.rejects(driver.create(type.key, "sops", key({ kty: "RSA" })), /currently in a deleted but recoverable state/);
  await driver.create(type.key, "other", key({ kty: "EC", curveName: "P-256" }, "other"));
});

test("a budget begins on the first of a month, is more than nothing, and warns somebody", async (context) => {
  const driver = await withGroup(context);
  const notification = { enabled: true, operator: "GreaterThan", threshold: 80, contactEmails: ["platform@example.com"] };
  const budget = (more: Values = {}): Values => ({
    scope: `subscriptions/${subscriptionId}`, budgetName: "month", amount: 1000, category: "Cost", timeGrain: "Monthly", timePeriod: { startDate: "2026-12-01T00:00:00Z" },
    filter: { dimensions: { name: "ResourceGroupName", operator: "In", values: ["rg"] } }, notifications: { most: notification }, ...more,
  });
  const refused = (more: Values, message: RegExp) => assert.rejects(driver.create(type.budget, "b", budget(more)), message);
  const from = (startDate: string, endDate?: string): Values => ({ timePeriod: { startDate, ...(endDate !== undefined && { endDate }) } });
  await refused({ amount: 0 }, /must be greater than 0/);
  await refused(from("2026-12-02T00:00:00Z"), /must be the first of a month/);
  await refused(from("2026-12-01T08:00:00Z"), /must be the first of a month/);
  await refused(from("2026-10-01T00:00:00Z"), /Past start date should be selected within the timegrain period/);
  await refused(from("2028-01-01T00:00:00Z"), /at most twelve months ahead/);
  await refused(from("2017-05-01T00:00:00Z"), /on or after June 1, 2017/);
  await refused(from("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z"), /must be after its start/);
  await refused({ notifications: Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [name, notification])) }, /at most 5 notifications, not 6/);
  await refused({ notifications: { most: { ...notification, contactEmails: [] } } }, /must have a contact/);
  await refused({ notifications: { most: { ...notification, threshold: 1001 } } }, /threshold: 1001 is out of range/);
  await refused({ filter: { and: [{ dimensions: { name: "ResourceGroupName", operator: "In", values: ["rg"] } }] } }, /at least two items/);
  const live = await driver.create(type.budget, "b", budget());
  assert.equal(live.id, `/subscriptions/${subscriptionId}/providers/Microsoft.Consumption/budgets/month`);
  assert.equal((live.outputs.timePeriod as Values).endDate, "2036-12-01T00:00:00.000Z");
  await driver.create(type.budget, "now", budget({ budgetName: "now", ...from("2026-11-01T00:00:00Z") }));
  await assert.rejects(driver.update(live, budget(from("2027-01-01T00:00:00Z"))), /Changing property 'timePeriod\.startDate'/);
  assert.equal((await driver.update(live, budget({ amount: 1200 }))).outputs.amount, 1200);
});
