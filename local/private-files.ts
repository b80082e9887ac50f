/** Files that only the user can read. */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./problem.ts";

/** Makes the folder, or takes the rights of others away from one that is there. */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/** Writes the file as a whole: a reader, or an interruption, sees the old content or the new one. */
export function writePrivateFile(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, file);
}

/** The file's content; when it is missing, it is made with `create()`. */
export function keptFile(file: string, create: () => string): string {
  const content = readIfThere(file);
  if (content !== undefined) return content;
  const made = create();
  writePrivateFile(file, made);
  return made;
}

/** The file's content, or `undefined` when there is no such file. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
