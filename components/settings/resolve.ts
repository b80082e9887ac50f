/** From what the user wrote to complete settings: defaults filled in, names derived. Nothing is checked here. */
import { defaults } from "./defaults.ts";
import type { Defaults, PoolDefaults } from "./defaults.ts";
import { azureNames, controlNamespace } from "./names.ts";
import type { StackInput } from "./schema/stack.ts";
import type { TenantInput } from "./schema/tenant.ts";
import type { ClusterSettings, GitRef, PoolSettings, Settings, TenantSettings } from "./settings.ts";
import { addressAt } from "./values.ts";

/** A tenant as it was written, and where. */
export interface WrittenTenant {
  name: string;
  origin: string;
  input: TenantInput;
}

export function resolve(environment: string, input: StackInput, written: readonly WrittenTenant[]): Settings {
  const fallback = defaults[input.tier];
  const network = { ...fallback.network, ...input.network };
  const cluster = resolveCluster(input.cluster, fallback.cluster);
  const manageRepositories = input.github.manageRepositories ?? true;
  return {
    platform: input.platform,
    environment,
    tier: input.tier,
    owner: input.owner,
    protect: fallback.protect,
    names: azureNames(input.platform, environment),
    azure: { ...input.azure, tags: { ...input.azure.tags, environment, owner: input.owner, "managed-by": "mooring" } },
    // The tenth address of the range is the convention for the cluster's DNS (the first is the API server's).
    network: { ...network, dnsService: addressAt(network.services, 10) },
    cluster,
    registry: { ...fallback.registry, ...input.registry },
    pipelines: {
      build: { trust: input.pipelines?.build?.trust ?? [] },
      deploy: { trust: input.pipelines?.deploy?.trust ?? [], namespaces: input.pipelines?.deploy?.namespaces ?? [] },
    },
    flux: { ...fallback.flux, ...input.flux },
    github: { owner: input.github.owner },
    tenants: written.map((tenant) => resolveTenant(environment, tenant, fallback.tenant, manageRepositories, cluster)),
  };
}

function resolveCluster(input: StackInput["cluster"], fallback: Defaults["cluster"]): ClusterSettings {
  const pools = input.pools ?? Object.fromEntries(fallback.pools.map((name) => [name, {}]));
  return {
    administrators: input.administrators,
    kubernetesVersion: input.kubernetesVersion ?? fallback.kubernetesVersion,
    sku: input.sku ?? fallback.sku,
    authorizedRanges: input.authorizedRanges ?? [],
    tags: input.tags ?? {},
    systemPool: resolvePool(input.systemPool ?? {}, fallback.systemPool),
    pools: Object.fromEntries(Object.entries(pools).map(([name, pool]) => [name, resolvePool(pool, fallback.pool)])),
    generation: input.generation ?? 1,
  };
}

type PoolInput = Partial<PoolSettings>;

function resolvePool(input: PoolInput, fallback: PoolDefaults): PoolSettings {
  // One bound alone moves the other along: `min: 5` with a default of at most 3 means 5 nodes, not a mistake.
  const min = input.min ?? Math.min(fallback.min, input.max ?? fallback.min);
  const max = input.max ?? Math.max(fallback.max, min);
  return { labels: {}, taints: [], ...fallback, ...input, min, max };
}

function resolveTenant(
  environment: string,
  { name, origin, input }: WrittenTenant,
  fallback: Defaults["tenant"],
  manageRepositories: boolean,
  cluster: ClusterSettings,
): TenantSettings {
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
    nodePool: input.nodePool === undefined ? undefined : { name: input.nodePool, taints: cluster.pools[input.nodePool]?.taints ?? [] },
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
