/** Key vaults and their keys. Sources: MicrosoftDocs/azure-security-docs 1c4310b articles/key-vault/general; checked 2026-11-21. */
import { createHash, randomUUID } from "node:crypto";
import type { Values } from "../../contract.ts";
import { valueAt } from "../../differences.ts";
import { isObject } from "../../shape.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import { nameOf, parentId, sameId } from "../ids.ts";
import { isPublic, rangeOf } from "../ranges.ts";
import type { Service } from "../service.ts";
import { objects, textsAt } from "../values.ts";
import { holdsRole } from "./authorization.ts";
import { findSubnet } from "./network.ts";
import type { Cloud } from "../cloud.ts";

export const VAULT = "azure-native:keyvault:Vault";
export const KEY = "azure-native:keyvault:Key";

/** Source: network-security.md. */
function refuseFirewall(properties: Values, cloud: Cloud): void {
  const ranges = textsAt(properties, "networkAcls.ipRules[].value");
  const rules = objects(valueAt(properties, "networkAcls.virtualNetworkRules"));
  const wrong = ranges.find((range) => rangeOf(range) === undefined || !isPublic(range));
  if (wrong !== undefined) throw badRequest(`The IP rule ${wrong} must be a public IPv4 address or range: private ranges are not allowed.`, "InvalidIpRule");
  if (ranges.length > 1000 || rules.length > 200) throw badRequest("A vault has at most 1000 IP rules and 200 virtual network rules.");
  for (const { id, ignoreMissingVnetServiceEndpoint } of rules) {
    const subnet = findSubnet(String(id), cloud)?.subnet;
    if (ignoreMissingVnetServiceEndpoint !== true && subnet && !textsAt(subnet.inputs, "serviceEndpoints[].service").includes("Microsoft.KeyVault")) {
      throw badRequest(`Subnets ${nameOf(subnet.id)} of virtual network ${nameOf(parentId(subnet.id) ?? "")} do not have ServiceEndpoints for Microsoft.KeyVault resources configured. Add Microsoft.KeyVault to subnet's ServiceEndpoints collection before trying to ACL Microsoft.KeyVault resources to these subnets.`, "VirtualNetworkNotValid");
    }
  }
}

/** Sources besides: soft-delete-overview.md; the words of purge protection and of the deleted twin in Azure/azure-cli#29115. */
export const vaultService: Service = {
  softDeleted: true,
  refuse({ id, inputs, cloud, previous }) {
    const properties = isObject(inputs.properties) ? inputs.properties : {};
    const name = nameOf(id).toLowerCase();
    const twin = cloud.ofType(VAULT).find((other) => nameOf(other.id).toLowerCase() === name && !sameId(other.id, id));
    if (twin) throw new ArmError(409, "VaultAlreadyExists", `The vault name '${nameOf(id)}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`);
    const deleted = cloud.deletedOfType(VAULT).find((other) => nameOf(other.id).toLowerCase() === name);
    if (deleted && !(properties.createMode === "recover" && sameId(deleted.id, id))) {
      throw new ArmError(409, "ConflictError", "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.");
    }
    if (!deleted && !previous && properties.createMode === "recover") throw new ArmError(404, "DeletedVaultNotFound", `There is no deleted vault '${nameOf(id)}' to recover.`);
    if (properties.enablePurgeProtection === false) throw badRequest('The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.');
    if (properties.enablePurgeProtection !== true && valueAt(previous?.inputs ?? {}, "properties.enablePurgeProtection") === true) throw badRequest("Purge protection cannot be taken from a vault.");
    if (properties.enableSoftDelete === false) throw badRequest('The property "enableSoftDelete" cannot be set to false: soft delete is on for every vault.');
    if (properties.enableRbacAuthorization !== true && properties.createMode !== "recover" && properties.accessPolicies === undefined) {
      throw badRequest('The parameter accessPolicies is not specified: a vault has access policies, or enableRbacAuthorization.');
    }
    refuseFirewall(properties, cloud);
  },
  computed: ({ id }) => ({ "properties.vaultUri": `https://${nameOf(id).toLowerCase()}.vault.azure.net/` }),
};

