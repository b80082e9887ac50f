/** What is asked of the API server, as data. Everything that writes is a dry run: authorised, admitted and validated, not stored. */
import type { Values } from "../../local/standins/contract.ts";
import { accepted } from "../../local/standins/kubernetes/rest.ts";
import type { KubernetesClient } from "../../local/standins/kubernetes/rest.ts";
import type { Lab } from "./lab.ts";

export interface Reference extends Values {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

export type Request =
  | { verb: "create"; object: Values }
  /** A JSON merge patch. */
  | { verb: "change"; object: Reference; patch: Values; subresource?: string }
  | { verb: "delete" | "read" | "list"; object: Reference }
  /** With a body it is a POST, and not a dry run. */
  | { verb: "call"; path: string; body?: Values }
  /** Asks the API server's own authorizer, for what cannot be tried without a node. */
  | { verb: "may"; attributes: Values };

export const create = (object: Values): Request => ({ verb: "create", object });
export const change = (object: Reference, patch: Values, subresource?: string): Request => ({ verb: "change", object, patch, subresource });
export const remove = (object: Reference): Request => ({ verb: "delete", object });
export const read = (object: Reference): Request => ({ verb: "read", object });
export const call = (path: string, body?: Values): Request => ({ verb: "call", path, body });

/** @param resource `pods/exec` */
export const may = (verb: string, resource: string, namespace: string, group = ""): Request => {
  const [plural = "", subresource = ""] = resource.split("/");
  return { verb: "may", attributes: { verb, group, resource: plural, subresource, namespace } };
};

export const reference = (apiVersion: string, kind: string, namespace: string | undefined, name: string): Reference => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
});

/** All objects of a kind in a namespace. */
export const list = (apiVersion: string, kind: string, namespace: string): Request => ({ verb: "list", object: reference(apiVersion, kind, namespace, "all") });

/** What came back: whether it was done, and the API's own words. */
export interface Outcome {
  allowed: boolean;
  /** `403 deployments.apps "attack" is forbidden: …` */
  words: string;
}

/** A request as it goes over the wire. */
export interface Call {
  method: string;
  path: string;
  query?: { [parameter: string]: string };
  body?: Values;
  contentType?: string;
}

const query = { dryRun: "All", fieldValidation: "Strict", fieldManager: "attack" };

export async function callOf({ discovery }: Lab, request: Request): Promise<Call> {
  if (request.verb === "call") return { method: request.body ? "POST" : "GET", path: request.path, body: request.body };
  if (request.verb === "may") return { method: "POST", path: reviews, body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes: request.attributes } } };
  const { object: path, collection } = await discovery.paths(request.object);
  switch (request.verb) {
    case "create":
      return { method: "POST", path: collection, query, body: request.object };
    case "change":
      return { method: "PATCH", path: request.subresource === undefined ? path : `${path}/${request.subresource}`, query, body: request.patch, contentType: "application/merge-patch+json" };
    case "delete":
      return { method: "DELETE", path, query: { dryRun: "All" } };
    case "read":
      return { method: "GET", path };
    case "list":
      return { method: "GET", path: collection };
  }
}

const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

export async function ask(lab: Lab, client: KubernetesClient, request: Request): Promise<Outcome> {
  const { method, path, ...options } = await callOf(lab, request);
  const { status, body, text } = await client.request(method, path, options);
  if (request.verb === "may") {
    const { allowed } = accepted({ status, body, text }).status as { allowed: boolean };
    return { allowed, words: allowed ? "200 the authorizer allows it" : "403 the authorizer denies it" };
  }
  const message = typeof body.message === "string" ? body.message : text.slice(0, 300);
  const allowed = status >= 200 && status < 300;
  return { allowed, words: allowed ? String(status) : `${status} ${message}` };
}
