/**
 * What Microsoft Graph refuses, and what it answers. Sources: the classes' own words in `@pulumi/azuread` 6.9.1;
 * learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals and application-addpassword; unverified: the words of
 * the refusals. Checked 2026-11-21.
 */
import { randomBytes, randomUUID } from "node:crypto";
import type { Values } from "../contract.ts";
import type { Directory } from "./directory.ts";
import { APPLICATION, PASSWORD, SERVICE_PRINCIPAL } from "./directory.ts";

export interface Creation {
  inputs: Values;
  directory: Directory;
  tenantId: string;
  now: Date;
}

interface DirectoryService {
  /** Throws when Graph would refuse; of an update, with the id. */
  refuse(creation: Creation, id?: string): void;
  create(creation: Creation): { id: string; outputs: Values };
}

const bad = (message: string): Error => new Error(`Status=400 Code="Request_BadRequest" Message="${message}"`);

const YEARS = 2;

const application: DirectoryService = {
  refuse({ inputs, directory }, id) {
    if (inputs.tags !== undefined && inputs.featureTags !== undefined) throw new Error("tags and featureTags cannot be used together.");
    const twin = directory.ofType(APPLICATION).find((other) => other.id !== id && other.outputs.displayName === inputs.displayName);
    if (inputs.preventDuplicateNames === true && twin) throw new Error(`an existing application was found with the same name: ${twin.id}`);
    const uris = new Set(Array.isArray(inputs.identifierUris) ? inputs.identifierUris : []);
    const taken = directory.ofType(APPLICATION).find((other) => other.id !== id && Array.isArray(other.outputs.identifierUris) && other.outputs.identifierUris.some((uri) => uris.has(uri)));
    if (taken) throw bad(`Another object with the same value for property identifierUris already exists: ${taken.id}.`);
  },
  create({ tenantId }) {
    const objectId = randomUUID();
    return { id: `/applications/${objectId}`, outputs: { objectId, clientId: randomUUID(), publisherDomain: `${tenantId}.onmicrosoft.com` } };
  },
};

const servicePrincipal: DirectoryService = {
  refuse({ inputs, directory }, id) {
    if (inputs.tags !== undefined && inputs.featureTags !== undefined) throw new Error("tags and featureTags cannot be used together.");
    if (!directory.ofType(APPLICATION).some(({ outputs }) => outputs.clientId === inputs.clientId)) {
      throw bad(`The appId '${String(inputs.clientId)}' of the service principal does not reference a valid application object.`);
    }
    const twin = directory.ofType(SERVICE_PRINCIPAL).find((other) => other.id !== id && other.outputs.clientId === inputs.clientId);
    if (twin && inputs.useExisting !== true) throw new Error(`A resource with the ID "${twin.id}" already exists: the application has a service principal; import it, or set useExisting.`);
  },
  create({ inputs, directory, tenantId }) {
    const of = directory.ofType(APPLICATION).find(({ outputs }) => outputs.clientId === inputs.clientId);
    const objectId = randomUUID();
    return {
      id: `/servicePrincipals/${objectId}`,
      outputs: {
        objectId,
        applicationTenantId: tenantId,
        displayName: of?.outputs.displayName ?? "",
        servicePrincipalNames: [inputs.clientId ?? ""],
        signInAudience: of?.outputs.signInAudience ?? "AzureADMyOrg",
        type: "Application",
      },
    };
  },
};

const password: DirectoryService = {
  refuse({ inputs, directory, now }) {
    if (directory.get(String(inputs.applicationId)) === undefined) throw new Error(`Application with object ID ${JSON.stringify(String(inputs.applicationId).split("/").at(-1))} was not found.`);
    if (inputs.endDate !== undefined && inputs.endDateRelative !== undefined) throw new Error('"endDate": conflicts with endDateRelative');
    const start = inputs.startDate === undefined ? now.getTime() : Date.parse(String(inputs.startDate));
    if (inputs.endDate !== undefined && Date.parse(String(inputs.endDate)) <= start) throw bad("Key credential end date is invalid: it must be after the start date.");
  },
  create({ inputs, now }) {
    const keyId = randomUUID();
    const start = inputs.startDate ?? now.toISOString();
    const end = new Date(now);
    const [, hours = "0"] = /^(\d+)h/.exec(String(inputs.endDateRelative ?? "")) ?? [];
    if (inputs.endDateRelative === undefined) end.setUTCFullYear(end.getUTCFullYear() + YEARS);
    else end.setTime(end.getTime() + Number(hours) * 3_600_000);
    return {
      id: `${String(inputs.applicationId).split("/").at(-1) ?? ""}/password/${keyId}`,
      outputs: { keyId, displayName: inputs.displayName ?? "", startDate: start, endDate: inputs.endDate ?? end.toISOString(), value: randomBytes(30).toString("base64url") },
    };
  },
};

export const services: { readonly [type: string]: DirectoryService } = { [APPLICATION]: application, [SERVICE_PRINCIPAL]: servicePrincipal, [PASSWORD]: password };
