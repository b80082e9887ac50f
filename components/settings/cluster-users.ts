import type { Settings } from "./settings.ts";

/** The groups that may fetch a kubeconfig, each once: the administrators, and those that the settings name, else every tenant's people. */
export function clusterUsers({ cluster, tenants }: Settings): string[] {
  const people = tenants.flatMap(({ owners, editors, viewers }) => [...owners, ...editors, ...viewers]);
  return [...new Set([...cluster.administrators, ...(cluster.users ?? people)])];
}
