/** Where the stack files are. */
import { readdirSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** Stack files that between them use every setting. */
export const everything = readdirSync(join(root, "test/everything"))
  .filter((file) => /^Pulumi\..*\.yaml$/.test(file))
  .map((file) => join(root, "test/everything", file));
