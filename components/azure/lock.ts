import { ManagementLockByScope } from "@pulumi/azure-native/authorization/managementLockByScope.js";
import type * as pulumi from "@pulumi/pulumi";

/**
 * Keeps a resource from being deleted by anyone, until the lock is removed. Everything beneath it inherits the lock, so
 * it may only stand where nothing of a tenant's lives; and `after` names what lies beneath and goes on destroy, which
 * then goes after the lock.
 */
export function lock(name: string, { scope, after }: { scope: pulumi.Input<string>; after: pulumi.Resource[] }, opts: pulumi.CustomResourceOptions): ManagementLockByScope {
  return new ManagementLockByScope(
    name,
    { lockName: "mooring", scope, level: "CanNotDelete", notes: "Set by Mooring in production. `pulumi destroy` removes it by itself." },
    { ...opts, dependsOn: after },
  );
}
