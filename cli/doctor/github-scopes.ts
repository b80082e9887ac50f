/** What a token must be allowed for a stack's repositories. */
import { flavoursOf } from "../../components/settings/flavours.ts";
import type { Settings } from "../../components/settings/settings.ts";

export interface Scope {
  name: string;
  why: string;
  /** Scopes that contain it. */
  within?: string[];
}

/** Of a classic token: docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps. */
export function scopesFor(settings: Settings): Scope[] {
  const { github, tenants, fleet } = settings;
  const templates = flavoursOf(settings).length > 0;
  const repositories = [fleet?.repository, ...tenants.map(({ repository }) => repository)];
  const teams = github.ownerType === "organization" && repositories.some((repository) => repository?.manage === true && Object.keys(repository.teams).length > 0);
  return [
    { name: "repo", why: "repositories, their keys, rules, webhooks and environments" },
    ...(templates ? [{ name: "workflow", why: "the workflows of a template" }, { name: "delete_repo", why: "a template that no team starts from any more" }] : []),
    ...(teams ? [{ name: "read:org", why: "the teams of the settings", within: ["write:org", "admin:org"] }] : []),
  ];
}

/** Of a fine-grained token or an App: docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens. */
export const permissions = "Administration, Contents, Environments, Webhooks and Workflows: read and write; of the organisation, Members: read";
