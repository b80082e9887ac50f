/** What stands in the Secrets of a cluster. */
import type { Values } from "../../../local/standins/contract.ts";
import { nameOf } from "../../../local/standins/kubernetes/object.ts";
import { collectionPath } from "../../../local/standins/kubernetes/rest.ts";
import type { Environment } from "../environment.ts";

/** The Secrets of a namespace by name, in clear. */
export async function secretsIn({ kubernetes }: Environment, namespace: string): Promise<Record<string, Record<string, string>>> {
  const all = await kubernetes.list(collectionPath("v1", "secrets", namespace));
  const clear = ({ data }: Values): Record<string, string> => Object.fromEntries(Object.entries((data ?? {}) as Record<string, string>).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
  return Object.fromEntries(all.map((secret) => [nameOf(secret), clear(secret)]));
}