const SIZES = [2048, 3072, 4096];

/** Sources: learn.microsoft.com/azure/key-vault/keys/about-keys; the words of the refusal to delete unverified. */
export const keyService: Service = {
  softDeleted: true,
  // Azure Resource Manager cannot delete keys: pulumi/pulumi-azure-native provider/pkg/resources/customresources/custom_keyvault.go 006a62af.
  deletedByDataPlane: true,
  refuse({ id, inputs, cloud }) {
    const vault = cloud.get(parentId(id) ?? "");
    const { kty, keySize, curveName } = isObject(inputs.properties) ? inputs.properties : {};
    if (cloud.deletedOfType(KEY).some((other) => sameId(other.id, id))) {
      throw new ArmError(409, "Conflict", `Key ${nameOf(id)} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.`);
    }
    if (kty === undefined) throw badRequest("A key must have a kty.", "BadParameter");
    if (String(kty).endsWith("-HSM") && valueAt(vault?.inputs ?? {}, "properties.sku.name") !== "premium") throw badRequest(`Keys of the type ${String(kty)} need a vault of the SKU premium.`, "BadParameter");
    if (String(kty).startsWith("RSA") && keySize !== undefined && !SIZES.includes(Number(keySize))) throw badRequest(`The key size ${String(keySize)} is not one of ${SIZES.join(", ")}.`, "BadParameter");
    if (String(kty).startsWith("RSA") && curveName !== undefined) throw badRequest("curveName is for keys of the type EC.", "BadParameter");
  },
  refuseDelete({ id }, cloud, { objectId }) {
    const vault = cloud.get(parentId(id) ?? "");
    const properties = isObject(vault?.inputs.properties) ? vault.inputs.properties : {};
    const policy = objects(properties.accessPolicies).find((entry) => entry.objectId === objectId);
    const mayDelete = properties.enableRbacAuthorization === true
      ? holdsRole(cloud, objectId, id, ["Key Vault Administrator", "Key Vault Crypto Officer"])
      : textsAt(policy ?? {}, "permissions.keys[]").some((permission) => permission === "delete" || permission === "all");
    if (mayDelete) return;
    throw new Error(`azkeys: DELETE https://${nameOf(parentId(id) ?? "").toLowerCase()}.vault.azure.net/keys/${nameOf(id)} 403 Forbidden: ForbiddenByRbac: Caller is not authorized to perform action 'Microsoft.KeyVault/vaults/keys/delete'. The provider deletes a key through its vault, for which the caller ${objectId} needs a role such as Key Vault Crypto Officer.`);
  },
  /** An existing key is answered with, and nothing is written: see create-only.ts. */
  computed({ id, inputs, cloud, previous }) {
    if (previous) return { tags: {}, ...previous.outputs };
    const vault = cloud.get(parentId(id) ?? "");
    const uri = `https://${nameOf(parentId(id) ?? "").toLowerCase()}.vault.azure.net/keys/${nameOf(id)}`;
    const properties = isObject(inputs.properties) ? inputs.properties : {};
    const isRsa = String(properties.kty).startsWith("RSA");
    return {
      ...properties,
      attributes: { enabled: true, ...(isObject(properties.attributes) ? properties.attributes : {}) },
      keyOps: properties.keyOps ?? (isRsa ? ["encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey"] : ["sign", "verify"]),
      ...(isRsa ? { keySize: properties.keySize ?? 2048 } : { curveName: properties.curveName ?? "P-256" }),
      location: vault?.outputs.location ?? "",
      keyUri: uri,
      keyUriWithVersion: `${uri}/${createHash("sha256").update(randomUUID()).digest("hex").slice(0, 32)}`,
    };
  },
};
