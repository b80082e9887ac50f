/**
 * The stand-in for the `kubernetes` provider, for places where its plugin cannot be had. It applies to a real
 * API server, with the semantics of the real provider since 4.29:
 *
 * - a create refuses an object that exists; creates and updates are server-side apply as `pulumi-kubernetes`;
 * - a preview asks the server in a dry run;
 * - a diff compares old inputs with new ones, and says what must be replaced;
 * - a delete waits until the object is gone;
 * - a cluster that does not answer when the provider is configured counts as unreachable;
 * - a Patch resource applies some fields to an object of others and gives them up again, see `kubernetes/patches.ts`;
 * - a Helm Release is handled by {@link HelmStandIn}, which knows the chart flux2 alone.
 *
 * It differs in these points. Unknown fields are refused, where the real provider warns. Values that only the server
 * sets are unknown in a preview that could not ask the server, where the real provider leaves them out. Nothing is waited
 * for after a create: objects of the kinds that need no pods are ready once they exist, and an API server without
 * nodes never makes a Deployment, Pod or Job ready. Outputs hold the live object without `managedFields`.
 */
import type { ResourceRequest, StandIn, Values } from "./contract.ts";
import { openCluster, providerDiff, type Cluster } from "./kubernetes/cluster.ts";
import { checkRelease } from "./kubernetes/helm/inputs.ts";
import { HelmStandIn, RELEASE_TYPE } from "./kubernetes/helm/release.ts";
import { named, objectMistakes, withoutReadOnly } from "./kubernetes/inputs.ts";
import { namespaceOf, textAt, withMetadata } from "./kubernetes/object.ts";
import { create, previewCreate, read, remove, update } from "./kubernetes/objects.ts";
import { createPatch, isPatch, patchMistakes, readPatch, removePatch, updatePatch } from "./kubernetes/patches.ts";
import { objectDiff, patchDiff } from "./kubernetes/replacement.ts";
import { UnreachableError } from "./kubernetes/transport.ts";
import { letGo, reach, refuseWrite } from "./kubernetes/unreachable.ts";

/**
 * @param options.crdFolder YAML files with the CRDs that the chart flux2 installs
 * @param options.environment where an exec plugin of the kubeconfig is looked up and runs, and the provider's own
 *   variables are read; default: this process's
 */
export function kubernetesStandIn(options: { crdFolder: string; environment?: NodeJS.ProcessEnv }): StandIn {
  const clusters = new Map<string, Cluster>();
  const helm = new HelmStandIn(options.crdFolder);

  const clusterOf = (request: ResourceRequest): Cluster => {
    const cluster = clusters.get(request.connection);
    if (!cluster) throw new Error(`${request.name}: no provider was configured on this connection`);
    return cluster;
  };

  return {
    package: "kubernetes",
    version: "4.34.2",

    async configure(connection, args) {
      clusters.get(connection)?.client.close();
      const cluster = openCluster(args, options.environment);
      clusters.set(connection, { ...cluster, ...(await reach(cluster.client)) });
    },

    diffConfig: providerDiff,

    async check(request) {
      const { news, olds, name, randomSeed } = request;
      const cluster = clusterOf(request);
      if (request.type === RELEASE_TYPE) return checkRelease(news, olds, name, randomSeed, cluster.defaultNamespace);
      const patch = isPatch(request.type, textAt(news, "kind"));
      const inputs = patch ? withoutReadOnly(news) : named(withoutReadOnly(news), name, randomSeed, olds);
      const failures = [...objectMistakes(news), ...(patch ? patchMistakes(news) : [])];
      return { inputs: failures.length > 0 ? inputs : await placed(cluster, inputs), failures };
    },

    diff(request) {
      if (request.type === RELEASE_TYPE) return helm.diff(request.oldInputs, request.news);
      if (isPatch(request.type, textAt(request.news, "kind"))) return patchDiff(request.oldInputs, request.news);
      return objectDiff(request.oldInputs, request.news, clusterOf(request).settings.mutability);
    },

    async create(request) {
      const { inputs, preview } = request;
      const cluster = clusterOf(request);
      if (!preview) refuseWrite(cluster, "create", request.type === RELEASE_TYPE);
      if (request.type === RELEASE_TYPE) return preview ? { id: "", outputs: helm.preview(inputs) } : helm.create(cluster, inputs);
      if (isPatch(request.type, textAt(inputs, "kind"))) return createPatch(cluster, inputs, preview);
      return preview ? previewCreate(cluster, inputs) : create(cluster, inputs);
    },

    async update(request) {
      const { news, oldInputs, oldOutputs, preview } = request;
      const cluster = clusterOf(request);
      if (!preview) refuseWrite(cluster, "update", request.type === RELEASE_TYPE);
      if (request.type === RELEASE_TYPE) return preview ? helm.preview(news) : helm.update(cluster, news);
      if (isPatch(request.type, textAt(news, "kind"))) return updatePatch(cluster, news, oldInputs, oldOutputs, preview);
      return update(cluster, news, oldOutputs, preview);
    },

    async read(request) {
      const { id, inputs, outputs } = request;
      const cluster = clusterOf(request);
      if (letGo(cluster, "read", request.type === RELEASE_TYPE)) return undefined;
      if (request.type === RELEASE_TYPE) return helm.read(cluster, id, inputs);
      const known = [outputs, inputs].find((values) => textAt(values, "kind") !== "") ?? objectOf(request.type, id);
      const found = await read(cluster, id, inputs, known);
      return found && isPatch(request.type, textAt(inputs, "kind")) ? { ...found, outputs: readPatch(inputs, outputs, found.outputs) } : found;
    },

    async delete(request) {
      const cluster = clusterOf(request);
      if (letGo(cluster, "delete", request.type === RELEASE_TYPE)) return;
      if (request.type === RELEASE_TYPE) return helm.delete(cluster, request.id, request.inputs);
      if (isPatch(request.type, textAt(request.inputs, "kind"))) return removePatch(cluster, request.inputs, request.outputs);
      return remove(cluster, request.outputs);
    },
  };
}

/** The object in its namespace: an object of a namespaced kind that names none is in the provider's. */
async function placed(cluster: Cluster, inputs: Values): Promise<Values> {
  if (namespaceOf(inputs) !== "" || cluster.unreachable !== undefined) return inputs;
  try {
    const served = await cluster.discovery.find(textAt(inputs, "apiVersion"), textAt(inputs, "kind"));
    // A kind that is not served yet is a custom one, and those are mostly namespaced.
    return served?.namespaced === false ? inputs : withMetadata(inputs, { namespace: cluster.defaultNamespace });
  } catch (error) {
    // A preview must work while the cluster is away; nothing is written then.
    if (error instanceof UnreachableError) return inputs;
    throw error;
  }
}

/** What a type token and an id say about an object: enough to find it for an import. */
function objectOf(type: string, id: string): Values {
  const [, apiVersion = "", kind = ""] = type.split(":");
  const [name = "", namespace] = id.split("/").reverse();
  return withMetadata({ apiVersion: apiVersion.replace(/^core\//, ""), kind }, { name, namespace });
}
