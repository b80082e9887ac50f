/** What changed between two inputs of an object, and what of it the API cannot change in place. */
import type { DiffResult, Values } from "../contract.ts";
import { changedPaths, formatPath, isWithin, parsePath, type Path } from "../serve/paths.ts";
import { isAutonamed } from "./inputs.ts";
import { nameOf, namespaceOf, textAt } from "./object.ts";

export interface Mutability {
  /** The provider's `enableSecretMutable`: otherwise changed data replaces a Secret. */
  secrets: boolean;
  /** The provider's `enableConfigMapMutable`: otherwise changed data replaces a ConfigMap. */
  configMaps: boolean;
}

/**
 * Fields that replace, by group and kind. Source: `forceNew` in `provider/pkg/provider/diff.go` of
 * pulumi-kubernetes, restricted to kinds that do not need a node.
 */
const createOnly: { [groupAndKind: string]: string[] } = {
  "/ResourceQuota": ["spec.scopes"],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP"],
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "apps/Deployment": ["spec.selector"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/StatefulSet": ["spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
};

/**
 * Compares what the program declared before with what it declares now; the live object plays no part.
 *
 * The old one is deleted first when the name stays: both cannot exist. A changed version of the same group is an
 * update, since it is the same object.
 */
export function objectDiff(oldInputs: Values, news: Values, mutability: Mutability): DiffResult {
  return diffOf(oldInputs, news, createOnlyPaths(oldInputs, news, mutability));
}

/** The same for a Patch resource, of which all but the identity changes in place. */
export function patchDiff(oldInputs: Values, news: Values): DiffResult {
  return diffOf(oldInputs, news, ["metadata.name", "metadata.namespace"].map(parsePath));
}

function diffOf(oldInputs: Values, news: Values, fixed: Path[]): DiffResult {
  const changes = changedPaths(oldInputs, news);
  if (changes.length === 0) return { changes: [] };
  // `metadata` added or removed as a whole contains the name.
  const replaces = changes.filter((path) => fixed.some((outer) => isWithin(path, outer) || isWithin(outer, path)));
  const sameName = nameOf(oldInputs) === nameOf(news) && namespaceOf(oldInputs) === namespaceOf(news);
  return {
    changes: changes.map(formatPath),
    replaces: replaces.map(formatPath),
    deleteBeforeReplace: replaces.length > 0 && sameName && !isAutonamed(news),
  };
}

function createOnlyPaths(oldInputs: Values, news: Values, mutability: Mutability): Path[] {
  const paths = ["kind", "metadata.name", "metadata.namespace"];
  const group = groupOf(news);
  const kind = textAt(news, "kind");
  if (groupOf(oldInputs) !== group) paths.push("apiVersion");
  paths.push(...(createOnly[`${group}/${kind}`] ?? []));
  const immutable = oldInputs.immutable === true || news.immutable === true;
  if (group === "" && kind === "Secret" && (immutable || !mutability.secrets)) paths.push("stringData", "data");
  if (group === "" && kind === "ConfigMap" && (immutable || !mutability.configMaps)) paths.push("binaryData", "data");
  return paths.map(parsePath);
}

function groupOf(object: Values): string {
  const apiVersion = textAt(object, "apiVersion");
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}
