/** Whether GitHub knows the owner and lets the token make repositories and deploy keys. */
import type { Settings } from "../../components/settings/settings.ts";
import { Failure } from "../arguments.ts";
import { attempt, missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";

const SECONDS = 20;

/** The permissions of each call are listed at docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens. */
const needs = "repositories and deploy keys need the scope `repo`, or, for a fine-grained token or an app, Administration: read and write and Contents: read and write";

export async function github(machine: Machine, { github: { owner } }: Settings): Promise<Finding[]> {
  const token = machine.env.GITHUB_TOKEN || (await tokenOfGh(machine));
  if (!token) return [missing("GitHub token: none", `set GITHUB_TOKEN, or run \`gh auth login\`; ${needs}`)];
  return (await Promise.all([attempt("GitHub token", () => tokenFinding(machine, token)), attempt("GitHub owner", () => ownerFinding(machine, token, owner))])).flat();
}

/** Where GITHUB_TOKEN is not set, the provider asks GitHub's own CLI, as here. */
async function tokenOfGh({ execute }: Machine): Promise<string | undefined> {
  const { code, stdout } = await execute("gh", ["auth", "token"]);
  return code === 0 ? stdout.trim() : undefined;
}

async function tokenFinding(machine: Machine, token: string): Promise<Finding> {
  const response = await ask(machine, token, "/user");
  if (response.status === 401) return missing("GitHub token: refused, it is wrong or has expired", `make a new one; ${needs}`);
  const scopes = response.headers.get("x-oauth-scopes")?.split(",").map((scope) => scope.trim()).filter(Boolean);
  // Only classic tokens tell what they may do.
  if (scopes === undefined || token.startsWith("github_pat_") || token.startsWith("ghs_")) return warning("GitHub token: accepted; what it may do cannot be read", needs);
  if (!scopes.includes("repo")) return missing(`GitHub token: has ${scopes.join(", ") || "no scope"}`, needs);
  return ok("GitHub token: scope repo");
}

async function ownerFinding(machine: Machine, token: string, owner: string): Promise<Finding> {
  const response = await ask(machine, token, `/users/${encodeURIComponent(owner)}`);
  if (response.status === 404) return missing(`GitHub owner: there is no organisation or person ${owner}`, "correct mooring:github.owner");
  if (!response.ok) return warning(`GitHub owner: GitHub answers ${response.status}`);
  return ok(`GitHub owner: ${owner}`);
}

async function ask({ fetch }: Machine, token: string, path: string): Promise<Response> {
  try {
    return await fetch(`https://api.github.com${path}`, {
      headers: { accept: "application/vnd.github+json", authorization: `Bearer ${token}`, "user-agent": "mooring-doctor" },
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
  } catch (error) {
    // The cause names the host or the certificate; the error itself says only that fetching failed.
    const { name, cause } = error as Error & { cause?: { code?: string } };
    throw new Failure(`api.github.com cannot be reached: ${name === "TimeoutError" ? "no answer in time" : (cause?.code ?? name)}`);
  }
}
