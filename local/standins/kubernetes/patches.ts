/**
 * Patch resources, such as `NamespacePatch`: some fields of an object that others made, applied under a field manager of
 * the resource's own and given up in the end. What may surprise in it is the real provider's:
 *
 * - nothing asks whether the object exists: applied to nothing, the fields make an object, and so does giving them up;
 * - the preview of a create asks nobody;
 * - a field of another manager is a conflict, unless `pulumi.com/patchForce` takes it, and then its old value is lost;
 * - all but a changed name or namespace is an update.
 *
 * Source: `Check`, `Diff`, `Create`, `Delete` and `fieldManagerName` in `provider/pkg/provider/provider.go`, `Creation` and
 * `Deletion` in `provider/pkg/await/await.go`, `provider/pkg/ssa/actions.go` and `provider/pkg/kinds/util.go` of
 * pulumi-kubernetes, commit 94977969 (2026-07-01).
 */
import { randomBytes } from "node:crypto";
import type { Created, Values } from "../contract.ts";
import type { Cluster } from "./cluster.ts";
import { pathsOf } from "./discovery.ts";
import { liveOutputs } from "./live.ts";
import { annotationsOf, describe, idOf, nameOf, textAt } from "./object.ts";
import { applied, find, forced, refusal, update } from "./objects.ts";
import { ApiError } from "./rest.ts";

/** Where the outputs keep the resource's field manager. */
const FIELD_MANAGER = "__fieldManager";

/** @param kind of the object, `Namespace` */
export function isPatch(type: string, kind: string): boolean {
  return type.split(":").at(-1) === `${kind}Patch`;
}

/** Why these inputs cannot be a patch, or nothing. */
export function patchMistakes(inputs: Values): { property: string; reason: string }[] {
  return nameOf(inputs) === "" ? [{ property: "metadata.name", reason: "patch resources require the `.metadata.name` field to be set" }] : [];
}

export async function createPatch(cluster: Cluster, inputs: Values, preview: boolean): Promise<Created> {
  if (preview) return { id: "", outputs: inputs };
  const manager = managerOf(inputs);
  const live = await applied(cluster, inputs, (path) => cluster.client.apply(path, inputs, { fieldManager: manager, force: forced(cluster, inputs) }));
  return { id: idOf(live), outputs: { ...liveOutputs(live), [FIELD_MANAGER]: manager } };
}

/** Fields that left the inputs are given up; under another manager's name, all that the former one held. */
export async function updatePatch(cluster: Cluster, inputs: Values, oldInputs: Values, before: Values, preview: boolean): Promise<Values> {
  const [former, manager] = [managerOf(oldInputs, before), managerOf(inputs, before)];
  const outputs = await update(cluster, inputs, before, preview, manager);
  if (!preview && former !== manager) await giveUp(cluster, inputs, former);
  return { ...outputs, [FIELD_MANAGER]: manager };
}

/** The outputs after a read: a resource keeps its manager. */
export function readPatch(inputs: Values, before: Values, outputs: Values): Values {
  return { ...outputs, [FIELD_MANAGER]: managerOf(inputs, before) };
}

/** Gives up the fields and leaves the object. */
export async function removePatch(cluster: Cluster, inputs: Values, outputs: Values): Promise<void> {
  try {
    await giveUp(cluster, outputs, managerOf(inputs, outputs));
  } catch (error) {
    const missing = error instanceof ApiError && error.status === 422 ? /([\w.[\]]+): Required value/.exec(error.message)?.[1] : undefined;
    if (missing === undefined) throw refusal(outputs, error);
    throw new Error(
      `${describe(outputs)}: this Patch resource is currently managing a required field, so it can't be deleted directly. Either set the ` +
        `\`retainOnDelete\` resource option, or transfer ownership of the field before deleting: ${missing}`,
      { cause: error },
    );
  }
}

/** An apply of nothing but the object's name. */
async function giveUp(cluster: Cluster, object: Values, fieldManager: string): Promise<void> {
  const served = await find(cluster, object);
  if (!served) return;
  const { namespace } = object.metadata as { namespace?: string };
  const empty = { apiVersion: textAt(object, "apiVersion"), kind: textAt(object, "kind"), metadata: { name: nameOf(object), ...(namespace !== undefined && { namespace }) } };
  await cluster.client.apply(pathsOf(empty, served).object, empty, { fieldManager });
}

/** What the program says, else what the state has, else a name that nobody else has. */
function managerOf(inputs: Values, before: Values = {}): string {
  const said = annotationsOf(inputs)["pulumi.com/patchFieldManager"];
  if (typeof said === "string" && said !== "") return said;
  return textAt(before, FIELD_MANAGER) || `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}
