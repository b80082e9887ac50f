import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resourceProviders } from "../../cli/resource-providers.ts";
import { grantsElsewhere } from "../../cli/rights-needed.ts";
import type { AzState } from "../az-standin.ts";
import { armId, findings, group, healthy, hub, production, productionProviders, registered, role, stackFile, subscription, tenant, withSettings } from "../doctor.ts";
import { settings } from "../settings.ts";

describe("resource providers", () => {
  const needed = (changes: Record<string, unknown> = {}) => resourceProviders(settings(changes)).map((namespace) => namespace.replace("Microsoft.", ""));
  const bare = { azurePolicy: false, administrators: [group] };

  test("follow the settings", () => {
    assert.deepEqual(needed(), ["Authorization", "Compute", "ContainerRegistry", "ContainerService", "Insights", "KeyVault", "ManagedIdentity", "Network", "OperationalInsights", "PolicyInsights", "Storage"]);
    assert.ok(!needed({ cluster: bare }).includes("PolicyInsights"));
    const metrics = needed({ monitoring: { prometheus: true, grafana: true, actionGroup: armId("Microsoft.Insights/actionGroups/on-call") } });
    for (const namespace of ["AlertsManagement", "Dashboard", "Monitor"]) {
      assert.ok(metrics.includes(namespace), namespace);
      assert.ok(!needed().includes(namespace), namespace);
    }
    assert.ok(!needed({ monitoring: { workspace: armId("Microsoft.OperationalInsights/workspaces/log-hub") } }).includes("OperationalInsights"));
  });

  test("are few where cluster, registry and workspace exist", () => {
    const taken = {
      cluster: { existing: { resourceGroup: "rg-clusters", name: "aks-shared" } },
      registry: { existing: { name: "cracmeshared", resourceGroup: "rg-hub" } },
      monitoring: { workspace: armId("Microsoft.OperationalInsights/workspaces/log-hub") },
    };
    assert.deepEqual(needed(taken), ["Authorization", "KeyVault", "ManagedIdentity", "Storage"]);
    const dns = { zone: "acme.example" };
    assert.ok(needed({ ...taken, dns }).includes("Network"));
    assert.ok(!needed({ ...taken, dns: { ...dns, existing: { resourceGroup: "rg-dns" } } }).includes("Network"));
    assert.deepEqual(needed({ ...taken, tenants: { orders: { owners: [group], identity: { serviceAccounts: ["api"] }, vault: true } } }), ["Authorization", "Insights", "KeyVault", "ManagedIdentity", "Storage"]);
  });
});

describe("rights in production and in other subscriptions", () => {
  const rights = async (yaml: string, ...assignments: AzState["assignments"]) =>
    (await findings({ yaml, az: { ...healthy(), providers: { ...registered, ...productionProviders }, assignments } })).filter((one) => one.includes(" rights: "));
  const contributor = [role("Contributor"), role("Role Based Access Control Administrator")];

  test("locks take a role more", async () => {
    assert.deepEqual(await rights(production, ...contributor), [
      "ok       rights: Contributor and Role Based Access Control Administrator on the subscription",
      "missing  rights: may set no locks, and `up` sets some in production; ask an owner of the subscription for the role Locks Contributor",
    ]);
    for (const enough of [[role("Owner")], [...contributor, role("Locks Contributor")], [role("Contributor"), role("User Access Administrator")]]) {
      assert.equal((await rights(production, ...enough)).length, 1);
    }
    assert.equal((await rights(stackFile, ...contributor)).length, 1, "no locks outside production");
  });

  test("a role is given on a registry of another subscription", async () => {
    const scope = armId("Microsoft.ContainerRegistry/registries/cracmeshared");
    const yaml = withSettings(stackFile, { registry: { existing: { name: "cracmeshared", resourceGroup: "rg-hub", subscription: hub } } });
    assert.deepEqual((await rights(yaml, role("Owner")))[1], `missing  rights: may give no roles on registry.existing, in another subscription, and \`up\` gives one; ask the owner of ${scope} for Role Based Access Control Administrator on it`);
    assert.equal((await rights(yaml, role("Owner"), { ...role("Owner"), scope }))[1], "ok       rights: Owner on registry.existing, in another subscription");
    assert.equal((await rights(yaml, role("Owner"), { ...role("Contributor"), scope }))[1]?.slice(0, 7), "missing");
  });
});

