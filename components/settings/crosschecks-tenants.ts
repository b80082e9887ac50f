/** Mistakes in who the tenants are and what is theirs alone. */
import type { Mistake } from "./mistake.ts";
import { nearest } from "./mistake.ts";
import { namedSecrets } from "./named-secrets.ts";
import type { NamedSecret } from "./named-secrets.ts";
import { isReservedNamespace, templateName } from "./names.ts";
import type { StackInput } from "./schema/stack.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings, TenantSettings } from "./settings.ts";

/** What is wrong with a name that no tenant has. */
export function unknownTenant(name: string, tenants: readonly TenantSettings[]): string {
  const renamed = tenants.find(({ key }) => key === name);
  const hint = nearest(name, tenants.map((tenant) => tenant.name));
  return `there is no tenant ${name}${renamed ? `; it is called ${renamed.name} now` : hint ? `; did you mean ${hint}?` : ""}`;
}

export function namespaces({ tenants }: Settings): Mistake[] {
  const mistakes: Mistake[] = [];
  const owner = new Map<string, TenantSettings>();
  for (const tenant of tenants) {
    for (const { name, path } of namespacePlaces(tenant)) {
      const other = owner.get(name);
      owner.set(name, tenant);
      const reserved = isReservedNamespace(name);
      const message = reserved
        ? `the namespace ${name} belongs to Kubernetes or the platform; choose another`
        : other === tenant
          ? `the namespace ${name} is this tenant's control namespace; choose another`
          : other && other.key !== tenant.key
            ? `the namespace ${name} is already ${other.name}'s (${other.origin}); each namespace has one tenant`
            : undefined;
      // A tenant's name that cannot be makes two namespaces that cannot be: one mistake.
      const told = reserved && mistakes.some((mistake) => mistake.path === path);
      if (message !== undefined && !told) mistakes.push({ path, message });
    }
  }
  return mistakes;
}

/** Each namespace with where it was written; one that follows from the tenant's name was written there. */
function namespacePlaces(tenant: TenantSettings): { name: string; path: string }[] {
  const { namespaces: workload, controlNamespace, name: tenantName, key, origin } = tenant;
  const derived = key === tenantName ? origin : settingPath(tenant, "formerly");
  const written = workload.map(({ name }) => ({ name, path: name === key ? derived : settingPath(tenant, `namespaces.${name}`) }));
  return [{ name: controlNamespace, path: derived }, ...written].sort((a, b) => Number(b.name === key) - Number(a.name === key));
}

/** Who has a namespace has the rights of what runs there; the platform says which ones may be taken over. */
export function adopted({ tenants, tenancy }: Settings): Mistake[] {
  return tenants.flatMap((tenant) =>
    tenant.namespaces
      .filter(({ name, adopt }) => adopt && !tenancy.adoptable.includes(name))
      .map(({ name }) => ({ path: settingPath(tenant, `namespaces.${name}.adopt`), message: `a namespace that exists is the platform's to give; add ${name} to mooring:tenancy.adoptable` })),
  );
}

/**
 * A former name is what everything of the tenant is called by, so nobody else may have it. The other checks say nothing of
 * two tenants that share one: all that they have would be told again.
 */
export function formerNames({ tenants }: Settings, written: Partial<StackInput>): Mistake[] {
  return tenants.flatMap((tenant, index) => {
    const path = settingPath(tenant, "formerly");
    if (tenant.key === tenant.name) return written.tenants?.[tenant.name]?.formerly === undefined ? [] : [{ path, message: `${tenant.name} is its name now; remove it` }];
    const namesake = tenants.find((other) => other !== tenant && other.name === tenant.key);
    if (namesake) return [{ path, message: `${tenant.key} is a tenant itself (${namesake.origin}); a former name belongs to one tenant, so give one of the two another name` }];
    const twin = tenants.slice(0, index).find((other) => other.key === tenant.key);
    return twin ? [{ path, message: `${tenant.key} is already the former name of ${twin.name} (${twin.origin}); remove it from one of the two` }] : [];
  });
}

export function repositories({ tenants, fleet, github }: Settings): Mistake[] {
  const owner = new Map<string, TenantSettings>();
  return tenants.flatMap((tenant) => {
    if (tenant.repository === undefined) return [];
    const path = settingPath(tenant, "repository.name");
    // GitHub compares names without regard to case.
    const name = tenant.repository.name.toLowerCase();
    if (fleet?.repository.name.toLowerCase() === name) return [{ path, message: `the repository ${tenant.repository.name} is the platform's own (mooring:fleet); give the team's another name` }];
    if (name === templateName("kustomize") || name === templateName("helm")) return [{ path, message: `the repository ${tenant.repository.name} is the one that teams' repositories start from; give the team's another name` }];
    const other = owner.get(name);
    owner.set(name, tenant);
    return other && other.key !== tenant.key ? [{ path, message: `the repository ${github.owner}/${tenant.repository.name} is already ${other.name}'s (${other.origin})` }] : [];
  });
}

/** Whoever tells of it is told once. */
export function channels({ tenants, notify }: Settings): Mistake[] {
  const twins = (list: Settings["notify"], at: (path: string) => string) =>
    list.flatMap(({ kind, to, secret }, index) =>
      list.slice(0, index).some((before) => before.kind === kind && before.to === to && before.secret === secret) ? [{ path: at(`notify[${index}]`), message: `${to} with the secret ${secret} stands above already` }] : [],
    );
  return [...twins(notify, (path) => `mooring:${path}`), ...tenants.flatMap((tenant) => twins(tenant.notify, (path) => settingPath(tenant, path)))];
}

/** Each secret is in one tenant's namespace alone: a value that two have, each of them has of the other. */
export function secrets(settings: Settings): Mistake[] {
  const keeper = new Map<string, NamedSecret>();
  return namedSecrets(settings).flatMap((secret) => {
    const first = keeper.get(secret.name) ?? secret;
    keeper.set(secret.name, first);
    const { tenant } = secret;
    // What nobody names any more is still stored: a team that keeps its own file does not get at it.
    if (tenant && !tenant.origin.startsWith("mooring:") && secret.name !== tenant.key && !secret.name.startsWith(`${tenant.key}-`)) {
      return [{ path: secret.path, message: `in a team's own file a secret is called ${tenant.key} or begins with ${tenant.key}-; write for example ${tenant.key}-${secret.name}` }];
    }
    if (first.tenant === tenant) return [];
    const whose = first.tenant ? `${first.tenant.name}'s (${first.tenant.origin})` : "the platform's";
    return [{ path: secret.path, message: `the secret ${secret.name} is already ${whose}; store the value under a name of this tenant's own` }];
  });
}
