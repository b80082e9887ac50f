/** Whether GitHub knows the owner and lets the token make repositories and deploy keys. */
import { apiOf } from "../../components/github/api.ts";
import type { Settings } from "../../components/settings/settings.ts";
import { Failure } from "../arguments.ts";
import { attempt, missing, ok, warning } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { permissions, scopesFor } from "./github-scopes.ts";
import type { Scope } from "./github-scopes.ts";
import type { Machine } from "./machine.ts";

const SECONDS = 20;

export async function github(machine: Machine, settings: Settings): Promise<Finding[]> {
  const { owner, host, app } = settings.github;
  const token = machine.env.GITHUB_TOKEN || (await tokenOfGh(machine, host));
  const asked: Asked = { machine, api: apiOf(host), token };
  return (await Promise.all([attempt("GitHub token", () => (app ? appFinding(app.id) : tokenFinding(asked, scopesFor(settings)))), attempt("GitHub owner", () => ownerFinding(asked, owner))])).flat();
}

interface Asked {
  machine: Machine;
  /** Of the REST interface. */
  api: string;
  token: string | undefined;
}

/** Where GITHUB_TOKEN is not set, the provider asks GitHub's own CLI, as here. */
async function tokenOfGh({ execute }: Machine, host: string): Promise<string | undefined> {
  const { code, stdout } = await execute("gh", ["auth", "token", ...(host === "github.com" ? [] : ["--hostname", host])]);
  return code === 0 ? stdout.trim() : undefined;
}

/** Its key is among the stack's secrets, which are not opened here. */
const appFinding = (id: number): Promise<Finding> => Promise.resolve(ok(`GitHub: as the App ${id}, which needs ${permissions}; what it has is seen on its page alone`));

async function tokenFinding(asked: Asked, scopes: readonly Scope[]): Promise<Finding> {
  const needs = `needed are the scopes ${scopes.map(({ name }) => name).join(", ")}; of a fine-grained token or an App ${permissions}`;
  if (!asked.token) return missing("GitHub token: none", `set GITHUB_TOKEN, or run \`gh auth login\`; ${needs}`);
  const response = await ask(asked, "/user");
  if (response.status === 401) return missing("GitHub token: refused, it is wrong or has expired", `make a new one; ${needs}`);
  const given = response.headers.get("x-oauth-scopes")?.split(",").map((scope) => scope.trim()).filter(Boolean);
  // Only classic tokens tell what they may do.
  if (given === undefined || asked.token.startsWith("github_pat_") || asked.token.startsWith("ghs_")) return warning("GitHub token: accepted; what it may do cannot be read", needs);
  const without = scopes.filter(({ name, within = [] }) => ![name, ...within].some((scope) => given.includes(scope)));
  if (without.length === 0) return ok(`GitHub token: has ${scopes.map(({ name }) => name).join(", ")}`);
  return missing(`GitHub token: has ${given.join(", ") || "no scope"}`, `add ${without.map(({ name, why }) => `${name} (${why})`).join(", ")}`);
}

async function ownerFinding(asked: Asked, owner: string): Promise<Finding> {
  const response = await ask(asked, `/users/${encodeURIComponent(owner)}`);
  if (response.status === 404) return missing(`GitHub owner: there is no organisation or person ${owner}`, "correct mooring:github.owner");
  if (!response.ok) return warning(`GitHub owner: GitHub answers ${response.status}`);
  return ok(`GitHub owner: ${owner}`);
}

async function ask({ machine: { fetch }, api, token }: Asked, path: string): Promise<Response> {
  try {
    return await fetch(`${api}${path}`, {
      headers: { accept: "application/vnd.github+json", ...(token && { authorization: `Bearer ${token}` }), "user-agent": "mooring-doctor" },
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
  } catch (error) {
    // The cause names the host or the certificate; the error itself says only that fetching failed.
    const { name, cause } = error as Error & { cause?: { code?: string } };
    throw new Failure(`${new URL(api).host} cannot be reached: ${name === "TimeoutError" ? "no answer in time" : (cause?.code ?? name)}`);
  }
}
