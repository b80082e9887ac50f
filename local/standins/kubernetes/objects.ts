/** Creating, updating, reading and deleting ordinary objects. */
import { setTimeout as delay } from "node:timers/promises";
import type { Created, Values } from "../contract.ts";
import { hasUnknown } from "../serve/values.ts";
import type { Cluster } from "./cluster.ts";
import { pathsOf, type ServedKind } from "./discovery.ts";
import { dryRunOutputs, guessedOutputs, importedInputs, liveOutputs, refreshedInputs } from "./live.ts";
import { annotationsOf, describe, idOf, mapAt, metadataOf, nameOf, textAt } from "./object.ts";
import { ApiError } from "./rest.ts";
import { UnreachableError } from "./transport.ts";

/** How long a kind, or a namespace, may take to appear: it may just have been installed. */
const APPEARS_WITHIN_MS = 30_000;
const GONE_WITHIN_MS = 10 * 60_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * The outputs a create would have. The server is asked in a dry run, except where the inputs hold unknowns, or the
 * server is not there or does not know the kind. Where it cannot judge yet (the namespace does not exist, the object still does, this
 * user may not create) the inputs stand for the outputs; any other refusal fails the preview.
 */
export async function previewCreate(cluster: Cluster, inputs: Values): Promise<Created> {
  const guess = { id: "", outputs: guessedOutputs(inputs) };
  if (hasUnknown(inputs) || cluster.unreachable !== undefined) return guess;
  try {
    const served = await find(cluster, inputs);
    if (!served) return guess;
    const answer = await cluster.client.create(pathsOf(inputs, served).collection, inputs, { dryRun: true });
    return { id: "", outputs: dryRunOutputs(answer) };
  } catch (error) {
    const tolerated = error instanceof UnreachableError || (error instanceof ApiError && (["AlreadyExists", "Forbidden"].includes(error.reason) || isNamespaceMissing(error)));
    if (tolerated) return guess;
    throw refusal(inputs, error);
  }
}

/**
 * Creates the object by server-side apply and refuses one that exists. (The real provider posts the object and hands
 * its fields over to server-side apply at the first update; asking first gives the same answers with one owner.)
 */
export async function create(cluster: Cluster, inputs: Values): Promise<Created> {
  const live = await applied(cluster, inputs, async (path) => {
    if (await cluster.client.get(path)) throw alreadyExists(inputs);
    return cluster.client.apply(path, inputs);
  });
  return { id: idOf(live), outputs: liveOutputs(live) };
}

/** What `write` answers, once the kind is served and the namespace is there. @param write is told the object's path */
export async function applied(cluster: Cluster, inputs: Values, write: (path: string) => Promise<Values>): Promise<Values> {
  const deadline = Date.now() + APPEARS_WITHIN_MS;
  const served = await cluster.discovery.wait(textAt(inputs, "apiVersion"), textAt(inputs, "kind"), APPEARS_WITHIN_MS);
  if (!served) throw notServed(inputs);
  const path = pathsOf(inputs, served).object;
  for (let pause = 100; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await write(path);
    } catch (error) {
      // The namespace may still be on its way, and a kind just installed may be listed before it is served.
      if (!(error instanceof ApiError && error.status === 404) || Date.now() >= deadline) throw refusal(inputs, error);
      await delay(pause);
    }
  }
}

/**
 * Updates by server-side apply: a field that left the inputs is given up, one that another manager owns is a conflict.
 *
 * @param fieldManager absent: that of all ordinary objects
 */
export async function update(cluster: Cluster, inputs: Values, before: Values, preview: boolean, fieldManager?: string): Promise<Values> {
  try {
    if (preview && (hasUnknown(inputs) || cluster.unreachable !== undefined)) return guessedOutputs(inputs, before);
    const served = await find(cluster, inputs);
    if (!served) {
      if (preview) return guessedOutputs(inputs, before);
      throw notServed(inputs);
    }
    const path = pathsOf(inputs, served).object;
    // An apply would create it anew, with none of what others had added to it.
    if (!(await cluster.client.get(path))) throw new Error(`${describe(inputs)} no longer exists; \`pulumi refresh\` takes it out of the state`);
    const live = await cluster.client.apply(path, inputs, { dryRun: preview, force: forced(cluster, inputs), fieldManager });
    return liveOutputs(live);
  } catch (error) {
    if (preview && error instanceof ApiError && error.reason === "Forbidden") return guessedOutputs(inputs, before);
    if (preview && error instanceof UnreachableError) return guessedOutputs(inputs, before);
    throw refusal(inputs, error);
  }
}