test("roles for add-ons are given in the resource group of a zone of another subscription", () => {
  const dns = { zone: "acme.example", existing: { resourceGroup: "rg-dns", subscription: hub } };
  const addons = { certManager: { email: "platform@acme.example" } };
  const asked = (changes: Record<string, unknown>) => grantsElsewhere(settings({ fleet: {}, ...changes })).map(({ setting, scope }) => [setting, scope]);
  assert.deepEqual(asked({ dns, addons }), [["dns.existing", `/subscriptions/${hub}/resourceGroups/rg-dns`]]);
  assert.deepEqual(asked({ dns }), [], "nothing that would write to it");
  assert.deepEqual(asked({ dns: { ...dns, existing: { resourceGroup: "rg-dns" } }, addons }), [], "the environment's own subscription");
  assert.deepEqual(asked({ dns: { zone: "acme.example" }, addons }), []);
});

describe("passwords need the right to make applications", () => {
  const yaml = withSettings(stackFile, { pipelines: { deploy: { password: { secrets: [{ number: 1, expires: "2027-05-01" }] } } } });
  const asked = async (changes: Partial<AzState>, from = yaml) => (await findings({ yaml: from, az: { ...healthy(), ...changes } })).filter((one) => one.includes(" applications: "));
  const program = { id: subscription, tenantId: tenant, user: { name: "app-id", type: "servicePrincipal" } };

  test("nothing is asked where no setting wants a password", async () => {
    assert.deepEqual(await asked({}, stackFile), []);
  });

  test("a person: a role of the directory, else what everybody may", async () => {
    assert.deepEqual(await asked({ directoryRoles: ["9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"] }), ["ok       applications: Application Administrator"]);
    assert.match((await asked({ everybodyRegisters: true }))[0] ?? "", /^warning {2}applications: everybody in the directory may register them/);
    assert.match((await asked({ everybodyRegisters: false, directoryRoles: ["88d8e3e3-8f55-4a1e-953a-9b9898b8876b"] }))[0] ?? "", /^missing {2}applications: only administrators may register them, and you are none; ask for the role Application Administrator/);
    assert.deepEqual(await findings({ yaml, az: healthy() }).then((all) => all.filter((one) => one.includes("applications"))), [
      'warning  applications: cannot be checked (az rest: Forbidden({"error":{"code":"Authorization_RequestDenied"}}))',
    ]);
  });

  test("a service principal: a permission of Microsoft Graph, or a role of the directory", async () => {
    const [other, owned, all] = ["df021288-bdef-4463-88db-98f22de89214", "18a4783c-866b-4cc7-a460-3d5e5662c884", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9"];
    assert.deepEqual(await asked({ account: program, appRoles: [other, owned, all] }), ["ok       applications: Application.ReadWrite.All"]);
    assert.match((await asked({ account: program, appRoles: [other, owned] }))[0] ?? "", /^warning {2}applications: Application\.ReadWrite\.OwnedBy, which is enough only for those that this principal itself makes and owns/);
    assert.match((await asked({ account: program, appRoles: [other] }))[0] ?? "", /^missing/);
    assert.deepEqual(await asked({ account: program, directoryRoles: ["158c047a-c907-4556-b7ef-446551a6b5f7"] }), ["ok       applications: Cloud Application Administrator"]);
    assert.match((await asked({ account: program, everybodyRegisters: true }))[0] ?? "", /^missing {2}applications: this principal has no permission of Microsoft Graph to make them; have it given Application\.ReadWrite\.OwnedBy/);
  });
});

test("a budget's start may lie in the past only while the budget exists", async () => {
  const budget = async (start: string, budgets: string[] = []) => {
    const az = { ...healthy(), budgets };
    const lines = await findings({ yaml: withSettings(stackFile, { budget: { amount: 100, start, emails: ["a@acme.example"] } }), az });
    return [lines.find((one) => one.includes(" budget: ")), az.calls.some((call) => call.join(" ").includes("/budgets/"))];
  };
  assert.equal((await budget("2026-10-01"))[0], 'missing  budget: its start, 2026-10-01, is in a month that is over, and budget-acme-test does not exist yet; write start: "2026-11-01"');
  assert.deepEqual(await budget("2026-10-01", ["budget-acme-test"]), ["ok       budget: budget-acme-test, since 2026-10-01", true]);
  assert.deepEqual(await budget("2026-11-01", ["budget-acme-test"]), ["ok       budget: from 2026-11-01 on", false]);
});
