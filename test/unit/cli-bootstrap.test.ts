import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Failure, projectRoot } from "../../cli/arguments.ts";
import { bootstrap } from "../../cli/bootstrap.ts";
import { bootstrapNames } from "../../cli/bootstrap/names.ts";
import { shellLine } from "../../cli/bootstrap/shell-line.ts";
import { roles } from "../../components/azure/roles.ts";
import { emptyAz, installAz, standinAz } from "../az-standin.ts";
import type { AzState } from "../az-standin.ts";
import { settings, smallest } from "../settings.ts";

const { subscription, tenant } = smallest.azure as { subscription: string; tenant: string };
const trust = { issuer: "https://token.actions.githubusercontent.com", subject: "repo:acme/platform:environment:staging" };
const staging = settings();
const names = bootstrapNames(staging);

const signedIn = (changes: Partial<AzState> = {}): AzState =>
  emptyAz({ account: { id: subscription, tenantId: tenant, user: { name: "me@acme.example", type: "user" } }, person: "the-person", ...changes });

/** Runs it on `state` and returns the lines it says. */
async function runOn(state: AzState, options: { trust?: typeof trust; dryRun?: boolean } = { trust }): Promise<string[]> {
  const lines: string[] = [];
  await bootstrap(staging, { dryRun: false, ...options, az: standinAz(state), say: (line) => lines.push(line) });
  return lines;
}

/** What exists, without the record of how it came to be. */
const made = ({ groups, accounts, vaults, identities, assignments, providers }: AzState) => ({ groups, accounts, vaults, identities, assignments, providers });

test("names are the same every time, and legal for the longest platform name", () => {
  assert.deepEqual(bootstrapNames(settings()), names);
  assert.notEqual(bootstrapNames({ ...staging, azure: { ...staging.azure, subscription: tenant } }).account, names.account);
  const longest = bootstrapNames({ ...staging, platform: "abcdefghijkl" });
  assert.match(longest.account, /^[a-z0-9]{3,24}$/);
  assert.match(longest.vault, /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/);
  assert.equal(names.backend, `azblob://state?storage_account=${names.account}`);
});

