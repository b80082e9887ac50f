/** Role assignments and locks. */
import { ArmError, badRequest } from "../arm-error.ts";
import type { Cloud, Resource } from "../cloud.ts";
import { isBeneath, nameOf, sameId } from "../ids.ts";
import { builtInRoles } from "../roles.ts";
import type { Service } from "../service.ts";

export const ASSIGNMENT = "azure-native:authorization:RoleAssignment";

/** Whether a principal holds one of the roles at `scope` or above it. */
export function holdsRole(cloud: Cloud, principalId: string, scope: string, roles: string[]): boolean {
  return cloud.ofType(ASSIGNMENT).some(({ inputs }) =>
    inputs.principalId === principalId && isBeneath(scope, String(inputs.scope)) && roles.includes(builtInRoles[nameOf(String(inputs.roleDefinitionId)).toLowerCase()] ?? ""));
}

const named = (principalId: string) => ({ outputs }: Resource): boolean =>
  (outputs.principalId === principalId && outputs.roleDefinitionId === undefined) || JSON.stringify(outputs.identity ?? null).includes(`"principalId":"${principalId}"`);

/** Whether this is a managed identity of this cloud, or a service principal of its directory. People and groups are not known here. */
function isServicePrincipal(cloud: Cloud, principalId: string): boolean {
  return cloud.all().some(named(principalId)) || cloud.directory.isServicePrincipal(principalId);
}

/**
 * Sources: learn.microsoft.com/azure/role-based-access-control/role-assignments-template (principals, replication),
 * Azure/modern-web-app-pattern-dotnet#129 (UnmatchedPrincipalType), hashicorp/terraform-provider-azurerm#4168 (of the
 * types only ServicePrincipal passes for a principal that is not found; groups are taken at their word here). Checked 2026-11-21.
 */
export const assignmentService: Service = {
  refuse({ id, inputs, cloud, account }) {
    const scope = String(inputs.scope);
    const role = String(inputs.roleDefinitionId);
    const principal = String(inputs.principalId);
    const isKnown = isServicePrincipal(cloud, principal);
    const custom = cloud.all().some((resource) => isBeneath(resource.id, role) && resource.id.toLowerCase().includes("/microsoft.authorization/roledefinitions/"));
    if (!/\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+$/i.test(role) || (builtInRoles[nameOf(role).toLowerCase()] === undefined && !custom)) {
      throw badRequest(`The specified role definition with ID '${nameOf(role)}' does not exist.`, "RoleDefinitionDoesNotExist");
    }
    if (inputs.condition !== undefined && inputs.conditionVersion === undefined) {
      throw badRequest("A role assignment with a condition must have a conditionVersion.", "InvalidRoleAssignmentCondition");
    }
    if (inputs.principalType === undefined && !isKnown) {
      throw badRequest(`Principal ${principal.replaceAll("-", "")} does not exist in the directory ${account.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`, "PrincipalNotFound");
    }
    if (isKnown && inputs.principalType !== undefined && inputs.principalType !== "ServicePrincipal") {
      throw badRequest(`The PrincipalId '${principal.replaceAll("-", "")}' has type 'ServicePrincipal' , which is different from specified PrinciaplType '${String(inputs.principalType)}'.`, "UnmatchedPrincipalType");
    }
    const same = cloud.ofType(ASSIGNMENT).find((other) => !sameId(other.id, id) && sameId(String(other.inputs.scope), scope)
      && other.inputs.principalId === principal && nameOf(String(other.inputs.roleDefinitionId)).toLowerCase() === nameOf(role).toLowerCase());
    if (same) {
      throw new ArmError(409, "RoleAssignmentExists", `The role assignment already exists. The ID of the existing role assignment is ${nameOf(same.id).replaceAll("-", "")}.`);
    }
  },
  computed: ({ inputs }) => ({ principalType: inputs.principalType ?? "ServicePrincipal" }),
};

/** unverified: the code. */
export const lockService: Service = {
  refuse({ inputs }) {
    if (inputs.level === "NotSpecified") throw badRequest("The lock level must be CanNotDelete or ReadOnly.", "InvalidLockLevel");
  },
};
