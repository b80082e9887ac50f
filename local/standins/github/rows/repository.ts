/** Repositories, and who may read, write and hear of them. */
import type { Value, Values } from "../../contract.ts";
import type { Failure } from "../../shape.ts";
import { each, isObject, listOf, object, oneOf, text } from "../../shape.ts";
import type { Row } from "../row.ts";
import { hookEvents } from "./hook-events.ts";

/** Source: docs.github.com/rest/repos/repos, and the form that makes repositories. Checked 2026-11-20. */
const repositoryName = text(/^(?!\.{1,2}$)(?!.*\.git$)[-\w.]{1,100}$/i, "1 to 100 letters, digits, '-', '_' or '.', not ending in .git");
const topics = listOf(text(/^[a-z0-9][a-z0-9-]{0,49}$/, "at most 50 lower-case letters, digits or '-', starting with a letter or digit"));
const status = object({ "status!": oneOf("enabled", "disabled") });

export const repositoryRows: readonly Row[] = [
  {
    token: "github:index/repository:Repository",
    arguments: object({
      ...each("boolean", "allowAutoMerge", "allowForking", "allowMergeCommit", "allowRebaseMerge", "allowSquashMerge", "allowUpdateBranch"),
      ...each("boolean", "archiveOnDestroy", "archived", "autoInit", "deleteBranchOnMerge", "hasDiscussions", "hasDownloads", "hasIssues", "hasProjects", "hasWiki"),
      ...each("boolean", "ignoreVulnerabilityAlertsDuringRead", "isTemplate", "private", "vulnerabilityAlerts", "webCommitSignoffRequired"),
      ...each("string", "defaultBranch", "etag", "gitignoreTemplate", "homepageUrl", "licenseTemplate", "sourceOwner", "sourceRepo"),
      description: text(/^[^\n\r]{0,350}$/, "one line of at most 350 characters"),
      fork: "string",
      mergeCommitMessage: oneOf("PR_BODY", "PR_TITLE", "BLANK"),
      mergeCommitTitle: oneOf("PR_TITLE", "MERGE_MESSAGE"),
      name: repositoryName,
      pages: "any",
      securityAndAnalysis: object(each(status, "advancedSecurity", "codeSecurity", "secretScanning", "secretScanningAiDetection", "secretScanningNonProviderPatterns", "secretScanningPushProtection")),
      squashMergeCommitMessage: oneOf("PR_BODY", "COMMIT_MESSAGES", "BLANK"),
      squashMergeCommitTitle: oneOf("PR_TITLE", "COMMIT_OR_PR_TITLE"),
      template: object({ includeAllBranches: "boolean", "owner!": "string", "repository!": "string" }),
      topics,
      visibility: oneOf("public", "private", "internal"),
    }),
    // A template that changes afterwards is not looked at again, and nothing is made anew for it.
    createOnly: [],
    refused: ["defaultBranch", "etag", "fork", "gitignoreTemplate", "licenseTemplate", "pages", "sourceOwner", "sourceRepo"],
    untold: ["archiveOnDestroy", "autoInit", "ignoreVulnerabilityAlertsDuringRead"],
    unordered: ["topics"],
    mistakes: ({ visibility, private: isPrivate }) =>
      (visibility !== undefined && isPrivate !== undefined ? [{ property: "private", reason: "conflicts with 'visibility'; leave it out" }] : []),
    defaults: {
      ...{ allowAutoMerge: false, allowMergeCommit: true, allowRebaseMerge: true, allowSquashMerge: true, archived: false, deleteBranchOnMerge: false },
      ...{ mergeCommitMessage: "PR_TITLE", mergeCommitTitle: "MERGE_MESSAGE", squashMergeCommitMessage: "COMMIT_MESSAGES", squashMergeCommitTitle: "COMMIT_OR_PR_TITLE" },
    },
    computed: ["defaultBranch", "etag", "fullName", "gitCloneUrl", "htmlUrl", "httpCloneUrl", "nodeId", "primaryLanguage", "private", "repoId", "sshCloneUrl", "svnUrl", "topics", "visibility"],
  },
  {
    token: "github:index/repositoryDeployKey:RepositoryDeployKey",
    arguments: object({ "key!": "string", readOnly: "boolean", "repository!": "string", "title!": "string" }),
    createOnly: ["key", "readOnly", "repository", "title"],
    defaults: { readOnly: true },
    computed: ["etag"],
  },
  {
    token: "github:index/repositoryWebhook:RepositoryWebhook",
    arguments: object({
      active: "boolean",
      configuration: object({
        contentType: oneOf("form", "json"),
        insecureSsl: "boolean",
        secret: "string",
        "url!": text(/^https?:\/\/[^\s/]+/, "an http or https URL"),
      }),
      etag: "string",
      "events!": listOf(hookEvents),
      "repository!": "string",
    }),
    createOnly: ["repository"],
    refused: ["etag"],
    unordered: ["events"],
    defaults: { active: true },
    computed: ["etag", "url"],
  },
  {
    token: "github:index/repositoryTopics:RepositoryTopics",
    // Not create-only, by the provider's schema: another repository's topics are then set, and the former's stay.
    arguments: object({ "repository!": "string", "topics!": topics }),
    createOnly: [],
    unordered: ["topics"],
    computed: [],
  },
  {
    token: "github:index/teamRepository:TeamRepository",
    arguments: object({ permission: oneOf("pull", "triage", "push", "maintain", "admin"), "repository!": "string", "teamId!": "string" }),
    createOnly: ["repository", "teamId"],
    asSaid: ["teamId"],
    defaults: { permission: "pull" },
    computed: ["etag"],
  },
  {
    token: "github:index/repositoryRuleset:RepositoryRuleset",
    /**
     * Source: resource_github_repository_ruleset.go and util_ruleset_validation.go of integrations/terraform-provider-github (`repository`
     * is not create-only there), docs.github.com/rest/repos/rules. Checked 2026-11-21. Rules that nothing here enforces are left out of the
     * shape: they are refused as unknown.
     */
    arguments: object({
      bypassActors: listOf(object({
        actorId: "number",
        "actorType!": oneOf("RepositoryRole", "Team", "Integration", "OrganizationAdmin", "DeployKey", "EnterpriseOwner", "User"),
        "bypassMode!": oneOf("always", "pull_request", "exempt"),
      })),
      conditions: object({ "refName!": object({ "excludes!": listOf("string"), "includes!": listOf("string") }) }),
      "enforcement!": oneOf("disabled", "active", "evaluate"),
      name: text(/^.{1,100}$/, "1 to 100 characters"),
      "repository!": "string",
      "rules!": object({
        ...each("boolean", "creation", "deletion", "nonFastForward", "requiredLinearHistory", "update"),
        pullRequest: object({
          ...each("boolean", "dismissStaleReviewsOnPush", "requireCodeOwnerReview", "requireLastPushApproval", "requiredReviewThreadResolution"),
          allowedMergeMethods: listOf(oneOf("merge", "squash", "rebase")),
          requiredApprovingReviewCount: { kind: "range", from: 0, to: 10 },
        }),
        requiredStatusChecks: object({
          ...each("boolean", "doNotEnforceOnCreate", "strictRequiredStatusChecksPolicy"),
          "requiredChecks!": listOf(object({ "context!": "string", integrationId: "number" })),
        }),
        filePathRestriction: object({ "restrictedFilePaths!": listOf("string") }),
      }),
      "target!": oneOf("branch", "tag", "push"),
    }),
    createOnly: [],
    asSaid: ["repository"],
    unordered: ["bypassActors", "rules.requiredStatusChecks.requiredChecks"],
    mistakes: rulesetMistakes,
    computed: ["etag", "nodeId", "rulesetId"],
  },
];

