/** Who may do what in a tenant's namespaces, from the grants and the roles that the program registers. */
import { controlGrants, deployable, workloadGrants } from "../../../components/tenant/access.ts";
import type { Grant } from "../../../components/tenant/access.ts";
import { reconciler } from "../../../components/tenant/labels.ts";
import type { AddOnName } from "../../../components/add-ons/catalogue.ts";
import { roleRules } from "../../../components/tenant/roles.ts";
import type { Settings, TenantSettings } from "../../../components/settings/settings.ts";
import { abilities, reach } from "./abilities.ts";
import type { Ability, Reach } from "./abilities.ts";

export type Place = "workload" | "control";

/** Somebody who may do something, in one of a tenant's namespaces. */
export interface Holder {
  namespace: string;
  place: Place;
  grant: Grant["name"];
  role: Grant["role"];
  /** Object ids of Entra groups, names of accounts with their namespace, names of pipelines. */
  who: string[];
}

export interface Column {
  place: Place;
  /** Who, in words. */
  title: string;
  reach: Reach[];
}

/** The same for every tenant: a line each ability, a column each kind of holder. */
export interface AccessMatrix {
  abilities: readonly Ability[];
  columns: Column[];
}

const titles: Record<Grant["name"], string> = {
  owners: "Owners",
  editors: "Editors",
  viewers: "Viewers",
  reconciler: "Flux, in the team's name",
  deployers: "Deployment pipelines",
  observers: "Owners, editors, viewers",
};

const order: Grant["name"][] = ["owners", "editors", "viewers", "reconciler", "deployers", "observers"];

/** The pipelines' names in Azure, by which people know them; the cluster knows their ids. */
export function pipelineNames({ names, pipelines, platform, environment }: Settings): string[] {
  return [names.identity("deploy"), ...(pipelines.deploy.secrets.length > 0 ? [`${platform}-${environment}-deploy`] : [])];
}

export function holders(tenant: TenantSettings, settings: Settings): Holder[] {
  const held = (place: Place, namespace: string, grants: Grant[]): Holder[] =>
    grants.map(({ name, role, subjects }) => ({
      namespace,
      place,
      grant: name,
      role,
      who: subjects.map((subject) => (subject.namespace === undefined ? String(subject.name) : `${subject.namespace}/${String(subject.name)}`)),
    }));
  return [
    ...tenant.namespaces.flatMap(({ name }) => held("workload", name, workloadGrants(tenant, deployable(settings, tenant, name) ? pipelineNames(settings) : []))),
    ...held("control", tenant.controlNamespace, controlGrants(tenant)),
  ];
}

/** Of a tenant that has all that a tenant can have. */
export function accessMatrix(addOns: readonly AddOnName[]): AccessMatrix {
  const rulesOf = roleRules(addOns);
  const full = { state: "active", owners: ["o"], editors: ["e"], viewers: ["v"], controlNamespace: "c", namespaces: [{ name: "w" }] } as TenantSettings;
  const column = (place: Place, title: string, roles: Grant["role"][]): Column => {
    const rules = roles.flatMap((role) => rulesOf[role]);
    return { place, title, reach: abilities.map((ability) => reach(rules, ability)) };
  };
  const columns = (place: Place, grants: Grant[]): Column[] => {
    const known = [...grants].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    // No pod runs under Flux's account; any other that a grant names is one of the team's.
    const ofPods = grants.filter(({ subjects }) => subjects.some(({ kind, name }) => kind === "ServiceAccount" && name !== reconciler)).map(({ role }) => role);
    return [...known.map(({ name, role }) => column(place, titles[name], [role])), column(place, place === "workload" ? "The team's pods" : "Flux in the team's name, pipelines, pods", ofPods)];
  };
  return { abilities, columns: [...columns("workload", workloadGrants(full, ["pipeline"])), ...columns("control", controlGrants(full))] };
}
