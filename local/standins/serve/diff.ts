/** What a stand-in says about a difference, in the engine's terms. */
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { DiffResult, Values } from "../contract.ts";
import { formatPath, isWithin, parsePath, valueAt, type Path } from "./paths.ts";

const { PropertyDiff, DiffResponse } = providerMessages;
const kinds = PropertyDiff.Kind;

/**
 * The engine's answer to a diff. Changes at or beneath an ignored path are left out, and with them their replacement.
 *
 * @param ignoreChanges paths of the resource option `ignoreChanges`
 */
export function toDiffResponse(result: DiffResult, before: Values, after: Values, ignoreChanges: string[] = []): InstanceType<typeof DiffResponse> {
  const ignored = ignoreChanges.map(parsePath);
  const kept = (text: string): Path | undefined => {
    const path = parsePath(text);
    return ignored.some((outer) => isWithin(path, outer)) ? undefined : path;
  };
  const replaces = new Set((result.replaces ?? []).filter(kept));
  const response = new DiffResponse();
  const detailed = response.getDetaileddiffMap();
  const changed = new Set<string>();
  for (const text of new Set([...result.changes, ...replaces])) {
    const path = kept(text);
    if (!path) continue;
    changed.add(String(path[0]));
    const entry = new PropertyDiff();
    entry.setKind(kindOf(valueAt(before, path), valueAt(after, path), replaces.has(text)));
    entry.setInputdiff(true);
    detailed.set(formatPath(path), entry);
  }
  response.setChanges(changed.size > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
  response.setDiffsList([...changed]);
  response.setReplacesList([...new Set([...replaces].map((text) => String(parsePath(text)[0])))]);
  response.setDeletebeforereplace(result.deleteBeforeReplace === true && replaces.size > 0);
  response.setHasdetaileddiff(true);
  return response;
}

function kindOf(before: unknown, after: unknown, replace: boolean): (typeof kinds)[keyof typeof kinds] {
  if (before === undefined || before === null) return replace ? kinds.ADD_REPLACE : kinds.ADD;
  if (after === undefined || after === null) return replace ? kinds.DELETE_REPLACE : kinds.DELETE;
  return replace ? kinds.UPDATE_REPLACE : kinds.UPDATE;
}
