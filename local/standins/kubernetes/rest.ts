/**
 * A small client for the Kubernetes API. Objects pass through it untouched: `@kubernetes/client-node` drops every
 * field that it does not know by its own name, which turns a network policy into one that allows everything.
 */
import type { Values } from "../contract.ts";
import { mapAt, nameOf, namespaceOf, textAt } from "./object.ts";
import { Transport, type Credentials, type ServerAddress } from "./transport.ts";

export interface ConnectOptions extends ServerAddress, Credentials {
  /** For credentials that change while the client lives; called for every request. Instead of a token or certificate. */
  credentials?: () => Promise<Credentials>;
}

export interface RequestOptions {
  query?: { [parameter: string]: string | undefined };
  body?: Values;
  /** Of the body; JSON by default. */
  contentType?: string;
}

export interface Answer {
  status: number;
  /** The body as it came. */
  text: string;
  /** The body where it is a JSON object, else empty. */
  body: Values;
}

export interface WriteOptions {
  /** Ask the server what it would store, without storing it. */
  dryRun?: boolean;
  /** Who is recorded as the owner of the fields; `pulumi-kubernetes` by default. */
  fieldManager?: string;
}

export interface ApplyOptions extends WriteOptions {
  /** Take over fields that another manager owns instead of failing with a conflict. */
  force?: boolean;
}

export interface DeleteOptions {
  propagationPolicy?: "Foreground" | "Background" | "Orphan";
  dryRun?: boolean;
}

/** The server refused: `status` is the HTTP status, `reason` the API's word for it (`NotFound`, `Forbidden`, …). */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  /** The API's Status object. */
  readonly body: Values;
  constructor(answer: Answer) {
    super(textAt(answer.body, "message") || `HTTP ${answer.status}: ${answer.text.slice(0, 500)}`);
    this.status = answer.status;
    this.reason = textAt(answer.body, "reason");
    this.body = answer.body;
  }
}

/** Opens no connection yet; the first request does. */
export function connect(options: ConnectOptions): KubernetesClient {
  const { token, certPem, keyPem } = options;
  const credentials = options.credentials ?? (() => Promise.resolve({ token, certPem, keyPem }));
  return new KubernetesClient(options.server, new Transport(options), credentials, {});
}

/** The fields are strictly validated on every write: an unknown or repeated field is an error, not a warning. */
export class KubernetesClient {
  readonly server: string;
  readonly transport: Transport;
  readonly #credentials: () => Promise<Credentials>;
  readonly #headers: { [header: string]: string | string[] };

  constructor(server: string, transport: Transport, credentials: () => Promise<Credentials>, headers: { [header: string]: string | string[] }) {
    this.server = server;
    this.transport = transport;
    this.#credentials = credentials;
    this.#headers = headers;
  }

  /** The same server as another user; the own credentials need the right to impersonate. */
  as(user: string, groups: string[] = []): KubernetesClient {
    return new KubernetesClient(this.server, this.transport, this.#credentials, { ...this.#headers, "impersonate-user": user, "impersonate-group": groups });
  }

  /** What every request of this client carries. */
  async identity(): Promise<{ credentials: Credentials; headers: { [header: string]: string | string[] } }> {
    return { credentials: await this.#credentials(), headers: this.#headers };
  }

  /** Any request; answers with any status. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { credentials, headers } = await this.identity();
    const contentType = options.body === undefined ? {} : { "content-type": options.contentType ?? "application/json" };
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const reply = await this.transport.send({ method, path: path + queryString(options.query), headers: { ...headers, ...contentType }, body, credentials });
    return { ...reply, body: parseObject(reply.text) };
  }

  /** `undefined`: there is no such object. */
  async get(path: string): Promise<Values | undefined> {
    const answer = await this.request("GET", path);
    return answer.status === 404 ? undefined : accepted(answer);
  }

  /** All items of a collection, fetched in pages. */
  async list(path: string, query: { labelSelector?: string; fieldSelector?: string } = {}): Promise<Values[]> {
    const items: Values[] = [];
    let next: string | undefined;
    do {
      const page = accepted(await this.request("GET", path, { query: { ...query, limit: "500", continue: next } }));
      items.push(...((page.items ?? []) as Values[]));
      next = textAt(mapAt(page, "metadata"), "continue") || undefined;
    } while (next !== undefined);
    return items;
  }

  /** @param path of the collection; answers with what the server stored */
  async create(path: string, object: Values, options: WriteOptions = {}): Promise<Values> {
    return accepted(await this.request("POST", path, { query: writeQuery(options), body: object }));
  }

  /** Server-side apply. @param path of the object; answers with what the server stored */
  async apply(path: string, object: Values, options: ApplyOptions = {}): Promise<Values> {
    const query = { ...writeQuery(options), force: String(options.force ?? false) };
    // JSON is YAML, and this content type is understood by every server version.
    return accepted(await this.request("PATCH", path, { query, body: object, contentType: "application/apply-patch+yaml" }));
  }

  /** @param patch a JSON merge patch */
  async merge(path: string, patch: Values): Promise<Values> {
    return accepted(await this.request("PATCH", path, { query: writeQuery({}), body: patch, contentType: "application/merge-patch+json" }));
  }

  /** Asks for the deletion and does not wait for it. Answers whether there was such an object. */
  async delete(path: string, options: DeleteOptions = {}): Promise<boolean> {
    const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: options.propagationPolicy ?? "Background" };
    const answer = await this.request("DELETE", path, { query: { dryRun: options.dryRun ? "All" : undefined }, body });
    if (answer.status === 404) return false;
    accepted(answer);
    return true;
  }

  /** Ends all connections of this client and of those made with {@link as}. */
  close(): void {
    this.transport.close();
  }
}

/** The body of a successful answer; throws the server's error otherwise. */
export function accepted(answer: Answer): Values {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw new ApiError(answer);
}

/** The path of a collection, for example `/apis/apps/v1/namespaces/a/deployments`. */
export function collectionPath(apiVersion: string, plural: string, namespace = ""): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespace === "" ? `${root}/${plural}` : `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

/** The path of an object whose plural is known. */
export function objectPath(object: Values, plural: string): string {
  return `${collectionPath(textAt(object, "apiVersion"), plural, namespaceOf(object))}/${encodeURIComponent(nameOf(object))}`;
}

function writeQuery(options: WriteOptions): { [parameter: string]: string | undefined } {
  return { fieldManager: options.fieldManager ?? "pulumi-kubernetes", fieldValidation: "Strict", dryRun: options.dryRun ? "All" : undefined };
}

function queryString(query: { [parameter: string]: string | undefined } = {}): string {
  const parameters = new URLSearchParams();
  for (const [parameter, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(parameter, value);
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}

function parseObject(text: string): Values {
  if (!text.startsWith("{")) return {};
  return JSON.parse(text) as Values;
}
