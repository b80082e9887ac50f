/** One configured provider instance: a cluster and how to treat it. */
import type { DiffResult, Values } from "../contract.ts";
import { changedPaths, formatPath } from "../serve/paths.ts";
import { UNKNOWN } from "../contract.ts";
import { credentialSource } from "./credentials.ts";
import { Discovery } from "./discovery.ts";
import { parseKubeconfig } from "./kubeconfig.ts";
import { textAt } from "./object.ts";
import type { Mutability } from "./replacement.ts";
import { connect, type KubernetesClient } from "./rest.ts";
import type { Reach } from "./unreachable.ts";

export interface Cluster extends Reach {
  client: KubernetesClient;
  discovery: Discovery;
  /** For objects and releases that name no namespace. */
  defaultNamespace: string;
  settings: { patchForce: boolean; mutability: Mutability };
}

/** Arguments that change nothing here, with the reason; any other argument that is not read below is refused. */
const withoutEffect = new Set([
  "version", // the engine's own
  "pluginDownloadURL", // the engine's own
  "clusterIdentifier", // only compared, in diffConfig
  "enableServerSideApply", // always on; "false" is refused
  "suppressDeprecationWarnings", // there are no warnings
  "suppressHelmHookWarnings",
  "kubeClientSettings", // requests are not throttled
]);

/**
 * The server is not asked yet.
 *
 * @param args as the engine sends them: every value a string, nested ones as JSON
 * @param environment where an exec plugin of the kubeconfig runs, and where the provider's own variables are
 */
export function openCluster(args: Values, environment: NodeJS.ProcessEnv = process.env): Cluster {
  const { kubeconfig, context, namespace, enablePatchForce, enableSecretMutable, enableConfigMapMutable, deleteUnreachable, ...others } = args;
  const unsupported = Object.keys(others).filter((name) => !withoutEffect.has(name));
  if (unsupported.length > 0) throw new Error(`kubernetes (stand-in): the provider argument ${unsupported.join(", ")} is not supported`);
  if (others.enableServerSideApply === "false") throw new Error("kubernetes (stand-in): enableServerSideApply cannot be switched off");
  if (typeof kubeconfig !== "string" || kubeconfig === "") {
    throw new Error("kubernetes (stand-in): the provider needs the argument kubeconfig; a resource without its own provider has none");
  }
  const config = parseKubeconfig(kubeconfig, typeof context === "string" ? context : undefined);
  const client = connect({ ...config.address, credentials: credentialSource(config.user, environment) });
  return {
    client,
    discovery: new Discovery(client),
    defaultNamespace: typeof namespace === "string" && namespace !== "" ? namespace : config.namespace,
    settings: {
      patchForce: enablePatchForce === "true",
      mutability: { secrets: enableSecretMutable === "true", configMaps: enableConfigMapMutable === "true" },
    },
    deleteUnreachable: (deleteUnreachable ?? environment.PULUMI_K8S_DELETE_UNREACHABLE) === "true",
  };
}

/**
 * Whether changed provider arguments mean another cluster, and so a replacement of everything in it. A
 * `clusterIdentifier` on both sides decides alone. Without one, a kubeconfig that is not known, or that leads to another
 * server, is another cluster. Source: `DiffConfig` of pulumi-kubernetes.
 */
export function providerDiff(olds: Values, news: Values): DiffResult {
  const changes = changedPaths(olds, news).map(formatPath);
  const [before, after] = [textAt(olds, "clusterIdentifier"), textAt(news, "clusterIdentifier")];
  if (before !== "" && after !== "") return { changes, replaces: before === after ? [] : ["clusterIdentifier"] };
  const connection = ["kubeconfig", "context"].filter((name) => changes.includes(name));
  const unknown = connection.filter((name) => news[name] === UNKNOWN);
  if (unknown.length > 0) return { changes, replaces: unknown };
  return { changes, replaces: connection.length > 0 && serverOf(olds) !== serverOf(news) ? connection : [] };
}

function serverOf(args: Values): string {
  return parseKubeconfig(textAt(args, "kubeconfig"), textAt(args, "context") || undefined).address.server;
}
