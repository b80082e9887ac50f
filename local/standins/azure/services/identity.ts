/** Managed identities' federated credentials, and role assignments. */
import { ArmError, resourceNotFound } from "../arm-error.ts";
import { normalizedLocation } from "../regions.ts";
import { isBeneath, nameOf, parentId, partsOf, sameId } from "../ids.ts";
import { builtInRoles } from "../roles.ts";
import type { Cloud } from "../cloud.ts";
import type { Service } from "../service.ts";

export const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
export const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
export const ASSIGNMENT = "azure-native:authorization:RoleAssignment";

/** Source: MicrosoftDocs/entra-docs workload-identity-federation-considerations. Checked 2026-11-20. */
const CREDENTIALS_PER_IDENTITY = 20;
const REGIONS_WITHOUT_CREDENTIALS = ["malaysiasouth", "newzealandnorth"];

export const credentialService: Service = {
  refuse({ id, inputs, cloud }) {
    const identity = cloud.get(parentId(id) ?? "");
    if (REGIONS_WITHOUT_CREDENTIALS.includes(normalizedLocation(String(identity?.inputs.location)))) {
      throw new ArmError(400, "BadRequest", `Federated identity credentials are not supported in ${String(identity?.inputs.location)}.`);
    }
    if (!Array.isArray(inputs.audiences) || inputs.audiences.length !== 1) {
      throw new ArmError(400, "BadRequest", "A federated identity credential must have exactly one audience.");
    }
    const others = cloud.ofType(CREDENTIAL).filter((other) => sameId(parentId(other.id) ?? "", parentId(id) ?? "") && !sameId(other.id, id));
    if (others.length >= CREDENTIALS_PER_IDENTITY) {
      throw new ArmError(400, "BadRequest", `A managed identity can have at most ${CREDENTIALS_PER_IDENTITY} federated identity credentials; '${nameOf(parentId(id) ?? "")}' has them.`);
    }
    if (others.some((other) => other.inputs.issuer === inputs.issuer && other.inputs.subject === inputs.subject)) {
      throw new ArmError(409, "Conflict", "Issuer and subject combination already exists for this Managed Identity.");
    }
  },
  exclusive({ id }) {
    const identity = (parentId(id) ?? "").toLowerCase();
    return {
      key: identity,
      conflict: new ArmError(409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
        `Too many Federated Identity Credentials are written concurrently for the managed identity '${identity}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`),
    };
  },
};

/** Whether a principal holds one of the roles at `scope` or above it. */
export function holdsRole(cloud: Cloud, principalId: string, scope: string, roles: string[]): boolean {
  return cloud.ofType(ASSIGNMENT).some(({ inputs }) =>
    inputs.principalId === principalId && isBeneath(scope, String(inputs.scope)) && roles.includes(builtInRoles[nameOf(String(inputs.roleDefinitionId))] ?? ""));
}

function principalExists(cloud: Cloud, principalId: string): boolean {
  return cloud.all().some(({ outputs }) => outputs.principalId === principalId && outputs.roleDefinitionId === undefined)
    || cloud.all().some(({ outputs }) => JSON.stringify(outputs.identity ?? null).includes(`"principalId":"${principalId}"`));
}

/** A scope within a resource group that exists here must exist too; what lies in other groups is not known here. */
function refuseScope(scope: string, cloud: Cloud): void {
  if (!/^\/(subscriptions|providers\/Microsoft\.Management\/managementGroups)\//i.test(scope)) {
    throw new ArmError(400, "InvalidScope", `The scope '${scope}' is not valid.`);
  }
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(scope)?.[0];
  if (group === undefined || cloud.get(group) === undefined) return;
  const resource = scope.replace(/(\/managedClusters\/[^/]+)\/namespaces\/[^/]+$/i, "$1");
  const { armType, name, resourceGroup = "" } = partsOf(resource);
  if (armType !== undefined && cloud.get(resource) === undefined) throw resourceNotFound(armType, name ?? "", resourceGroup);
}

export const assignmentService: Service = {
  refuse({ id, inputs, cloud, account }) {
    const scope = String(inputs.scope);
    const role = String(inputs.roleDefinitionId);
    const principal = String(inputs.principalId);
    refuseScope(scope, cloud);
    const custom = cloud.all().some((resource) => isBeneath(resource.id, role) && resource.id.toLowerCase().includes("/microsoft.authorization/roledefinitions/"));
    if (!/\/providers\/Microsoft\.Authorization\/roleDefinitions\/[^/]+$/i.test(role) || (builtInRoles[nameOf(role).toLowerCase()] === undefined && !custom)) {
      throw new ArmError(400, "RoleDefinitionDoesNotExist", `The specified role definition with ID '${nameOf(role)}' does not exist.`);
    }
    if (inputs.condition !== undefined && inputs.conditionVersion === undefined) {
      throw new ArmError(400, "InvalidRoleAssignmentCondition", "A role assignment with a condition must have a conditionVersion.");
    }
    if (inputs.principalType === undefined && !principalExists(cloud, principal)) {
      throw new ArmError(400, "PrincipalNotFound",
        `Principal ${principal.replaceAll("-", "")} does not exist in the directory ${account.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`);
    }
    const same = cloud.ofType(ASSIGNMENT).find((other) => !sameId(other.id, id) && sameId(String(other.inputs.scope), scope)
      && other.inputs.principalId === principal && nameOf(String(other.inputs.roleDefinitionId)).toLowerCase() === nameOf(role).toLowerCase());
    if (same) {
      throw new ArmError(409, "RoleAssignmentExists", `The role assignment already exists. The ID of the existing role assignment is ${nameOf(same.id).replaceAll("-", "")}.`);
    }
  },
};
