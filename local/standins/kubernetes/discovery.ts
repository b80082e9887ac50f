/** Which path serves which kind, asked from the server and remembered. */
import { setTimeout as delay } from "node:timers/promises";
import type { Values } from "../contract.ts";
import { isValues, namespaceOf, nameOf, textAt, withMetadata } from "./object.ts";
import { accepted, collectionPath, objectPath, type KubernetesClient } from "./rest.ts";

export interface ServedKind {
  plural: string;
  namespaced: boolean;
}

const MISSING_IS_TRUE_FOR_MS = 1_000;
const PAUSE_MS = 250;

export class Discovery {
  readonly #client: KubernetesClient;
  readonly #kinds = new Map<string, Promise<Map<string, ServedKind>>>();
  readonly #missingUntil = new Map<string, number>();

  constructor(client: KubernetesClient) {
    this.#client = client;
  }

  /** `undefined`: the server does not serve this kind now. A kind that was missing is asked for again after a second. */
  async find(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const key = `${apiVersion}/${kind}`;
    const known = (await this.#load(apiVersion)).get(kind);
    if (known || (this.#missingUntil.get(key) ?? 0) > Date.now()) return known;
    this.#kinds.delete(apiVersion);
    const found = (await this.#load(apiVersion)).get(kind);
    if (!found) this.#missingUntil.set(key, Date.now() + MISSING_IS_TRUE_FOR_MS);
    return found;
  }

  /** As {@link find}, but waits for a kind whose definition has just been installed. */
  async wait(apiVersion: string, kind: string, timeoutMs: number): Promise<ServedKind | undefined> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = await this.find(apiVersion, kind);
      if (found || Date.now() >= deadline) return found;
      await delay(PAUSE_MS);
    }
  }

  /**
   * The paths of an object and of its collection. A namespaced object without a namespace is in `default`; a namespace
   * on an object of the whole cluster does not count.
   *
   * @throws Error when the server does not serve the kind
   */
  async paths(object: Values): Promise<{ object: string; collection: string }> {
    const [apiVersion, kind] = [textAt(object, "apiVersion"), textAt(object, "kind")];
    const served = await this.find(apiVersion, kind);
    if (!served) throw new Error(`the API server does not serve ${kind} of ${apiVersion}`);
    return pathsOf(object, served);
  }

  #load(apiVersion: string): Promise<Map<string, ServedKind>> {
    const known = this.#kinds.get(apiVersion);
    if (known) return known;
    const loading = this.#request(apiVersion);
    this.#kinds.set(apiVersion, loading);
    loading.catch(() => this.#kinds.delete(apiVersion));
    return loading;
  }

  async #request(apiVersion: string): Promise<Map<string, ServedKind>> {
    const answer = await this.#client.request("GET", apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
    if (answer.status === 404) return new Map();
    const { resources } = accepted(answer);
    const kinds = new Map<string, ServedKind>();
    for (const resource of Array.isArray(resources) ? resources.filter(isValues) : []) {
      const plural = textAt(resource, "name");
      // Subresources, such as `pods/log`, are listed as well.
      if (!plural.includes("/")) kinds.set(textAt(resource, "kind"), { plural, namespaced: resource.namespaced === true });
    }
    return kinds;
  }
}

/** The paths of an object whose kind is served as given. */
export function pathsOf(object: Values, served: ServedKind): { object: string; collection: string } {
  const namespace = served.namespaced ? namespaceOf(object) || "default" : undefined;
  const placed = withMetadata(object, { namespace });
  if (nameOf(placed) === "") throw new Error(`${textAt(object, "kind")}: metadata.name is not set`);
  return { object: objectPath(placed, served.plural), collection: collectionPath(textAt(object, "apiVersion"), served.plural, namespace) };
}
