/** The first content of the fleet repository. */
import type { CommittedFile } from "../github/files.ts";
import { codeowners } from "../github/scaffold/codeowners.ts";
import { readFolder } from "../github/scaffold/reader.ts";
import type { RepositorySettings, Settings } from "../settings/settings.ts";

/** What a new environment's folder has. */
const example = "environments/example/";

/**
 * Who reviews what and the modules of every add-on, from which on the repository is the platform team's; and the folder of this
 * environment.
 *
 * @param whole whether this environment makes the repository; others add their folder alone
 */
export function fleetFiles({ environment, github }: Pick<Settings, "environment" | "github">, repository: RepositorySettings, whole: boolean): CommittedFile[] {
  const all = readFolder("fleet");
  const own = all.filter(({ path }) => path.startsWith(example)).map((file) => ({ ...file, path: `environments/${environment}/${file.path.slice(example.length)}` }));
  const owners = codeowners(github.owner, repository);
  return [...(whole && owners ? [owners] : []), ...(whole ? all.filter(({ path }) => !path.startsWith(example)) : []), ...own];
}
