/** Mistakes in what an owner at GitHub, or its plan, does not give. */
import type { Mistake } from "./mistake.ts";
import { settingPath } from "./setting-path.ts";
import type { RepositorySettings, Settings } from "./settings.ts";

interface Place {
  repository: RepositorySettings;
  at: (path: string) => string;
}

function places({ tenants, fleet }: Settings): Place[] {
  return [
    ...tenants.flatMap((tenant) => (tenant.repository ? [{ repository: tenant.repository, at: (path: string) => settingPath(tenant, `repository.${path}`) }] : [])),
    ...(fleet ? [{ repository: fleet.repository, at: (path: string) => `mooring:fleet.repository.${path}` }] : []),
  ];
}

/**
 * What the plan gives to private repositories: docs.github.com, "GitHub's plans". Public repositories have rules and environments
 * with every plan.
 */
export function plan(settings: Settings): Mistake[] {
  const { github } = settings;
  return places(settings).flatMap(({ repository: { manage, visibility, rules, environment, adopt }, at }) => {
    const hidden = visibility !== "public";
    return [
      ...(github.plan === "free" && manage && hidden && rules
        ? [{ path: at("rules"), message: `GitHub's plan free has no rules for private repositories: whoever may write could push to what an environment applies. Take another plan (github.plan), make the repository public, or write rules: { enforce: false }` }]
        : []),
      ...(github.plan === "free" && hidden && environment ? [{ path: at("environment"), message: "GitHub's plan free has no environments for private repositories; take another plan (github.plan), or write false and give the pipelines their variables by hand" }] : []),
      ...(visibility === "internal" && github.plan !== "enterprise" && manage && !adopt ? [{ path: at("visibility"), message: "only an enterprise (github.plan) has internal repositories; write private or public" }] : []),
    ];
  });
}

/** A person has no teams, and shares nothing within a company. */
export function person(settings: Settings): Mistake[] {
  if (settings.github.ownerType !== "person") return [];
  return places(settings).flatMap(({ repository: { teams, manage, visibility }, at }) => [
    ...(manage && Object.keys(teams).length > 0 ? [{ path: at("teams"), message: "a person has no teams (github.ownerType); remove them, and invite people at GitHub" }] : []),
    ...(visibility === "internal" ? [{ path: at("visibility"), message: "a person has no internal repositories (github.ownerType); write private or public" }] : []),
  ]);
}

/** Who owns the repositories is said once. */
export function ownerOfAll({ environment, github: { managedBy } }: Settings, written: { github?: { manageRepositories?: boolean } }): Mistake[] {
  const path = "mooring:github.managedBy";
  if (managedBy === undefined) return [];
  if (managedBy === environment) return [{ path, message: `${environment} is this environment; remove the line, and it owns the repositories` }];
  return written.github?.manageRepositories === undefined ? [] : [{ path, message: "says that another environment owns the repositories; remove manageRepositories" }];
}

/** Settings of a repository that only the environment that owns it can keep. */
export function elsewhere({ tenants }: Settings, written: { tenants?: Record<string, { repository?: Record<string, unknown> }> }): Mistake[] {
  return tenants.flatMap((tenant) => {
    const said = written.tenants?.[tenant.name]?.repository ?? {};
    if (tenant.repository === undefined || tenant.repository.manage) return [];
    return ["visibility", "topics", "teams", "codeOwners", "rules", "archive"]
      .filter((setting) => said[setting] !== undefined)
      .map((setting) => ({ path: settingPath(tenant, `repository.${setting}`), message: "another environment owns the repository (repository.manage is false here); write it there" }));
  });
}
