/** Requests to a service's REST API. */
import { Failure } from "../arguments.ts";
import { NotAllowed } from "./keep.ts";

export interface Service {
  /** For messages: `GitHub`. */
  name: string;
  token: string;
  headers: Readonly<Record<string, string>>;
  /** What a token needs that may not do what was asked. */
  permission: string;
  /** What is not there, or not to be seen. */
  missing: string;
}

export interface Reply<T> {
  body: T;
  headers: Headers;
}

/**
 * @throws NotAllowed when the token may not do it
 * @throws Failure for everything else that is not a success
 */
export async function request<T>(service: Service, method: string, url: string, content?: object): Promise<Reply<T>> {
  const { name, token, headers, permission, missing } = service;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, ...(content !== undefined && { "content-type": "application/json" }) },
      body: content === undefined ? undefined : JSON.stringify(content),
      signal: AbortSignal.timeout(30_000),
    });
    text = await response.text();
  } catch (error) {
    const { name: kind, message, cause } = error as Error;
    const reason = kind === "TimeoutError" ? "no answer in 30 s" : cause instanceof Error ? cause.message : message;
    throw new Failure(`${name} cannot be reached at ${new URL(url).host}: ${reason}`, { cause: error });
  }
  const body = parsed(text);
  const said = messageOf(body);
  // An answer that is no JSON is a page to sign in on: Azure DevOps sends one, with 203, for a token that it does not take.
  if (response.status === 401 || (response.ok && body === undefined)) throw new Failure(`${name} does not take the token${said}; it may have ended`);
  if (response.status === 403 && (response.headers.get("x-ratelimit-remaining") === "0" || response.headers.has("retry-after"))) throw new Failure(`${name} wants no more requests for now${said}`);
  if (response.status === 403) throw new NotAllowed(`the token may not do this at ${name}${said}. It needs ${permission}; a run for a fork or of Dependabot has a token that only reads`);
  if (response.status === 404) throw new Failure(`${name} knows no ${missing}, or the token may not see it`);
  if (!response.ok) throw new Failure(`${name} answered ${response.status} to ${method} ${new URL(url).pathname}${said}`);
  return { body: body as T, headers: response.headers };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What GitHub and Azure DevOps say of an error, on a line. */
function messageOf(body: unknown): string {
  const { message, errors } = (body ?? {}) as { message?: unknown; errors?: { message?: unknown }[] };
  const parts = [message, ...(Array.isArray(errors) ? errors.map((error) => error.message) : [])].filter((part) => typeof part === "string");
  return parts.length === 0 ? "" : `: ${parts.join("; ").replaceAll(/\s+/g, " ").slice(0, 300)}`;
}