/** Source: util_ruleset_validation.go of the same, which a preview runs: what a push ruleset has, others have not. */
function rulesetMistakes({ rules, target, conditions }: Values): Failure[] {
  const own = isObject(rules) ? rules : {};
  const isOfPush = (rule: string): boolean => rule === "filePathRestriction";
  const isSet = (rule: string): boolean => own[rule] !== undefined && own[rule] !== false;
  return [
    ...[["requiredStatusChecks", "requiredChecks"], ["filePathRestriction", "restrictedFilePaths"]].flatMap(([rule = "", list = ""]) => (isEmpty(own[rule], list) ? [{ property: `rules.${rule}.${list}`, reason: "must have at least one item" }] : [])),
    ...Object.keys(own)
      .filter((rule) => isSet(rule) && typeof target === "string" && isOfPush(rule) !== (target === "push"))
      .map((rule) => ({ property: `rules.${rule}`, reason: `is not valid for ${String(target)} target` })),
    ...(target === "push" && isObject(conditions) && conditions.refName !== undefined ? [{ property: "conditions.refName", reason: "must not be set for push target" }] : []),
  ];
}

function isEmpty(rule: Value | undefined, list: string): boolean {
  const items = isObject(rule) ? rule[list] : undefined;
  return Array.isArray(items) && items.length === 0;
}
