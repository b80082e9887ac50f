/** Mistakes in what an owner at GitHub, or its plan, does not give. */
import type { Mistake } from "./mistake.ts";
import { closes, hasPushRules } from "./push-rules.ts";
import type { StackInput } from "./schema/stack.ts";
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
        ? [{ path: at("rules"), message: `GitHub's plan free has no rules for private repositories: whoever may write could push to what an environment applies. Take another plan (github.plan), make the repository public, or write mooring:github.rules: { enforce: false }` }]
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

/** In repositories that start here, main goes to this environment, and releases to another. */
export function released({ environment, tenants, github: { releaseEnvironment } }: Settings): Mistake[] {
  if (environment !== releaseEnvironment || !tenants.some(({ repository }) => repository?.manage === true && repository.scaffold !== undefined)) return [];
  return [{ path: "mooring:github.releaseEnvironment", message: `${environment} owns the repositories, so their main branch goes there, and releases would go there as well; write the environment that releases go to, or let the one before it own the repositories (github.managedBy)` }];
}

/**
 * Who has a repository's deploy key reads it, and who takes one over administers it. A team that keeps its own file cannot grant
 * itself another's.
 */
export function granted({ tenants, github }: Settings, written: Partial<StackInput>): Mistake[] {
  const all = written.github?.adoptRepositories === true;
  return tenants.flatMap((tenant) => {
    const { repository, key } = tenant;
    if (repository === undefined) return [];
    const own = repository.name.toLowerCase() === key;
    const listed = (list: readonly string[]) => list.some((name) => name.toLowerCase() === repository.name.toLowerCase());
    const said = written.tenants?.[tenant.name]?.repository ?? {};
    // Where all are, an environment is made again that made them with these settings.
    const takenOver = repository.adopt && !(all && said.adopt === undefined);
    return [
      ...((repository.adopt || !repository.manage) && !listed(github.adoptable) && (!own || (said.adopt === true && !all))
        ? [{ path: settingPath(tenant, own ? "repository.adopt" : "repository.name"), message: `a repository that exists is the platform's to give; add ${repository.name} to mooring:github.adoptable` }]
        : []),
      ...(repository.visibility === "public" && said.visibility === "public" && !listed(github.public)
        ? [{ path: settingPath(tenant, "repository.visibility"), message: `what is public is the platform's to say; add ${repository.name} to mooring:github.public` }]
        : []),
      ...(takenOver && repository.topics.length > 0 ? [{ path: settingPath(tenant, "repository.topics"), message: "a repository that is taken over keeps its topics; remove them" }] : []),
      ...(repository.codeOwners !== undefined && (repository.scaffold === undefined || takenOver) && repository.manage
        ? [{ path: settingPath(tenant, "repository.codeOwners"), message: "is written with the scaffold's files only; remove it, and keep CODEOWNERS in the repository" }]
        : []),
    ];
  });
}

/** A team's own rules say more than the platform's, never less. */
export function weaker({ tenants }: Settings, written: Partial<StackInput>): Mistake[] {
  const platform = { reviews: 1, codeOwners: true, teams: {}, ...written.github?.rules };
  return tenants.flatMap((tenant) => {
    const { rules: own = {}, teams = {} } = written.tenants?.[tenant.name]?.repository ?? {};
    return [
      ...(own.reviews !== undefined && own.reviews < platform.reviews ? [{ path: settingPath(tenant, "repository.rules.reviews"), message: `${own.reviews} is less than the platform's ${platform.reviews} (github.rules); write more, or remove it` }] : []),
      ...(own.codeOwners === false && platform.codeOwners ? [{ path: settingPath(tenant, "repository.rules.codeOwners"), message: "the platform asks for the owners of the code (github.rules); remove it" }] : []),
      ...(written.github?.rules?.enforce === false && Object.keys(own).length > 0 ? [{ path: settingPath(tenant, "repository.rules"), message: "no rules are made at all (github.rules.enforce); remove them" }] : []),
      ...Object.keys(teams)
        .filter((team) => written.github?.teams?.[team] !== undefined)
        .map((team) => ({ path: settingPath(tenant, `repository.teams.${team}`), message: "has its rights on every repository from github.teams; remove it here" })),
    ];
  });
}

/**
 * Production follows what was released, or a branch that no deploy key may push to: which environments automate there, this one
 * cannot know.
 */
export function followed({ tier, tenants, fleet }: Settings, written: Partial<StackInput>): Mistake[] {
  if (tier !== "production") return [];
  const kept = written.github?.rules?.branches ?? [];
  const advice = (branch: string) =>
    `in production follow releases (semver or tag), or a branch that no deploy key may push to: name ${branch} in mooring:github.rules.branches, here and in the environment that owns the repositories`;
  return [
    ...tenants.flatMap((tenant) => ("branch" in tenant.deploy.ref && !kept.includes(tenant.deploy.ref.branch) && !(tenant.repository?.rules?.branches ?? []).includes(tenant.deploy.ref.branch) ? [{ path: settingPath(tenant, "deploy.branch"), message: advice(tenant.deploy.ref.branch) }] : [])),
    ...(fleet && "branch" in fleet.ref && !(fleet.repository.rules?.branches ?? []).includes(fleet.ref.branch)
      ? [{ path: "mooring:fleet.branch", message: `in production follow releases (semver or tag), or a branch that is named in mooring:fleet.repository.rules.branches` }]
      : []),
  ];
}

/**
 * A key that commits images to the default branch could also write there what pipelines run; only a push ruleset keeps it from
 * that. Whoever writes keysMayPush says that it may.
 */
export function pushed({ github, tenants }: Settings, written: Partial<StackInput>): Mistake[] {
  return tenants.flatMap((tenant) => {
    const { repository, imageUpdates, git } = tenant;
    if (imageUpdates === undefined || git.access.kind !== "deployKey" || !repository?.manage || repository.rules?.keysMayPush !== true) return [];
    if (hasPushRules(github, repository)) {
      const pattern = repository.rules.closedToKeys.find((each) => closes(each, imageUpdates.path));
      return pattern === undefined ? [] : [{ path: settingPath(tenant, "imageUpdates.path"), message: `deploy keys change nothing of ${pattern} (rules.closedToKeys), so no image can be written there; write another folder` }];
    }
    const accepted = (written.tenants?.[tenant.name]?.repository?.rules ?? {}).keysMayPush ?? written.github?.rules?.keysMayPush;
    return accepted === true
      ? []
      : [{ path: settingPath(tenant, "imageUpdates.propose"), message: `the deploy key that commits images here could change what pipelines run as well: GitHub ${ofPushRules}; write true, or accept it with repository.rules: { keysMayPush: true }` }];
  });
}

const ofPushRules = "keeps keys from files in private and internal repositories of an organization with the plan team or enterprise only";

/** Files that a team closes where no rule is made of it. */
export function closed({ github, tenants }: Settings, written: Partial<StackInput>): Mistake[] {
  return tenants.flatMap((tenant) => {
    const { repository } = tenant;
    if (written.tenants?.[tenant.name]?.repository?.rules?.closedToKeys === undefined || !repository?.manage || repository.rules === undefined) return [];
    const path = settingPath(tenant, "repository.rules.closedToKeys");
    if (!repository.rules.keysMayPush) return [{ path, message: "no deploy key gets past the reviews here (rules.keysMayPush), so it closes nothing; remove it" }];
    return hasPushRules(github, repository) ? [] : [{ path, message: `GitHub ${ofPushRules}; remove it` }];
  });
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
