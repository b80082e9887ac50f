import type { Settings } from "./settings.ts";

/** The groups that may fetch a kubeconfig, each once: the administrators, and those that the settings name, else every tenant's owners. */
export function clusterUsers({ cluster, tenants }: Settings): string[] {
  return [...new Set([...cluster.administrators, ...(cluster.users ?? tenants.flatMap(({ owners }) => owners))])];
}
