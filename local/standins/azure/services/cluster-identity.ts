/** The identities of a cluster and what they must be allowed. Sources: AKS_DOCS (rule.ts)/use-managed-identity.md; checked 2026-11-20. */
import { randomUUID } from "node:crypto";
import { valueAt } from "../../differences.ts";
import { isObject } from "../../shape.ts";
import { badRequest as bad } from "../arm-error.ts";
import type { Resource } from "../cloud.ts";
import { nameOf } from "../ids.ts";
import type { Write } from "../service.ts";
import { texts } from "../values.ts";
import { holdsRole } from "./authorization.ts";
import { IDENTITY } from "./identity.ts";

export function refuseIdentities({ inputs, cloud, id }: Write): void {
  const type = valueAt(inputs, "identity.type");
  const assigned = texts(valueAt(inputs, "identity.userAssignedIdentities"));
  const kubelet = valueAt(inputs, "identityProfile.kubeletidentity");
  if ((type === undefined || type === "None") && inputs.servicePrincipalProfile === undefined) {
    throw bad("Required parameter servicePrincipalProfile is missing (null). Give the cluster an identity or a service principal.", "InvalidParameter");
  }
  if (type === "UserAssigned" && assigned.length !== 1) throw bad("The value of parameter identity is invalid. A cluster with identity type UserAssigned has exactly one user-assigned identity.", "InvalidParameter");
  for (const identity of assigned) {
    if (cloud.get(identity)?.token !== IDENTITY) throw bad(`Identity operation for resource '${id}' failed: the user-assigned identity '${identity}' was not found.`, "FailedIdentityOperation");
  }
  if (!isObject(kubelet)) return;
  if (type !== "UserAssigned") throw bad("Custom kubelet identity is only supported on a cluster that uses a user-assigned identity.", "CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster");
  const record = cloud.get(String(kubelet.resourceId));
  const mismatch = ["clientId", "objectId"].find((field) => kubelet[field] !== undefined && kubelet[field] !== record?.outputs[field === "objectId" ? "principalId" : field]);
  if (record?.token !== IDENTITY || mismatch !== undefined) {
    throw bad(record ? `The ${mismatch} of the kubelet identity is not that of ${record.id}.` : `The kubelet identity '${String(kubelet.resourceId)}' was not found.`, "CustomKubeletIdentityPropertyError");
  }
  const principal = String(cloud.get(assigned[0] ?? "")?.outputs.principalId);
  if (!holdsRole(cloud, principal, record.id, ["Managed Identity Operator", "Contributor", "Owner"])) {
    throw bad("The cluster using user-assigned managed identity must be granted 'Managed Identity Operator' role to assign kubelet identity. You can run 'az role assignment create --assignee <control-plane-identity-principal-id> --role 'Managed Identity Operator' --scope <kubelet-identity-resource-id>' to grant the permission. See https://learn.microsoft.com/en-us/azure/aks/use-managed-identity#add-role-assignment", "CustomKubeletIdentityMissingPermissionError");
  }
}

/** Throws unless the cluster's identity, where it brings its own, holds the role on a scope. One that AKS makes gets its roles from AKS. */
export function refuseWithoutRole({ inputs, cloud }: Write, role: string, scope: string): void {
  const [identity] = texts(valueAt(inputs, "identity.userAssignedIdentities"));
  if (identity === undefined) return;
  const principal = String(cloud.get(identity)?.outputs.principalId);
  if (holdsRole(cloud, principal, scope, [role, "Contributor", "Owner"])) return;
  throw bad(`The cluster's identity ${nameOf(identity)} must be granted the role '${role}' on ${scope}.`, "LinkedAuthorizationFailed");
}

/** The kubelet identity that AKS makes where none is given; it keeps its ids for the life of the cluster. */
export function madeKubeletIdentity({ id, inputs, cloud, account }: Write, nodeGroup: string): Resource {
  const identity = `/subscriptions/${account.subscriptionId}/resourceGroups/${nodeGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${nameOf(id)}-agentpool`;
  const outputs = cloud.get(identity)?.outputs ?? { name: nameOf(identity), type: "Microsoft.ManagedIdentity/userAssignedIdentities", principalId: randomUUID(), clientId: randomUUID(), tenantId: account.tenantId };
  return { token: IDENTITY, id: identity, inputs: { location: inputs.location ?? "" }, outputs };
}
