/**
 * What existed in Azure before a stack: a group, a network, a registry, a workspace, a cluster, a zone, a route table, a
 * vault that a company has already. Made by the same rules as everything else, so that it is what Azure could hold.
 */
import { accountFrom } from "./account.ts";
import { Arm } from "./arm.ts";
import { Cloud } from "./cloud.ts";
import type { Resource } from "./cloud.ts";
import { idOf } from "./ids.ts";
import { checkInputs } from "./inputs.ts";
import { ruleOf } from "./rules.ts";
import type { Values } from "../contract.ts";

export interface ExistingOptions {
  /** The folder of the stand-in for Azure. */
  folder: string;
  /** Of the subscription that the resource is in; any, not only the stack's. */
  subscriptionId: string;
  tenantId: string;
  /** Of resources that name none, for example `westeurope`. */
  location: string;
  /** Default: today. */
  today?: Date;
}

/**
 * Adds one resource, for example `("azure-native:network:VirtualNetwork", { resourceGroupName, virtualNetworkName, … })`,
 * named by its arguments. Throws what Azure would refuse: parents come first. Not while a run is under way.
 */
export async function addExisting({ folder, subscriptionId, tenantId, location, today }: ExistingOptions, type: string, args: Values): Promise<Resource> {
  const cloud = new Cloud(folder);
  const rule = ruleOf(type);
  const { inputs, failures = [] } = checkInputs({ rule, name: "existing", news: args, randomSeed: Uint8Array.of(1), defaultLocation: location });
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${type} ${property}: ${reason}`).join("\n"));
  const account = accountFrom({ subscriptionId, tenantId, location });
  const id = idOf(rule, inputs, account.subscriptionId);
  if (cloud.get(id)) throw new Error(`${id} exists already`);
  await new Arm(cloud).put({ rule, id, inputs, account, cloud, now: today ?? new Date() });
  return cloud.get(id)!;
}
