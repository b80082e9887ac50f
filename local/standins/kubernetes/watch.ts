/** Watching a collection. */
import type { Values } from "../contract.ts";
import { textAt } from "./object.ts";
import type { KubernetesClient } from "./rest.ts";

export interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED";
  object: Values;
}

const PERIOD_SECONDS = 45;

/**
 * Follows a collection for {@link PERIOD_SECONDS} seconds, or until `signal` ends it; the objects that exist come
 * first, as `ADDED`. The caller starts again for longer. Answers early when the server ends the watch, and rejects when
 * the collection does not exist.
 */
export async function watch(client: KubernetesClient, path: string, signal: AbortSignal, onEvent: (event: WatchEvent) => void): Promise<void> {
  const { credentials, headers } = await client.identity();
  try {
    const response = await client.transport.open({ method: "GET", path: `${path}?watch=true&timeoutSeconds=${PERIOD_SECONDS}`, headers, credentials, signal });
    if (response.statusCode !== 200) {
      response.resume();
      throw new Error(`${path} cannot be watched: HTTP ${response.statusCode}`);
    }
    response.setEncoding("utf8");
    let rest = "";
    for await (const chunk of response) {
      const lines = (rest + (chunk as string)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const event = JSON.parse(line) as Values;
        if (["ADDED", "MODIFIED", "DELETED"].includes(textAt(event, "type"))) onEvent(event as unknown as WatchEvent);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
