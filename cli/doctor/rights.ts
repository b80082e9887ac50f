/** What the one who is signed in may do in Azure. */
import type { Settings } from "../../components/settings/settings.ts";
import type { Az, Principal } from "../az.ts";
import { grantsElsewhere, setsLocks } from "../rights-needed.ts";
import type { Grant } from "../rights-needed.ts";
import { attempt, missing, ok } from "./finding.ts";
import type { Finding } from "./finding.ts";

const mayAssign = ["Owner", "Role Based Access Control Administrator", "User Access Administrator"];
const mayLock = ["Owner", "User Access Administrator", "Locks Contributor"];

export async function rights(az: Az, principal: Principal, settings: Settings): Promise<Finding[]> {
  const elsewhere = grantsElsewhere(settings).map((grant) => attempt(`rights: ${grant.setting}`, () => rightsElsewhere(az, principal, grant)));
  const here = attempt("rights", () => rightsHere(az, principal, settings));
  return (await Promise.all([here, ...elsewhere])).flat();
}

async function rightsHere(az: Az, principal: Principal, settings: Settings): Promise<Finding[]> {
  const { subscription } = settings.azure;
  const held = await rolesOn(az, principal, { scope: `/subscriptions/${subscription}`, subscription });
  const assigns = mayAssign.slice(1).find((role) => held.has(role));
  const enough = held.has("Owner") ? ["Owner"] : held.has("Contributor") && assigns !== undefined ? ["Contributor", assigns] : undefined;
  if (enough === undefined) {
    const has = held.size === 0 ? "no role" : [...held.keys()].sort().join(", ");
    return [missing(`rights: ${has} on the subscription`, "`up` needs Owner, or Contributor with Role Based Access Control Administrator; ask an owner of the subscription")];
  }
  const condition = enough.some((role) => held.get(role)) ? " (with a condition, which must allow the roles that Mooring gives)" : "";
  return [
    ok(`rights: ${enough.join(" and ")} on the subscription${condition}`),
    ...(setsLocks(settings) && !mayLock.some((role) => held.has(role))
      ? [missing("rights: may set no locks, and `up` sets some in production", "ask an owner of the subscription for the role Locks Contributor")]
      : []),
  ];
}

async function rightsElsewhere(az: Az, principal: Principal, grant: Grant): Promise<Finding> {
  const held = await rolesOn(az, principal, grant);
  const enough = mayAssign.find((role) => held.has(role));
  if (enough !== undefined) return ok(`rights: ${enough} on ${grant.setting}, in another subscription`);
  return missing(
    `rights: may give no roles on ${grant.setting}, in another subscription, and \`up\` gives one`,
    `ask the owner of ${grant.scope} for Role Based Access Control Administrator on it`,
  );
}

/** The roles that are held on a scope, directly, from above or through groups; with the condition of each. */
async function rolesOn(az: Az, { id }: Principal, { scope, subscription }: Pick<Grant, "scope" | "subscription">): Promise<Map<string, string | null>> {
  const answer = await az.read(["role", "assignment", "list", "--assignee", id, "--scope", scope, "--include-inherited", "--include-groups", "--subscription", subscription]);
  return new Map((answer as { roleDefinitionName: string; condition: string | null }[]).map(({ roleDefinitionName, condition }) => [roleDefinitionName, condition]));
}
