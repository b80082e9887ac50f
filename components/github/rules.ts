/** Who may change what in a repository, as GitHub's rulesets (docs.github.com, "About rulesets"). */
import { RepositoryRuleset } from "@pulumi/github/repositoryRuleset.js";
import type { RepositoryRulesetArgs } from "@pulumi/github/repositoryRuleset.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GithubSettings, RepositorySettings, RuleSettings } from "../settings/settings.ts";

/** Ids of GitHub's own roles: docs.github.com/rest/repos/rules, `bypass_actors`. */
const maintain = 2;
const admin = 5;

interface Actor {
  actorType: "OrganizationAdmin" | "Integration" | "RepositoryRole" | "DeployKey";
  actorId?: number;
  bypassMode: "always";
}

/** As whom the program works: it commits the first files of each environment. */
function program({ app, ownerType }: GithubSettings): Actor {
  if (app) return { actorType: "Integration", actorId: app.id, bypassMode: "always" };
  return ownerType === "organization" ? { actorType: "OrganizationAdmin", bypassMode: "always" } : { actorType: "RepositoryRole", actorId: admin, bypassMode: "always" };
}

type Ruleset = Pick<RepositoryRulesetArgs, "target" | "bypassActors" | "conditions" | "rules">;

const refs = (includes: string[]) => ({ refName: { includes, excludes: [] } });

function reviewed({ reviews, codeOwners, checks }: RuleSettings) {
  return {
    deletion: true,
    nonFastForward: true,
    pullRequest: { requiredApprovingReviewCount: reviews, requireCodeOwnerReview: codeOwners, dismissStaleReviewsOnPush: true, requireLastPushApproval: reviews > 0 },
    ...(checks.length > 0 && { requiredStatusChecks: { requiredChecks: checks.map((context) => ({ context })), strictRequiredStatusChecksPolicy: false } }),
  };
}

/**
 * The rulesets by their name. GitHub cannot tell one deploy key from another in a rule: where one may push to the default
 * branch, each that may write can. What production follows is out of reach of them all.
 */
export function rulesets(github: GithubSettings, rules: RuleSettings): Record<string, Ruleset> {
  const own = program(github);
  const keys: Actor[] = rules.keysMayPush ? [{ actorType: "DeployKey", bypassMode: "always" }] : [];
  return {
    "default-branch": { target: "branch", conditions: refs(["~DEFAULT_BRANCH"]), bypassActors: [own, ...keys], rules: reviewed(rules) },
    ...(rules.branches.length > 0 && {
      branches: { target: "branch", conditions: refs(rules.branches.map((branch) => `refs/heads/${branch}`)), bypassActors: [own], rules: reviewed(rules) },
    }),
    ...(rules.tags.length > 0 && {
      tags: {
        target: "tag",
        conditions: refs(rules.tags.map((tag) => `refs/tags/${tag}`)),
        bypassActors: [own, { actorType: "RepositoryRole", actorId: maintain, bypassMode: "always" }, ...(own.actorType === "RepositoryRole" ? [] : [{ actorType: "RepositoryRole", actorId: admin, bypassMode: "always" } as const])],
        rules: { creation: true, update: true, deletion: true, nonFastForward: true },
      },
    }),
  };
}

/** @param after what the program itself commits: it comes before the rules */
export function registerRules(name: string, github: GithubSettings, { manage, rules, archived }: RepositorySettings, repository: pulumi.Input<string>, after: pulumi.Resource[], opts: pulumi.CustomResourceOptions): RepositoryRuleset[] {
  if (!manage || rules === undefined) return [];
  return Object.entries(rulesets(github, rules)).map(
    ([rule, args]) =>
      // An archived repository refuses every change, their removal too.
      new RepositoryRuleset(`${name}-rules/${rule}`, { repository, name: `mooring ${rule}`, enforcement: "active", ...args }, { ...opts, dependsOn: after, retainOnDelete: archived }),
  );
}
