/** The CRDs of a release on the server. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import type { Values } from "../../contract.ts";
import type { Cluster } from "../cluster.ts";
import { annotationsOf, isValues, mapAt, metadataOf, nameOf, textAt, withMetadata } from "../object.ts";
import { waitUntilGone } from "../objects.ts";
import { collectionPath, objectPath } from "../rest.ts";

const PAUSE_MS = 100;
const COLLECTION = collectionPath("apiextensions.k8s.io/v1", "customresourcedefinitions");

/** All CRDs in the YAML files of a folder, by name. */
export function readCrds(folder: string): Map<string, Values> {
  const crds = new Map<string, Values>();
  for (const file of readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)).sort()) {
    for (const document of parseAllDocuments(readFileSync(join(folder, file), "utf8"))) {
      const object = document.toJS() as Values | null;
      if (object?.kind === "CustomResourceDefinition") crds.set(nameOf(object), object);
    }
  }
  return crds;
}

/**
 * Applies CRDs as parts of a release and waits until the server serves them. One that exists must belong to the same
 * release: Helm marks what it owns, so what an uninstalled release kept is taken up again, and no other.
 *
 * @param extra annotations for each
 */
export async function installCrds(cluster: Cluster, release: { name: string; namespace: string }, crds: Values[], extra: Values, withinMs: number): Promise<void> {
  const ownership = { "meta.helm.sh/release-name": release.name, "meta.helm.sh/release-namespace": release.namespace };
  const existing = await Promise.all(crds.map((crd) => cluster.client.get(crdPath(crd))));
  for (const crd of existing) {
    if (crd && !belongsTo(crd, release)) {
      throw new Error(`CustomResourceDefinition ${nameOf(crd)} exists and does not belong to the Helm release ${release.namespace}/${release.name}: its annotation meta.helm.sh/release-name is ${JSON.stringify(annotationsOf(crd)["meta.helm.sh/release-name"] ?? null)}`);
    }
  }
  await Promise.all(
    crds.map((crd) => {
      const labels = { ...mapAt(metadataOf(crd), "labels"), "app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/part-of": "flux" };
      return cluster.client.apply(crdPath(crd), withMetadata(crd, { labels, annotations: { ...annotationsOf(crd), ...extra, ...ownership } }), { fieldManager: "helm", force: true });
    }),
  );
  const deadline = Date.now() + withinMs;
  await Promise.all(crds.map((crd) => waitUntilEstablished(cluster, crd, deadline)));
}

/** Deletes the release's CRDs, and with them every object of theirs, except those that say `helm.sh/resource-policy: keep`. */
export async function deleteCrds(cluster: Cluster, release: { name: string; namespace: string }, except: Set<string>, withinMs: number): Promise<void> {
  const installed = await cluster.client.list(COLLECTION, { labelSelector: "app.kubernetes.io/managed-by=Helm" });
  const doomed = installed.filter((crd) => belongsTo(crd, release) && !except.has(nameOf(crd)) && annotationsOf(crd)["helm.sh/resource-policy"] !== "keep");
  await Promise.all(
    doomed.map(async (item) => {
      const path = `${COLLECTION}/${nameOf(item)}`;
      await cluster.client.delete(path);
      await waitUntilGone(cluster, path, textAt(metadataOf(item), "uid"), withinMs);
    }),
  );
}

function belongsTo(crd: Values, release: { name: string; namespace: string }): boolean {
  const annotations = annotationsOf(crd);
  return annotations["meta.helm.sh/release-name"] === release.name && annotations["meta.helm.sh/release-namespace"] === release.namespace;
}

async function waitUntilEstablished(cluster: Cluster, crd: Values, deadline: number): Promise<void> {
  for (;;) {
    const { conditions } = mapAt((await cluster.client.get(crdPath(crd))) ?? {}, "status");
    const established = (Array.isArray(conditions) ? conditions.filter(isValues) : []).find(({ type }) => type === "Established");
    if (established?.status === "True") return;
    if (Date.now() >= deadline) throw new Error(`CustomResourceDefinition ${nameOf(crd)} was not established in time`);
    await delay(PAUSE_MS);
  }
}

function crdPath(crd: Values): string {
  return objectPath(crd, "customresourcedefinitions");
}
