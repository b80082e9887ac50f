/** What a tenant's objects may refer to, as annotations of its namespaces: whoever may see a namespace can look it up. */
import * as pulumi from "@pulumi/pulumi";
import { httpsUrl, sshUrl } from "../settings/git-urls.ts";
import type { Settings, SourceSettings, TenancySettings, TenantSettings } from "../settings/settings.ts";
import { bounds } from "./labels.ts";

/**
 * Addresses that Flux may fetch from in the tenant's name, each with what lies below.
 * @param named whether for the control namespace, where sources of the settings are; the team's own objects may not fetch from there
 */
export function allowedSources(tenant: TenantSettings, { github, tenancy }: Settings, registryHost: string, named: boolean): string[] {
  const { repository, git, sources, allowed } = tenant;
  const repositories = repository ? [sshUrl(github, repository.name), httpsUrl(github, repository.name)] : [git.url];
  const ownParts = registries(tenant, tenancy).filter((entry) => entry.startsWith("/"));
  const all = [...repositories, ...ownParts.map((part) => `oci://${registryHost}${part}`), ...tenancy.charts, ...allowed.sources, ...(named ? sources.flatMap(addressOf) : [])].map((address) => address.replace(/\.git$/, ""));
  return [...new Set(all)];
}

/** What the platform lets Flux fetch for the tenant is allowed to it. A bucket is known by its endpoint. */
function addressOf(source: SourceSettings): string[] {
  if (source.kind === "bucket") return [source.endpoint];
  return source.kind === "oci" ? (source.address.startsWith("/") ? [] : [source.address]) : [source.url];
}

/** Where the tenant's images may come from, likewise. */
export function allowedImages(tenant: TenantSettings, { tenancy }: Settings, registryHost: string): string[] {
  return registries(tenant, tenancy).map((entry) => (entry.startsWith("/") ? registryHost + entry : entry));
}

/** Parts of the environment's registry begin with a slash; each tenant has the part of its name. */
const registries = ({ key, allowed }: TenantSettings, tenancy: TenancySettings): string[] => [`/${key}`, ...tenancy.registries, ...allowed.registries];

/** @param registryHost of the environment's registry */
export function boundsOf(tenant: TenantSettings, settings: Settings, registryHost: pulumi.Input<string>, role: "control" | "workload"): Record<string, pulumi.Input<string>> {
  const { allowed } = tenant;
  const inRegistry = (entries: (host: string) => string[]) => pulumi.output(registryHost).apply((host) => list(entries(host)));
  return {
    [bounds.name]: tenant.name,
    [bounds.namespaces]: list(tenant.namespaces.map(({ name }) => name)),
    [bounds.sources]: inRegistry((host) => allowedSources(tenant, settings, host, role === "control")),
    [bounds.images]: inRegistry((host) => allowedImages(tenant, settings, host)),
    [bounds.hosts]: list(allowed.hosts),
    [bounds.serviceTypes]: list(allowed.serviceTypes),
    [bounds.storageClasses]: allowed.storageClasses === undefined ? "*" : list(allowed.storageClasses),
    [bounds.priorityClasses]: list(allowed.priorityClasses),
    [bounds.taints]: list((tenant.nodePool?.taints ?? []).map((taint) => taint.replace(/=?:\w+$/, ""))),
  };
}

const list = (entries: readonly string[]): string => entries.join(",");
