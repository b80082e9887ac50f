/** Who may change what in a repository, as GitHub's rulesets (docs.github.com, "About rulesets"). */
import { RepositoryRuleset } from "@pulumi/github/repositoryRuleset.js";
import type { RepositoryRulesetArgs } from "@pulumi/github/repositoryRuleset.js";
import type * as pulumi from "@pulumi/pulumi";
import { unchanged } from "./repository.ts";
import { everyTag } from "../settings/names.ts";
import { hasPushRules } from "../settings/push-rules.ts";
import type { GithubSettings, RepositorySettings, RuleSettings } from "../settings/settings.ts";

/** Ids of GitHub's own roles: docs.github.com/rest/repos/rules, `bypass_actors`. */
const maintain = 2;
const write = 4;
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

/** The program, and people with one of these roles; each stands there once. */
function andPeople(own: Actor, ...roles: number[]): Actor[] {
  return [own, ...roles.filter((actorId) => actorId !== own.actorId || own.actorType !== "RepositoryRole").map((actorId) => ({ actorType: "RepositoryRole", actorId, bypassMode: "always" }) as const)];
}

type Ruleset = Pick<RepositoryRulesetArgs, "target" | "bypassActors" | "conditions" | "rules">;

const refs = (includes: string[]) => ({ refName: { includes, excludes: [] } });

/** Nothing that was there is lost. */
const history = { deletion: true, nonFastForward: true };

function reviewed({ reviews, codeOwners, checks }: RuleSettings) {
  return {
    pullRequest: { requiredApprovingReviewCount: reviews, requireCodeOwnerReview: codeOwners, dismissStaleReviewsOnPush: true, requireLastPushApproval: reviews > 0 },
    ...(checks.length > 0 && { requiredStatusChecks: { requiredChecks: checks.map((context) => ({ context })), strictRequiredStatusChecksPolicy: false } }),
  };
}

/**
 * The rulesets by their name. GitHub cannot tell one deploy key from another in a rule: where one may push to the default
 * branch, each that may write can. Tags, which production follows, are out of reach of them all: Flux takes a release with and
 * without a v in front, so it is every tag, if nothing else is said. Nor do keys change what pipelines run, where GitHub has push
 * rulesets. Past one of those gets whom it names: a workflow's GITHUB_TOKEN has no role and cannot be named (422, "Actor GitHub Actions
 * integration must be part of the ruleset source or owner organization": tetherto/qvac#3555, M4i-Imaging-Mass-Spectrometry/thyra#149).
 */
export function rulesets(github: GithubSettings, rules: RuleSettings, visibility: RepositorySettings["visibility"]): Record<string, Ruleset> {
  const own = program(github);
  const defaultBranch = { target: "branch", conditions: refs(["~DEFAULT_BRANCH"]) };
  return {
    ...(rules.keysMayPush
      ? {
          "default-branch": { ...defaultBranch, bypassActors: [own, { actorType: "DeployKey", bypassMode: "always" }], rules: reviewed(rules) },
          // By a rule of its own, which a key does not get past.
          history: { ...defaultBranch, bypassActors: [own], rules: history },
          ...(hasPushRules(github, { visibility }) && {
            // For every branch and tag: a push ruleset has no conditions.
            keys: { target: "push", bypassActors: andPeople(own, write, maintain, admin), rules: { filePathRestriction: { restrictedFilePaths: rules.closedToKeys } } },
          }),
        }
      : { "default-branch": { ...defaultBranch, bypassActors: [own], rules: { ...history, ...reviewed(rules) } } }),
    ...(rules.branches.length > 0 && {
      branches: { target: "branch", conditions: refs(rules.branches.map((branch) => `refs/heads/${branch}`)), bypassActors: [own], rules: { ...history, ...reviewed(rules) } },
    }),
    ...(rules.tags.length > 0 && {
      tags: {
        target: "tag",
        conditions: refs(rules.tags.map((tag) => (tag === everyTag ? tag : `refs/tags/${tag}`))),
        bypassActors: andPeople(own, maintain, admin),
        rules: { creation: true, update: true, deletion: true, nonFastForward: true },
      },
    }),
  };
}

/** @param after the last that the program itself commits: it comes before the rules */
export function registerRules(name: string, github: GithubSettings, { manage, rules, visibility, archived }: RepositorySettings, repository: pulumi.Input<string>, after: pulumi.Resource | undefined, opts: pulumi.CustomResourceOptions): RepositoryRuleset[] {
  if (!manage || rules === undefined) return [];
  return Object.entries(rulesets(github, rules, visibility)).map(
    ([rule, args]) =>
      new RepositoryRuleset(`${name}-rules/${rule}`, { repository, name: `mooring ${rule}`, enforcement: "active", ...args }, { ...opts, dependsOn: after, ...(archived && unchanged) }),
  );
}
