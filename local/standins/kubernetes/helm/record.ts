/**
 * The records of a release: one Secret a revision, in the form that Helm itself writes and reads (`helm list`).
 * Source: `pkg/storage/driver/secrets.go` of github.com/helm/helm.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import type { Values } from "../../contract.ts";
import { mapAt, metadataOf, nameOf, textAt, withMetadata } from "../object.ts";
import { collectionPath, objectPath, type KubernetesClient } from "../rest.ts";

export const RECORD_TYPE = "helm.sh/release.v1";

export interface Revision {
  revision: number;
  /** `deployed`, `superseded`, `uninstalling`, … */
  status: string;
  chart: string;
  version: string;
  values: Values;
  secret: Values;
}

/** The revisions of a release, oldest first. */
export async function revisionsOf(client: KubernetesClient, namespace: string, name: string): Promise<Revision[]> {
  const secrets = await client.list(collectionPath("v1", "secrets", namespace), { labelSelector: `owner=helm,name=${name}`, fieldSelector: `type=${RECORD_TYPE}` });
  return secrets.map(decode).sort((one, other) => one.revision - other.revision);
}

export async function writeRevision(client: KubernetesClient, namespace: string, name: string, revision: Omit<Revision, "secret">): Promise<void> {
  const { chart, version, status, values } = revision;
  const release = { name, namespace, version: revision.revision, info: { status, last_deployed: new Date().toISOString() }, chart: { metadata: { apiVersion: "v2", name: chart, version } }, config: values };
  await client.create(collectionPath("v1", "secrets", namespace), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `sh.helm.release.v1.${name}.v${revision.revision}`,
      namespace,
      labels: { owner: "helm", name, status, version: String(revision.revision) },
    },
    type: RECORD_TYPE,
    // Helm encodes the compressed text itself, and the API encodes it again.
    stringData: { release: gzipSync(JSON.stringify(release)).toString("base64") },
  });
}

/** Only in the labels: they are what is selected by. */
export async function markRevision(client: KubernetesClient, revision: Revision, status: string): Promise<void> {
  await client.merge(secretPath(revision), { metadata: { labels: { status } } });
}

export async function deleteRevision(client: KubernetesClient, revision: Revision): Promise<void> {
  await client.delete(secretPath(revision));
}

function secretPath(revision: Revision): string {
  return objectPath(withMetadata({ ...revision.secret, apiVersion: "v1" }, {}), "secrets");
}

function decode(secret: Values): Revision {
  const packed = Buffer.from(textAt(mapAt(secret, "data"), "release"), "base64").toString("utf8");
  let release: Values;
  try {
    release = JSON.parse(gunzipSync(Buffer.from(packed, "base64")).toString("utf8")) as Values;
  } catch {
    throw new Error(`Secret ${nameOf(secret)} is not the record of a Helm release`);
  }
  const labels = mapAt(metadataOf(secret), "labels");
  const chart = mapAt(mapAt(release, "chart"), "metadata");
  return { revision: Number(textAt(labels, "version")), status: textAt(labels, "status"), chart: textAt(chart, "name"), version: textAt(chart, "version"), values: mapAt(release, "config"), secret };
}
