/**
 * Webhooks: calls them as GitHub does. Source: docs.github.com, "Webhook events and payloads" (push, headers) and "Validating webhook
 * deliveries". Checked 2026-11-21.
 */
import { createHmac, randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { PublishedHook } from "../standins/github/published.ts";

/** GitHub waits for ten seconds; here the one who pushes waits too. */
const PATIENCE_MS = 3_000;

export interface Delivery {
  hook: number;
  event: string;
  ref: string;
  /** What the address answered, or why it could not be called. */
  result: number | string;
}

/** Whether a hook is called for pushes. */
export function hearsPushes({ active, events }: PublishedHook): boolean {
  return active && (events.includes("push") || events.includes("*"));
}

/** Calls the hook once. Never throws: GitHub tells the one who pushes nothing of it. */
export async function deliver({ id, configuration }: PublishedHook, payload: { ref: string }): Promise<Delivery> {
  const { body, headers } = signed(configuration, JSON.stringify(payload));
  const result = await post(configuration, body, { ...headers, "user-agent": "GitHub-Hookshot/stand-in", "x-github-event": "push", "x-github-hook-id": String(id), "x-github-delivery": randomUUID() })
    .catch((error: unknown) => (error as Error).message);
  return { hook: id, event: "push", ref: payload.ref, result };
}

/** The body in the form that the hook asks for, with its signatures where it has a secret. */
export function signed({ contentType = "form", secret }: PublishedHook["configuration"], json: string): { body: string; headers: Record<string, string> } {
  const isForm = contentType === "form";
  const body = isForm ? new URLSearchParams({ payload: json }).toString() : json;
  const sign = (algorithm: "sha1" | "sha256"): string => `${algorithm}=${createHmac(algorithm, secret ?? "").update(body).digest("hex")}`;
  const signatures: Record<string, string> = secret === undefined || secret === "" ? {} : { "x-hub-signature": sign("sha1"), "x-hub-signature-256": sign("sha256") };
  return { body, headers: { "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json", ...signatures } };
}

function post({ url, insecureSsl }: PublishedHook["configuration"], body: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith("https:") ? httpsRequest : httpRequest;
    const options = { method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) }, rejectUnauthorized: insecureSsl !== true, signal: AbortSignal.timeout(PATIENCE_MS) };
    const call = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.once("error", reject);
    call.end(body);
  });
}
