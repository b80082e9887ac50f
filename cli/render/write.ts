/** Writes a rendering to a folder: all of it or nothing. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "../arguments.ts";
import type { Files } from "./files.ts";

/** A folder with this file was written by render and may be replaced. */
const marker = "tree.txt";

/**
 * Replaces `folder` by the files. Throws a {@link Failure}, and leaves everything as it was, when the folder holds something that is not
 * a rendering.
 */
export function writeRendering(folder: string, files: Files): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) throw new Failure(`${folder} is a file; name a folder with --out`);
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, marker))) {
    throw new Failure(`${folder} holds files that are not a rendering; name another folder with --out, or empty it`);
  }
  mkdirSync(dirname(folder), { recursive: true });
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    writeFiles(partial, files);
    chmodSync(partial, 0o755);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

function writeFiles(folder: string, files: Files): void {
  const made = new Set<string>();
  for (const [path, content] of files) {
    const target = join(folder, path);
    const parent = dirname(target);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(target, content);
  }
}
