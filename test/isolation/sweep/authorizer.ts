/** What the API server's own authorizer answers, and what there is to be asked about. */
import type { Values } from "../../../local/standins/contract.ts";
import type { KubernetesClient } from "../../../local/standins/kubernetes/rest.ts";

/** Somebody who asks: as the API server knows users, with all their groups. */
export interface User {
  name: string;
  groups: string[];
}

export interface Resource {
  group: string;
  /** `pods` or `pods/log`. */
  resource: string;
}

/** A rule as the server tells it in a rules review. */
export interface Rule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

/** All that a role can name: what is done to objects, and the verbs that RBAC and admission know besides. */
export const verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "impersonate", "bind", "escalate", "use"];

/** Only in rules, never served: what one may impersonate (kubernetes.io/docs/reference/access-authn-authz/authentication, "User impersonation"). */
const virtual: Resource[] = [
  { group: "", resource: "users" },
  { group: "", resource: "groups" },
  { group: "authentication.k8s.io", resource: "uids" },
  { group: "authentication.k8s.io", resource: "userextras/scopes" },
];

/** Every resource and subresource that the server's discovery knows, whatever the version, and those that only rules name. */
export async function allResources(admin: KubernetesClient): Promise<Resource[]> {
  const { groups } = (await admin.get("/apis")) as { groups: { versions: { groupVersion: string }[] }[] };
  const served = await Promise.all(
    ["v1", ...groups.flatMap(({ versions }) => versions.map(({ groupVersion }) => groupVersion))].map(async (groupVersion) => {
      const { resources } = (await admin.get(groupVersion === "v1" ? "/api/v1" : `/apis/${groupVersion}`)) as { resources: { name: string }[] };
      return resources.map(({ name }): Resource => ({ group: groupVersion.split("/").at(-2) ?? "", resource: name }));
    }),
  );
  const unique = new Map([...served.flat(), ...virtual].map((one) => [`${one.group} ${one.resource}`, one]));
  return [...unique.values()];
}

const api = "/apis/authorization.k8s.io/v1";

/** All rules that hold for a user in a namespace, those of the whole cluster included. Throws when the server does not know them all. */
export async function rulesOf(admin: KubernetesClient, { name, groups }: User, namespace: string): Promise<Rule[]> {
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
  const { status } = await admin.as(name, groups).create(`${api}/selfsubjectrulesreviews`, body);
  const { incomplete, resourceRules, nonResourceRules } = status as unknown as { incomplete: boolean; resourceRules: Rule[]; nonResourceRules: Rule[] };
  if (incomplete) throw new Error(`the server does not know all rules of ${name} in ${namespace}`);
  return [...resourceRules, ...nonResourceRules];
}

/** @param place a namespace; absent: in the whole cluster */
export async function mayUser(admin: KubernetesClient, { name: user, groups }: User, verb: string, { group, resource }: Resource, place?: string): Promise<boolean> {
  const [plural, subresource] = resource.split("/");
  const resourceAttributes: Values = { verb, group, resource: plural!, ...(subresource !== undefined && { subresource }), ...(place !== undefined && { namespace: place }) };
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec: { user, groups, resourceAttributes } };
  const { status } = await admin.create(`${api}/subjectaccessreviews`, body);
  return (status as { allowed: boolean }).allowed;
}

/** Whether a rule gives a right to some object; as the server reads it (k8s.io/component-helpers/auth/rbac/validation). */
export function covers({ verbs: given, apiGroups = [], resources = [] }: Rule, verb: string, { group, resource }: Resource): boolean {
  const names = (list: string[], value: string) => list.includes("*") || list.includes(value);
  const subresource = resource.split("/")[1];
  return names(given, verb) && names(apiGroups, group) && (names(resources, resource) || (subresource !== undefined && resources.includes(`*/${subresource}`)));
}

/** Enough at a time to keep two cores of a server busy. */
const atATime = 24;

/** `ask` of every question, some at a time; answers in the order of the questions. */
export async function inParallel<Q, A>(questions: readonly Q[], ask: (question: Q) => Promise<A>): Promise<A[]> {
  const answers = new Array<A>(questions.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < questions.length) {
      const index = next++;
      answers[index] = await ask(questions[index]!);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return answers;
}
