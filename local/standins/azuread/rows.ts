/** What the stand-in for azuread knows of its types. Arguments are those of the classes in `@pulumi/azuread` 6.9.1. */
import { each, listOf, mapOf, object, oneOf, text } from "../shape.ts";
import type { ObjectShape } from "../shape.ts";
import { APPLICATION, PASSWORD, SERVICE_PRINCIPAL } from "./directory.ts";

export interface DirectoryRow {
  arguments: ObjectShape;
  /** Arguments of which a change is another object: "Changing this field forces a new resource" in the class. */
  createOnly: string[];
  /** What the service adds; unknown until the object exists. */
  outputs: string[];
}

const guid = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "a GUID");
const date = text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, "a date such as 2027-01-01T00:00:00Z");

export const rows: { readonly [type: string]: DirectoryRow } = {
  [APPLICATION]: {
    arguments: object({
      "displayName!": text(/^.{1,256}$/s, "1 to 256 characters"),
      ...each("string", "description", "logoImage", "marketingUrl", "notes", "privacyStatementUrl", "serviceManagementReference", "supportUrl", "templateId", "termsOfServiceUrl"),
      ...each("boolean", "deviceOnlyAuthEnabled", "fallbackPublicClientEnabled", "oauth2PostResponseRequired", "preventDuplicateNames"),
      groupMembershipClaims: listOf(oneOf("None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All")),
      identifierUris: listOf("string"),
      owners: listOf(guid),
      signInAudience: oneOf("AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"),
      tags: listOf("string"),
      // Blocks that nothing here uses.
      ...each("any", "api", "appRoles", "featureTags", "optionalClaims", "password", "publicClient", "requiredResourceAccesses", "singlePageApplication", "web"),
    }),
    createOnly: ["templateId"],
    outputs: ["clientId", "objectId", "publisherDomain"],
  },
  [SERVICE_PRINCIPAL]: {
    arguments: object({
      "clientId!": guid,
      ...each("boolean", "accountEnabled", "appRoleAssignmentRequired", "useExisting"),
      ...each("string", "description", "loginUrl", "notes"),
      preferredSingleSignOnMode: oneOf("oidc", "password", "saml", "notSupported"),
      ...each(listOf("string"), "alternativeNames", "notificationEmailAddresses", "tags"),
      owners: listOf(guid),
      ...each("any", "featureTags", "features", "samlSingleSignOn"),
    }),
    createOnly: ["clientId", "useExisting"],
    outputs: ["applicationTenantId", "displayName", "objectId", "servicePrincipalNames", "signInAudience", "type"],
  },
  [PASSWORD]: {
    arguments: object({
      "applicationId!": text(/^\/applications\/[0-9a-f-]{36}$/i, "the id of an application, /applications/<object id>"),
      displayName: "string",
      ...each(date, "endDate", "startDate"),
      endDateRelative: text(/^(\d+h)?(\d+m)?(\d+s)?$/, "a duration such as 2400h"),
      rotateWhenChanged: mapOf("string"),
    }),
    createOnly: ["applicationId", "displayName", "endDate", "endDateRelative", "rotateWhenChanged", "startDate"],
    outputs: ["displayName", "endDate", "keyId", "startDate", "value"],
  },
};
