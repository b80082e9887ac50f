/**
 * Stands in for running Flux controllers where there is no node: it puts Flux's finalizer on Flux objects that appear,
 * and takes it off deleted ones as long as the Helm release of Flux is deployed. Objects that are deleted after the
 * release stay, as they do in a real cluster; that is what makes the order of a destroy testable.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Values } from "./contract.ts";
import { crdsOf } from "./kubernetes/helm/flux2-chart.ts";
import { revisionsOf } from "./kubernetes/helm/record.ts";
import { isValues, mapAt, metadataOf, nameOf, textAt } from "./kubernetes/object.ts";
import { ApiError, collectionPath, objectPath, type KubernetesClient } from "./kubernetes/rest.ts";
import { watch } from "./kubernetes/watch.ts";

export const FLUX_FINALIZER = "finalizers.fluxcd.io";

export interface FinalizerAgent {
  /** Ends the agent; rejects with the first thing that went wrong while it ran. */
  stop(): Promise<void>;
}

export interface FinalizerAgentOptions {
  /** May read CRDs, release records and all Flux objects, and change the latter. */
  client: KubernetesClient;
  /** The Helm release of Flux. */
  release: { namespace: string; name: string };
  /** The agent ends by itself after this time; half an hour by default. */
  lifetimeMs?: number;
}

/** Kinds whose controllers set no finalizer: alerts and providers since v1beta3, and what other controllers write. */
const withoutFinalizer = new Set(["alerts.notification.toolkit.fluxcd.io", "providers.notification.toolkit.fluxcd.io", "externalartifacts.source.toolkit.fluxcd.io"]);
const watched = new Set(Object.values(crdsOf).flat().filter((name) => !withoutFinalizer.has(name)));
const CRDS = collectionPath("apiextensions.k8s.io/v1", "customresourcedefinitions");
const PAUSE_MS = 250;

/** Starts at once; CRDs may appear later. */
export function startFinalizerAgent(options: FinalizerAgentOptions): FinalizerAgent {
  const { client, release, lifetimeMs = 30 * 60_000 } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(lifetimeMs)]);
  const failures: Error[] = [];
  const running = new Set<Promise<void>>();
  const followed = new Set<string>();

  const run = (task: Promise<void>): void => {
    const settled = task
      .catch((error: unknown) => {
        // A change by someone else, or a deletion, in the meantime: the next event tells.
        const expected = signal.aborted || (error instanceof ApiError && [404, 409].includes(error.status));
        if (!expected) failures.push(error as Error);
      })
      .finally(() => running.delete(settled));
    running.add(settled);
  };

  const tend = async (plural: string, object: Values): Promise<void> => {
    const { deletionTimestamp, finalizers, resourceVersion } = metadataOf(object);
    const present = Array.isArray(finalizers) ? finalizers : [];
    const has = present.includes(FLUX_FINALIZER);
    if (has === (deletionTimestamp === undefined)) return;
    if (has && (await revisionsOf(client, release.namespace, release.name)).at(-1)?.status !== "deployed") return;
    const next = has ? present.filter((finalizer) => finalizer !== FLUX_FINALIZER) : [...present, FLUX_FINALIZER];
    await client.merge(objectPath(object, plural), { metadata: { finalizers: next, resourceVersion: resourceVersion ?? null } });
  };

  /** Follows one kind until its CRD is gone. */
  const follow = async (crd: string, path: string, plural: string): Promise<void> => {
    while (!signal.aborted && (await client.get(`${CRDS}/${crd}`))) {
      await watch(client, path, signal, ({ type, object }) => {
        if (type !== "DELETED") run(tend(plural, object));
      }).catch(() => delay(PAUSE_MS));
    }
    followed.delete(crd);
  };

  const followAll = async (): Promise<void> => {
    while (!signal.aborted) {
      await watch(client, CRDS, signal, ({ object }) => {
        const crd = nameOf(object);
        const version = storedVersion(object);
        if (!watched.has(crd) || followed.has(crd) || !isEstablished(object) || version === undefined) return;
        followed.add(crd);
        const spec = mapAt(object, "spec");
        const plural = textAt(mapAt(spec, "names"), "plural");
        run(follow(crd, collectionPath(`${textAt(spec, "group")}/${version}`, plural), plural));
      }).catch(() => delay(PAUSE_MS));
    }
  };

  run(followAll());
  return {
    async stop() {
      stopping.abort();
      while (running.size > 0) await Promise.all(running);
      if (failures[0]) throw failures[0];
    },
  };
}

function storedVersion(crd: Values): string | undefined {
  const { versions } = mapAt(crd, "spec");
  const stored = (Array.isArray(versions) ? versions.filter(isValues) : []).find(({ storage }) => storage === true);
  return stored && textAt(stored, "name");
}

function isEstablished(crd: Values): boolean {
  const { conditions } = mapAt(crd, "status");
  return (Array.isArray(conditions) ? conditions.filter(isValues) : []).some(({ type, status }) => type === "Established" && status === "True");
}
