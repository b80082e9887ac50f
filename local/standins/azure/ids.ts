/** Azure Resource Manager ids: built from a row's template, and taken apart. */
import type { Values } from "../contract.ts";
import type { ResourceRule } from "./rule.ts";

/** The arguments that stand in the id, in its order; `subscriptionId` belongs to the provider. */
export function idArguments(rule: ResourceRule): string[] {
  return [...rule.id.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").filter((name) => name !== "subscriptionId");
}

/** The id of a resource with these arguments; throws when one of them is missing. */
export function idOf(rule: ResourceRule, values: Values, subscriptionId: string): string {
  return rule.id.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === "subscriptionId" ? subscriptionId : values[name];
    if (typeof value !== "string" || value === "") throw new Error(`${rule.token} needs '${name}'.`);
    return value.replace(/^\/+|\/+$/g, "");
  });
}

/** Ids are compared without regard to case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether `id` is `scope` or lies beneath it. */
export function isBeneath(id: string, scope: string): boolean {
  return sameId(id, scope) || id.toLowerCase().startsWith(`${scope.toLowerCase().replace(/\/+$/, "")}/`);
}

export interface IdParts {
  resourceGroup?: string;
  /** `Microsoft.Network/virtualNetworks/subnets`; absent for a group or a subscription. */
  armType?: string;
  /** `network/subnet`: the names along the type. */
  name?: string;
}

export function partsOf(id: string): IdParts {
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
  const [provider, ...rest] = (/\/providers\/([^/]+\/.+)$/i.exec(id)?.[1] ?? "").split("/");
  if (provider === undefined || rest.length < 2) return { resourceGroup: group };
  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  return { resourceGroup: group, armType: [provider, ...types].join("/"), name: names.join("/") };
}

/** The id of what must exist first: the parent resource, what an extension stands on, else the resource group, else nothing. */
export function parentId(id: string): string | undefined {
  const parent = id.replace(/\/[^/]+\/[^/]+$/, "").replace(/\/providers\/[^/]+$/i, "");
  return /^\/subscriptions\/[^/]+\/.+/i.test(parent) ? parent : undefined;
}

/** The resource group that an id lies in. */
export function groupId(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];
}

/** The last segment. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
