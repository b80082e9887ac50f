/** The stand-in for Azure: roles, credentials and locks; every refusal with a legal sibling that passes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Values } from "../../local/standins/contract.ts";
import { UNKNOWN } from "../../local/standins/contract.ts";
import { ACR_PULL, assign, foundation, IDENTITY_OPERATOR, role, subscriptionId, tenantId, type, withGroup } from "./standin-azure-foundation.ts";

test("role assignments: principal, role, scope and the triple", async (context) => {
  const driver = await withGroup(context);
  const identity = await driver.create(type.identity, "id", { resourceGroupName: "rg", resourceName: "id-one" });
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
  const args: Values = { scope, principalId: identity.outputs.principalId ?? "", roleDefinitionId: ACR_PULL };
  const nobody = "00000000-0000-4000-8000-00000000000a";
  await assert.rejects(driver.create(type.assignment, "nobody", { ...args, principalId: nobody }), /Code="PrincipalNotFound" Message="Principal 0000000000004000800000000000000a does not exist/);
  await driver.create(type.assignment, "typed", { ...args, principalId: nobody, principalType: "Group" });
  await assert.rejects(driver.create(type.assignment, "role", { ...args, roleDefinitionId: role(nobody) }), /Code="RoleDefinitionDoesNotExist"/);
  await assert.rejects(driver.create(type.assignment, "scope", { ...args, scope: `${scope}/providers/Microsoft.ContainerRegistry/registries/none` }), /Code="ResourceNotFound" Message="The Resource 'Microsoft.ContainerRegistry\/registries\/none' under resource group 'rg'/);
  await assert.rejects(driver.create(type.assignment, "condition", { ...args, condition: "true" }), /conditionVersion/);
  const live = await driver.create(type.assignment, "ok", args);
  assert.equal(live.outputs.scope, scope);
  await assert.rejects(driver.create(type.assignment, "twin", args), new RegExp(`Code="RoleAssignmentExists".*${String(live.outputs.name).replaceAll("-", "")}`));
  await driver.create(type.assignment, "narrow", { ...args, scope: identity.id });

  assert.deepEqual((await driver.diff(live, { ...args, principalId: UNKNOWN })).replaces, ["principalId"]);
  assert.deepEqual((await driver.diff(live, { ...args, description: "why" })), { changes: ["description"], replaces: [], deleteBeforeReplace: false });
  await assert.rejects(driver.update(live, { ...args, roleDefinitionId: IDENTITY_OPERATOR }), /Code="PropertyChangeNotAllowed" Message="Changing property 'roleDefinitionId'/);
  await driver.delete(identity);
});

test("a principal is what it is: groups are taken at their word, identities are service principals", async (context) => {
  const driver = await withGroup(context);
  const identity = await driver.create(type.identity, "id", { resourceGroupName: "rg", resourceName: "id-one" });
  const args: Values = { scope: `/subscriptions/${subscriptionId}/resourceGroups/rg`, roleDefinitionId: ACR_PULL };
  await assert.rejects(driver.create(type.assignment, "wrong", { ...args, principalId: identity.outputs.principalId ?? "", principalType: "Group" }), /Code="UnmatchedPrincipalType".*has type 'ServicePrincipal'/);
  await driver.create(type.assignment, "right", { ...args, principalId: identity.outputs.principalId ?? "", principalType: "ServicePrincipal" });
  const group = await driver.create(type.assignment, "group", { ...args, principalId: "00000000-0000-4000-8000-00000000000b", principalType: "Group" });
  assert.equal(group.outputs.principalType, "Group");
});

test("federated credentials: one audience, no twins, twenty, one write at a time", async (context) => {
  const driver = await withGroup(context);
  await driver.create(type.identity, "id", { resourceGroupName: "rg", resourceName: "id-one" });
  await driver.create(type.identity, "id2", { resourceGroupName: "rg", resourceName: "id-two" });
  const credential = (subject: string, more: Values = {}): Values => ({ resourceGroupName: "rg", resourceName: "id-one", issuer: "https://issuer", subject, audiences: ["api://AzureADTokenExchange"], ...more });
  await assert.rejects(driver.create(type.credential, "two-audiences", credential("a", { audiences: ["a", "b"] })), /exactly one audience/);

  const [first, second] = await Promise.allSettled([driver.create(type.credential, "one", credential("1")), driver.create(type.credential, "two", credential("2"))]);
  assert.equal(first.status, "fulfilled");
  assert.equal(second.status, "rejected");
  assert.match(String(second.reason), /Status=409 Code="ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"/);
  const apart = await Promise.allSettled([driver.create(type.credential, "2", credential("2")), driver.create(type.credential, "other", credential("2", { resourceName: "id-two" }))]);
  assert.deepEqual(apart.map(({ status }) => status), ["fulfilled", "fulfilled"]);

  await assert.rejects(driver.create(type.credential, "twin", credential("1")), /Issuer and subject combination already exists/);
  for (let index = 3; index <= 20; index++) await driver.create(type.credential, `c${index}0`, credential(String(index)));
  await assert.rejects(driver.create(type.credential, "too-many", credential("21")), /at most 20 federated identity credentials/);
});

test("a locked scope keeps itself and all beneath, extensions included, until the lock is gone", async (context) => {
  const { driver, network, subnet } = await foundation(context);
  const identity = await driver.create(type.identity, "one", { resourceGroupName: "rg", resourceName: "id-one" });
  const before = await assign(driver, "before", identity, ACR_PULL, network.id);
  const lock = await driver.create(type.lock, "keep", { lockName: "keep", scope: network.id, level: "CanNotDelete", notes: "Addresses." });
  const refused = (scope: string): RegExp => new RegExp(`Status=409 Code="ScopeLocked" Message="The scope '${scope}' cannot perform delete operation because following scope\\(s\\) are locked: '${network.id}'`);
  await assert.rejects(driver.delete(network), refused(network.id));
  await assert.rejects(driver.delete(subnet), refused(subnet.id));
  await assert.rejects(driver.delete(before), refused(before.id));
  const group = await driver.read({ type: type.group, name: "rg", id: `/subscriptions/${subscriptionId}/resourceGroups/rg` });
  assert.ok(group);
  await assert.rejects(driver.delete({ type: type.group, name: "rg", ...group }), /ScopeLocked/, "a group takes its resources with it");

  const after = await assign(driver, "after", identity, ACR_PULL, subnet.id);
  await driver.update(subnet, { ...subnet.inputs, serviceEndpoints: [{ service: "Microsoft.KeyVault" }] });
  await driver.delete(identity);
  await driver.delete(lock);
  await driver.delete(before);
  await driver.delete(after);
});

test("ReadOnly refuses what would be written too, but for locks", async (context) => {
  const driver = await withGroup(context);
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
  const identity = await driver.create(type.identity, "id", { resourceGroupName: "rg", resourceName: "id-one" });
  await assert.rejects(driver.create(type.lock, "none", { scope, level: "NotSpecified" }), /must be CanNotDelete or ReadOnly/);
  const lock = await driver.create(type.lock, "frozen", { scope, level: "ReadOnly" });
  const written = /Code="ScopeLocked".*cannot perform write operation/;
  await assert.rejects(driver.create(type.identity, "two", { resourceGroupName: "rg", resourceName: "id-two" }), written);
  await assert.rejects(driver.update(identity, { ...identity.inputs, tags: { a: "b" } }), written);
  await assert.rejects(driver.create(type.assignment, "a", { scope, principalId: tenantId, principalType: "Group", roleDefinitionId: ACR_PULL }), written);
  await driver.update(lock, { ...lock.inputs, level: "CanNotDelete" });
  await driver.update(identity, { ...identity.inputs, tags: { a: "b" } });
});
