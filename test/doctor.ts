/** The doctor on a machine where everything is right, but for what a test changes. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { diagnose } from "../cli/doctor.ts";
import { formatFinding } from "../cli/doctor/finding.ts";
import type { Machine } from "../cli/doctor/machine.ts";
import type { Execution } from "../cli/execute.ts";
import { emptyAz, standinAz } from "./az-standin.ts";
import type { AzState } from "./az-standin.ts";

/** A project's folder, gone after the tests. */
export const root = mkdtempSync(join(tmpdir(), "mooring-doctor-"));
after(() => rmSync(root, { recursive: true }));
export const subscription = "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
export const tenant = "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e";
export const group = "3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01";
export const stackFile = `secretsprovider: azurekeyvault://x
config:
  mooring:platform: acme
  mooring:tier: nonproduction
  mooring:owner: platform@acme.example
  mooring:azure: {tenant: ${tenant}, subscription: ${subscription}, location: westeurope}
  mooring:cluster: {administrators: [${group}]}
  mooring:github: {owner: acme}
`;
writeFileSync(join(root, "Pulumi.yaml"), "name: mooring\nruntime: nodejs\n");

export const registered = Object.fromEntries(
  ["Authorization", "Compute", "ContainerRegistry", "ContainerService", "Insights", "KeyVault", "ManagedIdentity", "Network", "OperationalInsights", "PolicyInsights", "Storage"].map((name) => [`Microsoft.${name}`, "Registered"]),
);
export const role = (roleDefinitionName: string, condition: string | null = null) => ({
  id: roleDefinitionName, principalId: "me", principalType: "User", roleDefinitionName, scope: `/subscriptions/${subscription}`, condition,
});
export const healthy = (): AzState =>
  emptyAz({
    account: { id: subscription, tenantId: tenant, user: { name: "me@acme.example", type: "user" } },
    person: "me", memberOf: [group], providers: { ...registered }, assignments: [role("Owner")],
  });

/** Programs by their words, to what they print; or why they do not run. */
const programs = {
  "pulumi version": "v3.259.0\n",
  "pulumi whoami": '{"user": "me", "url": "azblob://state?storage_account=x"}',
  "kubelogin get-token": "Flags:\n  --server-id string",
} as Record<string, string | Partial<Execution>>;

export interface Changes {
  yaml?: string;
  az?: AzState;
  programs?: typeof programs;
  nodeVersion?: string;
  env?: NodeJS.ProcessEnv;
  /** GitHub's answers by path. */
  github?: Record<string, { status: number; scopes?: string }> | Error;
  /** Filled with the addresses that were asked. */
  asked?: string[];
}

/** What the doctor finds on a machine where everything is right but for the changes. */
export async function findings({ yaml = stackFile, az = healthy(), env = { GITHUB_TOKEN: "ghp_secret" }, nodeVersion = "24.21.0", github, ...changes }: Changes = {}): Promise<string[]> {
  writeFileSync(join(root, "Pulumi.test.yaml"), yaml);
  const table = { ...programs, ...changes.programs };
  const answers = github ?? { "/user": { status: 200, scopes: "repo, read:org" }, "/users/acme": { status: 200 } };
  const machine: Machine = {
    env, nodeVersion, az: standinAz(az), now: () => new Date("2026-11-21T11:00:00Z"),
    async execute(program, args) {
      const answer = table[`${program} ${args[0]}`];
      if (answer === undefined) return { stdout: "", stderr: "", failure: "not found" };
      return typeof answer === "string" ? { code: 0, stdout: answer, stderr: "" } : { stdout: "", stderr: "", ...answer };
    },
    async fetch(url) {
      if (answers instanceof Error) throw answers;
      changes.asked?.push(String(url));
      const answer = answers[new URL(String(url)).pathname];
      assert.ok(answer, `nobody should ask for ${String(url)}`);
      return new Response("{}", { status: answer.status, headers: answer.scopes === undefined ? {} : { "x-oauth-scopes": answer.scopes } });
    },
  };
  const lines: string[] = [];
  for await (const finding of diagnose({ root, stack: "test" }, machine)) lines.push(formatFinding(finding));
  return lines;
}

/** The lines that are not in order. */
export const faults = async (changes: Changes): Promise<string[]> => (await findings(changes)).filter((line) => !line.startsWith("ok"));

/** A subscription beside the environment's own. */
export const hub = "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b";
export const armId = (path: string, inSubscription = hub) => `/subscriptions/${inSubscription}/resourceGroups/rg-hub/providers/${path}`;
/** A stack file with more settings. */
export const withSettings = (text: string, changes: Record<string, unknown>) => `${text}${Object.entries(changes).map(([key, value]) => `  mooring:${key}: ${JSON.stringify(value)}\n`).join("")}`;
export const production = stackFile.replace("nonproduction", "production").replace("{administrators", "{authorizedRanges: [203.0.113.0/24], administrators");
/** What only production needs by default, and alerts. */
export const productionProviders = Object.fromEntries(["AlertsManagement", "Dashboard", "Monitor"].map((name) => [`Microsoft.${name}`, "Registered"]));
