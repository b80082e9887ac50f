/** The identity of a resource: what any service answers with where the resource has one. */
import { randomUUID } from "node:crypto";
import type { Values } from "../contract.ts";
import { valueAt } from "../differences.ts";
import { texts } from "./values.ts";
import type { Write } from "./service.ts";

/** By dotted path: the principal of a system-assigned identity, the same for the resource's life, and the ids of assigned ones. */
export function identityAnswers({ rule, inputs, previous, account, cloud }: Write): Values {
  if (rule.arguments.fields.identity === undefined) return {};
  const type = valueAt(inputs, "identity.type");
  const assigned = texts(valueAt(inputs, "identity.userAssignedIdentities"));
  return {
    ...(typeof type === "string" && type.split(/, ?/).includes("SystemAssigned")
      ? { "identity.principalId": valueAt(previous?.outputs ?? {}, "identity.principalId") ?? randomUUID(), "identity.tenantId": account.tenantId }
      : {}),
    ...(assigned.length > 0
      ? { "identity.userAssignedIdentities": Object.fromEntries(assigned.map((id) => [id, { clientId: cloud.get(id)?.outputs.clientId ?? "", principalId: cloud.get(id)?.outputs.principalId ?? "" }])) }
      : {}),
  };
}