describe("on an empty subscription", () => {
  test("makes everything, locked down", async () => {
    const state = signedIn();
    const lines = await runOn(state);
    assert.deepEqual(state.groups, ["rg-acme-state"]);
    const account = state.accounts[names.account];
    assert.deepEqual(account?.containers, ["state"]);
    for (const [property, value] of Object.entries({ "allow-shared-key-access": "false", "allow-blob-public-access": "false", "min-tls-version": "TLS1_2", "enable-versioning": "true", "enable-delete-retention": "true" })) {
      assert.equal(account?.properties[property], value, property);
    }
    assert.deepEqual(state.vaults[names.vault]?.keys, ["pulumi"]);
    const vault = state.writes.find(([group, action]) => group === "keyvault" && action === "create")?.join(" ") ?? "";
    assert.match(vault, /--enable-rbac-authorization true --enable-purge-protection true/);
    const [credential] = state.identities["id-acme-staging-pulumi"]?.credentials ?? [];
    assert.deepEqual({ issuer: credential?.issuer, subject: credential?.subject, audiences: credential?.audiences }, { ...trust, audiences: ["api://AzureADTokenExchange"] });
    assert.ok(Object.values(state.providers).every((registration) => registration !== "NotRegistered"));
    assert.ok(!lines.some((line) => line.startsWith("exists") && !line.includes("Microsoft.Authorization")), lines.join("\n"));
  });

  test("gives exactly these roles, and the pipeline may pass on none but Mooring's own", async () => {
    const state = signedIn();
    await runOn(state);
    const pipeline = state.identities["id-acme-staging-pulumi"]?.principalId;
    const wide = `/subscriptions/${subscription}`;
    const inGroup = `${wide}/resourceGroups/rg-acme-state/providers`;
    const account = `${inGroup}/Microsoft.Storage/storageAccounts/${names.account}`;
    const vault = `${inGroup}/Microsoft.KeyVault/vaults/${names.vault}`;
    assert.deepEqual(
      state.assignments.map((one) => [one.principalId, one.principalType, one.roleDefinitionName, one.scope, one.condition !== null]),
      [
        [pipeline, "ServicePrincipal", "Contributor", wide, false],
        [pipeline, "ServicePrincipal", "Role Based Access Control Administrator", wide, true],
        [pipeline, "ServicePrincipal", "Storage Blob Data Contributor", account, false],
        [pipeline, "ServicePrincipal", "Key Vault Crypto User", vault, false],
        ["the-person", "User", "Storage Blob Data Contributor", account, false],
        ["the-person", "User", "Key Vault Crypto User", vault, false],
      ],
    );
    const condition = state.assignments[1]?.condition ?? "";
    for (const id of Object.values(roles)) assert.equal(condition.split(id).length, 3, "once for giving and once for taking away");
  });

  test("each command is shown before it runs, as it can be typed", async () => {
    const state = signedIn();
    const lines = await runOn(state);
    assert.deepEqual(lines.filter((line) => line.startsWith("        az ")), state.writes.map((args) => `        ${shellLine("az", args)}`));
  });

  test("ends with the commands that come next", async () => {
    const text = (await runOn(signedIn())).join("\n");
    assert.ok(text.includes(`npx pulumi login 'azblob://state?storage_account=${names.account}'`), text);
    assert.ok(text.includes(`npx pulumi stack init staging --secrets-provider azurekeyvault://${names.vault}.vault.azure.net/keys/pulumi`), text);
    assert.match(text, /AZURE_CLIENT_ID=client-of-id-acme-staging-pulumi/);
    assert.match(text, /az ad group member add --group 3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01 --member-id principal-of-/);
  });

  test("production: the pipeline may also set locks, which neither Contributor nor the right to give roles includes", async () => {
    const state = signedIn();
    const production = settings({ tier: "production", cluster: { ...(smallest.cluster as object), authorizedRanges: [] } });
    await bootstrap(production, { dryRun: false, az: standinAz(state), say: () => {} });
    const pipeline = state.identities["id-acme-staging-pulumi"]?.principalId;
    assert.ok(state.assignments.some((one) => one.principalId === pipeline && one.roleDefinitionName === "Locks Contributor" && one.scope === `/subscriptions/${subscription}`));
    assert.ok("Microsoft.Monitor" in state.providers && "Microsoft.Dashboard" in state.providers, "what only production has is registered");
  });

  test("what others must allow: applications for passwords, roles in other subscriptions; nothing where nothing asks for it", async () => {
    const plain = (await runOn(signedIn())).join("\n");
    assert.doesNotMatch(plain, /appRoleAssignments|another subscription/);

    const asking = settings({
      pipelines: { build: { password: { secrets: [{ number: 1, expires: "2027-05-01" }] } } },
      registry: { existing: { name: "cracmeshared", resourceGroup: "rg-shared", subscription: tenant }, promoteFrom: { name: "cracmestaging", resourceGroup: "rg-acme-staging" } },
    });
    const lines: string[] = [];
    await bootstrap(asking, { dryRun: false, az: standinAz(signedIn()), say: (line) => lines.push(line) });
    const start = lines.findIndex((line) => line.startsWith("pipelines.*.password"));
    // A shell must read the body as JSON with the looked-up id in it.
    const post = lines[start + 2]!.trim().replace(/^az rest/, "set --").concat("; printf %s \"$6\"");
    const { stdout } = spawnSync("sh", ["-c", `graph=the-graph; ${post}`], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(stdout), { principalId: "principal-of-id-acme-staging-pulumi", resourceId: "the-graph", appRoleId: "18a4783c-866b-4cc7-a460-3d5e5662c884" });
    const elsewhere = lines.filter((line) => line.includes("is in another subscription"));
    assert.deepEqual(elsewhere.map((line) => line.split(" ")[0]), ["registry.existing"], "staging's registry is in the environment's own subscription");
    assert.match(lines.at(-1)!, new RegExp(`--scope /subscriptions/${tenant}/resourceGroups/rg-shared/providers/Microsoft\\.ContainerRegistry/registries/cracmeshared --subscription ${tenant} --assignee-object-id principal-of-`));
    for (const id of Object.values(roles)) assert.ok(lines.at(-1)!.includes(id));
  });

  test("without --issuer and --subject the identity trusts nobody yet", async () => {
    const state = signedIn();
    await runOn(state, {});
    assert.deepEqual(state.identities["id-acme-staging-pulumi"]?.credentials, []);
  });
});

describe("again", () => {
  test("a second run finds everything and changes nothing", async () => {
    const state = signedIn();
    await runOn(state);
    const before = structuredClone(made(state));
    state.writes = [];
    const lines = await runOn(state);
    assert.deepEqual(state.writes, []);
    assert.deepEqual(made(state), before);
    assert.ok(!lines.some((line) => line.startsWith("make")), lines.join("\n"));
  });

  test("a run that was interrupted at any command is mended by the next", async () => {
    const whole = signedIn();
    await runOn(whole);
    for (let done = 0; done < whole.writes.length; done++) {
      const state = signedIn({ failAfter: done });
      await assert.rejects(runOn(state), (error) => error instanceof Failure && /the connection was lost/.test(error.message) && !error.message.includes("\n"));
      assert.equal(state.writes.length, done);
      await runOn(state);
      assert.deepEqual(made(state), made(whole), `after ${done} commands`);
      assert.deepEqual(state.writes.map((args) => args.join(" ")), whole.writes.map((args) => args.join(" ")), "nothing is done twice");
    }
  });

  test("another pipeline is added beside the first", async () => {
    const state = signedIn();
    await runOn(state);
    await runOn(state, { trust: { ...trust, subject: "repo:acme/platform:environment:prod" } });
    assert.equal(state.identities["id-acme-staging-pulumi"]?.credentials.length, 2);
  });

  test("another environment of the subscription shares the state and has its own identity", async () => {
    const state = signedIn();
    await runOn(state);
    state.writes = [];
    await bootstrap(settings({}, { environment: "qa" }), { dryRun: false, az: standinAz(state), say: () => {} });
    assert.deepEqual(Object.keys(state.identities), ["id-acme-staging-pulumi", "id-acme-qa-pulumi"]);
    assert.ok(state.writes.every(([group]) => ["identity", "role"].includes(group ?? "")));
  });

  test("a condition of an older Mooring is replaced", async () => {
    const state = signedIn();
    await runOn(state);
    const before = state.assignments[1]!.condition;
    state.assignments[1]!.condition = "old";
    state.writes = [];
    await runOn(state);
    assert.deepEqual(state.writes.map((args) => args.slice(0, 3)), [["role", "assignment", "delete"], ["role", "assignment", "create"]]);
    assert.equal(state.assignments.at(-1)?.condition, before);
  });
});

