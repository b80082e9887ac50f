import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import type * as pulumi from "@pulumi/pulumi";
import { v5 as uuid } from "uuid";
import type { Settings } from "../settings/settings.ts";
import type { Identity } from "./identity.ts";
import { roles } from "./roles.ts";
import type { Role } from "./roles.ts";

/** A fixed namespace for the names of role assignments; any GUID that never changes. */
const assignmentNames = "6f1d0f8e-5c0b-5d43-9a57-3f7f3a6d2c11";

/**
 * Gives an identity a role on a scope.
 *
 * The assignment's name is made from subscription, platform, environment and `name`, so that a run that lost its state finds the
 * same assignment again. `principalType` is always sent: without it Azure looks a new identity up in the directory,
 * where it may not have arrived yet (aka.ms/docs-principaltype).
 */
export function assignRole(
  name: string,
  { platform, environment, azure }: Settings,
  { identity, role, scope }: { identity: Identity; role: Role; scope: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): RoleAssignment {
  return new RoleAssignment(
    name,
    {
      roleAssignmentName: uuid(`${azure.subscription}/${platform}/${environment}/${name}`, assignmentNames),
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
      scope,
    },
    {
      ...opts,
      // Azure does not change the role of an assignment in place, and a name is free only after the delete.
      replaceOnChanges: ["roleDefinitionId"],
      deleteBeforeReplace: true,
    },
  );
}
