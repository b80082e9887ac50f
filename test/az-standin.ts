/**
 * A stand-in for the Azure CLI: knows the commands that Mooring uses, with the flags that Azure's reference lists for
 * them (learn.microsoft.com/cli/azure), keeps what was made, and refuses everything else as `az` does.
 * In a test it is called directly, or as a program on the PATH with its state in a file ({@link installAz}).
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Az } from "../cli/az.ts";
import { AzError } from "../cli/az.ts";

interface Assignment {
  id: string;
  principalId: string;
  principalType: string;
  roleDefinitionName: string;
  scope: string;
  condition: string | null;
}

export interface AzState {
  /** Every call that was understood, without the flags about output. */
  calls: string[][];
  /** Of them those that changed something. */
  writes: string[][];
  /** Absent: nobody is signed in. */
  account?: { id: string; tenantId: string; user: { name: string; type: string } };
  /** The object id of who is signed in. Absent: the directory may not be read. */
  person?: string;
  /** Object ids of the groups that they are in, directly or not. */
  memberOf: string[];
  /** `Namespace` to `Registered`, `Registering` or `NotRegistered`. */
  providers: Record<string, string>;
  groups: string[];
  accounts: Record<string, { group: string; properties: Record<string, unknown>; containers: string[] }>;
  vaults: Record<string, { group: string; keys: string[] }>;
  identities: Record<string, { group: string; principalId: string; clientId: string; credentials: { name: string; issuer: string; subject: string; audiences: string[] }[] }>;
  assignments: Assignment[];
  /** Existing resources by their ids, with what stands under `properties`. */
  resources: Record<string, Record<string, unknown>>;
  /** Ids of resources that may not be read. */
  forbidden: string[];
  /** Template ids of the roles in the directory of who is signed in. */
  directoryRoles: string[];
  /** Ids of the permissions of Microsoft Graph of who is signed in. */
  appRoles: string[];
  /** Whether everybody in the directory may register applications. Absent: that may not be read. */
  everybodyRegisters?: boolean;
  /** Names of the subscription's budgets. */
  budgets: string[];
  /** The next command that would change something fails, once this many have not. */
  failAfter?: number;
}

export const emptyAz = (changes: Partial<AzState> = {}): AzState => ({
  calls: [], writes: [], memberOf: [], providers: { "Microsoft.Authorization": "Registered", "Microsoft.Storage": "NotRegistered" },
  groups: [], accounts: {}, vaults: {}, identities: {}, assignments: [],
  resources: {}, forbidden: [], directoryRoles: [], appRoles: [], budgets: [], ...changes,
});

export interface AzAnswer {
  code: number;
  stdout: string;
  stderr: string;
}

type Flags = Record<string, string | undefined>;

interface CommandRow {
  /** Flags with a value; those that end in `!` are required. */
  flags: string[];
  /** Flags without one. */
  switches?: string[];
  changes?: boolean;
  run(state: AzState, flags: Flags): unknown;
}