/**
 * The live object, `undefined` where it is gone or its kind is.
 *
 * @param inputs empty for an import
 * @param known  what says which object it is: its outputs, or its kind and name
 */
export async function read(cluster: Cluster, id: string, inputs: Values, known: Values): Promise<{ id: string; inputs: Values; outputs: Values } | undefined> {
  const served = await find(cluster, known);
  const live = served && (await cluster.client.get(pathsOf(known, served).object));
  if (!live) return undefined;
  const isImport = Object.keys(inputs).length === 0;
  return { id, inputs: isImport ? importedInputs(live) : refreshedInputs(inputs, live), outputs: liveOutputs(live) };
}

/**
 * Deletes what depends on the object first (foreground) and waits until it is gone, at most ten minutes. An object that is not
 * there is deleted, and so is one whose kind the server no longer serves. The annotation
 * `pulumi.com/deletionPropagationPolicy` chooses another order.
 */
export async function remove(cluster: Cluster, object: Values): Promise<void> {
  const served = await find(cluster, object);
  if (!served) return;
  const path = pathsOf(object, served).object;
  const policies = { background: "Background", orphan: "Orphan" } as const;
  const wanted = annotationsOf(object)["pulumi.com/deletionPropagationPolicy"];
  const propagationPolicy = policies[wanted as keyof typeof policies] ?? "Foreground";
  const uid = textAt(metadataOf((await cluster.client.get(path)) ?? {}), "uid");
  if (!(await cluster.client.delete(path, { propagationPolicy }))) return;
  await waitUntilGone(cluster, path, uid, GONE_WITHIN_MS);
}

/** Waits until there is no object at the path, or another one. @throws Error with the finalizers that hold it */
export async function waitUntilGone(cluster: Cluster, path: string, uid: string, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (let pause = 20; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const live = await cluster.client.get(path);
    if (!live || textAt(metadataOf(live), "uid") !== uid) return;
    if (Date.now() >= deadline) throw new Error(`${describe(live)} was not gone after ${Math.round(withinMs / 1000)} s: ${whatHolds(live)}`);
    await delay(pause);
  }
}

function whatHolds(live: Values): string {
  const { finalizers } = metadataOf(live);
  const own = Array.isArray(finalizers) && finalizers.length > 0 ? `finalizers ${finalizers.join(", ")}` : "no finalizers";
  const { conditions } = mapAt(live, "status");
  const content = (Array.isArray(conditions) ? (conditions as Values[]) : []).filter(({ status }) => status === "True").map((condition) => textAt(condition, "message"));
  return [own, ...content].join("; ");
}

/** Whether fields that others own are taken over. */
export function forced({ settings }: Cluster, inputs: Values): boolean {
  return settings.patchForce || annotationsOf(inputs)["pulumi.com/patchForce"] === "true";
}

export function find(cluster: Cluster, object: Values): Promise<ServedKind | undefined> {
  return cluster.discovery.find(textAt(object, "apiVersion"), textAt(object, "kind"));
}

function isNamespaceMissing(error: ApiError): boolean {
  return error.status === 404 && textAt(mapAt(error.body, "details"), "kind") === "namespaces";
}

function notServed(object: Values): Error {
  const kind = `${textAt(object, "apiVersion")}/${textAt(object, "kind")}`;
  return new Error(`${describe(object)}: the API server does not serve ${kind}; is its CustomResourceDefinition installed, and does this resource depend on what installs it?`);
}

function alreadyExists(object: Values): Error {
  return new Error(
    `${describe(object)} already exists in the cluster. If a resource was renamed, give it an alias; ` +
      `to take over an object made elsewhere, use \`pulumi import\` (${textAt(object, "apiVersion")}/${textAt(object, "kind")}, id ${idOf(object)})`,
  );
}

/** The server's refusal with the object's name in front. */
export function refusal(object: Values, error: unknown): unknown {
  if (error instanceof UnreachableError) return new Error(`${describe(object)}: the configured Kubernetes cluster is unreachable: ${error.message}`, { cause: error });
  if (!(error instanceof ApiError)) return error;
  const advice = error.reason === "Conflict" ? "; the annotation pulumi.com/patchForce: \"true\" takes the fields over" : "";
  return new Error(`${textAt(object, "kind")} ${idOf(object) || nameOf(object)} was refused by the API server: ${error.message}${advice}`, { cause: error });
}
