/** What the stack holds, told to the person who started it. */
import { existsSync } from "node:fs";
import { join } from "node:path";

export interface StateResource {
  type: string;
  urn: string;
  outputs?: Record<string, unknown>;
}

export interface Summary {
  /** Resources in the stack, without the engine's own. */
  count: number;
  tenants: { name: string; namespaces: string[]; repository?: string; follows?: string }[];
  namespaces: string[];
  /** Full names, `owner/name`. */
  repositories: string[];
  registries: string[];
  clusters: string[];
  identities: { name: string; clientId: string }[];
}

/** Reads the resources of `pulumi stack export`. */
export function summarise(exported: string): Summary {
  const { deployment } = JSON.parse(exported) as { deployment: { resources?: StateResource[] } };
  const resources = deployment.resources ?? [];
  const outputsOf = (type: string): Record<string, unknown>[] => resources.filter((resource) => resource.type === type).map(({ outputs }) => outputs ?? {});
  const texts = (type: string, name: string): string[] => outputsOf(type).flatMap((outputs) => typeof outputs[name] === "string" ? [outputs[name]] : []).sort();
  return {
    count: resources.filter(({ type }) => !type.startsWith("pulumi:")).length,
    tenants: tenantsIn(outputsOf("pulumi:pulumi:Stack")[0]?.tenants),
    namespaces: outputsOf("kubernetes:core/v1:Namespace").flatMap(({ metadata }) =>
      isMap(metadata) && typeof metadata.name === "string" ? [metadata.name] : []).sort(),
    repositories: texts("github:index/repository:Repository", "fullName"),
    registries: texts("azure-native:containerregistry:Registry", "loginServer"),
    clusters: texts("azure-native:containerservice:ManagedCluster", "name"),
    identities: outputsOf("azure-native:managedidentity:UserAssignedIdentity").map(({ name, clientId }) => ({ name: String(name), clientId: String(clientId) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}

function tenantsIn(output: unknown): Summary["tenants"] {
  if (!isMap(output)) return [];
  return Object.entries(output).map(([name, tenant]) => ({
    name,
    namespaces: isMap(tenant) && Array.isArray(tenant.namespaces) ? tenant.namespaces.map(String) : [],
    repository: isMap(tenant) && typeof tenant.repository === "string" ? tenant.repository : undefined,
    follows: isMap(tenant) && typeof tenant.follows === "string" ? tenant.follows : undefined,
  })).sort((a, b) => a.name.localeCompare(b.name));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The lines about what was made. `repositories` is the folder of the bare repositories, as the person may type it. */
export function describeSummary(summary: Summary, repositories: string): string[] {
  const others = summary.namespaces.filter((name) => !summary.tenants.some(({ namespaces }) => namespaces.includes(name)));
  return [
    ...section("Tenants", summary.tenants.map(({ name, namespaces, follows }) => [name, `namespaces ${namespaces.join(", ")}`, follows === undefined ? "" : `follows ${follows}`])),
    ...section("Other namespaces", others.map((name) => [name])),
    ...section("Repositories, bare, on this disk", summary.repositories.map((name) => {
      const folder = join(repositories, `${name}.git`);
      return [name, existsSync(folder) ? folder : "not on this disk"];
    })),
    ...section("Azure, stood in for", [
      ...summary.clusters.map((name) => [name, "cluster"]),
      ...summary.registries.map((name) => [name, "registry"]),
      ...summary.identities.map(({ name, clientId }) => [name, `identity, client id ${clientId}`]),
    ]),
  ];
}

/** A heading and its rows in columns; nothing when there are no rows. */
function section(heading: string, rows: string[][]): string[] {
  if (rows.length === 0) return [];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [heading, ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd()), ""];
}
