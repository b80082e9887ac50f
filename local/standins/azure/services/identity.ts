/** Federated credentials of managed identities. */
import { ArmError } from "../arm-error.ts";
import { normalizedLocation } from "../regions.ts";
import { nameOf, parentId, sameId } from "../ids.ts";
import type { Service } from "../service.ts";

export const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
export const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";

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
