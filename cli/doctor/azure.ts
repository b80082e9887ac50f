/** The login, and what depends on it. */
import type { Settings } from "../../components/settings/settings.ts";
import { account, AzError, registrations, sameId, signedIn } from "../az.ts";
import type { Account, Az, Principal } from "../az.ts";
import { errorLine } from "../execute.ts";
import { resourceProviders } from "../resource-providers.ts";
import { administrators } from "./administrators.ts";
import { applications } from "./applications.ts";
import { budget } from "./budget.ts";
import { existing } from "./existing.ts";
import { attempt, missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";
import { pools } from "./pools.ts";
import { Resources } from "./resources.ts";
import { rights } from "./rights.ts";

/** Everything that needs a login, in order; the questions go out side by side once it is known who asks. */
export async function azure({ az, now }: Machine, settings: Settings): Promise<Finding[]> {
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
  const resources = new Resources(az);
  const asked = [
    withPrincipal(az, resources, found, settings),
    attempt("resource providers", async () => registrationFinding(await registrations(az, subscription), settings)),
    existing(az, resources, settings),
    attempt("node pools", () => pools(resources, settings)),
    attempt("budget", () => budget(az, settings, now())),
  ];
  return [login, ...(await Promise.all(asked)).flat()];
}

function loginFinding({ id, tenantId, user }: Account, { azure: { tenant, subscription } }: Settings): Finding {
  if (!sameId(tenantId, tenant)) return missing(`Azure login: ${user.name} is in tenant ${tenantId}, the settings name ${tenant}`, `run \`az login --tenant ${tenant}\``);
  if (!sameId(id, subscription)) return missing(`Azure login: the subscription is ${id}, the settings name ${subscription}`, `run \`az account set --subscription ${subscription}\``);
  return ok(`Azure login: ${user.name}, in the tenant and subscription of the settings`);
}

async function withPrincipal(az: Az, resources: Resources, found: Account, settings: Settings): Promise<Finding[]> {
  let principal: Principal;
  try {
    principal = await signedIn(az, found);
  } catch (error) {
    if (!(error instanceof AzError)) throw error;
    return [warning(`rights and groups: not checked, the directory does not say who is signed in (${errorLine(error.execution)})`)];
  }
  const findings = await Promise.all([
    rights(az, principal, settings),
    attempt("administrators of the cluster", () => administrators(az, resources, principal, settings)),
    attempt("applications", () => applications(az, principal, settings)),
  ]);
  return findings.flat();
}

function registrationFinding(states: ReadonlyMap<string, string>, settings: Settings): Finding {
  const not = resourceProviders(settings).filter((namespace) => states.get(namespace.toLowerCase()) !== "Registered");
  if (not.length === 0) return ok("resource providers: registered");
  const waiting = not.filter((namespace) => states.get(namespace.toLowerCase()) === "Registering");
  if (waiting.length === not.length) return warning(`resource providers: ${waiting.join(", ")} still being registered`, "that takes some minutes");
  return missing(`resource providers: ${not.join(", ")} not registered`, `\`npm run bootstrap -- ${settings.environment}\` registers them`);
}
