/** Mistakes that no single setting shows: settings that contradict each other or make a name that is not allowed. */
import { addressRanges, room } from "./crosschecks-network.ts";
import type { Mistake } from "./mistake.ts";
import { nearest } from "./mistake.ts";
import { azureNameRules, isReservedNamespace, nameFault } from "./names.ts";
import type { Settings, TenantSettings } from "./settings.ts";
import { amount } from "./values.ts";
import { compareMinor, fluxVersions } from "./versions.ts";

export interface Crosscheck {
  /** The sections that must be right in themselves for this check to make sense; `every tenant`: no team may be missing. */
  needs: string[];
  find(settings: Settings): Mistake[];
}

export const crosschecks: Crosscheck[] = [
  { needs: ["platform"], find: derivedNames },
  { needs: ["network"], find: addressRanges },
  { needs: ["cluster", "network"], find: room },
  { needs: ["cluster"], find: pools },
  { needs: ["cluster", "flux"], find: versions },
  { needs: ["pipelines"], find: pipelineTrust },
  { needs: ["pipelines", "tenants", "every tenant"], find: pipelineNamespaces },
  { needs: ["tenants"], find: namespaces },
  { needs: ["tenants"], find: repositories },
  { needs: ["tenants"], find: containerDefaults },
  { needs: ["tenants"], find: channels },
  { needs: ["tenants", "cluster"], find: tenantPools },
];

function derivedNames({ names, environment }: Settings): Mistake[] {
  return azureNameRules(names)
    .map(nameFault)
    .filter((fault) => fault !== undefined)
    .map((fault) => ({ path: `stack ${environment}`, message: `the stack's name ${fault}; shorten the stack's name or mooring:platform` }));
}

function pools({ cluster }: Settings): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [path, pool] of [["systemPool", cluster.systemPool] as const, ...Object.entries(cluster.pools).map(([name, pool]) => [`pools.${name}`, pool] as const)]) {
    if (pool.min > pool.max) mistakes.push({ path: `mooring:cluster.${path}.min`, message: `${pool.min} is more than max (${pool.max})` });
  }
  if ("system" in cluster.pools) {
    mistakes.push({ path: "mooring:cluster.pools.system", message: "the name system belongs to the cluster's own pool (systemPool); choose another" });
  }
  const open = Object.values(cluster.pools).some(({ taints }) => taints.every((taint) => taint.endsWith(":PreferNoSchedule")));
  if (!open) {
    mistakes.push({ path: "mooring:cluster.pools", message: "there is no pool without a taint, so Flux has no node to run on; add one, for example apps: {}" });
  }
  return mistakes;
}

function versions({ cluster, flux }: Settings): Mistake[] {
  const known = fluxVersions[flux.chart];
  if (known === undefined) {
    return [{ path: "mooring:flux.chart", message: `chart version ${flux.chart} is not one that Mooring knows; write one of ${Object.keys(fluxVersions).join(", ")}` }];
  }
  const { oldest, newest } = known.kubernetes;
  if (compareMinor(cluster.kubernetesVersion, oldest) >= 0 && compareMinor(cluster.kubernetesVersion, newest) <= 0) return [];
  return [
    {
      path: "mooring:cluster.kubernetesVersion",
      message: `Flux ${known.flux} (chart ${flux.chart}) supports Kubernetes ${oldest} to ${newest}, not ${cluster.kubernetesVersion}`,
    },
  ];
}

function pipelineTrust({ pipelines }: Settings): Mistake[] {
  return (["build", "deploy"] as const).flatMap((purpose) => {
    const { trust } = pipelines[purpose];
    const path = (index: number) => `mooring:pipelines.${purpose}.trust[${index}]`;
    return trust.flatMap((entry, index) => {
      const before = trust.slice(0, index);
      if (before.some((other) => other.name === entry.name)) return [{ path: path(index), message: `the name ${entry.name} is already used above` }];
      if (before.some((other) => other.issuer === entry.issuer && other.subject === entry.subject)) {
        return [{ path: path(index), message: "the same issuer and subject stand above already; Azure takes each pair once" }];
      }
      return [];
    });
  });
}

function pipelineNamespaces({ pipelines, tenants }: Settings): Mistake[] {
  const known = tenants.map((tenant) => tenant.namespace);
  return pipelines.deploy.namespaces.flatMap((namespace, index) => {
    const path = `mooring:pipelines.deploy.namespaces[${index}]`;
    if (pipelines.deploy.namespaces.indexOf(namespace) < index) return [{ path, message: `${namespace} stands above already` }];
    if (known.includes(namespace)) return [];
    const hint = nearest(namespace, known);
    return [{ path, message: `no tenant has the namespace ${namespace}${hint ? `; did you mean ${hint}?` : ""}` }];
  });
}

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
  const known = Object.keys(cluster.pools);
  return tenants.flatMap((tenant) => {
    const name = tenant.nodePool?.name;
    if (name === undefined || known.includes(name)) return [];
    const hint = nearest(name, known);
    return [{ path: settingPath(tenant, "nodePool"), message: `there is no pool ${name} in cluster.pools; ${hint ? `did you mean ${hint}?` : `there are ${known.join(", ")}`}` }];
  });
}

/** The path of a tenant's setting, in the stack file or in the team's own file. */
export function settingPath(tenant: { origin: string }, setting: string): string {
  return tenant.origin.startsWith("mooring:") ? `${tenant.origin}.${setting}` : `${tenant.origin}: ${setting}`;
}
