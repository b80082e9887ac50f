/**
 * The stand-in for Helm, for the chart flux2 alone.
 *
 * It does not render charts. Of what the chart contains it installs the CRDs, from a folder, since they decide what the
 * API server accepts; there are no nodes that could run the rest. As Helm it keeps a record of every revision on the
 * server, refuses a name in use, and takes up CRDs that an earlier installation of the same name left behind.
 * Nothing can fail half way or become unready, so `atomic`, `skipAwait` and the like have nothing to do.
 */
import { UNKNOWN, type Created, type DiffResult, type Values } from "../../contract.ts";
import { changedPaths, formatPath } from "../../serve/paths.ts";
import type { Cluster } from "../cluster.ts";
import { mapAt, nameOf, textAt } from "../object.ts";
import { ApiError, collectionPath } from "../rest.ts";
import { deleteCrds, installCrds, readCrds } from "./crds.ts";
import { releaseId, timeoutOf, wantedCrds } from "./inputs.ts";
import { deleteRevision, markRevision, revisionsOf, writeRevision, type Revision } from "./record.ts";

export const RELEASE_TYPE = "kubernetes:helm.sh/v3:Release";

export class HelmStandIn {
  readonly #crdFolder: string;

  /** @param crdFolder YAML files with the CRDs of Flux */
  constructor(crdFolder: string) {
    this.#crdFolder = crdFolder;
  }

  diff(oldInputs: Values, news: Values): DiffResult {
    const changes = changedPaths(oldInputs, news).map(formatPath);
    return { changes, replaces: changes.filter((path) => path === "name" || path === "namespace") };
  }

  preview(inputs: Values): Values {
    return { ...inputs, status: UNKNOWN, resourceNames: UNKNOWN };
  }

  async create(cluster: Cluster, inputs: Values): Promise<Created> {
    const { name, namespace } = placeOf(inputs);
    const existing = await revisionsOf(cluster.client, namespace, name);
    if (existing.length > 0) throw new Error(`Helm release ${releaseId(inputs)}: cannot re-use a name that is still in use`);
    if (inputs.createNamespace === true) await createNamespace(cluster, namespace);
    else if (!(await cluster.client.get(`/api/v1/namespaces/${namespace}`))) throw new Error(`Helm release ${releaseId(inputs)}: create: failed to create: namespaces "${namespace}" not found`);
    return { id: releaseId(inputs), outputs: await this.#deploy(cluster, inputs, 1) };
  }

  async update(cluster: Cluster, inputs: Values): Promise<Values> {
    const { name, namespace } = placeOf(inputs);
    const revisions = await revisionsOf(cluster.client, namespace, name);
    const latest = revisions.at(-1);
    if (!latest) throw new Error(`Helm release ${releaseId(inputs)}: it has no deployed releases`);
    const outputs = await this.#deploy(cluster, inputs, latest.revision + 1);
    await markRevision(cluster.client, latest, "superseded");
    const kept = typeof inputs.maxHistory === "number" && inputs.maxHistory > 0 ? inputs.maxHistory : Number.POSITIVE_INFINITY;
    for (const revision of revisions.slice(0, Math.max(0, revisions.length + 1 - kept))) await deleteRevision(cluster.client, revision);
    return outputs;
  }

  async read(cluster: Cluster, id: string, inputs: Values): Promise<{ id: string; inputs: Values; outputs: Values } | undefined> {
    const [namespace = "", name = ""] = id.split("/");
    const latest = (await revisionsOf(cluster.client, namespace, name)).at(-1);
    if (!latest) return undefined;
    const { chart, version, values } = latest;
    const isImport = Object.keys(inputs).length === 0;
    const known: Values = isImport ? { name, namespace, chart, version } : { ...inputs, version };
    if (inputs.values !== undefined || Object.keys(values).length > 0) known.values = values;
    return { id, inputs: known, outputs: outputsOf(known, latest) };
  }

  /** First the record says so, then the CRDs go, then the records: an interrupted removal can be repeated. */
  async delete(cluster: Cluster, id: string, inputs: Values): Promise<void> {
    const [namespace = "", name = ""] = id.split("/");
    const revisions = await revisionsOf(cluster.client, namespace, name);
    const latest = revisions.at(-1);
    if (!latest) throw new Error(`Helm release ${id}: uninstall: release: not found; \`pulumi refresh\` takes it out of the state`);
    await markRevision(cluster.client, latest, "uninstalling");
    await deleteCrds(cluster, { name, namespace }, new Set(), timeoutOf(inputs));
    for (const revision of revisions) await deleteRevision(cluster.client, revision);
  }

  async #deploy(cluster: Cluster, inputs: Values, revision: number): Promise<Values> {
    const place = placeOf(inputs);
    const values = mapAt(inputs, "values");
    const names = wantedCrds(values);
    const available = readCrds(this.#crdFolder);
    const crds = names.map((name) => {
      const crd = available.get(name);
      if (!crd) throw new Error(`Helm release ${releaseId(inputs)}: the chart installs ${name}, but ${this.#crdFolder} has no such CRD`);
      return crd;
    });
    await installCrds(cluster, place, crds, mapAt(mapAt(values, "crds"), "annotations"), timeoutOf(inputs));
    await deleteCrds(cluster, place, new Set(names), timeoutOf(inputs));
    const written = { revision, status: "deployed", chart: textAt(inputs, "chart"), version: textAt(inputs, "version"), values };
    await writeRevision(cluster.client, place.namespace, place.name, written);
    return outputsOf(inputs, written);
  }
}

function outputsOf(inputs: Values, latest: Omit<Revision, "secret">): Values {
  const { name, namespace } = placeOf(inputs);
  const { chart, version, revision, status, values } = latest;
  return {
    ...inputs,
    status: { name, namespace, chart, version, revision, status },
    resourceNames: { "CustomResourceDefinition.apiextensions.k8s.io/apiextensions.k8s.io/v1": wantedCrds(values) },
  };
}

function placeOf(inputs: Values): { name: string; namespace: string } {
  return { name: textAt(inputs, "name"), namespace: textAt(inputs, "namespace") };
}

async function createNamespace(cluster: Cluster, name: string): Promise<void> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { name } } };
  try {
    await cluster.client.create(collectionPath("v1", "namespaces"), namespace, { fieldManager: "helm" });
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw new Error(`Namespace ${nameOf(namespace)} cannot be created: ${(error as Error).message}`, { cause: error });
  }
}
