/** A tenant's settings from what the user wrote. */
import type { Defaults } from "./defaults.ts";
import { controlNamespace } from "./names.ts";
import type { TenantInput } from "./schema/tenant.ts";
import type { ClusterSettings, GitRef, TenantSettings } from "./settings.ts";
import { federated } from "./trust.ts";

/** A tenant as it was written, and where. */
export interface WrittenTenant {
  name: string;
  origin: string;
  input: TenantInput;
}

export interface Surroundings {
  environment: string;
  cluster: ClusterSettings;
  entraTenant: string;
  fallback: Defaults["tenant"];
  manageRepositories: boolean;
}

export function resolveTenant({ name, origin, input }: WrittenTenant, { environment, cluster, entraTenant, fallback, manageRepositories }: Surroundings): TenantSettings {
  const { branch, tag, semver } = input.deploy ?? {};
  const ref: GitRef = branch !== undefined ? { branch } : tag !== undefined ? { tag } : semver !== undefined ? { semver } : fallback.ref;
  return {
    name,
    origin,
    description: input.description,
    owners: input.owners ?? [],
    namespace: input.namespace ?? name,
    controlNamespace: controlNamespace(name),
    podSecurity: input.podSecurity ?? fallback.podSecurity,
    quota: { ...fallback.quota, ...input.quota },
    containers: { ...fallback.containers, ...input.containers },
    nodePool: nodePool(name, input.nodePool, cluster),
    serviceAccounts: input.identity?.serviceAccounts ?? [],
    vault: input.vault ?? false,
    sops: input.sops ?? false,
    buildTrust: (input.build?.trust ?? []).map((entry) => federated(entry, entraTenant)),
    repository: { name, manage: manageRepositories, visibility: "private", keyRotation: 1, ...input.repository },
    deploy: {
      path: input.deploy?.path ?? `./deploy/${environment}`,
      ref,
      interval: input.deploy?.interval ?? fallback.interval,
      timeout: input.deploy?.timeout ?? fallback.timeout,
    },
    notify: (input.notify ?? []).map(({ slack, secret, severity }) => ({ channel: slack, secret, severity: severity ?? fallback.severity })),
  };
}

/** The pool that the tenant names, else the one that is kept for it. */
function nodePool(tenant: string, written: string | undefined, { existing, pools }: ClusterSettings): TenantSettings["nodePool"] {
  const all: Record<string, { taints: string[]; tenant?: string }> = existing?.pools ?? pools;
  const name = written ?? Object.keys(all).find((pool) => all[pool]!.tenant === tenant);
  return name === undefined ? undefined : { name, taints: all[name]?.taints ?? [] };
}
