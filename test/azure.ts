/** What the tests of the Azure side share: ids, and short forms of what is registered there. */
import type { Registration } from "../cli/render/evaluate.ts";
import type { Program } from "./evaluate.ts";
import { smallest } from "./settings.ts";

export const entraTenant = "5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e";
export const subscription = "8a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
export const administrators = "3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01";
export const owners = "7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01";

/** The smallest stack's `cluster` section with more in it. */
export const cluster = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ ...(smallest.cluster as object), ...more });

/** The smallest stack as a production environment, which must say who may reach the API server. */
export const production = (more: Record<string, unknown> = {}): Record<string, unknown> => ({ tier: "production", cluster: cluster({ authorizedRanges: [] }), ...more });

/** The id of something in another team's resource group; `type` as in `Microsoft.Network/routeTables`. */
export const hub = (type: string, name: string): string => `/subscriptions/${subscription}/resourceGroups/rg-hub/providers/${type}/${name}`;

/** The tags of the environment `staging`, of a tier. */
export const tags = (tier: "production" | "nonproduction" = "nonproduction") => ({ environment: "staging", tier, owner: "platform@acme.example", "managed-by": "mooring" });

/** Built-in roles by their ids, read from learn.microsoft.com/azure/role-based-access-control/built-in-roles. */
const builtInRoles: Readonly<Record<string, string>> = {
  "7f951dda-4ed3-4680-a7ca-43fe172d538d": "AcrPull",
  "8311e382-0749-4cb8-b61a-304f252e45ec": "AcrPush",
  "b93aa761-3e63-49ed-ac28-beffa264f7ac": "Container Registry Repository Reader",
  "2a1e307c-b015-4ebd-883e-5b7698a07328": "Container Registry Repository Writer",
  "4abbcc35-e782-43d8-92c5-2d3f1bd2253f": "Azure Kubernetes Service Cluster User Role",
  "22926164-76b3-42b3-bc55-97df8dab3e41": "Grafana Admin",
  "b0d8363b-8ddd-447d-831f-62ca05bff136": "Monitoring Data Reader",
  "12338af0-0e69-4776-bea7-57ae8d297424": "Key Vault Crypto User",
  "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
  "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
  "f1a07417-d97a-45cb-824c-7a7467783830": "Managed Identity Operator",
  "4d97b98b-1d4f-4787-a291-c67834d212e7": "Network Contributor",
  "b12aa53e-6015-4669-85d0-8515ebb3ae7f": "Private DNS Zone Contributor",
  "befefa01-2a29-4197-83a8-272ff33ce314": "DNS Zone Contributor",
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
};

/** Every role that is given, or those whose resource's name matches: role, to whom, of what kind, on what. By name. */
export function grants(program: Program, name = /./): Record<string, string[]> {
  const rows = program.all("RoleAssignment").filter((row) => name.test(row.name));
  if (new Set(rows.map((row) => row.name)).size < rows.length) throw new Error("a role is given twice under one name, which the engine would refuse");
  return Object.fromEntries(rows.map(({ name: key, inputs }) => [key, [roleOf(inputs), String(inputs.principalId), String(inputs.principalType), String(inputs.scope)]]));
}

function roleOf({ roleDefinitionId }: Record<string, unknown>): string {
  const [, scope, id = ""] = /^\/subscriptions\/([0-9a-f-]+)\/providers\/Microsoft\.Authorization\/roleDefinitions\/([0-9a-f-]+)$/.exec(String(roleDefinitionId)) ?? [];
  const role = builtInRoles[id];
  if (role === undefined) throw new Error(`${String(roleDefinitionId)} is no built-in role that these tests know`);
  return scope === subscription ? role : `${role} of ${scope}`;
}

/** How the engine treats a resource, as far as it differs from the usual. */
export function options(registration: Registration): Record<string, unknown> {
  const { protect, ignoreChanges, replaceOnChanges, deleteBeforeReplace, replacementTrigger, retainOnDelete } = registration;
  const deletedWith = registration.deletedWith?.split("::").at(-1);
  const all = { protect, ignoreChanges, replaceOnChanges, deleteBeforeReplace, replacementTrigger, retainOnDelete, deletedWith };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value)));
}

/** How many resources of each type stand in Azure: `ManagedCluster: 1`. */
export function census(program: Program): Record<string, number> {
  const kinds = program.registrations.filter(({ custom, type }) => custom && /^(azure-native|azuread):/.test(type)).map(({ type }) => type.split(":").at(-1)!);
  return Object.fromEntries([...new Set(kinds)].sort().map((kind) => [kind, kinds.filter((other) => other === kind).length]));
}
