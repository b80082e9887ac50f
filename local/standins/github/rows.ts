/** The resource types of the stand-in for GitHub. */
import { each, listOf, object, oneOf, text } from "../shape.ts";
import type { Row } from "./row.ts";

/** Source: docs.github.com/rest/repos/repos, and the form that makes repositories. Checked 2026-11-20. */
const repositoryName = text(/^(?!\.{1,2}$)(?!.*\.git$)[-\w.]{1,100}$/i, "1 to 100 letters, digits, '-', '_' or '.', not ending in .git");
const topics = listOf(text(/^[a-z0-9][a-z0-9-]{0,49}$/, "at most 50 lower-case letters, digits or '-', starting with a letter or digit"));
const status = object({ "status!": oneOf("enabled", "disabled") });

/** Source: docs.github.com/webhooks/webhook-events-and-payloads, events of repositories. Checked 2026-11-20. */
const hookEvents = oneOf(
  ...["*", "branch_protection_configuration", "branch_protection_rule", "check_run", "check_suite", "code_scanning_alert", "commit_comment", "create", "custom_property_values"],
  ...["delete", "dependabot_alert", "deploy_key", "deployment", "deployment_protection_rule", "deployment_review", "deployment_status", "discussion", "discussion_comment"],
  ...["fork", "gollum", "issue_comment", "issue_dependencies", "issues", "label", "member", "merge_group", "meta", "milestone", "package", "page_build", "ping", "public"],
  ...["pull_request", "pull_request_review", "pull_request_review_comment", "pull_request_review_thread", "push", "registry_package", "release", "repository"],
  ...["repository_advisory", "repository_import", "repository_ruleset", "repository_vulnerability_alert", "secret_scanning_alert", "secret_scanning_alert_location"],
  ...["secret_scanning_scan", "security_and_analysis", "star", "status", "sub_issues", "team_add", "watch", "workflow_dispatch", "workflow_job", "workflow_run"],
);

export const rows: readonly Row[] = [
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
      template: "any",
      topics,
      visibility: oneOf("public", "private", "internal"),
    }),
    createOnly: [],
    refused: ["defaultBranch", "etag", "fork", "gitignoreTemplate", "licenseTemplate", "pages", "sourceOwner", "sourceRepo", "template"],
    defaults: { allowMergeCommit: true, allowRebaseMerge: true, allowSquashMerge: true, archived: false },
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
    defaults: { active: true },
    computed: ["etag", "url"],
  },
  {
    token: "github:index/branchDefault:BranchDefault",
    arguments: object({ "branch!": "string", etag: "string", rename: "boolean", "repository!": "string", waitForRename: "boolean" }),
    createOnly: ["repository"],
    refused: ["etag", "waitForRename"],
    computed: ["etag", "repositoryId"],
  },
  {
    token: "github:index/repositoryFile:RepositoryFile",
    arguments: object({
      ...each("boolean", "autocreateBranch", "overwriteOnCreate"),
      ...each("string", "autocreateBranchSourceBranch", "autocreateBranchSourceSha", "branch", "commitAuthor", "commitEmail", "commitMessage"),
      "content!": "string",
      "file!": text(/^(?!\/)(?!(?:.*\/)?(?:\.{1,2}|\.git)(?:\/|$)).*[^/]$/s, "a path within the repository, such as deploy/app.yaml"),
      "repository!": "string",
    }),
    createOnly: ["branch", "file", "repository"],
    refused: ["autocreateBranchSourceSha"],
    computed: ["branch", "commitMessage", "commitSha", "ref", "repositoryId", "sha"],
  },
  {
    token: "github:index/repositoryTopics:RepositoryTopics",
    arguments: object({ "repository!": "string", "topics!": topics }),
    createOnly: ["repository"],
    computed: [],
  },
  {
    token: "github:index/teamRepository:TeamRepository",
    arguments: object({ permission: oneOf("pull", "triage", "push", "maintain", "admin"), "repository!": "string", "teamId!": "string" }),
    createOnly: ["repository", "teamId"],
    defaults: { permission: "pull" },
    computed: ["etag"],
  },
];

const byToken = new Map(rows.map((row) => [row.token, row]));

/** The row of a type; throws, naming the type, when there is none. */
export function rowOf(token: string): Row {
  const row = byToken.get(token);
  if (row === undefined) throw new Error(`The stand-in for GitHub does not know ${token}; add a row in local/standins/github/rows.ts.`);
  return row;
}
