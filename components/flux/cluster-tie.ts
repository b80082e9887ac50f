import type { Provider } from "@pulumi/kubernetes/provider.js";
import type { Settings } from "../settings/settings.ts";

/**
 * How whatever stands in the cluster is tied to it: options for objects of the whole cluster, namespaces included. What
 * stands in a namespace takes the trigger alone, since it goes with its namespace.
 */
export interface ClusterTie {
  deletedWith: Provider | undefined;
  replacementTrigger: string;
}

/**
 * A cluster of Mooring's own takes with it what is in it. The provider stands for it here: it is deleted or replaced when
 * the cluster is, and when the cluster was lost, and then there is nobody who could be asked to delete piece by piece. A
 * cluster that exists goes on, so it is cleaned.
 *
 * Another provider alone makes everything anew too, but only in the run that replaces it: after one that broke off the
 * engine would take for existing what was not made yet. Each object keeps the identifier it was made under instead.
 */
export function clusterTie({ cluster }: Settings, provider: Provider, identifier: string): ClusterTie {
  return { deletedWith: cluster.existing ? undefined : provider, replacementTrigger: identifier };
}
