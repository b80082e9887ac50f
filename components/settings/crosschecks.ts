/** Mistakes that no single setting shows: settings that contradict each other or make a name that is not allowed. */
import { clusterAccess, dedicatedPools, derivedNames, existingCluster, freezes, pools, versions } from "./crosschecks-cluster.ts";
import { roleAssignments, tenantAzure, vaultAccess } from "./crosschecks-identity.ts";
import { addressRanges, egress, room, subnets } from "./crosschecks-network.ts";
import { pipelineNamespaces, pipelinePasswords, trustTwins, unreviewed } from "./crosschecks-pipelines.ts";
import { monitoring, registry } from "./crosschecks-registry.ts";
import type { Mistake } from "./mistake.ts";
import { nearest } from "./mistake.ts";
import { isReservedNamespace } from "./names.ts";
import type { StackInput } from "./schema/stack.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings, TenantSettings } from "./settings.ts";
import { amount } from "./values.ts";

export interface Crosscheck {
  /** The sections that must be right in themselves for this check to make sense; `every tenant`: no team may be missing. */
  needs: string[];
  /** `written` is what the user wrote, without the defaults. */
  find(settings: Settings, written: Partial<StackInput>): Mistake[];
}

export const crosschecks: Crosscheck[] = [
  { needs: ["platform", "cluster", "monitoring"], find: derivedNames },
  { needs: ["network"], find: addressRanges },
  { needs: ["cluster", "network"], find: room },
  { needs: ["network", "cluster"], find: egress },
  { needs: ["network", "cluster", "registry"], find: subnets },
  { needs: ["cluster"], find: pools },
  { needs: ["tier", "azure", "cluster"], find: clusterAccess },
  { needs: ["cluster"], find: freezes },
  { needs: ["cluster", "network", "monitoring"], find: existingCluster },
  { needs: ["cluster", "flux"], find: versions },
  { needs: ["tier", "azure", "registry", "network", "cluster"], find: registry },
  { needs: ["tier", "monitoring"], find: monitoring },
  { needs: ["pipelines", "tenants"], find: trustTwins },
  { needs: ["pipelines"], find: pipelinePasswords },
  { needs: ["tier", "pipelines", "tenants"], find: unreviewed },
  { needs: ["pipelines", "tenants", "every tenant"], find: pipelineNamespaces },
  { needs: ["tenants"], find: namespaces },
  { needs: ["tenants"], find: repositories },
  { needs: ["tenants"], find: containerDefaults },
  { needs: ["tenants"], find: channels },
  { needs: ["tenants", "cluster"], find: tenantPools },
  { needs: ["tenants", "every tenant", "cluster"], find: dedicatedPools },
  { needs: ["tenants", "registry"], find: tenantAzure },
  { needs: ["tier", "tenants", "cluster", "vaults"], find: vaultAccess },
  { needs: ["tenants", "cluster"], find: roleAssignments },
];

function namespaces({ tenants }: Settings): Mistake[] {
  const mistakes: Mistake[] = [];
  const owner = new Map<string, TenantSettings>();
  for (const tenant of tenants) {
    for (const namespace of [tenant.namespace, tenant.controlNamespace]) {
      const other = owner.get(namespace);
      const path = namespace === tenant.namespace && namespace !== tenant.name ? settingPath(tenant, "namespace") : tenant.origin;
      if (isReservedNamespace(namespace)) mistakes.push({ path, message: `the namespace ${namespace} belongs to Kubernetes or the platform; choose another` });
      else if (other === tenant) mistakes.push({ path, message: `the namespace ${namespace} is this tenant's control namespace; choose another` });
      else if (other) mistakes.push({ path, message: `the namespace ${namespace} is already ${other.name}'s (${other.origin}); each namespace has one tenant` });
      owner.set(namespace, tenant);
    }
  }
  return mistakes;
}

function repositories({ tenants }: Settings): Mistake[] {
  const owner = new Map<string, TenantSettings>();
  return tenants.flatMap((tenant) => {
    // GitHub compares names without regard to case.
    const name = tenant.repository.name.toLowerCase();
    const other = owner.get(name);
    owner.set(name, tenant);
    return other ? [{ path: settingPath(tenant, "repository.name"), message: `the repository ${tenant.repository.name} is already ${other.name}'s (${other.origin})` }] : [];
  });
}

function containerDefaults({ tenants }: Settings): Mistake[] {
  return tenants.flatMap((tenant) => {
    const { containers, quota } = tenant;
    const mistakes: Mistake[] = [];
    for (const what of ["cpu", "memory"] as const) {
      const request = containers[`${what}Request`];
      if (amount(request) > amount(containers[what])) {
        mistakes.push({ path: settingPath(tenant, `containers.${what}Request`), message: `${request} is more than the limit (${containers[what]}); a container may not request more than its limit` });
      }
      if (amount(containers[what]) > amount(quota[what])) {
        mistakes.push({ path: settingPath(tenant, `containers.${what}`), message: `${containers[what]} for one container is more than the whole quota (${quota[what]})` });
      }
    }
    return mistakes;
  });
}

function channels({ tenants }: Settings): Mistake[] {
  return tenants.flatMap((tenant) =>
    tenant.notify.flatMap(({ secret, channel }, index) =>
      tenant.notify.slice(0, index).some((other) => other.channel === channel && other.secret === secret)
        ? [{ path: settingPath(tenant, `notify[${index}]`), message: `${channel} with the secret ${secret} stands above already` }]
        : [],
    ),
  );
}

function tenantPools({ tenants, cluster }: Settings): Mistake[] {
  const pools: Record<string, { taints: string[]; tenant?: string }> = cluster.existing?.pools ?? cluster.pools;
  const where = cluster.existing ? "cluster.existing.pools" : "cluster.pools";
  const known = Object.keys(pools);
  return tenants.flatMap((tenant) => {
    const name = tenant.nodePool?.name;
    if (name === undefined) return [];
    const path = settingPath(tenant, "nodePool");
    const keeper = pools[name]?.tenant;
    if (keeper !== undefined && keeper !== tenant.name) return [{ path, message: `the pool ${name} is kept for ${keeper} (${where}.${name}.tenant); name another` }];
    if (known.includes(name)) return [];
    const hint = nearest(name, known);
    return [{ path, message: `there is no pool ${name} in ${where}; ${hint ? `did you mean ${hint}?` : known.length > 0 ? `there are ${known.join(", ")}` : "add it there"}` }];
  });
}
