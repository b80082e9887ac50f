/** What differs between two renderings. Pure. */
import { changedPaths, formatPath, valueAt } from "../../local/standins/serve/paths.ts";
import type { Value } from "../../local/standins/contract.ts";
import { fixedPaths } from "./create-only.ts";
import { otherFiles, resourcesOf } from "./resources.ts";
import type { Resource } from "./resources.ts";
import type { Rendering } from "./rendered.ts";

export interface FieldChange {
  path: string;
  /** Absent where it was not said. */
  before?: Value;
  after?: Value;
  /** It cannot be changed in place. */
  fixed: boolean;
}

export interface Difference extends Pick<Resource, "type" | "name" | "part"> {
  verb: "add" | "remove" | "change";
  /** Of a change. */
  fields: FieldChange[];
}

export interface Differences {
  differences: Difference[];
  /** Paths in the rendering of files that hold no resources. */
  files: string[];
}

/** A rendering that is not there, of a stack that one side does not have, counts as an empty one. */
export function compare(before: Rendering = new Map(), after: Rendering = new Map()): Differences {
  const [olds, news] = [resourcesOf(before, after), resourcesOf(after, before)];
  const differences = [...new Set([...olds.keys(), ...news.keys()])].sort().flatMap((key): Difference[] => {
    const [old, next] = [olds.get(key), news.get(key)];
    if (old === undefined || next === undefined) return [{ ...identity((next ?? old)!), verb: old === undefined ? "add" : "remove", fields: [] }];
    const paths = changedPaths(old.inputs, next.inputs);
    const fixed = new Set(fixedPaths(next.type, old.inputs, next.inputs, paths.map(formatPath)));
    const fields = paths.map((path) => ({ path: formatPath(path), before: valueAt(old.inputs, path), after: valueAt(next.inputs, path), fixed: fixed.has(formatPath(path)) }));
    return fields.length === 0 ? [] : [{ ...identity(next), verb: "change", fields }];
  });
  return { differences, files: otherFiles(before, after) };
}

const identity = ({ type, name, part }: Resource): Pick<Resource, "type" | "name" | "part"> => ({ type, name, part });
