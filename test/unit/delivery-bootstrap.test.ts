/** `npm run bootstrap -- <stack> --read`: the identity of previews, which may change nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bootstrap } from "../../cli/bootstrap.ts";
import { bootstrapNames } from "../../cli/bootstrap/names.ts";
import { emptyAz, standinAz } from "../az-standin.ts";
import { settings, smallest } from "../settings.ts";

const { subscription, tenant } = smallest.azure as { subscription: string; tenant: string };
const issuer = "https://token.actions.githubusercontent.com";
const state = () => emptyAz({ account: { id: subscription, tenantId: tenant, user: { name: "me@acme.example", type: "user" } }, person: "the-person" });
const names = bootstrapNames(settings());

test("reads, and trusts the two environments that preview", async () => {
  const azure = state();
  const lines: string[] = [];
  const run = (read: boolean, subject: string) => bootstrap(settings(), { read, trust: { issuer, subject }, dryRun: false, az: standinAz(azure), say: (line) => void lines.push(line) });
  await run(true, "repo:acme/platform:environment:staging-preview");
  await run(true, "repo:acme/platform:environment:staging-read");
  const writes = azure.writes.length;
  await run(true, "repo:acme/platform:environment:staging-read");
  assert.equal(azure.writes.length, writes, "what is there is left as it is");

  const reader = azure.identities["id-acme-staging-read"]!;
  assert.deepEqual(reader.credentials.map(({ subject }) => subject.split(":").at(-1)), ["staging-preview", "staging-read"]);
  const group = `/subscriptions/${subscription}/resourceGroups/rg-acme-state/providers`;
  assert.deepEqual(azure.assignments.map(({ principalId, roleDefinitionName, scope }) => [principalId, roleDefinitionName, scope]), [
    [reader.principalId, "Reader", `/subscriptions/${subscription}`],
    [reader.principalId, "Azure Kubernetes Service Cluster User Role", `/subscriptions/${subscription}`],
    [reader.principalId, "Storage Blob Data Reader", `${group}/Microsoft.Storage/storageAccounts/${names.account}`],
    [reader.principalId, "Key Vault Crypto User", `${group}/Microsoft.KeyVault/vaults/${names.vault}/keys/pulumi`],
  ]);
  const text = lines.join("\n");
  assert.match(text, /AZURE_CLIENT_ID=client-of-id-acme-staging-read/);
  assert.match(text, /kubectl create clusterrolebinding mooring-read .*--user=principal-of-id-acme-staging-read/);
  assert.doesNotMatch(text, /Contributor|group member add/);

  // The identity of `up` is another, and neither trusts the other's environment.
  await run(false, "repo:acme/platform:environment:staging");
  const up = azure.identities["id-acme-staging-pulumi"]!;
  assert.deepEqual(up.credentials.map(({ subject }) => subject.split(":").at(-1)), ["staging"]);
  assert.equal(reader.credentials.length, 2);
});

test("--dry-run shows the same, and makes nothing", async () => {
  const azure = state();
  const lines: string[] = [];
  await bootstrap(settings(), { read: true, dryRun: true, az: standinAz(azure), say: (line) => void lines.push(line) });
  assert.equal(azure.calls.length, 0);
  assert.ok(lines.some((line) => line.includes("identity create --name id-acme-staging-read")));
  assert.ok(lines.some((line) => line.includes("--role Reader ")) && !lines.some((line) => line.includes("Contributor")), lines.join("\n"));
});
