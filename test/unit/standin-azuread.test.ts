/** The stand-in for azuread: every refusal with a legal sibling that passes, outputs, previews and what Azure knows of it. */
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { azureadStandIn } from "../../local/standins/azuread.ts";
import type { Values } from "../../local/standins/contract.ts";
import { UNKNOWN } from "../../local/standins/contract.ts";
import { ACR_PULL, azure, subscriptionId, tenantId, today, type } from "./standin-azure-foundation.ts";
import type { Live } from "./standin-driver.ts";
import { Driver, scratch } from "./standin-driver.ts";

const APPLICATION = "azuread:index/application:Application";
const PRINCIPAL = "azuread:index/servicePrincipal:ServicePrincipal";
const PASSWORD = "azuread:index/applicationPassword:ApplicationPassword";

async function entra(context: TestContext, folder = scratch(context)): Promise<{ driver: Driver; folder: string; application: Live }> {
  const standIn = azureadStandIn({ folder, today });
  await standIn.configure?.("first", { tenantId });
  const driver = new Driver(standIn);
  return { driver, folder, application: await driver.create(APPLICATION, "build", { displayName: "acme-prod-build" }) };
}

test("an application has ids of its own, and its name is only a name", async (context) => {
  const { driver, folder, application } = await entra(context);
  assert.match(application.id, /^\/applications\/[0-9a-f-]{36}$/);
  assert.equal(application.id, `/applications/${String(application.outputs.objectId)}`);
  assert.notEqual(application.outputs.clientId, application.outputs.objectId);
  await driver.create(APPLICATION, "twin", { displayName: "acme-prod-build" });
  await assert.rejects(driver.create(APPLICATION, "third", { displayName: "acme-prod-build", preventDuplicateNames: true }), /existing application was found with the same name/);
  await assert.rejects(driver.create(APPLICATION, "empty", {}), /missing required property 'displayName'/);
  await assert.rejects(driver.create(APPLICATION, "wrong", { displayName: "a", signInAudience: "Everybody" }), /"Everybody" is not one of AzureADMyOrg/);
  await assert.rejects(driver.create(APPLICATION, "wrong", { displayName: "a", displayNam: "b" }), /unknown property 'displayNam'; did you mean 'displayName'/);
  await assert.rejects(driver.create(APPLICATION, "tags", { displayName: "a", tags: ["x"], featureTags: [{ hide: true }] }), /cannot be used together/);
  const renamed = await driver.update(application, { displayName: "acme-build", notes: "Pushes images." });
  assert.deepEqual([renamed.outputs.displayName, renamed.outputs.clientId], ["acme-build", application.outputs.clientId]);
  assert.deepEqual((await driver.diff(application, { displayName: "acme-build" })).replaces, []);
  assert.equal(statSync(join(folder, "azuread.json")).mode & 0o777, 0o600);
  await assert.rejects(driver.create("azuread:index/group:Group", "g", {}), /does not know azuread:index\/group:Group; it has azuread:index\/application/);
});

