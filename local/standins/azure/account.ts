/** Who a provider instance works as. */
import { createHash } from "node:crypto";
import type { Values } from "../contract.ts";
import { normalizedLocation, regions } from "./regions.ts";
import type { Account } from "./service.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** From the arguments of a provider instance; throws when it could not reach a subscription. */
export function accountFrom(args: Values): Account {
  const guid = (name: string): string => {
    const value = args[name];
    if (typeof value === "string" && GUID.test(value)) return value.toLowerCase();
    throw new Error(`azure-native: ${name} must be a GUID, not ${JSON.stringify(value ?? null)}.`);
  };
  const subscriptionId = guid("subscriptionId");
  const tenantId = guid("tenantId");
  const location = typeof args.location === "string" && args.location !== "" ? args.location : undefined;
  if (location !== undefined && !regions.includes(normalizedLocation(location))) throw new Error(`azure-native: location "${location}" is not an Azure region, such as westeurope.`);
  return { subscriptionId, tenantId, location, ...callerOf(tenantId) };
}

/** Who runs the program, the same in all of a tenant. */
export function callerOf(tenantId: string): { clientId: string; objectId: string } {
  return { clientId: derivedGuid(tenantId, "client"), objectId: derivedGuid(tenantId, "object") };
}

function derivedGuid(...parts: string[]): string {
  const hex = createHash("sha256").update(parts.join("/")).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}
