/** The files of this project's `scaffold` folder with which a team's repository starts. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Flavour } from "../../settings/github-settings.ts";
import type { ScaffoldFile } from "./overlay-args.ts";

const scaffoldFolder = join(import.meta.dirname, "../../../scaffold");

/**
 * All files of a flavour, sorted by path: those that the flavours share and its own. They are committed as text that cannot be
 * executed (GitHub's contents API knows no other mode), so scripts are called as `bash build.sh`. Throws when a file is in both
 * folders, or is not text.
 */
export function readScaffold(flavour: Flavour, folder: string = scaffoldFolder): ScaffoldFile[] {
  const files = ["shared", flavour].flatMap((part) => filesOf(join(folder, part)));
  const paths = new Set<string>();
  for (const { path } of files) {
    if (paths.has(path)) throw new Error(`scaffold/shared and scaffold/${flavour} both have ${path}`);
    paths.add(path);
  }
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** All files of one folder of `scaffold`, sorted by path. */
export function readFolder(name: "fleet"): ScaffoldFile[] {
  return filesOf(join(scaffoldFolder, name)).sort((one, other) => (one.path < other.path ? -1 : 1));
}

function filesOf(folder: string): ScaffoldFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(folder, file).replaceAll(sep, "/"), content: decoded(file) }));
}

function decoded(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    throw new Error(`${file} is not text in UTF-8`, { cause: error });
  }
}
