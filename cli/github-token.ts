/**
 * `npm run github-token -- <owner> [--host HOST]`: an access token of a GitHub App for what it may reach of an owner, valid for an
 * hour, on standard output. The App's private key stays in Key Vault, which signs with it and hands it out to nobody; so a pipeline
 * that signs in to Azure by federation needs no stored secret for GitHub either.
 *
 * Sources: docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app (JSON web token, installation token);
 * learn.microsoft.com/rest/api/keyvault/keys/sign/sign. Read in November 2026.
 */
import { createHash } from "node:crypto";
import { apiOf } from "../components/github/api.ts";
import { Failure, run, UsageError } from "./arguments.ts";
import type { Command } from "./arguments.ts";
import { az } from "./az.ts";
import type { Az } from "./az.ts";

export interface App {
  /** Its client id, `Iv23li…`. */
  clientId: string;
  /** The address of the key, without a version or with one: `https://<vault>.vault.azure.net/keys/<key>`. */
  key: string;
  /** Of GitHub's REST interface, without a slash at the end. */
  api: string;
}

/** Seconds. GitHub takes at most 10 minutes from `iat` to `exp`, and advises to date `iat` back by one. */
const BACK = 60;
const VALID = 8 * 60;

/** @throws Failure when Azure or GitHub refuses */
export async function installationToken(app: App, owner: string, az: Az, now = Date.now()): Promise<string> {
  const jwt = await signed(app, az, Math.floor(now / 1000));
  const installation = (await ask(app, jwt, "GET", `/orgs/${owner}/installation`)) ?? (await ask(app, jwt, "GET", `/users/${owner}/installation`));
  if (installation === undefined) throw new Failure(`the GitHub App ${app.clientId} is not installed at ${owner}; install it there`);
  const answer = await ask(app, jwt, "POST", `/app/installations/${(installation as { id: number }).id}/access_tokens`);
  if (answer === undefined) throw new Failure(`the GitHub App ${app.clientId} was removed from ${owner}`);
  return (answer as { token: string }).token;
}

async function signed({ clientId, key }: App, az: Az, now: number): Promise<string> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - BACK, exp: now + VALID, iss: clientId })}`;
  const body = JSON.stringify({ alg: "RS256", value: createHash("sha256").update(text).digest("base64url") });
  const answer = await az.read(["rest", "--method", "post", "--url", `${key}/sign?api-version=7.4`, "--resource", "https://vault.azure.net", "--body", body]);
  return `${text}.${(answer as { value: string }).value}`;
}

/** The answer as JSON; `undefined` when there is nothing of that name. */
async function ask({ api }: App, jwt: string, method: string, path: string): Promise<unknown> {
  const headers = { accept: "application/vnd.github+json", authorization: `Bearer ${jwt}`, "x-github-api-version": "2022-11-28", "user-agent": "mooring" };
  const response = await fetch(`${api}${path}`, { method, headers, signal: AbortSignal.timeout(30_000) }).catch((error: unknown) => {
    throw new Failure(`${api} does not answer (${error instanceof Error ? error.message : String(error)})`);
  });
  if (response.status === 404) return undefined;
  const text = await response.text();
  // Never the whole answer: one that went well holds a token.
  if (!response.ok) throw new Failure(`GitHub refuses ${method} ${path}: ${response.status} ${/"message":\s*"([^"]{0,200})"/.exec(text)?.[1] ?? ""}`.trimEnd());
  return JSON.parse(text) as unknown;
}

/** The App that the environment names, at `host`; one clear error for what is missing. */
export function appOf(environment: NodeJS.ProcessEnv, host: string): App {
  const { MOORING_GITHUB_APP: clientId = "", MOORING_GITHUB_KEY: key = "" } = environment;
  if (clientId === "" || key === "") throw new Failure("set MOORING_GITHUB_APP to the App's client id and MOORING_GITHUB_KEY to its key in Key Vault (docs/delivery.md)");
  if (!/^https:\/\/[a-z0-9-]+\.vault\.azure\.net\/keys\/[A-Za-z0-9-]+(\/[0-9a-f]+)?$/.test(key)) {
    throw new Failure(`MOORING_GITHUB_KEY is not the address of a key, https://<vault>.vault.azure.net/keys/<key>: ${key}`);
  }
  return { clientId, key, api: apiOf(host) };
}

const command: Command = { name: "github-token", usage: ["--owner OWNER [--host HOST]"], target: "none", options: { owner: { type: "string" }, host: { type: "string" } } };

if (import.meta.main) {
  await run(command, async ({ options: { owner = "", host = "github.com" } }) => {
    // Both go into an address.
    if (!/^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$/.test(String(owner))) throw new UsageError(`--owner ${String(owner)}: name an organisation or a person at GitHub`);
    if (!/^[a-z0-9.-]+(:\d+)?$/.test(String(host))) throw new UsageError(`--host ${String(host)}: write a host, such as github.com`);
    process.stdout.write(`${await installationToken(appOf(process.env, String(host)), String(owner), az)}\n`);
    return 0;
  });
}
