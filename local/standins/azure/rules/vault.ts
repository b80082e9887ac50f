/** Microsoft.KeyVault. */
import { each, listOf, mapOf, object, oneOf, range, text } from "../../shape.ts";
import type { ResourceRule } from "../rule.ts";
import { CHECKED, SCHEMAS } from "../rule.ts";

const VAULT = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}";
const guid = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "a GUID");
const source = `${SCHEMAS} 2024-11-01 Microsoft.KeyVault`;
const some = (...values: string[]) => listOf(oneOf(...values));

const permissions = object({
  certificates: some("all", "get", "list", "delete", "create", "import", "update", "managecontacts", "getissuers", "listissuers", "setissuers", "deleteissuers", "manageissuers", "recover", "purge", "backup", "restore"),
  keys: some("all", "encrypt", "decrypt", "wrapKey", "unwrapKey", "sign", "verify", "get", "list", "create", "update", "import", "delete", "backup", "restore", "recover", "purge", "release", "rotate", "getrotationpolicy", "setrotationpolicy"),
  secrets: some("all", "get", "list", "set", "delete", "backup", "restore", "recover", "purge"),
  storage: some("all", "get", "list", "delete", "set", "update", "regeneratekey", "recover", "purge", "backup", "restore", "setsas", "listsas", "getsas", "deletesas"),
});

export const vaultRules: ResourceRule[] = [
  {
    token: "azure-native:keyvault:Vault",
    armType: "Microsoft.KeyVault/vaults",
    apiVersion: "2024-11-01",
    id: VAULT,
    name: {
      argument: "vaultName",
      generated: "random",
      pattern: /^(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
      says: "3 to 24 letters, digits or '-', starting with a letter, ending with a letter or digit, without '--'",
      source: `${source}; MicrosoftDocs/azure-docs resource-name-rules.md 0010dc26`,
      checked: CHECKED,
    },
    arguments: object({
      ...each("string", "location", "vaultName"),
      "properties!": object({
        accessPolicies: listOf(object({ applicationId: "string", "objectId!": guid, "permissions!": permissions, "tenantId!": guid })),
        createMode: oneOf("recover", "default"),
        ...each("boolean", "enablePurgeProtection", "enableRbacAuthorization", "enableSoftDelete", "enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment"),
        networkAcls: object({
          bypass: oneOf("AzureServices", "None"),
          defaultAction: oneOf("Allow", "Deny"),
          ipRules: listOf(object({ "value!": "string" })),
          virtualNetworkRules: listOf(object({ "id!": "string", ignoreMissingVnetServiceEndpoint: "boolean" })),
        }),
        publicNetworkAccess: text(/^(enabled|disabled)$/i, "Enabled or Disabled"),
        "sku!": object({ "family!": oneOf("A"), "name!": oneOf("standard", "premium") }),
        softDeleteRetentionInDays: range(7, 90),
        "tenantId!": guid,
      }),
      "resourceGroupName!": "string",
      tags: mapOf("string"),
    }),
    references: { "properties.networkAcls.virtualNetworkRules[].id": "azure-native:network:Subnet" },
    answers: {
      "properties.vaultUri": { computed: true },
      "properties.provisioningState": { constant: "Succeeded" },
      "properties.publicNetworkAccess": { standard: "Enabled" },
      "properties.enableSoftDelete": { standard: true },
      "properties.softDeleteRetentionInDays": { standard: 90 },
      "properties.enableRbacAuthorization": { standard: false },
    },
  },
  {
    token: "azure-native:keyvault:Key",
    armType: "Microsoft.KeyVault/vaults/keys",
    apiVersion: "2024-11-01",
    id: `${VAULT}/keys/{keyName}`,
    name: { argument: "keyName", generated: "random", pattern: /^[a-zA-Z0-9-]{1,127}$/, says: "1 to 127 letters, digits or '-'", source, checked: CHECKED },
    arguments: object({
      keyName: "string",
      "properties!": object({
        attributes: object({ ...each("boolean", "enabled", "exportable"), ...each("number", "expires", "notBefore") }),
        curveName: oneOf("P-256", "P-384", "P-521", "P-256K"),
        keyOps: some("encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey", "import", "release"),
        keySize: "number",
        kty: oneOf("EC", "EC-HSM", "RSA", "RSA-HSM"),
        releasePolicy: object(each("string", "contentType", "data")),
        rotationPolicy: object({
          attributes: object({ expiryTime: "string" }),
          lifetimeActions: listOf(object({ action: object({ type: oneOf("rotate", "notify") }), trigger: object(each("string", "timeAfterCreate", "timeBeforeExpiry")) })),
        }),
      }),
      "resourceGroupName!": "string",
      tags: mapOf("string"),
      "vaultName!": "string",
    }),
    // A read answers with what is in the properties, beside the tags.
    silent: ["properties"],
    answers: Object.fromEntries(["attributes", "curveName", "keyOps", "keySize", "keyUri", "keyUriWithVersion", "kty", "location", "rotationPolicy"].map((path) => [path, { computed: true }])),
  },
];
