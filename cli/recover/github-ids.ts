/**
 * The provider's ids at GitHub. What GitHub numbers cannot be known from the inputs: what is said instead is where to look.
 * Source: the import sections of the provider's resources, and `buildID` and `escapeIDPart` in util.go of
 * integrations/terraform-provider-github. Checked 2026-11-21.
 */
import type { Identity, PendingResource, Rule } from "./ids.ts";

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** The inputs with their colons escaped, joined with colons; the last one is left as it is. */
function joined(...names: string[]): Rule {
  return ({ inputs }) => {
    const parts = names.map((name) => inputs[name]);
    if (!parts.every(isText)) return { none: "its recorded inputs do not name it; if the next up says that it exists, take it over with `pulumi import` or remove it" };
    return { id: parts.map((part, index) => (index < parts.length - 1 ? part.replaceAll(":", "??") : part)).join(":") };
  };
}

/**
 * @param said what the next up says of what is there already
 * @param what what to remove, from the recorded inputs
 * @param page where that is on the repository's page Settings
 */
function numbered(said: string, what: (inputs: PendingResource["inputs"]) => string, page: string): Rule {
  return ({ inputs, provider }): Identity => {
    const { repository } = inputs;
    if (!isText(repository) || !isText(provider.owner)) return { none: "GitHub alone knows its number; if the next up says that it exists, take it over with `pulumi import` or remove it" };
    return { none: `GitHub alone knows its number; if the next up says "${said}", remove ${what(inputs)} from ${provider.owner}/${repository} (its page Settings, ${page}) and run up again` };
  };
}

/** By type. */
export const githubRules: Readonly<Record<string, Rule>> = {
  "github:index/repository:Repository": joined("name"),
  "github:index/repositoryTopics:RepositoryTopics": joined("repository"),
  "github:index/branchDefault:BranchDefault": joined("repository"),
  "github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions": joined("repository"),
  "github:index/repositoryFile:RepositoryFile": ({ inputs, ...rest }) => {
    const identity = joined("repository", "file")({ inputs, ...rest });
    if ("none" in identity) return identity;
    const file = String(inputs.file).replaceAll(":", "??");
    // Without a branch it is the default one, which the inputs do not name.
    return isText(inputs.branch) ? { id: `${String(inputs.repository)}:${file}:${inputs.branch}` } : { none: "GitHub alone knows the default branch; if the next up says that it refuses to overwrite the file, remove the file from that branch" };
  },
  "github:index/teamRepository:TeamRepository": joined("teamId", "repository"),
  "github:index/repositoryEnvironment:RepositoryEnvironment": ({ inputs, ...rest }) => {
    const identity = joined("repository", "environment")({ inputs, ...rest });
    return "none" in identity ? identity : { id: `${String(inputs.repository)}:${String(inputs.environment).replaceAll(":", "??")}` };
  },
  "github:index/actionsVariable:ActionsVariable": joined("repository", "variableName"),
  "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable": joined("repository", "environment", "variableName"),
  "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret": joined("repository", "environment", "secretName"),
  // GitHub takes a key only once.
  "github:index/repositoryDeployKey:RepositoryDeployKey": numbered("key is already in use", ({ title }) => `the deploy key${named(title)}`, "Deploy keys"),
  "github:index/repositoryRuleset:RepositoryRuleset": numbered("Name must be unique", ({ name }) => `the ruleset${named(name)}`, "Rules"),
  "github:index/repositoryWebhook:RepositoryWebhook": numbered("Hook already exists on this repository", () => "the webhook of that address", "Webhooks"),
  "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy":
    numbered("303", ({ branchPattern, tagPattern }) => `the deployment rule${named(branchPattern ?? tagPattern)}`, "Environments"),
};

/** A secret is never shown, and neither is what is no name. */
function named(value: unknown): string {
  return isText(value) ? ` "${value}"` : "";
}