class Refusal extends Error {
  readonly code: number;
  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

const inGroup = ["resource-group!", "subscription!"];

const commands: Record<string, CommandRow> = {
  version: { flags: [], run: () => ({ "azure-cli": "2.79.0" }) },
  "account show": { flags: ["subscription"], run: ({ account }) => account ?? refuse("Please run 'az login' to setup account.") },
  "ad signed-in-user show": { flags: [], run: ({ person }) => ({ id: person ?? refuse("Insufficient privileges to complete the operation.") }) },
  "ad sp show": { flags: ["id!"], run: ({ person }) => ({ id: person ?? refuse("Insufficient privileges to complete the operation.") }) },
  "provider list": {
    flags: ["subscription!"],
    run: ({ providers }) => Object.entries(providers).map(([namespace, registrationState]) => ({ namespace, registrationState })),
  },
  "provider register": {
    flags: ["namespace!", "subscription!"],
    switches: ["wait"],
    changes: true,
    run: ({ providers }, { namespace, wait }) => (providers[namespace!] = wait === undefined ? "Registering" : "Registered"),
  },
  "group exists": { flags: ["name!", "subscription!"], run: ({ groups }, { name }) => groups.includes(name!) },
  "group create": { flags: ["name!", "location!", "subscription!"], changes: true, run: ({ groups }, { name }) => groups.push(name!) },
  "storage account list": { flags: inGroup, run: ({ accounts }, { "resource-group": group }) => inside(accounts, group!) },
  "storage account create": {
    flags: ["name!", ...inGroup, "location!", "kind", "sku", "min-tls-version", "https-only", "allow-blob-public-access", "allow-shared-key-access"],
    changes: true,
    run(state, { name, "resource-group": group, ...properties }) {
      need(state, group!);
      if (state.providers["Microsoft.Storage"] !== "Registered") refuse("The subscription is not registered to use namespace 'Microsoft.Storage'.");
      if (!/^[a-z0-9]{3,24}$/.test(name!)) refuse(`${name} is not a valid storage account name.`);
      state.accounts[name!] = { group: group!, properties, containers: [] };
    },
  },
  "storage account blob-service-properties show": { flags: ["account-name!", ...inGroup], run: ({ accounts }, { "account-name": name }) => blobProperties(accounts[name!]!.properties) },
  "storage account blob-service-properties update": {
    flags: ["account-name!", ...inGroup, "enable-versioning", "enable-delete-retention", "delete-retention-days", "enable-container-delete-retention", "container-delete-retention-days"],
    changes: true,
    run: ({ accounts }, { "account-name": name, ...properties }) => Object.assign(accounts[name!]!.properties, properties),
  },
  "storage container-rm exists": { flags: ["storage-account!", "name!", ...inGroup], run: ({ accounts }, flags) => ({ exists: accounts[flags["storage-account"]!]!.containers.includes(flags.name!) }) },
  "storage container-rm create": {
    flags: ["storage-account!", "name!", "public-access", ...inGroup],
    changes: true,
    run: ({ accounts }, flags) => accounts[flags["storage-account"]!]!.containers.push(flags.name!),
  },
  "keyvault list": { flags: inGroup, run: ({ vaults }, { "resource-group": group }) => inside(vaults, group!) },
  "keyvault create": {
    flags: ["name!", ...inGroup, "location", "enable-rbac-authorization", "enable-purge-protection", "retention-days"],
    changes: true,
    run(state, { name, "resource-group": group }) {
      need(state, group!);
      if (!/^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/.test(name!)) refuse(`${name} is not a valid vault name.`);
      state.vaults[name!] = { group: group!, keys: [] };
    },
  },
  "identity list": { flags: inGroup, run: ({ identities }, { "resource-group": group }) => inside(identities, group!) },
  "identity create": {
    flags: ["name!", ...inGroup, "location"],
    changes: true,
    run(state, { name, "resource-group": group }) {
      need(state, group!);
      state.identities[name!] = { group: group!, principalId: `principal-of-${name}`, clientId: `client-of-${name}`, credentials: [] };
    },
  },
  "identity federated-credential list": { flags: ["identity-name!", ...inGroup], run: ({ identities }, flags) => identities[flags["identity-name"]!]!.credentials },
  "identity federated-credential create": {
    flags: ["name!", "identity-name!", ...inGroup, "issuer", "subject", "audiences"],
    changes: true,
    run: ({ identities }, { name, issuer, subject, audiences, ...flags }) => identities[flags["identity-name"]!]!.credentials.push({ name: name!, issuer: issuer!, subject: subject!, audiences: [audiences!] }),
  },
  "role assignment list": {
    flags: ["scope!", "role", "assignee", "subscription!"],
    switches: ["include-inherited", "include-groups"],
    run: ({ assignments }, { scope, role, assignee }) =>
      assignments.filter((one) => one.scope === scope && (role === undefined || one.roleDefinitionName === role) && (assignee === undefined || one.principalId === assignee)),
  },
  "role assignment create": {
    flags: ["role!", "scope!", "assignee-object-id!", "assignee-principal-type!", "condition", "condition-version", "subscription!"],
    changes: true,
    run({ assignments }, flags) {
      const assignment = { principalId: flags["assignee-object-id"]!, principalType: flags["assignee-principal-type"]!, roleDefinitionName: flags.role!, scope: flags.scope! };
      // A second one beside the first is not made, whatever its condition.
      if (assignments.some((one) => one.principalId === assignment.principalId && one.roleDefinitionName === assignment.roleDefinitionName && one.scope === assignment.scope)) return;
      assignments.push({ id: `${flags.scope}/assignment-${assignments.length}`, ...assignment, condition: flags.condition ?? null });
    },
  },
  "role assignment delete": {
    flags: ["ids!"],
    changes: true,
    run(state, { ids }) {
      state.assignments = state.assignments.filter(({ id }) => id !== ids);
    },
  },
  "resource show": { flags: ["ids!"], run: (state, { ids }) => showResource(state, ids!) },
  rest: { flags: ["method!", "url!", "body"], run: (state, { method, url, body }) => rest(state, method!, url!, body) },
};

/** In the form of Azure Resource Manager; a resource group is none, as with the real command. */
function showResource({ resources, forbidden }: AzState, id: string): unknown {
  if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+(\/[^/]+\/[^/]+)+$/i.test(id)) refuse(`az resource: error: argument --ids: invalid ResourceId value: '${id}'`);
  if (forbidden.includes(id)) refuse(`(AuthorizationFailed) The client 'me' does not have authorization to perform a read over scope '${id}'.`);
  const properties = resources[id] ?? refuse(`(ResourceNotFound) The Resource '${id}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`, 3);
  return { id, name: id.split("/").at(-1), properties };
}

