/** Downloads of official releases, checked against the checksums published beside them. */
import { createWriteStream } from "node:fs";
import * as http from "node:http";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sha256Of } from "./cache.ts";

/** A server that does not answer within this time is taken as out of reach. */
const ANSWER_MS = 8_000;
/** A download that stands still for this long is given up. */
const STALL_MS = 30_000;

let proxyRead = false;

/** Requests honour `HTTPS_PROXY` and its relatives, as curl and npm do; what listens on this machine is not asked for by proxy. */
function readProxy(): void {
  if (proxyRead) return;
  proxyRead = true;
  http.setGlobalProxyFromEnv(withoutLoopbackProxy(process.env));
}

/** The environment with this machine's own addresses added to `NO_PROXY`, in both spellings that programs read. */
export function withoutLoopbackProxy(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const given = environment.NO_PROXY ?? environment.no_proxy ?? "";
  const all = [...new Set([...given.split(","), "127.0.0.1", "localhost", "::1"])].filter((entry) => entry !== "").join(",");
  return { ...environment, NO_PROXY: all, no_proxy: all };
}

async function request(url: string, signal?: AbortSignal): Promise<Response & { body: NonNullable<Response["body"]> }> {
  readProxy();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error(`${new URL(url).host} does not answer`)), ANSWER_MS);
  const response = await fetch(url, { signal: AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]) })
    .finally(() => clearTimeout(timer));
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new Error(`${url} answers ${response.status}`);
  }
  return response as Response & { body: NonNullable<Response["body"]> };
}

/** Whether the server can be reached at all; throws why not. Any answer counts. */
export async function probe(url: string, signal?: AbortSignal): Promise<void> {
  readProxy();
  const stop = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.any([stop, ...(signal ? [signal] : [])]) });
  await response.body?.cancel();
}

export async function downloadText(url: string, signal?: AbortSignal): Promise<string> {
  return await (await request(url, signal)).text();
}

/** Downloads to `file` and compares the SHA-256. Throws when they differ. */
export async function downloadFile(url: string, file: string, sha256: string, signal?: AbortSignal): Promise<void> {
  const response = await request(url, signal);
  const stall = new AbortController();
  const giveUp = (): void => stall.abort(new Error(`the download of ${url} stands still`));
  let timer = setTimeout(giveUp, STALL_MS);
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  body.on("data", () => {
    clearTimeout(timer);
    timer = setTimeout(giveUp, STALL_MS);
  });
  try {
    await pipeline(body, createWriteStream(file), { signal: AbortSignal.any([stall.signal, ...(signal ? [signal] : [])]) });
  } catch (error) {
    throw stall.signal.aborted ? stall.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
  const actual = await sha256Of(file);
  if (actual !== sha256) throw new Error(`${url} has the SHA-256 ${actual}, but ${sha256} is published`);
}

/** The checksum of `name` in a file of `<sha256>  <name>` lines. Throws when it is not there. */
export function checksumIn(sums: string, name: string): string {
  for (const line of sums.split("\n")) {
    const [sum, file] = line.trim().split(/\s+\*?/);
    if (file !== undefined && basename(file) === name && sum !== undefined && isSha256(sum)) return sum.toLowerCase();
  }
  throw new Error(`no checksum of ${name} is published`);
}

export function isSha256(text: string): boolean {
  return /^[0-9a-fA-F]{64}$/.test(text);
}
