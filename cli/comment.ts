/**
 * `npm run comment -- --body FILE --key NAME`: makes a comment on a pull request, or brings the one of that key up to date,
 * at GitHub or Azure Repos. Which pull request it is a pipeline's environment says; else `--repository` and `--pull-request` do.
 *
 * Exits with 3 when the token may not comment, as in a run for a pull request from a fork: a pipeline may take that as done.
 */
import { readFileSync } from "node:fs";
import { Failure, fromCaller, run, UsageError } from "./arguments.ts";
import { azureRepos } from "./comment/azure-repos.ts";
import { github } from "./comment/github.ts";
import { keep, NotAllowed } from "./comment/keep.ts";
import { placeOf } from "./comment/place.ts";
import type { Given } from "./comment/place.ts";

/**
 * Says in a line what was done.
 *
 * @param file the body, Markdown
 * @throws NotAllowed, Failure
 */
export async function comment(env: NodeJS.ProcessEnv, key: string, file: string, given: Given = {}): Promise<string> {
  const text = body(file);
  const place = placeOf(env, given);
  const thread = place.service === "github" ? github(place) : azureRepos(place);
  return `${key}: comment ${await keep(thread, key, text)} on pull request ${place.number}`;
}

function body(path: string): string {
  try {
    const text = readFileSync(path, "utf8");
    if (text.trim() === "") throw new Failure(`${path} is empty; there is nothing to comment`);
    return text;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}); name a Markdown file with --body`);
  }
}

if (import.meta.main) {
  const options = { body: { type: "string" }, key: { type: "string" }, repository: { type: "string" }, "pull-request": { type: "string" } } as const;
  const usage = ["--body FILE --key NAME [--repository OWNER/NAME] [--pull-request NUMBER]"];
  await run({ name: "comment", usage, target: "none", options }, async ({ options }) => {
    const { body: file, key, repository, "pull-request": number } = options as Record<string, string | undefined>;
    if (file === undefined || key === undefined) throw new UsageError(`${file === undefined ? "--body" : "--key"} is missing`);
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(key)) throw new UsageError("--key takes a name of at most 60 letters, digits, `.`, `_` and `-`");
    if (number !== undefined && !/^[1-9]\d{0,9}$/.test(number)) throw new UsageError(`--pull-request takes a number, not ${number}`);
    if (repository !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new UsageError(`--repository takes OWNER/NAME, not ${repository}`);
    try {
      process.stdout.write(`${await comment(process.env, key, fromCaller("comment", file), { repository, number: number === undefined ? undefined : Number(number) })}\n`);
      return 0;
    } catch (error) {
      if (!(error instanceof NotAllowed)) throw error;
      process.stderr.write(`${error.message}\n`);
      return 3;
    }
  });
}
