/** A rendering on disk, made by the program of the tree that it is of. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure } from "../arguments.ts";
import { execute } from "../execute.ts";
import { quietEnvironment } from "./environment.ts";

/** Paths within a rendering, with `/`, to content. */
export type Rendering = ReadonlyMap<string, string>;

/**
 * Renders a stack of the tree at `root` into the folder `out`; `undefined` when the tree has no such stack.
 *
 * @param title of the tree, for messages
 * @throws Failure with what `render` says
 */
export async function rendered(root: string, stack: string, out: string, title: string): Promise<Rendering | undefined> {
  if (!existsSync(join(root, `Pulumi.${stack}.yaml`))) return undefined;
  const args = ["--import", pathToFileURL(join(root, "cli/preload.mjs")).href, join(root, "cli/render.ts"), stack, "--out", out];
  const { code, stderr, failure } = await execute(process.execPath, args, { seconds: 300, env: quietEnvironment(process.env) });
  if (code !== 0) throw new Failure(`${title} cannot be rendered: ${failure ?? stderr.split("\n").filter((line) => !line.startsWith("warning: ")).join("\n").trim()}`);
  const paths = globSync("**/*", { cwd: out, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(out.length + 1).replaceAll("\\", "/"), readFileSync(path, "utf8")]));
}
