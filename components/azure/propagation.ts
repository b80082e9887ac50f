/** Waiting until a role that was just given has reached the whole of Azure. */
import { setTimeout as wait } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/**
 * What AKS answers while it does not see yet what the cluster's identity may do: the kubelet's identity (seen in
 * Azure/azure-service-operator#3267), and by the same pattern a private DNS zone.
 */
const notYet = /Custom(KubeletIdentity|PrivateDNSZone)MissingPermission/;

/** Microsoft: a role assignment takes up to ten minutes (learn.microsoft.com/azure/role-based-access-control/troubleshooting). */
const attempts = 20;
const pauseSeconds = 30;

/** Whether a failed operation is worth another try. `errors` holds what was answered so far, the newest first. */
export function isPropagating({ failedOperation, errors }: Pick<pulumi.ErrorHookArgs, "failedOperation" | "errors">): boolean {
  return failedOperation !== "delete" && errors.length <= attempts && notYet.test(errors[0] ?? "");
}

/** Has the engine try the creation or change of a resource again while the rights that it needs are still on their way. */
export function untilRightsArrive(name: string, pause = pauseSeconds): pulumi.ErrorHook {
  return new pulumi.ErrorHook(name, async (failure) => {
    if (!isPropagating(failure)) return false;
    // The engine only says that it tries again, and not why.
    await pulumi.log.info(`${failure.name}: Azure has not spread all rights that its identity was given; trying again in ${pause} s (${failure.errors.length} of ${attempts})`);
    await wait(pause * 1000);
    return true;
  });
}
