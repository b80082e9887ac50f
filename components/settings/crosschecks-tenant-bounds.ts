/** Mistakes in what tenants may refer to: a host name, a part of the registry and a repository have one tenant. */
import type { Mistake } from "./mistake.ts";
import { isReservedNamespace, suffixLength } from "./names.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings, TenantSettings } from "./settings.ts";

/** Whether `path` is `prefix` or lies below it. */
const below = (path: string, prefix: string): boolean => path === prefix || path.startsWith(`${prefix}/`);

const under = (host: string, suffix: string): boolean => host === suffix || host.endsWith(`.${suffix}`);

export function hosts({ tenants, tenancy: { domain } }: Settings): Mistake[] {
  const taken: { host: string; tenant: TenantSettings }[] = [];
  return tenants.flatMap((tenant) =>
    tenant.allowed.hosts.flatMap((host, index) => {
      const own = domain === undefined ? undefined : `${tenant.key}.${domain}`;
      // The default was written nowhere.
      const path = settingPath(tenant, host === own ? "allowed.hosts" : `allowed.hosts[${index}]`);
      const fault = own === undefined ? undefined : domainFault(host, domain!, own);
      if (fault !== undefined) return [{ path, message: fault }];
      const other = taken.find((entry) => entry.tenant.key !== tenant.key && (under(host, entry.host) || under(entry.host, host)));
      taken.push({ host, tenant });
      if (other === undefined) return [];
      const is = other.host === host ? "is" : under(host, other.host) ? `lies below ${other.host}, which is` : `has ${other.host} below it, which is`;
      return [{ path, message: `${host} ${is} already ${other.tenant.name}'s (${other.tenant.origin}); each host name has one tenant` }];
    }),
  );
}

/** Every tenant, those to come included, has the part of the domain that has its name. */
function domainFault(host: string, domain: string, own: string): string | undefined {
  if (under(domain, host)) return `${host} ${host === domain ? "is tenancy.domain" : `has tenancy.domain (${domain}) below it`}, where every tenant has its part; name a host of this tenant's own`;
  return under(host, domain) && !under(host, own) ? `${host} is another tenant's part of tenancy.domain, or will be; write ${own} or what lies below it` : undefined;
}

/** Kubernetes keeps them for what the cluster itself needs, and lets every namespace name them. */
export function priorityClasses({ tenants }: Settings): Mistake[] {
  return tenants.flatMap((tenant) =>
    tenant.allowed.priorityClasses.flatMap((name, index) =>
      name.startsWith("system-") ? [{ path: settingPath(tenant, `allowed.priorityClasses[${index}]`), message: `${name} is for what the cluster itself needs, and would push it off the nodes; make a class of your own` }] : [],
    ),
  );
}

interface Entry {
  value: string;
  path: string;
  /** Absent: it holds for every tenant. */
  tenant?: TenantSettings;
}

function entries({ tenants, tenancy }: Settings, own: "registries" | "sources", shared: "registries" | "charts"): Entry[] {
  return [
    ...tenancy[shared].map((value, index) => ({ value, path: `mooring:tenancy.${shared}[${index}]` })),
    ...tenants.flatMap((tenant) => tenant.allowed[own].map((value, index) => ({ value, path: settingPath(tenant, `allowed.${own}[${index}]`), tenant }))),
  ];
}

/** The first tenant to whom `holds` applies, other than the entry's own. */
const another = (entry: Entry, tenants: readonly TenantSettings[], holds: (tenant: TenantSettings) => boolean): TenantSettings | undefined =>
  tenants.find((tenant) => tenant.key !== entry.tenant?.key && holds(tenant));

/** Where images come from: of the environment's own registry never another tenant's part. */
export function registries(settings: Settings): Mistake[] {
  const own = ownRegistry(settings);
  return entries(settings, "registries", "registries").flatMap((entry) => {
    const { value, path } = entry;
    const [host = "", ...rest] = value.replace(port, "").split("/");
    if (own.test(host)) {
      return [{ path, message: rest.length > 0 ? `is the environment's own registry; write /${rest.join("/")}` : "is the whole of the environment's own registry, with every tenant's images; name a part of it, for example /shared" }];
    }
    if (host !== "") return [];
    const part = rest.join("/");
    const other = another(entry, settings.tenants, ({ key }) => below(part, key) || below(key, part));
    return other ? [{ path, message: `${value} is ${other.name}'s part of the registry (${other.origin}); share images in a part that is no tenant's` }] : [];
  });
}

/** A tenant has the part of the registry that has its name, so nothing of the platform's may be there: what a team pushes would run as Flux. */
export function registryParts(settings: Settings): Mistake[] {
  const own = ownRegistry(settings);
  const { mirror } = settings.flux;
  const mirrored = Object.entries({ "flux.mirror.images": mirror.images, "flux.mirror.chart": mirror.chart?.replace("oci://", "") }).flatMap(([setting, address = ""]) => {
    const [host = "", ...path] = address.replace(port, "").split("/");
    return own.test(host) ? [{ setting, part: path.join("/") }] : [];
  });
  const cached = settings.registry.existing ? [] : Object.entries(settings.registry.cache).map(([name, { target }]) => ({ setting: `registry.cache.${name}`, part: target.replace(/\/?\*$/, "") }));
  return settings.tenants.flatMap(({ key, name, origin }) => {
    const place = [...mirrored, ...cached].find(({ part }) => below(part, key) || below(key, part));
    return place ? [{ path: key === name ? origin : settingPath({ origin }, "formerly"), message: `${key} would be the tenant's part of the registry, and ${place.setting} is there; move that elsewhere, or give the tenant another name` }] : [];
  });
}

