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
  if (folder.includes("\0") || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return { teams: [], mistakes: [{ path: "mooring:tenantsFolder", message: `there is no folder ${folder} in the project` }] };
  }
  const teams: TeamFile[] = [];
  const mistakes: Mistake[] = [];
  const names = new Map<string, string>();
  for (const file of readdirSync(path).sort()) {
    const [, name, extension] = /^([^.].*)\.(yaml|yml|json)$/i.exec(file) ?? [];
    if (name === undefined) continue;
    const origin = `${folder.replace(/\/+$/, "")}/${file}`;
    if (extension !== "yaml" && extension !== "yml") {
      mistakes.push({ path: origin, message: `is not read with the ending .${extension}; name it ${name}.yaml` });
      continue;
    }
    if (names.has(name)) {
      mistakes.push({ path: origin, message: `the same team as ${names.get(name)}; keep one of the two files` });
      continue;
    }
    names.set(name, origin);
    try {
      teams.push({ name, origin, ...readTeamFile(join(path, file)) });
    } catch (error) {
      mistakes.push({ path: origin, message: unreadable(error) });
    }
  }
  return { teams, mistakes };
}

/** Throws what is wrong with the file. */
function readTeamFile(path: string): Pick<TeamFile, "value" | "written"> {
  const document = parseDocument(readFileSync(path, "utf8"), { prettyErrors: true });
  if (document.errors[0]) throw document.errors[0];
  return { value: document.toJS() as unknown, written: (place) => sourceAt(document, place) };
}

function unreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  // YAML's errors have codes too, the file system's are in capitals without an underscore.
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return code === "EISDIR" ? "is a folder, a file is needed" : `cannot be read (${code})`;
  return `is not YAML: ${message.split("\n")[0]!.replace(/:$/, "")}`;
}

function sourceAt(document: Document, path: readonly PropertyKey[]): string | undefined {
  const node = document.getIn(path, true);
  return isScalar(node) && node.type === "PLAIN" ? node.source : undefined;
}