function rest(state: AzState, method: string, url: string, body: string | undefined): unknown {
  if (method === "get" && url.startsWith("https://graph.microsoft.com/v1.0/")) return graph(state, url.slice("https://graph.microsoft.com/v1.0".length));
  const [, budget] = /^https:\/\/management\.azure\.com\/subscriptions\/[^/]+\/providers\/Microsoft\.Consumption\/budgets\/([^/?]+)\?api-version=2024-08-01$/.exec(url) ?? [];
  if (budget !== undefined && method === "get") {
    return state.budgets.includes(budget) ? { name: budget } : refuse(`Not Found({"error":{"code":"404","message":"Budget with name: ${budget} not found"}})`);
  }
  if (/^https:\/\/graph\.microsoft\.com\/v1\.0\/(me|servicePrincipals\/[^/]+)\/checkMemberGroups$/.test(url) && method === "post") {
    if (state.person === undefined) refuse("Forbidden({\"error\":{\"code\":\"Authorization_RequestDenied\"}})");
    return { value: (JSON.parse(body!) as { groupIds: string[] }).groupIds.filter((group) => state.memberOf.includes(group)) };
  }
  const [, vault, key] = /^https:\/\/management\.azure\.com\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/([^/]+)\/keys(?:\/([^/?]+))?\?api-version=2023-07-01$/.exec(url) ?? [];
  const keys = state.vaults[vault ?? ""]?.keys ?? refuse(`Not Found: ${url}`);
  if (method === "get" && key === undefined) return { value: keys.map((name) => ({ name })) };
  if (method === "put" && key !== undefined && (JSON.parse(body!) as { properties: { kty: string } }).properties.kty === "RSA") return keys.push(key);
  return refuse(`Method Not Allowed: ${method} ${url}`);
}

function graph({ directoryRoles, appRoles, everybodyRegisters }: AzState, path: string): unknown {
  if (/^\/(me|servicePrincipals\/[^/]+)\/transitiveMemberOf\?\$top=999$/.test(path)) {
    return { value: [{ "@odata.type": "#microsoft.graph.group" }, ...directoryRoles.map((roleTemplateId) => ({ "@odata.type": "#microsoft.graph.directoryRole", roleTemplateId }))] };
  }
  if (/^\/servicePrincipals\/[^/]+\/appRoleAssignments$/.test(path)) return { value: appRoles.map((appRoleId) => ({ appRoleId })) };
  if (path === "/policies/authorizationPolicy") {
    if (everybodyRegisters === undefined) refuse("Forbidden({\"error\":{\"code\":\"Authorization_RequestDenied\"}})");
    return { defaultUserRolePermissions: { allowedToCreateApps: everybodyRegisters } };
  }
  return refuse(`Not Found({"error":{"code":"Request_ResourceNotFound"}})`);
}

