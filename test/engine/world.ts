/** What exists outside the state, to be compared before and after a run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Cloud } from "../../local/standins/azure/cloud.ts";
import type { Values } from "../../local/standins/contract.ts";
import type { State } from "../../local/standins/github/account.ts";
import { mapAt, metadataOf, nameOf, textAt } from "../../local/standins/kubernetes/object.ts";
import { collectionPath } from "../../local/standins/kubernetes/rest.ts";
import type { Environment } from "./environment.ts";

/** Kinds that stand in tenants' namespaces, by plural and group version. */
const kinds: Record<string, string> = {
  serviceaccounts: "v1",
  secrets: "v1",
  configmaps: "v1",
  resourcequotas: "v1",
  limitranges: "v1",
  deployments: "apps/v1",
  networkpolicies: "networking.k8s.io/v1",
  rolebindings: "rbac.authorization.k8s.io/v1",
  gitrepositories: "source.toolkit.fluxcd.io/v1",
  kustomizations: "kustomize.toolkit.fluxcd.io/v1",
};

/** Made by Kubernetes itself in every namespace. */
const byItself = ["serviceaccounts default", "configmaps kube-root-ca.crt"];

/** The objects in a namespace, `rolebindings owners`, each with what tells whether it is another one or was changed. */
export async function objectsIn({ kubernetes }: Environment, namespace: string): Promise<Map<string, Values>> {
  const lists = await Promise.all(
    Object.entries(kinds).map(async ([plural, version]) => (await kubernetes.list(collectionPath(version, plural, namespace))).map((object) => [`${plural} ${nameOf(object)}`, object] as const)),
  );
  return new Map(lists.flat().filter(([name]) => !byItself.includes(name)).map(([name, object]) => [name, substance(object)]));
}

export async function namesIn(environment: Environment, namespace: string): Promise<string[]> {
  return [...(await objectsIn(environment, namespace)).keys()].sort();
}

/** An object without what controllers and the server note on it. */
export function substance(object: Values): Values {
  const { status: _, ...declared } = object;
  const { uid, name, labels, annotations } = metadataOf(object);
  return { ...declared, metadata: { uid, name, labels: labels ?? {}, annotations: annotations ?? {} } as Values };
}

/** Names of the tenants' namespaces. */
export async function tenantNamespaces({ kubernetes }: Environment): Promise<string[]> {
  return (await kubernetes.list(collectionPath("v1", "namespaces"), { labelSelector: "toolkit.fluxcd.io/tenant" })).map(nameOf).sort();
}

/** Titles of the deploy keys of a repository at GitHub. */
export function deployKeys({ repositories }: Environment, repository: string): string[] {
  const { repositories: all, keys } = JSON.parse(readFileSync(join(repositories, "github.json"), "utf8")) as State;
  const { repoId } = all.find(({ name }) => name === repository)!;
  return keys.filter((key) => key.repoId === repoId).map(({ title }) => title);
}

/** Everything: the state with its protection, and what exists in Azure, at GitHub and in these namespaces. */
export async function world(environment: Environment, namespaces: readonly string[]): Promise<unknown> {
  const { kubernetes, platformFolder, repositories } = environment;
  return {
    state: Object.fromEntries((await environment.state()).map(({ urn, protect, inputs }) => [urn, { protect, inputs }])),
    azure: new Cloud(platformFolder).all().map(({ id, outputs }) => [id, outputs]),
    github: JSON.parse(readFileSync(join(repositories, "github.json"), "utf8")) as unknown,
    namespaces: await Promise.all(namespaces.map(async (name) => substance((await kubernetes.get(`/api/v1/namespaces/${name}`)) ?? {}))),
    objects: await Promise.all(namespaces.map(async (name) => Object.fromEntries(await objectsIn(environment, name)))),
  };
}

/** Whether a user may do something, by the API server's own word. */
export async function allowed({ kubernetes }: Environment, who: { user: string; groups?: string[] }, verb: string, resource: string, namespace: string): Promise<boolean> {
  const [name = "", group = ""] = resource.split(/\.(.*)/);
  const spec = { ...who, resourceAttributes: { verb, group, resource: name, namespace } };
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
  const answer = await kubernetes.create("/apis/authorization.k8s.io/v1/subjectaccessreviews", review as unknown as Values);
  return mapAt(answer, "status").allowed === true;
}

/** What a run did, in order: `updated Kustomization shop-sync`. Fed with the engine's lines. */
export class Journal {
  readonly done: string[] = [];

  read(line: string): void {
    const [, type, name, what] = /^\s*\S+\s+(\S+:\S+) (\S+) (created|updated|deleted|replaced) \(/.exec(line) ?? [];
    if (what !== undefined) this.done.push(`${what} ${type!.split(":").at(-1)} ${name}`);
  }
}

export const textOf = (object: Values, ...path: string[]): string => textAt(path.slice(0, -1).reduce(mapAt, object), path.at(-1)!);
