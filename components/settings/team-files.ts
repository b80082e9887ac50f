/** Teams kept in files of their own: `<folder>/<team>.yaml`. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isScalar, parseDocument } from "yaml";
import type { Document } from "yaml";
import type { Mistake } from "./mistake.ts";

export interface TeamFile {
  name: string;
  /** The file, relative to the project. */
  origin: string;
  value: unknown;
  /** What stands unquoted in the file at `path`: `1.30` for the number 1.3. */
  written(path: readonly PropertyKey[]): string | undefined;
}

/** Reads every `.yaml` and `.yml` file of `folder` (relative to `root`), in the order of the teams' names. */
export function readTeamFiles(root: string, folder: string): { teams: TeamFile[]; mistakes: Mistake[] } {
  const path = join(root, folder);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return { teams: [], mistakes: [{ path: "mooring:tenantsFolder", message: `there is no folder ${folder} in the project` }] };
  }
  const teams: TeamFile[] = [];
  const mistakes: Mistake[] = [];
  const names = new Map<string, string>();
  for (const file of readdirSync(path).sort()) {
    const [, name, extension] = /^(.*)\.(yaml|yml)$/.exec(file) ?? [];
    if (name === undefined || extension === undefined) continue;
    const origin = `${folder.replace(/\/+$/, "")}/${file}`;
    if (names.has(name)) {
      mistakes.push({ path: origin, message: `the same team as ${names.get(name)}; keep one of the two files` });
      continue;
    }
    names.set(name, origin);
    const document = parseDocument(readFileSync(join(path, file), "utf8"), { prettyErrors: true });
    const error = document.errors[0];
    if (error) {
      mistakes.push({ path: origin, message: `is not YAML: ${error.message.split("\n")[0]!.replace(/:$/, "")}` });
    } else {
      teams.push({ name, origin, value: document.toJS() as unknown, written: (path) => sourceAt(document, path) });
    }
  }
  return { teams, mistakes };
}

function sourceAt(document: Document, path: readonly PropertyKey[]): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) && node.type === "PLAIN" ? node.source : undefined;
}