test("a service principal is of an application that exists, once", async (context) => {
  const { driver, application } = await entra(context);
  const clientId = String(application.outputs.clientId);
  await assert.rejects(driver.create(PRINCIPAL, "none", { clientId: tenantId }), /does not reference a valid application object/);
  await assert.rejects(driver.create(PRINCIPAL, "wrong", { clientId: "build" }), /clientId: "build" is not legal: a GUID/);
  const live = await driver.create(PRINCIPAL, "build", { clientId });
  assert.equal(live.id, `/servicePrincipals/${String(live.outputs.objectId)}`);
  assert.equal(live.outputs.displayName, "acme-prod-build");
  await assert.rejects(driver.create(PRINCIPAL, "again", { clientId }), /A resource with the ID "\/servicePrincipals\/.*already exists/);
  assert.deepEqual((await driver.diff(live, { clientId: tenantId })).replaces, ["clientId"]);
  await driver.delete(application);
  assert.equal(await driver.read(live), undefined, "it goes with its application");
});

test("passwords: told once, new ones on any change, each until its own day", async (context) => {
  const { driver, application } = await entra(context);
  const password = (more: Values = {}): Values => ({ applicationId: application.id, displayName: "1", endDate: "2027-05-01T00:00:00Z", ...more });
  await assert.rejects(driver.create(PASSWORD, "none", password({ applicationId: "/applications/00000000-0000-4000-8000-00000000000a" })), /Application with object ID "00000000-.*was not found/);
  await assert.rejects(driver.create(PASSWORD, "client", password({ applicationId: application.outputs.clientId ?? "" })), /is not legal: the id of an application/);
  await assert.rejects(driver.create(PASSWORD, "day", password({ endDate: "next May" })), /"next May" is not legal: a date such as/);
  await assert.rejects(driver.create(PASSWORD, "past", password({ endDate: "2026-11-20T00:00:00Z" })), /must be after the start date/);
  await assert.rejects(driver.create(PASSWORD, "both", password({ endDateRelative: "24h" })), /conflicts with endDateRelative/);
  const first = await driver.create(PASSWORD, "one", password());
  const second = await driver.create(PASSWORD, "two", password({ displayName: "2" }));
  assert.ok(String(first.outputs.value).length >= 32 && first.outputs.value !== second.outputs.value);
  assert.equal(first.id, `${String(application.outputs.objectId)}/password/${String(first.outputs.keyId)}`);
  assert.equal(first.outputs.startDate, today.toISOString());
  for (const change of [{ displayName: "3" }, { endDate: "2027-06-01T00:00:00Z" }, { rotateWhenChanged: { rotation: "2" } }] as Values[]) {
    assert.equal((await driver.diff(first, password(change))).replaces?.length, 1, JSON.stringify(change));
  }
  const { endDate: _, ...open } = password();
  assert.match(String((await driver.create(PASSWORD, "open", open)).outputs.endDate), /^2028-11-21T/);
  assert.match(String((await driver.create(PASSWORD, "hours", { ...open, endDateRelative: "48h" })).outputs.endDate), /^2026-11-23T/);
  await driver.delete(first);
  assert.equal(await driver.read(first), undefined);
  assert.ok(await driver.read(second));
});

test("a preview of a new object knows its inputs alone; one of an update keeps the ids", async (context) => {
  const { driver, application } = await entra(context);
  const { id, outputs } = await driver.previewCreate(PASSWORD, "p", { applicationId: application.id, endDate: "2027-05-01T00:00:00Z" });
  assert.deepEqual([id, outputs.value, outputs.endDate, outputs.startDate], ["", UNKNOWN, "2027-05-01T00:00:00Z", UNKNOWN]);
  const preview = await driver.update(application, { displayName: "acme-build" }, true);
  assert.deepEqual([preview.outputs.clientId, preview.outputs.displayName], [application.outputs.clientId, "acme-build"]);
  assert.equal((await driver.read(application))?.outputs.displayName, "acme-prod-build");
  assert.deepEqual((await driver.read(application))?.inputs, { displayName: "acme-prod-build" });
});

test("Azure knows the service principals of the directory, and no applications", async (context) => {
  const { driver, folder, application } = await entra(context);
  const principal = await driver.create(PRINCIPAL, "build", { clientId: application.outputs.clientId ?? "" });
  const cloud = await azure(folder);
  await cloud.create(type.group, "rg", { resourceGroupName: "rg" });
  const args = (principalId: unknown): Values => ({ scope: `/subscriptions/${subscriptionId}/resourceGroups/rg`, principalId: String(principalId), roleDefinitionId: ACR_PULL });
  await assert.rejects(cloud.create(type.assignment, "app", args(application.outputs.objectId)), /PrincipalNotFound/);
  await assert.rejects(cloud.create(type.assignment, "group", { ...args(principal.outputs.objectId), principalType: "Group" }), /UnmatchedPrincipalType/);
  await cloud.create(type.assignment, "push", args(principal.outputs.objectId));
  assert.doesNotMatch(readFileSync(join(folder, "azure.json"), "utf8"), /"value"/);
});

test("who runs the program is the same one for Azure and for the directory", async (context) => {
  const { driver, folder } = await entra(context);
  const config = await driver.invoke("azuread:index/getClientConfig:getClientConfig", {});
  const { clientId, objectId } = await (await azure(folder)).invoke("azure-native:authorization:getClientConfig", {});
  assert.deepEqual([config.clientId, config.objectId, config.tenantId], [clientId, objectId, tenantId]);
  await assert.rejects(driver.invoke("azuread:index/getUser:getUser", {}), /does not know the function azuread:index\/getUser/);
});

test("a provider instance names its tenant by a GUID, or leaves it to the environment", (context) => {
  const standIn = azureadStandIn({ folder: scratch(context) });
  assert.throws(() => standIn.configure?.("x", { tenantId: "acme.onmicrosoft.com" }), /azuread: tenantId must be a GUID/);
  assert.doesNotThrow(() => standIn.configure?.("x", {}));
});
