/** Mistakes in how much tenants may use, and how. */
import { unknownTenant } from "./crosschecks-tenants.ts";
import type { Mistake } from "./mistake.ts";
import { nearest } from "./mistake.ts";
import type { StackInput } from "./schema/stack.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings, TenantSettings } from "./settings.ts";
import { amount, seconds } from "./values.ts";

/** Whether every namespace has a part of the quota, and all of it together. */
const isShared = ({ namespaces }: TenantSettings): boolean => namespaces.every(({ share }) => share > 0) && namespaces.reduce((sum, { share }) => sum + share, 0) === 100;

export function shares({ tenants }: Settings): Mistake[] {
  return tenants.flatMap((tenant) => {
    const path = settingPath(tenant, "namespaces");
    const sum = tenant.namespaces.reduce((all, { share }) => all + share, 0);
    if (sum !== 100) return [{ path, message: `the shares add up to ${sum} percent; let them add up to 100, or leave one out` }];
    return tenant.namespaces.filter(({ share }) => share === 0).map(({ name }) => ({ path: `${path}.${name}`, message: "nothing of the quota is left for it; write smaller shares for the others" }));
  });
}

/**
 * What is so small that a part of it is nothing is caught here too: a namespace without a pod runs nothing. Of parts that are
 * not shared out right nothing is concluded.
 */
export function containerDefaults({ tenants }: Settings): Mistake[] {
  return tenants.flatMap((tenant) => {
    const { containers, quota } = tenant;
    const mistakes: Mistake[] = [];
    const shared = isShared(tenant);
    if (amount(containers.diskRequest) > amount(containers.disk)) {
      mistakes.push({ path: settingPath(tenant, "containers.diskRequest"), message: `${containers.diskRequest} is more than the limit (${containers.disk}); a container may not request more than its limit` });
    }
    for (const what of ["cpu", "memory"] as const) {
      const request = containers[`${what}Request`];
      if (amount(request) > amount(containers[what])) {
        mistakes.push({ path: settingPath(tenant, `containers.${what}Request`), message: `${request} is more than the limit (${containers[what]}); a container may not request more than its limit` });
      }
      const least = shared && tenant.namespaces.map(({ name, quota: part }) => ({ name, part: part[what] })).find(({ part }) => amount(containers[what]) > amount(part));
      if (least) {
        const whole = tenant.namespaces.length === 1 ? `the whole quota (${quota[what]})` : `the part of the quota that ${least.name} has (${least.part})`;
        mistakes.push({ path: settingPath(tenant, `containers.${what}`), message: `${containers[what]} for one container is more than ${whole}; lower it, or raise quota.${what}${tenant.namespaces.length === 1 ? "" : " or the share"}` });
      }
    }
    for (const { name, quota: part } of tenant.namespaces) {
      if (shared && part.pods === 0) mistakes.push({ path: settingPath(tenant, "quota.pods"), message: `${quota.pods} for ${tenant.namespaces.length} namespaces leave ${name} without a pod; write more, or larger shares` });
    }
    return mistakes;
  });
}

/** The number of load balancers and the type of service that makes them go together. */
export function loadBalancers({ tenants }: Settings): Mistake[] {
  return tenants.flatMap((tenant) => {
    const mayHave = tenant.allowed.serviceTypes.includes("LoadBalancer");
    const count = tenant.quota.loadBalancers;
    if (count > 0 && !mayHave) return [{ path: settingPath(tenant, "quota.loadBalancers"), message: "needs the type too; write allowed.serviceTypes: [ClusterIP, LoadBalancer]" }];
    if (count === 0 && mayHave) return [{ path: settingPath(tenant, "allowed.serviceTypes"), message: "LoadBalancer needs a number too; write quota.loadBalancers: 1" }];
    return [];
  });
}

/** The admission rules about intervals and timeouts would refuse Mooring's own objects. */
export function intervals({ tenants, tenancy }: Settings): Mistake[] {
  const { minimumInterval, maximumTimeout } = tenancy;
  return tenants.flatMap((tenant) =>
    paces(tenant).flatMap(({ path, interval, timeout }) => [
      ...(interval !== undefined && seconds(interval) < seconds(minimumInterval)
        ? [{ path: settingPath(tenant, `${path}.interval`), message: `${interval} is shorter than tenancy.minimumInterval; write ${minimumInterval} or more` }]
        : []),
      ...(timeout !== undefined && seconds(timeout) > seconds(maximumTimeout)
        ? [{ path: settingPath(tenant, `${path}.timeout`), message: `${timeout} is longer than tenancy.maximumTimeout; write ${maximumTimeout} or less` }]
        : []),
    ]),
  );
}

/** What the scaffold's release waits, scaffold/helm/deploy/base/release.yaml. */
const scaffolded = "5m";

/** The rule about timeouts would refuse the scaffold's release. */
export function scaffoldTimeout({ tenants, tenancy: { maximumTimeout } }: Settings): Mistake[] {
  if (seconds(scaffolded) <= seconds(maximumTimeout) || !tenants.some(({ repository }) => repository?.scaffold === "helm")) return [];
  return [{ path: "mooring:tenancy.maximumTimeout", message: `teams that start from the scaffold helm have a release with a timeout of ${scaffolded}; write ${scaffolded} or more` }];
}

/** Every interval and timeout of a tenant, with where it is written. */
function paces({ deploy, images, imageUpdates, sources, releases, kustomizations }: TenantSettings): { path: string; interval?: string; timeout?: string }[] {
  const named = <T extends { name: string; interval?: string; timeout?: string }>(section: string, list: readonly T[]) =>
    list.map(({ name, interval, timeout }) => ({ path: `${section}.${name}`, interval, timeout }));
  return [
    { path: "deploy", interval: deploy.interval, timeout: deploy.timeout },
    ...images.map(({ interval }, index) => ({ path: `images[${index}]`, interval })),
    ...(imageUpdates ? [{ path: "imageUpdates", interval: imageUpdates.interval }] : []),
    ...named("sources", sources),
    ...named("releases", releases),
    ...releases.flatMap(({ name, install, upgrade, rollbackTimeout }) => [
      { path: `releases.${name}.install`, timeout: install.timeout },
      { path: `releases.${name}.upgrade`, timeout: upgrade.timeout },
      ...(rollbackTimeout === undefined ? [] : [{ path: `releases.${name}.rollback`, timeout: rollbackTimeout }]),
    ]),
    ...named("kustomizations", kustomizations),
  ];
}

/** Privileged pods are granted by the platform, in a place that teams with a file of their own do not write. */
export function privileged({ tenants, tenancy }: Settings, written: Partial<StackInput>): Mistake[] {
  const strangers = tenancy.privileged.flatMap((name, index) =>
    tenants.some((tenant) => tenant.name === name) ? [] : [{ path: `mooring:tenancy.privileged[${index}]`, message: unknownTenant(name, tenants) }],
  );
  const ungranted = tenants.flatMap((tenant) => {
    const where = tenant.namespaces.find(({ podSecurity }) => podSecurity === "privileged");
    if (where === undefined || tenancy.privileged.includes(tenant.name)) return [];
    const ofNamespace = written.tenants?.[tenant.name]?.namespaces?.[where.name]?.podSecurity !== undefined;
    const path = settingPath(tenant, ofNamespace ? `namespaces.${where.name}.podSecurity` : "podSecurity");
    return [{ path, message: `privileged pods reach the nodes and with them every tenant; the platform grants them: add ${tenant.name} to mooring:tenancy.privileged` }];
  });
  return [...strangers, ...ungranted];
}

export function tenantPools({ tenants, cluster }: Settings): Mistake[] {
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
