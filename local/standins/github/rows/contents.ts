/** What lies in the git repository itself. */
import { each, object, text } from "../../shape.ts";
import type { Row } from "../row.ts";

export const contentRows: readonly Row[] = [
  {
    token: "github:index/branchDefault:BranchDefault",
    arguments: object({ "branch!": "string", etag: "string", rename: "boolean", "repository!": "string", waitForRename: "boolean" }),
    createOnly: ["repository"],
    refused: ["etag", "waitForRename"],
    computed: ["etag", "repositoryId"],
  },
  {
    token: "github:index/repositoryFile:RepositoryFile",
    // Source: resource_github_repository_file.go of integrations/terraform-provider-github. Checked 2026-11-21.
    arguments: object({
      ...each("boolean", "autocreateBranch", "overwriteOnCreate"),
      ...each("string", "autocreateBranchSourceBranch", "autocreateBranchSourceSha", "branch", "commitAuthor", "commitEmail", "commitMessage"),
      "content!": "string",
      "file!": text(/^(?!\/)(?!(?:.*\/)?(?:\.{1,2}|\.git)(?:\/|$)).*[^/]$/s, "a path within the repository, such as deploy/app.yaml"),
      "repository!": "string",
    }),
    createOnly: ["branch", "file"],
    followsRename: true,
    refused: ["autocreateBranchSourceSha"],
    untold: ["autocreateBranch", "autocreateBranchSourceBranch", "commitAuthor", "commitEmail", "overwriteOnCreate"],
    defaults: { autocreateBranchSourceBranch: "main" },
    computed: ["branch", "commitMessage", "commitSha", "ref", "repositoryId", "sha"],
  },
];
