/** A tenant's settings from what the user wrote. */
import { closedRanges, closedWithin } from "./closed-ranges.ts";
import type { Defaults } from "./defaults.ts";
import { controlNamespace } from "./names.ts";
import { percentages, quotaShares } from "./quota-shares.ts";
import type { TenantInput } from "./schema/tenant.ts";
import type { ClusterSettings, NamespaceSettings, NetworkSettings, QuotaSettings, TenantSettings, TrafficSettings } from "./settings.ts";
import { sizes } from "./sizes.ts";
import { isLeaving } from "./tenant-state.ts";
import { resolveDelivery } from "./resolve-delivery.ts";
import type { DeliverySurroundings } from "./resolve-delivery.ts";
import { federated } from "./trust.ts";

/** A tenant as it was written, and where. */
export interface WrittenTenant {
  name: string;
  origin: string;
  input: TenantInput;
}

export interface Surroundings extends DeliverySurroundings {
  cluster: ClusterSettings;
  network: Omit<NetworkSettings, "dnsService">;
  entraTenant: string;
  tenancy: DeliverySurroundings["tenancy"] & { protect: boolean; domain?: string };
}

export function resolveTenant({ name, origin, input }: WrittenTenant, surroundings: Surroundings): TenantSettings {
  const { cluster, entraTenant, fallback, tenancy } = surroundings;
  const key = input.formerly ?? name;
  const state = input.state ?? "active";
  const goes = isLeaving(state);
  const quota = { ...sizes[input.size ?? fallback.size], ...input.quota };
  const workload = namespaces(key, input, quota, fallback);
  const people = (groups: string[] | undefined) => (goes ? [] : (groups ?? []));
  return {
    name,
    key,
    origin,
    description: input.description,
    state,
    protect: state === "left" ? false : (input.protect ?? tenancy.protect),
    owners: people(input.owners),
    editors: people(input.editors),
    viewers: people(input.viewers),
    namespaces: workload,
    controlNamespace: controlNamespace(key),
    quota,
    containers: { ...fallback.containers, ...input.containers },
    nodePool: nodePool(name, input.nodePool, cluster),
    allowed: {
      sources: input.allowed?.sources ?? [],
      registries: input.allowed?.registries ?? [],
      storageClasses: input.allowed?.storageClasses,
      priorityClasses: input.allowed?.priorityClasses ?? [],
      serviceTypes: input.allowed?.serviceTypes ?? ["ClusterIP"],
      hosts: input.allowed?.hosts ?? (tenancy.domain === undefined ? [] : [`${key}.${tenancy.domain}`]),
    },
    traffic: traffic(input.traffic, surroundings),
    serviceAccounts: input.identity?.serviceAccounts ?? [],
    vault: input.vault ?? false,
    sops: input.sops ?? false,
    buildTrust: goes ? [] : (input.build?.trust ?? []).map((entry) => federated(entry, entraTenant)),
    ...resolveDelivery(key, workload.map((namespace) => namespace.name), input, surroundings),
  };
}

/** Tells each caller whom it may call. A caller that is no tenant is left out; a cross-check names it. */
export function linkCallers(tenants: readonly TenantSettings[]): TenantSettings[] {
  const keys = new Map(tenants.map(({ name, key }) => [name, key]));
  const calls = new Map<string, TrafficSettings["calls"]>();
  for (const { name, key, traffic } of tenants) {
    for (const caller of traffic.callers) calls.set(caller.tenant, [...(calls.get(caller.tenant) ?? []), { tenant: name, key, ports: caller.ports }]);
  }
  return tenants.map((tenant) => ({
    ...tenant,
    traffic: {
      ...tenant.traffic,
      callers: tenant.traffic.callers.map((caller) => ({ ...caller, key: keys.get(caller.tenant) ?? caller.tenant })),
      // The order of the teams in the file is no reason to change another team's rules.
      calls: (calls.get(tenant.name) ?? []).sort((a, b) => (a.tenant < b.tenant ? -1 : 1)),
    },
  }));
}

function namespaces(key: string, { namespaces: written = { [key]: {} }, podSecurity }: TenantInput, quota: QuotaSettings, fallback: Defaults["tenant"]): NamespaceSettings[] {
  // Pulumi hands maps on in the order of their keys, a team's file in its own. Where identities are must not depend on that.
  const entries = Object.entries(written).sort(([a], [b]) => Number(b === key) - Number(a === key) || (a < b ? -1 : 1));
  const percent = percentages(entries.map(([, entry]) => entry?.share));
  const quotas = quotaShares(quota, percent);
  return entries.map(([name, entry], index) => ({
    name,
    adopt: entry?.adopt ?? false,
    podSecurity: entry?.podSecurity ?? podSecurity ?? fallback.podSecurity,
    share: percent[index]!,
    quota: quotas[index]!,
  }));
}

function traffic(input: TenantInput["traffic"], surroundings: Surroundings): TrafficSettings {
  const closed = closedRanges(surroundings);
  return {
    callers: (input?.callers ?? []).map(({ tenant, ports }) => ({ tenant, key: tenant, ports })),
    calls: [],
    ingressPorts: input?.ingress?.ports ?? [],
    monitoringPorts: input?.monitoring?.ports ?? [],
    outside: (input?.outside ?? []).map(({ name, cidr, ports = [443], protocol = "TCP" }) => ({ name, cidr, except: closedWithin(cidr, closed), ports, protocol })),
  };
}

/** The pool that the tenant names, else the one that is kept for it. */
function nodePool(tenant: string, written: string | undefined, { existing, pools }: ClusterSettings): TenantSettings["nodePool"] {
  const all: Record<string, { taints: string[]; tenant?: string }> = existing?.pools ?? pools;
  const name = written ?? Object.keys(all).find((pool) => all[pool]!.tenant === tenant);
  return name === undefined ? undefined : { name, taints: all[name]?.taints ?? [] };
}
