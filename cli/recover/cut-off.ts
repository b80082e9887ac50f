/**
 * A state kept in files (`file://`) has beside each file another one, `.attrs`, that is written in place and not all at
 * once. A run that is killed in that moment leaves it empty, and every command then ends with "EOF". It holds a checksum and
 * a content type, which nothing needs: without it the file is read as it is.
 * Source: the package `fileblob` of gocloud.dev, through which Pulumi keeps such a state.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The `.attrs` files of one stack that hold nothing; none for a state that is kept elsewhere. */
export function cutOffFiles(backend: string | undefined, stack: string): string[] {
  if (backend === undefined || !/^file:\/\/\//.test(backend)) return [];
  const folder = join(fileURLToPath(backend.replace(/\?.*$/, "")), ".pulumi");
  const name = stack.split("/").at(-1)!;
  return ["stacks", "locks"].flatMap((kind) => filesIn(join(folder, kind))).filter((file) => {
    const parts = file.slice(folder.length + 1).split(/[\\/]/);
    const own = parts[0] === "stacks" ? parts.at(-1)!.startsWith(`${name}.json`) : parts.at(-2) === name;
    return own && file.endsWith(".attrs") && statSync(file).size === 0;
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
