/** Who asks: each with the groups that the real authenticator gives, so that no right is missed that comes through a group. */
import { accepted, KubernetesClient } from "../../local/standins/kubernetes/rest.ts";
import type { Lab } from "./lab.ts";

export interface Subject {
  /** As it stands in a test's name. */
  title: string;
  user: string;
  groups: string[];
  /** Present: it comes with a token that the API server minted for this account, as a pod does, and nobody impersonates it. */
  token?: { namespace: string; account: string };
}

const everybody = "system:authenticated";

/** A service account, as whoever impersonates it: groups as in k8s.io/apiserver, pkg/authentication/serviceaccount MakeGroupNames. */
export function account(namespace: string, name: string, title = `the account ${namespace}:${name}`): Subject {
  return { title, user: `system:serviceaccount:${namespace}:${name}`, groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, everybody] };
}

/** Flux, which applies what a team ships in the name of this account. */
export const reconciler = (namespace: string): Subject => account(namespace, "reconciler", `Flux as ${namespace}:reconciler`);

/** A member of an Entra group: AKS takes the name from the token, and the ids of the groups. */
export const member = (role: string, tenant: string, group: string): Subject => ({ title: `${role} of ${tenant}`, user: `${role}@acme.example`, groups: [group, everybody] });

/** A process in a pod, with the token that it would find there. */
export const pod = (namespace: string, name: string): Subject => ({ ...account(namespace, name, `a pod of ${namespace}:${name}`), token: { namespace, account: name } });

/** Who makes the pods of a team's workloads. */
export const podMaker: Subject = account("kube-system", "replicaset-controller", "the ReplicaSet controller");

/** The API server as `subject` sees it. */
export async function clientOf({ admin }: Lab, { user, groups, token }: Subject): Promise<KubernetesClient> {
  if (token === undefined) return admin.as(user, groups);
  const path = `/api/v1/namespaces/${token.namespace}/serviceaccounts/${token.account}/token`;
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } };
  const { status } = accepted(await admin.request("POST", path, { body: request }));
  const credentials = { token: (status as { token: string }).token };
  return new KubernetesClient(admin.server, admin.transport, () => Promise.resolve(credentials), {});
}
