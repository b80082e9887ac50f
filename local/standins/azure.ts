/**
 * The stand-in for Azure: the package `azure-native` without a cloud. It refuses what the provider and Azure Resource
 * Manager refuse, keeps what exists in a file, and answers previews as the real provider does. It makes no machines:
 * every cluster leads to the one Kubernetes API it was given.
 */
import { createHash } from "node:crypto";
import { setTimeout as pass } from "node:timers/promises";
import { ArmError, resourceGroupNotFound } from "./azure/arm-error.ts";
import { Cloud } from "./azure/cloud.ts";
import { idOf, parentId } from "./azure/ids.ts";
import { checkInputs, diffInputs, refusedChanges } from "./azure/inputs.ts";
import type { ClusterAddress } from "./azure/invokes.ts";
import { invoke } from "./azure/invokes.ts";
import { liveOutputs, previewOutputs } from "./azure/outputs.ts";
import { normalizedLocation, regions } from "./azure/regions.ts";
import { ruleOf } from "./azure/rules.ts";
import type { Account, Write } from "./azure/service.ts";
import { serviceOf } from "./azure/services.ts";
import type { StandIn, Values } from "./contract.ts";
import { withoutNulls } from "./shape.ts";

export interface AzureOptions {
  /** Where `azure.json` is kept; made, readable by the user alone, with the first resource. */
  folder: string;
  cluster: ClusterAddress;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** How long an exclusive write takes, in milliseconds: long enough that two of one run really meet. */
const EXCLUSIVE_WRITE = 40;

export function azureStandIn({ folder, cluster }: AzureOptions): StandIn {
  const cloud = new Cloud(folder);
  const accounts = new Map<string, Account>();
  const writing = new Set<string>();

  function accountOf(connection: string): Account {
    const account = accounts.get(connection);
    if (account === undefined) throw new Error("This azure-native provider was not configured: give it a subscriptionId and a tenantId.");
    return account;
  }

  /** Runs a write of a type whose writes must not overlap; refuses it while another one is under way. */
  async function exclusively(token: string, id: string, write: () => Promise<void>): Promise<void> {
    const exclusive = serviceOf(token).exclusive?.({ id });
    if (exclusive === undefined) return write();
    if (writing.has(exclusive.key)) throw exclusive.conflict;
    writing.add(exclusive.key);
    try {
      await pass(EXCLUSIVE_WRITE);
      await write();
    } finally {
      writing.delete(exclusive.key);
    }
  }

  /** Refuses, then records, a create or update; answers with the outputs. */
  async function put(write: Write): Promise<Values> {
    let outputs: Values = {};
    await exclusively(write.rule.token, write.id, async () => {
      refuse(write);
      const alongside = serviceOf(write.rule.token).alongside?.(write) ?? [];
      outputs = liveOutputs(write, alongside);
      await cloud.put({ token: write.rule.token, id: write.id, inputs: write.inputs, outputs }, ...alongside);
    });
    return outputs;
  }

  return {
    package: "azure-native",
    version: "3.28.0",

    configure(connection, args) {
      accounts.set(connection, accountFrom(args));
    },

    // The real provider never plans a replacement for a change of its own arguments.
    diffConfig: () => ({ changes: [] }),

    check({ type, name, olds, news, randomSeed, connection }) {
      const account = accounts.get(connection);
      const group = typeof news.resourceGroupName === "string" && account ? cloud.get(`/subscriptions/${account.subscriptionId}/resourceGroups/${news.resourceGroupName}`) : undefined;
      const ofGroup = typeof group?.outputs.location === "string" ? group.outputs.location : undefined;
      return checkInputs({ rule: ruleOf(type), name, olds, news, randomSeed, defaultLocation: account?.location ?? ofGroup });
    },

    diff: ({ type, oldInputs, news }) => diffInputs(ruleOf(type), oldInputs, news),

    async create({ type, inputs, preview, connection }) {
      const rule = ruleOf(type);
      if (preview) return { id: "", outputs: previewOutputs(rule, inputs) };
      const account = accountOf(connection);
      const id = idOf(rule, inputs, account.subscriptionId);
      if (cloud.get(id)) throw new Error(`cannot create already existing resource '${id}'`);
      const outputs = await put({ rule, id, inputs: withoutNulls(inputs), account, cloud });
      return { id, outputs };
    },

    async update({ type, id, oldOutputs, news, preview, connection }) {
      const rule = ruleOf(type);
      if (preview) return previewOutputs(rule, news, oldOutputs);
      const account = accountOf(connection);
      return put({ rule, id, inputs: withoutNulls(news), account, cloud, previous: cloud.get(id) });
    },

    read({ id }) {
      const resource = cloud.get(id);
      return Promise.resolve(resource ? { id: resource.id, inputs: resource.inputs, outputs: resource.outputs } : undefined);
    },

    async delete({ type, id }) {
      const resource = cloud.get(id);
      if (resource === undefined) return;
      serviceOf(type).refuseDelete?.(resource, cloud);
      await exclusively(type, id, () => cloud.remove(id));
    },

    invoke: (token, args, connection) => new Promise((resolve) => resolve(invoke(token, args, accountOf(connection), cloud, cluster))),
  };
}

/** What a provider instance was configured with; throws when it could not reach a subscription. */
function accountFrom(args: Values): Account {
  const guid = (name: string): string => {
    const value = args[name];
    if (typeof value === "string" && GUID.test(value)) return value.toLowerCase();
    throw new Error(`azure-native: ${name} must be a GUID, not ${JSON.stringify(value ?? null)}.`);
  };
  const subscriptionId = guid("subscriptionId");
  const tenantId = guid("tenantId");
  const location = typeof args.location === "string" && args.location !== "" ? args.location : undefined;
  if (location !== undefined && !regions.includes(normalizedLocation(location))) throw new Error(`azure-native: location "${location}" is not an Azure region, such as westeurope.`);
  return { subscriptionId, tenantId, location, clientId: derivedGuid(tenantId, "client"), objectId: derivedGuid(tenantId, "object") };
}

function derivedGuid(...parts: string[]): string {
  const hex = createHash("sha256").update(parts.join("/")).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** What holds for every type: the parent exists, the location is a region, create-only properties stay; then the service's own refusals. */
function refuse(write: Write): void {
  const { rule, id, inputs, cloud, previous } = write;
  const parent = rule.id.startsWith("/{") ? undefined : parentId(id);
  if (parent !== undefined && cloud.get(parent) === undefined) throw parentNotFound(parent, rule.armType);
  if (typeof inputs.location === "string" && !regions.includes(normalizedLocation(inputs.location))) {
    throw new ArmError(400, "LocationNotAvailableForResourceType", `The provided location '${inputs.location}' is not available for resource type '${rule.armType}'. List of available regions for the resource type is '${regions.join(",")}'.`);
  }
  const [changed] = previous ? refusedChanges(rule, previous.inputs, inputs) : [];
  if (changed !== undefined) throw new ArmError(400, "PropertyChangeNotAllowed", `Changing property '${changed}' is not allowed.`);
  serviceOf(rule.token).refuse?.(write);
}

function parentNotFound(parent: string, armType: string): ArmError {
  const group = /\/resourceGroups\/([^/]+)$/i.exec(parent)?.[1];
  if (group !== undefined) return resourceGroupNotFound(group);
  return new ArmError(404, "ParentResourceNotFound", `Failed to perform 'write' on resource(s) of type '${armType.replace(/^[^/]+\//, "")}', because the parent resource '${parent}' could not be found.`);
}