/** Runs one command, as `az` would be run with these arguments. */
export function callAz(state: AzState, args: readonly string[]): AzAnswer {
  try {
    const answer = understand(state, args);
    return { code: 0, stdout: `${JSON.stringify(answer ?? null)}\n`, stderr: "" };
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, stdout: "", stderr: `ERROR: ${error.message}\n` };
    throw error;
  }
}

function understand(state: AzState, all: readonly string[]): unknown {
  const args = withoutOutput(all);
  const start = args.findIndex((word) => word.startsWith("--"));
  const name = args.slice(0, start < 0 ? args.length : start).join(" ");
  const row = commands[name] ?? refuse(`'${name}' is misspelled or not recognized by the system.`, 2);
  const flags: Flags = {};
  for (let i = name.split(" ").length; i < args.length; i++) {
    const flag = args[i]!.replace(/^--/, "");
    if (row.switches?.includes(flag)) flags[flag] = "true";
    else if (row.flags.some((known) => known.replace("!", "") === flag)) flags[flag] = args[++i] ?? refuse(`argument --${flag}: expected one argument`, 2);
    else refuse(`unrecognized arguments: ${args[i]}`, 2);
  }
  for (const known of row.flags) if (known.endsWith("!") && flags[known.slice(0, -1)] === undefined) refuse(`the following arguments are required: --${known.slice(0, -1)}`, 2);
  const changes = row.changes === true || (name === "rest" && flags.method === "put");
  if (changes && state.failAfter !== undefined && state.writes.length >= state.failAfter) {
    delete state.failAfter;
    refuse("the connection was lost");
  }
  const answer = row.run(state, flags);
  state.calls.push(args);
  if (changes) state.writes.push(args);
  return answer;
}

function withoutOutput(args: readonly string[]): string[] {
  const output = args.indexOf("--output");
  return args.filter((word, index) => word !== "--only-show-errors" && (output < 0 || (index !== output && index !== output + 1)));
}

function refuse(message: string, code?: number): never {
  throw new Refusal(message, code);
}

function need({ groups }: AzState, group: string): void {
  if (!groups.includes(group)) refuse(`(ResourceGroupNotFound) Resource group '${group}' could not be found.`, 3);
}

function inside<T extends { group: string }>(all: Record<string, T>, group: string): (T & { name: string })[] {
  return Object.entries(all).filter(([, one]) => one.group === group).map(([name, one]) => ({ name, ...one }));
}

function blobProperties(properties: Record<string, unknown>) {
  return {
    isVersioningEnabled: properties["enable-versioning"] === "true" ? true : null,
    deleteRetentionPolicy: { enabled: properties["enable-delete-retention"] === "true" },
    containerDeleteRetentionPolicy: properties["enable-container-delete-retention"] === "true" ? { enabled: true } : null,
  };
}

/** The stand-in in this process. */
export function standinAz(state: AzState): Az {
  const call = (args: readonly string[]) => {
    const answer = callAz(state, args);
    if (answer.code !== 0) throw new AzError(args, answer);
    return answer.stdout;
  };
  return {
    read: async (args) => JSON.parse(call(args)) as unknown,
    write: async (args) => void call(args),
  };
}

/** Puts the stand-in into `folder` as the program `az`, with its state in `<folder>/az.json`. */
export function installAz(folder: string, state: AzState): { read(): AzState } {
  const stateFile = join(folder, "az.json");
  writeFileSync(stateFile, JSON.stringify(state));
  writeFileSync(join(folder, "az"), `#!/bin/sh\nNODE_COMPILE_CACHE='${folder}/compiled' exec '${process.execPath}' '${import.meta.filename}' '${stateFile}' "$@"\n`);
  chmodSync(join(folder, "az"), 0o755);
  return { read: () => JSON.parse(readFileSync(stateFile, "utf8")) as AzState };
}

if (import.meta.main) {
  const [stateFile, ...args] = process.argv.slice(2);
  const state = JSON.parse(readFileSync(stateFile!, "utf8")) as AzState;
  const { code, stdout, stderr } = callAz(state, args);
  writeFileSync(stateFile!, JSON.stringify(state));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}
