/**
 * The state that an interrupted run left, and what becomes of its pending operations. All of it is computed here; nothing
 * is read or written.
 */
import { identify, releaseType } from "./ids.ts";
import type { Values } from "./ids.ts";

export interface Resource {
  urn: string;
  type: string;
  custom?: boolean;
  id?: string;
  inputs?: Values;
  outputs?: Values;
  /** `<urn>::<id>` of the provider instance. */
  provider?: string;
  /** Waits to be deleted; its successor may have the same URN. */
  delete?: boolean;
}

export interface Operation {
  /** `creating`, `updating`, `deleting`, `reading`, `importing`. */
  type: string;
  resource: Resource;
}

/** What `pulumi stack export` prints; members that are not named here are kept as they are. */
export interface Export {
  version: number;
  deployment: { resources?: Resource[]; pending_operations?: Operation[] };
}

/** What becomes of one pending operation. */
export type Decision =
  /** It is put into the state with this id, and stays if the provider finds it. */
  | { operation: Operation; action: "adopt"; id: string }
  /** The state has it; the provider is asked what it is like. */
  | { operation: Operation; action: "refresh" }
  /** The operation is forgotten. */
  | { operation: Operation; action: "drop"; why: string };

export function decide({ deployment }: Export): Decision[] {
  const resources = deployment.resources ?? [];
  const present = new Map(resources.filter((resource) => resource.delete !== true).map((resource) => [resource.urn, resource]));
  return (deployment.pending_operations ?? []).map((operation): Decision => {
    const { resource } = operation;
    if (present.has(resource.urn)) return { operation, action: "refresh" };
    if (operation.type === "deleting") return { operation, action: "drop", why: "the state has it no longer, or the next up deletes it" };
    if (operation.type !== "creating") return { operation, action: "drop", why: "it was only being read; the next up reads it again" };
    if (resource.custom !== true) return { operation, action: "drop", why: "exists in the state alone; the next up makes it" };
    // The engine was told that this one is made, and was killed before it wrote that down.
    if (isId(resource.id) && !resource.type.startsWith("pulumi:providers:")) return { operation, action: "adopt", id: resource.id };
    const provider = present.get(resource.provider?.replace(/::[^:]*$/, "") ?? "");
    const identity = identify({ type: resource.type, inputs: resource.inputs ?? {}, provider: provider?.inputs ?? {} });
    return "id" in identity ? { operation, action: "adopt", id: identity.id } : { operation, action: "drop", why: identity.none };
  });
}

/** The state with what is to be adopted in it; the operations stay until it is known how that ended. */
export function withAdopted(exported: Export, decisions: readonly Decision[]): Export {
  const adopted = decisions.filter((decision) => decision.action === "adopt").map(({ operation, id }) => ({ ...operation.resource, id, outputs: operation.resource.outputs ?? {} }));
  return { ...exported, deployment: { ...exported.deployment, resources: [...(exported.deployment.resources ?? []), ...adopted] } };
}

export interface Outcome {
  result: "adopted" | "refreshed" | "dropped";
  resource: Resource;
  /** The id, or why it was dropped. */
  detail: string;
  /** What a person must see to before the next `up`. */
  remark?: string;
}

/**
 * After the refresh: what became of each operation, and the state without them.
 *
 * Azure: of a resource that has no outputs yet, the provider takes every default of the service for a setting, and the next
 * `up` would undo them, some by replacing the resource. So the inputs are again those that the resource was asked
 * for with. Kubernetes, Helm and GitHub report only what the program sets, or compare with what there is.
 */
export function settle(exported: Export, decisions: readonly Decision[]): { exported: Export; outcomes: Outcome[] } {
  const { pending_operations: _, resources = [], ...rest } = exported.deployment;
  const found = new Map(resources.filter((resource) => resource.delete !== true).map((resource) => [resource.urn, resource]));
  const replaced = new Map<string, Resource | undefined>();
  const outcomes = decisions.map((decision): Outcome => {
    const { resource } = decision.operation;
    if (decision.action === "drop") return { result: "dropped", resource, detail: decision.why };
    const now = found.get(resource.urn);
    if (now === undefined) return { result: "dropped", resource, detail: decision.action === "adopt" ? `${decision.id} does not exist` : "it no longer exists" };
    if (decision.action === "refresh") return { result: "refreshed", resource, detail: now.id ?? "", remark: unfinished(now) };
    const release = unfinishedRelease(now);
    if (release !== undefined) {
      replaced.set(resource.urn, undefined);
      return { result: "dropped", resource, detail: `Helm was stopped half way (${release})`, remark: `remove it before the next up: \`helm uninstall ${decision.id.split("/")[1]} --namespace ${decision.id.split("/")[0]}\`` };
    }
    if (now.type.startsWith("azure-native:")) replaced.set(resource.urn, { ...now, inputs: resource.inputs });
    return { result: "adopted", resource, detail: decision.id, remark: unfinished(now) };
  });
  const kept = resources.flatMap((resource) => (resource.delete !== true && replaced.has(resource.urn) ? (replaced.get(resource.urn) ?? []) : [resource]));
  return { exported: { ...exported, deployment: { ...rest, resources: kept } }, outcomes };
}

/** Azure goes on with what it was asked for, and refuses other changes meanwhile. */
function unfinished({ type, outputs }: Resource): string | undefined {
  const state = outputs?.provisioningState;
  if (!type.startsWith("azure-native:") || typeof state !== "string" || state === "Succeeded") return undefined;
  return `Azure says ${state}; see that it says Succeeded before the next up`;
}

/** A release that Helm did not finish installing: it refuses to upgrade it, and to install another of its name. */
function unfinishedRelease({ type, outputs }: Resource): string | undefined {
  const status = (outputs?.status as Values | undefined)?.status;
  return type === releaseType && typeof status === "string" && status.startsWith("pending-") ? status : undefined;
}

function isId(id: string | undefined): id is string {
  return id !== undefined && id !== "";
}