/** Where Flux fetches from: never another tenant's repository or part of the registry. */
export function sources(settings: Settings): Mistake[] {
  const own = ownRegistry(settings);
  const namespaces = new Set(settings.tenants.flatMap(({ controlNamespace, namespaces: workload }) => [controlNamespace, ...workload.map(({ name }) => name)]));
  const fetched = settings.tenants.flatMap((tenant) => fetchedBy(tenant).map(({ value, path }) => ({ value, path: settingPath(tenant, path), tenant })));
  return [...entries(settings, "sources", "charts"), ...fetched].flatMap((entry) => {
    const { value, path } = entry;
    const address = bare(value);
    const [host = "", ...rest] = address.split("/");
    if (own.test(host)) return [{ path, message: `is the environment's own registry; write ${rest.length > 0 ? `/${rest.join("/")}` : "a part of it"} in ${entry.tenant ? "allowed" : "tenancy"}.registries, which is for charts too` }];
    // A pod finds `service.namespace` by these two words alone.
    const [, last = "", ...further] = host.split(".");
    const inCluster = further.length === 0 && (last === "" || isReservedNamespace(last) || namespaces.has(last));
    if (inCluster || /^[0-9.]+$|\.(svc|local|internal)$|\.svc\./.test(host)) return [{ path, message: `${host} is an IP address or a name within a network, perhaps the platform's own; name a public host` }];
    const mine = settings.fleet && repositoryAddress(settings, settings.fleet.repository.name);
    if (mine !== undefined && (below(mine, address) || below(address, mine)) && entry.tenant) return [{ path, message: `${value} ${address === mine ? "is" : below(address, mine) ? "lies within" : "covers"} the platform's own repository; share charts in a repository of their own` }];
    const theirs = (tenant: TenantSettings) => followed(settings, tenant);
    const other = another(entry, settings.tenants, (tenant) => below(theirs(tenant), address) || below(address, theirs(tenant)));
    // Of two that follow the same, the second is told.
    if (other && path.endsWith(".git.url") && other.repository === undefined && settings.tenants.indexOf(entry.tenant!) < settings.tenants.indexOf(other)) return [];
    return other ? [{ path, message: `${value} ${address === theirs(other) ? "is" : below(address, theirs(other)) ? "lies within" : "covers"} the repository of ${other.name} (${other.origin}); share charts in a repository that is no tenant's` }] : [];
  });
}

/** Addresses that a tenant's own entry follows: its sources, and a repository elsewhere. */
function fetchedBy({ repository, git, sources: list }: TenantSettings): { value: string; path: string }[] {
  return [
    ...(repository ? [] : [{ value: git.url, path: "git.url" }]),
    ...list.flatMap((source) => {
      const path = `sources.${source.name}`;
      if (source.kind === "git") return [{ value: source.url, path: `${path}.git` }];
      if (source.kind === "helm") return [{ value: source.url, path: `${path}.helm` }];
      if (source.kind === "bucket") return [{ value: `https://${source.endpoint}`, path: `${path}.endpoint` }];
      return source.address.startsWith("/") ? [] : [{ value: source.address, path: `${path}.oci` }];
    }),
  ];
}

/** What leads Flux on (an index, a chart's dependencies) comes from where the platform says. */
export function chartHosts({ tenants, tenancy }: Settings): Mistake[] {
  return tenants.flatMap((tenant) =>
    fetchedBy(tenant).flatMap(({ value, path }) =>
      /\.(helm|oci|endpoint)$/.test(path) && !tenancy.charts.some((allowed) => below(value, allowed))
        ? [{ path: settingPath(tenant, path), message: `${value} is not below an address of mooring:tenancy.charts; ask the platform to add it there` }]
        : [],
    ),
  );
}

/** Of the environment's own registry a tenant's sources take what its images may come from. */
export function registrySources({ tenants, tenancy }: Settings): Mistake[] {
  return tenants.flatMap((tenant) =>
    tenant.sources.flatMap((source) => {
      if (source.kind !== "oci" || !source.address.startsWith("/")) return [];
      const parts = [`/${tenant.key}`, ...tenancy.registries, ...tenant.allowed.registries];
      return parts.some((part) => below(source.address, part)) ? [] : [{ path: settingPath(tenant, `sources.${source.name}.oci`), message: `${source.address} is not in the tenant's part of the registry; write /${tenant.key}${source.address}, or name the part in allowed.registries` }];
    }),
  );
}

/** Where a tenant's own repository is, in the form in which addresses are compared. */
const followed = (settings: Settings, { repository, git }: TenantSettings): string => (repository ? repositoryAddress(settings, repository.name) : bare(git.url));

const repositoryAddress = ({ github }: Settings, name: string): string => `${github.host}/${github.owner}/${name}`.toLowerCase();

/** The port of a host, with which it is the same registry. */
const port = /:443(?=\/|$)/;

/** An address without scheme, user and port, as it is compared; GitHub answers under several names. */
const bare = (url: string): string =>
  url.toLowerCase().replace(/^\w+:\/\/([^@/]*@)?/, "").replace(/:\d+(?=\/|$)/, "").replace(/^(ssh|www)\.github\.com/, "github.com").replace(/\.git$/, "");

/** The host of the registry, as far as it is known before it is made. */
function ownRegistry({ registry, names }: Settings): RegExp {
  const name = registry.existing?.name ?? registry.name;
  // Azure may put a hash behind the name of a registry.
  return new RegExp(`^${name === undefined ? `${names.registryPrefix}[a-z0-9]{${suffixLength}}` : name.toLowerCase()}(-[a-z0-9]+)?(\\.[a-z0-9]+\\.geo)?\\.azurecr\\.(io|cn|us)$`);
}
