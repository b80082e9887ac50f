/** What the workflows and the pipeline may refer to, read from the project. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../cli/arguments.ts";
import { stackNames } from "../../cli/stack-file.ts";
import type { Fields } from "./azure-expand.ts";

export interface Facts {
  npmScripts: string[];
  stacks: string[];
  /** Words that cli/ci/run.sh takes. */
  verbs: string[];
  exists(path: string): boolean;
}

export const facts: Facts = {
  npmScripts: Object.keys((JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { scripts: object }).scripts),
  stacks: stackNames(projectRoot),
  verbs: [...readFileSync(join(projectRoot, "cli/ci/run.sh"), "utf8").matchAll(/^ {2}([a-z-]+)\)$/gm)].map(([, verb]) => verb!),
  exists: (path) => existsSync(join(projectRoot, path)),
};

/** The workflows by path, as they stand. */
export function workflows(): Record<string, Fields> {
  const files = globSync(".github/{workflows/*.yml,actions/*/action.yml}", { cwd: projectRoot }).sort();
  return Object.fromEntries(files.map((file) => [file, parse(readFileSync(join(projectRoot, file), "utf8"), { schema: "failsafe" }) as Fields]));
}

/** Commands in a script that do not exist. */
export function missingCommands(script: string, { npmScripts, verbs, exists }: Facts): string[] {
  const named = [...script.matchAll(/\bnpm run (?:--silent )?([a-z][a-z0-9:-]*)/g)].map(([, name]) => name!).filter((name) => !npmScripts.includes(name));
  const files = [...script.matchAll(/(?:^|\s)((?:\.\/)?cli\/\S+)/g)].map(([, path]) => path!).filter((path) => !exists(path));
  const words = [...script.matchAll(/cli\/ci\/run\.sh ([a-z-]+)/g)].map(([, verb]) => verb!).filter((verb) => !verbs.includes(verb));
  return [...named.map((name) => `npm run ${name} does not exist`), ...files.map((path) => `${path} does not exist`), ...words.map((verb) => `run.sh takes no ${verb}`)];
}
