/**
 * Locks: what lies at or beneath a locked scope is not deleted, and under ReadOnly not written; children and extensions,
 * role assignments among them, included. Sources: learn.microsoft.com/azure/azure-resource-manager/management/lock-resources;
 * MicrosoftDocs/azure-docs#110791, hashicorp/terraform-provider-azurerm#11770 and #17478, Azure/azure-cli#28242 (what counts as
 * beneath, and the words). Checked 2026-11-21.
 */
import { ArmError } from "./arm-error.ts";
import type { Cloud, Resource } from "./cloud.ts";
import { isBeneath, parentId } from "./ids.ts";

export const LOCK = "azure-native:authorization:ManagementLockByScope";

/** What a lock stands on: a resource, a group or a subscription. */
export function scopeOfLock(lock: Resource): string {
  return parentId(lock.id) ?? lock.id.replace(/\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i, "");
}

/** Throws when a lock refuses the operation. Deleting takes what lies beneath along, so its locks count too. */
export function refuseLocked(cloud: Cloud, token: string, id: string, operation: "write" | "delete"): void {
  if (token === LOCK) return;
  const scopes = cloud.ofType(LOCK).filter((lock) => operation === "delete" || lock.inputs.level === "ReadOnly").map(scopeOfLock);
  const locked = [...new Set(scopes)].filter((scope) => isBeneath(id, scope) || (operation === "delete" && isBeneath(scope, id)));
  if (locked.length === 0) return;
  throw new ArmError(409, "ScopeLocked",
    `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: '${locked.join(",")}'. Please remove the lock and try again.`);
}
