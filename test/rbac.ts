/** What objects of a cluster let somebody do, read as the API server's RBAC reads them (kubernetes.io/docs/reference/access-authn-authz/rbac). */
import type { Values } from "../local/standins/contract.ts";

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
  resourceNames?: string[];
}

/** As bindings name somebody: a group's or user's name, or an account with its namespace. */
export const subjectName = ({ kind, name, namespace }: Subject): string => (kind === "ServiceAccount" ? `${namespace}/${name}` : name);

/** Who is bound to something in a namespace. */
export function boundIn(objects: readonly Values[], namespace: string): string[] {
  return [...new Set(bindingsIn(objects, namespace).flatMap(({ subjects }) => subjects.map(subjectName)))];
}

/** Whom a ClusterRoleBinding gives something everywhere. */
export function boundEverywhere(objects: readonly Values[]): string[] {
  return objects.filter(({ kind }) => kind === "ClusterRoleBinding").flatMap(({ subjects }) => (subjects as unknown as Subject[]).map(subjectName));
}

/** Whether somebody may do something with all objects of a resource in a namespace; `resource` with its subresource. */
export function may(objects: readonly Values[], who: string, namespace: string, verb: string, group: string, resource: string): boolean {
  const roles = bindingsIn(objects, namespace).filter(({ subjects }) => subjects.some((subject) => subjectName(subject) === who));
  return roles
    .flatMap(({ roleRef }) => rulesOf(objects, roleRef))
    .some((rule) => rule.resourceNames === undefined && matches(rule.verbs, verb) && matches(rule.apiGroups, group) && matches(rule.resources, resource));
}

const matches = (list: readonly string[], wanted: string): boolean => list.some((entry) => entry === "*" || entry === wanted);

function bindingsIn(objects: readonly Values[], namespace: string): { subjects: Subject[]; roleRef: { kind: string; name: string } }[] {
  const bindings = objects.filter(({ kind, metadata }) => kind === "RoleBinding" && (metadata as { namespace: string }).namespace === namespace);
  return bindings as unknown as ReturnType<typeof bindingsIn>;
}

/** Throws where a role is bound that is not there. */
function rulesOf(objects: readonly Values[], { kind, name }: { kind: string; name: string }): Rule[] {
  const role = objects.find((object) => object.kind === kind && (object.metadata as { name: string }).name === name);
  if (role === undefined) throw new Error(`there is no ${kind} ${name}`);
  return role.rules as unknown as Rule[];
}
