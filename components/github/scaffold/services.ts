/** `services.json` of a team's repository, where the environments have other names than the template says. */
import type { ScaffoldFile } from "./overlay-args.ts";

/** The names in scaffold/shared/services.json. */
export const templateEnvironments = { main: "staging", release: "prod" } as const;

/**
 * The template's file with these names: one environment that main is deployed to, one that release tags are deployed to. The pipelines
 * read them there and nowhere else.
 */
export function servicesFile(main: string, release: string): ScaffoldFile {
  const content = `{
  "environments": { "main": ${JSON.stringify(main)}, "release": ${JSON.stringify(release)} },
  "pullRequestImages": false,
  "services": [{ "name": "app", "path": "app" }]
}
`;
  return { path: "services.json", content };
}
