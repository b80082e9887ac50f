import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import * as pulumi from "@pulumi/pulumi";
import { v5 as uuid } from "uuid";
import type { Settings } from "../settings/settings.ts";
import { roles } from "./roles.ts";
import type { Role } from "./roles.ts";

/** A fixed namespace for the names of role assignments; any GUID that never changes. */
const assignmentNames = "6f1d0f8e-5c0b-5d43-9a57-3f7f3a6d2c11";

export interface RoleGrant {
  /** Who gets it. An identity's look-up or a group's id from the settings: known in every preview, as it is create-only. */
  principalId: pulumi.Input<string>;
  /** Default: ServicePrincipal, which managed identities are. */
  principalType?: "ServicePrincipal" | "Group";
  role: Role;
  scope: pulumi.Input<string>;
  /** Narrows the role; one line. */
  condition?: string;
}

/**
 * Gives somebody a role on a scope.
 *
 * The assignment's name is made from subscription, platform, environment and `name`, so that a run that lost its state finds the
 * same assignment again. `principalType` is always sent: without it Azure looks a new identity up in the directory,
 * where it may not have arrived yet (aka.ms/docs-principaltype).
 */
export function assignRole(
  name: string,
  { platform, environment, azure }: Settings,
  { principalId, principalType = "ServicePrincipal", role, scope, condition }: RoleGrant,
  opts: pulumi.CustomResourceOptions,
): RoleAssignment {
  return new RoleAssignment(
    name,
    {
      roleAssignmentName: uuid(`${azure.subscription}/${platform}/${environment}/${name}`, assignmentNames),
      principalId,
      principalType,
      // Azure answers with the subscription of the scope, and another one here would be a difference.
      roleDefinitionId: pulumi.output(scope).apply((id) => `${subscriptionOf(id) ?? `/subscriptions/${azure.subscription}`}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`),
      scope,
      ...(condition !== undefined && { condition, conditionVersion: "2.0" }),
    },
    {
      ...opts,
      // Azure does not change the role of an assignment in place, and a name is free only after the delete.
      replaceOnChanges: ["roleDefinitionId"],
      deleteBeforeReplace: true,
    },
  );
}

function subscriptionOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+/i.exec(id)?.[0];
}
