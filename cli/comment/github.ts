/** The comments of a pull request at GitHub. Source: docs.github.com/rest/issues/comments (API version 2022-11-28). */
import type { Comment, Thread } from "./keep.ts";
import type { GithubPlace } from "./place.ts";
import { request } from "./request.ts";
import type { Service } from "./request.ts";
import { Failure } from "../arguments.ts";

interface IssueComment {
  id: number;
  user: { login: string } | null;
  body: string | null;
}

export function github({ api, graphql, repository, number, token }: GithubPlace): Thread {
  const service: Service = {
    name: "GitHub",
    token,
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28", "user-agent": "mooring" },
    permission: "the permission `pull-requests: write`",
    missing: `pull request ${number} in ${repository}`,
  };
  const comments = `${api}/repos/${repository}/issues`;
  return {
    // Read at commentLimit.
    limit: 65_536,
    // REST has no answer for the token of a workflow or an app (GET /user is 403 for them); GraphQL has one for every token.
    self: async () => {
      const { body } = await request<{ data?: { viewer?: { login?: string } } }>(service, "POST", graphql, { query: "{ viewer { login } }" });
      const login = body.data?.viewer?.login;
      if (login === undefined) throw new Failure("GitHub does not say whose token it is");
      return login;
    },
    comments: async function* (): AsyncIterable<Comment> {
      for (let url: string | undefined = `${comments}/${number}/comments?per_page=100`; url !== undefined; ) {
        const { body, headers }: { body: IssueComment[]; headers: Headers } = await request(service, "GET", url);
        for (const { id, user, body: text } of body) yield { id: String(id), author: user?.login, body: text ?? "" };
        url = next(headers.get("link"), api);
      }
    },
    create: async (body) => void (await request(service, "POST", `${comments}/${number}/comments`, { body })),
    update: async (id, body) => void (await request(service, "PATCH", `${comments}/comments/${id}`, { body })),
  };
}

/** The next page; the token goes nowhere but to the API. */
function next(link: string | null, api: string): string | undefined {
  const url = /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return url !== undefined && new URL(url).origin === new URL(api).origin ? url : undefined;
}
