/** The login, and what the one who is signed in may do. */
import type { Settings } from "../../components/settings/settings.ts";
import { account, AzError, registrations, resourceProviders, sameId, signedIn } from "../az.ts";
import type { Account, Az, Principal } from "../az.ts";
import { errorLine } from "../execute.ts";
import { attempt, missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";

/** Everything that needs a login, in order; the questions go out side by side once it is known who asks. */
export async function azure({ az }: Machine, settings: Settings): Promise<Finding[]> {
  const { tenant, subscription } = settings.azure;
  let found: Account;
  try {
    found = await account(az);
  } catch (error) {
    if (!(error instanceof AzError)) throw error;
    return [missing(`Azure login: ${errorLine(error.execution)}`, `run \`az login --tenant ${tenant}\`; rights, groups and registrations are checked after that`)];
  }
  const login = loginFinding(found, settings);
  // `az` asks the directory of its current subscription: in another tenant the answers would be about somebody else.
  if (login.state === "missing") return [login];
  const asked = [
    withPrincipal(az, found, settings),
    attempt("resource providers", async () => registrationFinding(await registrations(az, subscription), settings.environment)),
  ];
  return [login, ...(await Promise.all(asked)).flat()];
}

function loginFinding({ id, tenantId, user }: Account, { azure: { tenant, subscription } }: Settings): Finding {
  if (!sameId(tenantId, tenant)) return missing(`Azure login: ${user.name} is in tenant ${tenantId}, the settings name ${tenant}`, `run \`az login --tenant ${tenant}\``);
  if (!sameId(id, subscription)) return missing(`Azure login: the subscription is ${id}, the settings name ${subscription}`, `run \`az account set --subscription ${subscription}\``);
  return ok(`Azure login: ${user.name}, in the tenant and subscription of the settings`);
}

async function withPrincipal(az: Az, found: Account, settings: Settings): Promise<Finding[]> {
  let principal: Principal;
  try {
    principal = await signedIn(az, found);
  } catch (error) {
    if (!(error instanceof AzError)) throw error;
    return [warning(`rights and groups: not checked, the directory does not say who is signed in (${errorLine(error.execution)})`)];
  }
  const findings = await Promise.all([attempt("rights", () => rights(az, principal, settings)), attempt("administrators of the cluster", () => administrators(az, principal, settings))]);
  return findings.flat();
}

async function rights(az: Az, { id }: Principal, { azure: { subscription } }: Settings): Promise<Finding> {
  const answer = await az.read(["role", "assignment", "list", "--assignee", id, "--scope", `/subscriptions/${subscription}`, "--include-inherited", "--include-groups", "--subscription", subscription]);
  const held = new Map((answer as { roleDefinitionName: string; condition: string | null }[]).map(({ roleDefinitionName, condition }) => [roleDefinitionName, condition]));
  const assigns = ["Role Based Access Control Administrator", "User Access Administrator"].find((role) => held.has(role));
  const enough = held.has("Owner") ? ["Owner"] : held.has("Contributor") && assigns !== undefined ? ["Contributor", assigns] : undefined;
  if (enough === undefined) {
    const has = held.size === 0 ? "no role" : [...held.keys()].sort().join(", ");
    return missing(`rights: ${has} on the subscription`, "`up` needs Owner, or Contributor with Role Based Access Control Administrator; ask an owner of the subscription");
  }
  const condition = enough.some((role) => held.get(role)) ? " (with a condition, which must allow the roles that Mooring gives)" : "";
  return ok(`rights: ${enough.join(" and ")} on the subscription${condition}`);
}

/** The directory takes at most this many groups in one question. */
const GROUPS_AT_ONCE = 20;

async function administrators(az: Az, { id, type }: Principal, { cluster }: Settings): Promise<Finding> {
  const who = type === "User" ? "me" : `servicePrincipals/${id}`;
  const groups = cluster.administrators;
  for (let start = 0; start < groups.length; start += GROUPS_AT_ONCE) {
    const body = JSON.stringify({ groupIds: groups.slice(start, start + GROUPS_AT_ONCE) });
    // Membership through other groups counts, for the cluster as here.
    const answer = (await az.read(["rest", "--method", "post", "--url", `https://graph.microsoft.com/v1.0/${who}/checkMemberGroups`, "--body", body])) as { value: string[] };
    if (answer.value.length > 0) return ok(`administrators of the cluster: a member of ${answer.value[0]}`);
  }
  return missing("administrators of the cluster: a member of none of the groups in cluster.administrators", `\`up\` would make the cluster and not get into it; run \`az ad group member add --group ${groups[0]} --member-id ${id}\``);
}

function registrationFinding(states: ReadonlyMap<string, string>, environment: string): Finding {
  const not = resourceProviders.filter((namespace) => states.get(namespace.toLowerCase()) !== "Registered");
  if (not.length === 0) return ok("resource providers: registered");
  const waiting = not.filter((namespace) => states.get(namespace.toLowerCase()) === "Registering");
  if (waiting.length === not.length) return warning(`resource providers: ${waiting.join(", ")} still being registered`, "that takes some minutes");
  return missing(`resource providers: ${not.join(", ")} not registered`, `\`npm run bootstrap -- ${environment}\` registers them`);
}
