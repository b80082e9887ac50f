/** Writes a rendering to a folder: all of it or nothing. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, marker))) {
    throw new Failure(`${folder} holds files that are not a rendering; name another folder with --out, or empty it`);
  }
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const made = new Set<string>();
  for (const [path, content] of files) {
    const target = join(partial, path);
    const parent = dirname(target);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(target, content);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}
