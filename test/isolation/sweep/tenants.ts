/** Tenants of every sort, and everybody who acts for one of them. */
import type { Lab } from "../lab.ts";
import type { Settings, TenantSettings } from "../../../components/settings/settings.ts";
import type { User } from "./authorizer.ts";

const group = (number: number): string => `7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e${String(number).padStart(2, "0")}`;

/** Looks at two tenants: in each that is the group's own right. */
export const auditors = group(99);

const people = (number: number) => ({ owners: [group(number)], editors: [group(number + 1)], viewers: [group(number + 2)] });

/** What the user writes; the sweep takes people from here, since of a tenant that leaves the program forgets them. */
export const tenants: Record<string, Record<string, unknown> & Partial<Record<"owners" | "editors" | "viewers", string[]>>> = {
  web: { ...people(1), traffic: { ingress: { ports: [8080] }, outside: [{ name: "everywhere", cidr: "0.0.0.0/0" }] } },
  // Several namespaces, one of them from before.
  orders: {
    ...people(11),
    viewers: [group(13), auditors],
    namespaces: { orders: { share: 60 }, "orders-jobs": {}, "orders-legacy": { adopt: true } },
    identity: { serviceAccounts: ["orders-api"] },
    traffic: { callers: [{ tenant: "web", ports: [8080] }] },
  },
  payments: {
    ...people(21),
    viewers: [group(23), auditors],
    identity: { serviceAccounts: ["payments-api"] },
    vault: true,
    sops: true,
    traffic: { callers: [{ tenant: "orders", ports: [9090] }] },
  },
  operations: { ...people(31), podSecurity: "privileged", nodePool: "operations" },
  shop: { ...people(41), formerly: "boutique" },
  paused: { ...people(51), state: "suspended" },
  leaving: { ...people(61), state: "leaving", identity: { serviceAccounts: ["leaving-api"] } },
  gone: { ...people(71), state: "left" },
  // Nothing but defaults, and nobody.
  least: {},
};

export const stack = {
  registry: { name: "acmelab" },
  cluster: { administrators: ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"], pools: { apps: {}, operations: { tenant: "operations" } } },
  tenancy: { ingressNamespace: "ingress", monitoringNamespace: "monitoring", privileged: ["operations"], adoptable: ["orders-legacy"] },
  pipelines: {
    deploy: { trust: [{ name: "deployments", issuer: "https://ci.acme.example", subject: "deploy" }], namespaces: ["orders-jobs", "payments", "paused", "leaving"] },
  },
  tenants,
};

/** Somebody who acts for a tenant. */
export interface Subject extends User {
  tenant: string;
  part: "reconciler" | "owner" | "editor" | "viewer" | "pod" | "identity" | "pipeline";
}

const everybody = "system:authenticated";

/** Each is in one group alone, so two of one part are two people. */
const person = (tenant: string, part: "owner" | "editor" | "viewer", id: string): Subject => ({
  tenant,
  part,
  name: `${part}-${id.slice(-2)}@${tenant}.example`,
  groups: [id, everybody],
});

/** The groups are those that the API server itself gives an account. */
export const account = (namespace: string, name: string): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, everybody],
});

/** Whoever is signed in, and is nobody in particular. */
export const strangers: { person: User; account: User } = {
  person: { name: "stranger@acme.example", groups: [everybody] },
  account: account("default", "default"),
};

export const namespacesOf = ({ controlNamespace, namespaces }: TenantSettings): string[] => [controlNamespace, ...namespaces.map(({ name }) => name)];

/** Everybody who acts for any tenant. A pipeline acts for the tenants into whose namespaces it may deploy. */
export function subjectsOf(settings: Settings, lab: Lab): Subject[] {
  return settings.tenants.flatMap((tenant) => {
    const { name, namespaces, serviceAccounts } = tenant;
    const people = (part: "owner" | "editor" | "viewer") => (tenants[name]![`${part}s`] ?? []).map((id) => person(name, part, id));
    const deploys = namespaces.some((namespace) => settings.pipelines.deploy.namespaces.includes(namespace.name));
    return [
      ...namespacesOf(tenant).map((namespace): Subject => ({ tenant: name, part: "reconciler", ...account(namespace, "reconciler") })),
      ...[...people("owner"), ...people("editor"), ...people("viewer")],
      ...namespacesOf(tenant).map((namespace): Subject => ({ tenant: name, part: "pod", ...account(namespace, "default") })),
      ...serviceAccounts.map((own): Subject => ({ tenant: name, part: "identity", ...account(namespaces[0]!.name, own) })),
      ...(deploys ? pipelines(lab).map((user): Subject => ({ tenant: name, part: "pipeline", name: user, groups: [everybody] })) : []),
    ];
  });
}

/** The user names of deployment pipelines, as they stand in the cluster. */
function pipelines({ objects }: Lab): string[] {
  const bindings = objects.filter(({ kind }) => kind === "RoleBinding");
  const users = bindings.flatMap(({ subjects }) => subjects as { kind: string; name: string }[]).filter(({ kind }) => kind === "User");
  return [...new Set(users.map(({ name }) => name))];
}