describe("refuses to begin", () => {
  const refusal = async (state: AzState, message: RegExp) => {
    await assert.rejects(runOn(state), (error) => error instanceof Failure && message.test(error.message));
    assert.deepEqual(state.writes, []);
  };

  test("when nobody is signed in", () => refusal(emptyAz(), /run `az login --tenant 5f0c1d52/));
  test("in another subscription or tenant", () => refusal(signedIn({ account: { id: tenant, tenantId: tenant, user: { name: "me", type: "user" } } }), /az account set --subscription 8a1b2c3d/));
});

test("--dry-run asks nothing and shows every command that an empty subscription needs", async () => {
  const state = signedIn();
  const lines = await runOn(state, { trust, dryRun: true });
  assert.deepEqual(state.calls, []);
  const whole = signedIn({ providers: {} });
  await runOn(whole);
  const filled = lines.map((line) => line.replace("'<principal id of id-acme-staging-pulumi>'", "principal-of-id-acme-staging-pulumi").replace("'<your object id>'", "the-person"));
  assert.deepEqual(filled, whole.writes.map((args) => shellLine("az", args)));
});

test("a command is shown so that a shell reads it as it is", () => {
  const words = ["a b", "it's", "$HOME", "plain-1.2/x:y", "", "{\"a\":1}"];
  const { stdout } = spawnSync("sh", ["-c", shellLine(process.execPath, ["-p", "JSON.stringify(process.argv.slice(1))", "--", ...words])], { encoding: "utf8" });
  assert.deepEqual(JSON.parse(stdout), words);
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "mooring-az-"));
  after(() => rmSync(folder, { recursive: true }));
  const run = (path: string, ...argv: string[]) =>
    spawnSync(process.execPath, [join(projectRoot, "cli/bootstrap.ts"), ...argv], { encoding: "utf8", env: { ...process.env, PATH: path } });
  const prod = { id: "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e", tenantId: tenant, user: { name: "me", type: "user" } };

  test("runs az from the PATH, and exits with 0", async () => {
    const state = signedIn({ account: prod });
    const cluster = { ...(smallest.cluster as object), authorizedRanges: [] };
    const production = settings({ tier: "production", cluster, azure: { ...(smallest.azure as object), subscription: prod.id } }, { environment: "prod" });
    await bootstrap(production, { dryRun: false, az: standinAz(state), say: () => {} });
    assert.equal(Object.values(state.accounts)[0]?.properties.sku, "Standard_ZRS");
    const last = state.assignments.pop();
    state.writes = [];
    const az = installAz(folder, state);
    const { status, stdout, stderr } = run(`${folder}:/bin:/usr/bin`, "prod");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^exists {2}identity id-acme-prod-pulumi$/m);
    assert.match(stdout, /^make {4}Key Vault Crypto User for you on vaults kv-acme-[0-9a-f]{8}$/m);
    assert.deepEqual(az.read().assignments.at(-1), last);
    assert.equal(az.read().writes.length, 1);
  });

  test("says in one line that az is missing, or that nobody is signed in", () => {
    const missing = run("/nowhere", "prod");
    assert.deepEqual([missing.status, missing.stdout], [1, ""]);
    assert.match(missing.stderr, /^az account show: it is not on the PATH; install the Azure CLI: https:\S+\n$/);
    installAz(folder, emptyAz());
    assert.match(run(`${folder}:/bin`, "prod").stderr, /^az account show: Please run 'az login' to setup account\.; run `az login --tenant [-0-9a-f]+`\n$/);
  });

  test("exits with 2 for half of a trust, and with 1 for wrong settings", () => {
    const half = run("/nowhere", "prod", "--issuer", "https://x");
    assert.equal(half.status, 2);
    assert.match(half.stderr, /^--issuer and --subject belong together\nusage: npm run bootstrap/);
    assert.equal(run("/nowhere", "nowhere").status, 1);
  });
});
