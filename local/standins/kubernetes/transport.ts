/** One exchange with an API server, with bounded retries. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { setTimeout as delay } from "node:timers/promises";

/** What a request proves its identity with; nothing: anonymous. */
export interface Credentials {
  token?: string;
  certPem?: string;
  keyPem?: string;
}

export interface ServerAddress {
  /** For example `https://127.0.0.1:6443`; `http://` is for `kubectl proxy`. */
  server: string;
  /** Certificates of the authority, PEM. Absent: the system's authorities. */
  caPem?: string;
  /** The name that the server's certificate must have, where it differs from the host. */
  tlsServerName?: string;
}

export interface Exchange {
  method: string;
  /** Path and query, from `/`. */
  path: string;
  headers: OutgoingHttpHeaders;
  body?: string;
  credentials: Credentials;
  /** Ends the exchange early. */
  signal?: AbortSignal;
}

export interface Reply {
  status: number;
  text: string;
}

const ATTEMPTS = 6;
/** A server that is not there at all is not waited for long: every object of a preview may ask for it. */
const CONNECTION_ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 4_000;
const SILENCE_MS = 60_000;

/** The server could not be reached, as opposed to having answered with an error. */
export class UnreachableError extends Error {}

/** The server had closed a kept connection before it read the request. */
class StaleConnectionError extends Error {}

/** Connections to one server, kept alive and shared by all requests. */
export class Transport {
  readonly #address: ServerAddress;
  readonly #base: URL;
  readonly #secure: boolean;
  readonly #agent: HttpAgent;

  constructor(address: ServerAddress) {
    this.#address = address;
    this.#base = new URL(address.server);
    this.#secure = this.#base.protocol === "https:";
    if (!this.#secure && this.#base.protocol !== "http:") throw new Error(`${address.server}: the address of an API server must begin with https://`);
    this.#agent = new (this.#secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 32 });
  }

  /**
   * Sends a request and reads the whole answer.
   *
   * 429 is repeated for any method, and 5xx where the server names a time to wait; 502, 503, 504 and broken connections for
   * every method but POST, which may have taken effect. Pauses double from 0.1 s: about 6 s in all, 0.3 s without a connection.
   *
   * @throws UnreachableError after the last attempt
   */
  async send(exchange: Exchange): Promise<Reply> {
    const repeatable = exchange.method !== "POST";
    for (let attempt = 1; ; attempt++) {
      const last = attempt === ATTEMPTS;
      const pause = Math.min(100 * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
      try {
        const response = await this.open(exchange);
        const text = await readAll(response);
        const status = response.statusCode ?? 0;
        const wait = Number(response.headers["retry-after"] ?? Number.NaN) * 1000;
        // Not 500: an apply with a field that the schema does not have answers so.
        const retry = status === 429 || (status >= 500 && !Number.isNaN(wait)) || (repeatable && [502, 503, 504].includes(status));
        if (!retry || last) return { status, text };
        await delay(Number.isNaN(wait) ? pause : Math.min(wait, LONGEST_PAUSE_MS));
      } catch (error) {
        const repeat = repeatable || error instanceof StaleConnectionError;
        if (!repeat || attempt >= CONNECTION_ATTEMPTS || exchange.signal?.aborted) {
          throw new UnreachableError(`${this.#address.server} cannot be reached: ${(error as Error).message}`, { cause: error });
        }
        await delay(pause);
      }
    }
  }

  /** Sends a request and answers as soon as the head of the response is there. */
  open(exchange: Exchange): Promise<IncomingMessage> {
    const { method, path, body, credentials, signal } = exchange;
    const headers: OutgoingHttpHeaders = { accept: "application/json", ...exchange.headers };
    if (credentials.token !== undefined) headers.authorization = `Bearer ${credentials.token}`;
    // Also for DELETE, where Node would send the body in chunks, which an API server does not read as options.
    if (body !== undefined) headers["content-length"] = Buffer.byteLength(body);
    const send = this.#secure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send(
        {
          agent: this.#agent,
          method,
          host: this.#base.hostname.replace(/^\[|\]$/g, ""),
          port: this.#base.port || (this.#secure ? 443 : 80),
          path: this.#base.pathname.replace(/\/$/, "") + path,
          headers,
          ca: this.#address.caPem,
          cert: credentials.certPem,
          key: credentials.keyPem,
          servername: this.#address.tlsServerName,
          timeout: SILENCE_MS,
          signal,
        },
        resolve,
      );
      request.on("timeout", () => request.destroy(new Error(`no answer for ${SILENCE_MS / 1000} s`)));
      request.on("error", (error: NodeJS.ErrnoException) => {
        reject(request.reusedSocket && error.code === "ECONNRESET" ? new StaleConnectionError(error.message, { cause: error }) : error);
      });
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
