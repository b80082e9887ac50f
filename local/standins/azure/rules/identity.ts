/** Microsoft.ManagedIdentity and Microsoft.Authorization. */
import { listOf, mapOf, object, oneOf, text } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED, RESOURCE_NAMES, SCHEMAS } from "../rule.ts";

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const IDENTITY = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}";

export const identityRules: ResourceRule[] = [
  {
    token: "azure-native:managedidentity:UserAssignedIdentity",
    armType: "Microsoft.ManagedIdentity/userAssignedIdentities",
    apiVersion: "2023-01-31",
    id: IDENTITY,
    name: {
      argument: "resourceName",
      generated: "random",
      pattern: /^[a-zA-Z0-9][-_a-zA-Z0-9]{2,127}$/,
      says: "3 to 128 letters, digits, '-' or '_', starting with a letter or digit",
      source: RESOURCE_NAMES,
      checked: CHECKED,
    },
    arguments: object({ location: "string", "resourceGroupName!": "string", resourceName: "string", tags: mapOf("string") }),
    answers: { principalId: { guid: true }, clientId: { guid: true }, tenantId: { text: "{tenantId}" } },
  },
  {
    token: "azure-native:managedidentity:FederatedIdentityCredential",
    armType: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    apiVersion: "2023-01-31",
    id: `${IDENTITY}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    name: {
      argument: "federatedIdentityCredentialResourceName",
      generated: "random",
      pattern: /^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/,
      says: "3 to 120 letters, digits, '-' or '_', starting with a letter or digit",
      source: `${SCHEMAS} 2023-01-31 Microsoft.ManagedIdentity`,
      checked: CHECKED,
    },
    arguments: object({
      "audiences!": listOf("string"),
      federatedIdentityCredentialResourceName: "string",
      "issuer!": text(/^https:\/\/.{1,592}$/, "an https URL of at most 600 characters"),
      "resourceGroupName!": "string",
      "resourceName!": "string",
      "subject!": text(/^.{1,600}$/s, "1 to 600 characters"),
    }),
  },
  {
    token: "azure-native:authorization:RoleAssignment",
    armType: "Microsoft.Authorization/roleAssignments",
    apiVersion: "2022-04-01",
    id: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    name: {
      argument: "roleAssignmentName",
      generated: "guid",
      pattern: GUID,
      says: "a GUID",
      source: "learn.microsoft.com/rest/api/authorization/role-assignments/create",
      checked: CHECKED,
    },
    arguments: object({
      condition: text(/^.{1,8192}$/s, "at most 8 KB"),
      conditionVersion: oneOf("2.0"),
      delegatedManagedIdentityResourceId: "string",
      description: text(/^.{0,2048}$/s, "at most 2 KB"),
      "principalId!": text(GUID, "the object id of a principal, a GUID"),
      principalType: oneOf("User", "Group", "ServicePrincipal", "ForeignGroup", "Device", "AgentUser", "AgentServicePrincipal"),
      roleAssignmentName: "string",
      "roleDefinitionId!": "string",
      "scope!": "string",
    }),
    echoed: ["scope"],
  },
];
