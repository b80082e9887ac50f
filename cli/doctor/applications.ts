/** Whether the one who is signed in may make applications in Entra, which principals with passwords are. */
import type { Settings } from "../../components/settings/settings.ts";
import type { Az, Principal } from "../az.ts";
import { makesApplications } from "../rights-needed.ts";
import { missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";

const graph = "https://graph.microsoft.com/v1.0";

/**
 * Roles of Entra, by the ids of their templates, that may make applications and their passwords
 * (learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference; the ids from memory).
 */
const directoryRoles: Record<string, string> = {
  "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
  "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
};

/** Permissions of Microsoft Graph that a service principal needs one of (learn.microsoft.com/graph/permissions-reference). */
const graphPermissions = { all: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", owned: "18a4783c-866b-4cc7-a460-3d5e5662c884" };

const instead = "or remove pipelines.*.password and use federated tokens";

/**
 * As far as the directory tells: a role that is only eligible (Privileged Identity Management) does not count until it is
 * activated. Nothing where the settings ask for no passwords.
 */
export async function applications(az: Az, principal: Principal, settings: Settings): Promise<Finding[]> {
  if (!makesApplications(settings)) return [];
  return [principal.type === "User" ? await ofPerson(az) : await ofServicePrincipal(az, principal)];
}

async function ofPerson(az: Az): Promise<Finding> {
  const role = await directoryRole(az, "me");
  if (role !== undefined) return ok(`applications: ${role}`);
  const { defaultUserRolePermissions } = (await read(az, "/policies/authorizationPolicy")) as { defaultUserRolePermissions?: { allowedToCreateApps?: boolean } };
  if (defaultUserRolePermissions?.allowedToCreateApps === true) {
    return warning(
      "applications: everybody in the directory may register them; whether that is enough for their passwords, only `up` will tell",
      "with the role Application Administrator it is",
    );
  }
  return missing("applications: only administrators may register them, and you are none", `ask for the role Application Administrator, or activate it; ${instead}`);
}

async function ofServicePrincipal(az: Az, { id }: Principal): Promise<Finding> {
  const { value } = (await read(az, `/servicePrincipals/${id}/appRoleAssignments`)) as { value: { appRoleId: string }[] };
  const has = (permission: string) => value.some(({ appRoleId }) => appRoleId === permission);
  const held = has(graphPermissions.all) ? "Application.ReadWrite.All" : await directoryRole(az, `servicePrincipals/${id}`);
  if (held !== undefined) return ok(`applications: ${held}`);
  if (has(graphPermissions.owned)) {
    return warning("applications: Application.ReadWrite.OwnedBy, which is enough only for those that this principal itself makes and owns", "let nobody else run the `up` that makes them");
  }
  return missing(
    "applications: this principal has no permission of Microsoft Graph to make them",
    `have it given Application.ReadWrite.OwnedBy (\`npm run bootstrap\` prints how); ${instead}`,
  );
}

/** A page holds at most 999; whoever is in more groups may be told of too little, not of too much. */
async function directoryRole(az: Az, who: string): Promise<string | undefined> {
  const { value } = (await read(az, `/${who}/transitiveMemberOf?$top=999`)) as { value: { roleTemplateId?: string }[] };
  return value.map(({ roleTemplateId = "" }) => directoryRoles[roleTemplateId]).find((name) => name !== undefined);
}

function read(az: Az, path: string): Promise<unknown> {
  return az.read(["rest", "--method", "get", "--url", `${graph}${path}`]);
}
