/** GitHub's push rulesets: what nobody may change but who is named, whichever branch it is pushed to. */
import type { GithubSettings, RepositorySettings } from "./github-settings.ts";

/** What decides what runs with a pipeline's rights: GitHub's workflows, Azure's pipeline, and what they start in the scaffold. */
export const pipelineFiles = [".github/**/*", "azure-pipelines.yml", "build.sh", "ci/**/*", "services.json"];

/** How such a pattern ends that means everything below a folder. */
const everythingBelow = "**/*";

/**
 * Whether a repository can have them: a private or internal one of an organisation, with the plan team or enterprise.
 * Source: docs.github.com, "About rulesets". Checked 2026-11-21.
 */
export function hasPushRules({ ownerType, plan }: Pick<GithubSettings, "ownerType" | "plan">, { visibility }: Pick<RepositorySettings, "visibility">): boolean {
  return ownerType === "organization" && (plan === "team" || plan === "enterprise") && visibility !== "public";
}

/** Whether a pattern is of everything in a folder, or in one above it. `folder`: `./deploy/staging` */
export function closes(pattern: string, folder: string): boolean {
  return pattern.endsWith(everythingBelow) && `${folder.replace(/^\.?\/|\/$/g, "")}/`.startsWith(pattern.slice(0, -everythingBelow.length));
}
