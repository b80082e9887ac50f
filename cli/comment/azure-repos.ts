/**
 * The comments of a pull request at Azure Repos: each thread's first one. Source: learn.microsoft.com/rest/api/azure/devops/git,
 * pull request threads and pull request thread comments, 7.0, which Azure DevOps Server 2022 has too. The list has no pages.
 */
import { Failure } from "../arguments.ts";
import type { Comment, Thread } from "./keep.ts";
import type { AzureReposPlace } from "./place.ts";
import { request } from "./request.ts";
import type { Service } from "./request.ts";

interface Threads {
  value: { id: number; isDeleted?: boolean; comments?: { id: number; content?: string; author?: { id?: string }; isDeleted?: boolean }[] }[];
}

const version = "api-version=7.0";

export function azureRepos({ collection, project, repository, number, token }: AzureReposPlace): Thread {
  const service: Service = {
    name: "Azure DevOps",
    token,
    headers: { accept: "application/json", "user-agent": "mooring" },
    permission: "the permission *Contribute to pull requests* on the repository, given to the project's build service",
    missing: `pull request ${number} in this repository`,
  };
  const threads = `${collection}/${encodeURIComponent(project)}/_apis/git/repositories/${encodeURIComponent(repository)}/pullRequests/${number}/threads`;
  return {
    // Read at commentLimit.
    limit: 150_000,
    self: async () => {
      const { body } = await request<{ authenticatedUser?: { id?: string } }>(service, "GET", `${collection}/_apis/connectionData?api-version=7.0-preview.1`);
      const id = body.authenticatedUser?.id;
      if (id === undefined) throw new Failure("Azure DevOps does not say whose token it is");
      return id;
    },
    comments: async function* (): AsyncIterable<Comment> {
      const { body } = await request<Threads>(service, "GET", `${threads}?${version}`);
      for (const { id, isDeleted, comments: [first] = [] } of body.value) {
        if (isDeleted === true || first === undefined || first.isDeleted === true) continue;
        yield { id: `${id}/comments/${first.id}`, author: first.author?.id, body: first.content ?? "" };
      }
    },
    // Closed: an active thread would stand against completion where a policy asks for all comments to be resolved.
    create: async (content) => void (await request(service, "POST", `${threads}?${version}`, { comments: [{ parentCommentId: 0, content, commentType: "text" }], status: "closed" })),
    update: async (id, content) => void (await request(service, "PATCH", `${threads}/${id}?${version}`, { content })),
  };
}
