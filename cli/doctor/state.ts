/** Where Pulumi keeps its state, and the secrets that settings name. */
import type { Mistake } from "../../components/settings/mistake.ts";
import type { Settings } from "../../components/settings/settings.ts";
import { shellLine } from "../bootstrap/shell-line.ts";
import { bootstrapNames } from "../bootstrap/names.ts";
import { count } from "../arguments.ts";
import { errorLine } from "../execute.ts";
import { missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";

const SECONDS = 120;

/** The backend that the next `up` would use. */
export async function backend({ execute }: Machine, settings: Settings): Promise<Finding> {
  const login = shellLine("npx", ["pulumi", "login", bootstrapNames(settings).backend]);
  const answer = await execute("pulumi", ["whoami", "--json", "--non-interactive"], { seconds: SECONDS });
  if (answer.failure === "too slow") return warning("state: the backend does not answer", `log in anew: \`${login}\``);
  if (answer.code !== 0) return missing(`state: not logged in to a backend (${errorLine(answer)})`, `after \`npm run bootstrap -- ${settings.environment}\`: \`${login}\``);
  const url = urlOf(answer.stdout);
  if (url.startsWith("file://")) return warning(`state: kept on this machine alone, at ${url}`, `for an environment that others work on too: \`${login}\``);
  return ok(`state: ${url}`);
}

function urlOf(json: string): string {
  try {
    return (JSON.parse(json) as { url?: string }).url ?? "a backend";
  } catch {
    return "a backend";
  }
}

/** Whether `pulumi stack init` has written into the stack file what encrypts its secrets. */
export function stackFinding(settings: Settings, initialised: boolean): Finding {
  if (initialised) return ok(`stack ${settings.environment}: has a secrets provider`);
  const init = shellLine("npx", ["pulumi", "stack", "init", settings.environment, "--secrets-provider", bootstrapNames(settings).secretsProvider]);
  return warning(`stack ${settings.environment}: its file names no secrets provider yet`, `after \`npm run bootstrap -- ${settings.environment}\`: \`${init}\``);
}

/** One a secret that is not set; `up` refuses to begin without it. */
export function secretFindings(missingSecrets: readonly Mistake[], set: number): Finding[] {
  if (missingSecrets.length === 0) return set === 0 ? [] : [ok(`secrets: ${count(set, "secret")} set`)];
  return missingSecrets.map(({ path, message }) => ({ state: "missing", what: `secrets: ${path}: ${message}` }));
}
