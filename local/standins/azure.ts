/**
 * The stand-in for Azure: the package `azure-native` without a cloud. It refuses what the provider and Azure Resource
 * Manager refuse, keeps what exists in a file, and answers previews as the real provider does. It makes no machines:
 * every cluster leads to the one Kubernetes API it was given.
 */
import { accountFrom } from "./azure/account.ts";
import { Arm } from "./azure/arm.ts";
import { Cloud } from "./azure/cloud.ts";
import { idOf } from "./azure/ids.ts";
import { checkInputs, diffInputs } from "./azure/inputs.ts";
import type { ClusterAddress } from "./azure/invokes.ts";
import { invoke } from "./azure/invokes.ts";
import { liveOutputs, previewOutputs } from "./azure/outputs.ts";
import { refreshedInputs } from "./azure/refresh.ts";
import { ruleOf } from "./azure/rules.ts";
import type { Account } from "./azure/service.ts";
import type { StandIn } from "./contract.ts";
import { withoutNulls } from "./shape.ts";

export interface AzureOptions {
  /** Where `azure.json` is kept; made, readable by the user alone, with the first resource. */
  folder: string;
  /** Read at every look-up. */
  cluster: ClusterAddress;
  /** The day that the services live in, for what they refuse by date. Default: today. */
  today?: Date;
}

export function azureStandIn({ folder, cluster, today }: AzureOptions): StandIn {
  const cloud = new Cloud(folder);
  const arm = new Arm(cloud);
  const accounts = new Map<string, Account>();
  const now = (): Date => today ?? new Date();

  function accountOf(connection: string): Account {
    const account = accounts.get(connection);
    if (account === undefined) throw new Error("This azure-native provider was not configured: give it a subscriptionId and a tenantId.");
    return account;
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
      const outputs = await arm.put({ rule, id, inputs: withoutNulls(inputs), account, cloud, now: now() });
      return { id, outputs };
    },

    async update({ type, id, oldOutputs, news, preview, connection }) {
      const rule = ruleOf(type);
      if (preview) return previewOutputs(rule, news, oldOutputs);
      const account = accountOf(connection);
      return arm.put({ rule, id, inputs: withoutNulls(news), account, cloud, now: now(), previous: cloud.get(id) });
    },

    read({ type, id, inputs, outputs }) {
      const resource = cloud.get(id);
      if (resource === undefined) return Promise.resolve(undefined);
      const live = liveOutputs(resource, cloud);
      // Without inputs it is an import, which begins from what was last written.
      const isImport = Object.keys(inputs).length === 0;
      return Promise.resolve({ id: resource.id, inputs: refreshedInputs(ruleOf(type), isImport ? resource.inputs : inputs, isImport ? resource.outputs : outputs, live), outputs: live });
    },

    delete: ({ id, connection }) => arm.delete(id, accountOf(connection)),

    invoke: (token, args, connection) => new Promise((resolve) => resolve(invoke(token, args, accountOf(connection), cloud, cluster))),
  };
}
