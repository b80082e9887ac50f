/**
 * Stand-ins for the few endpoints of GitHub and Azure DevOps that comments on pull requests need. They refuse what those
 * refuse; sources stand beside each refusal, read 2026-11-21.
 */
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Kept {
  id: number;
  author: string;
  body: string;
  deleted?: boolean;
}

interface Answer {
  status: number;
  body: object | string;
  headers?: Record<string, string>;
}

/** Who a token is, and whether it may write. */
export type Tokens = Readonly<Record<string, { login: string; writes: boolean }>>;

export interface Service {
  url: string;
  comments: Kept[];
  /** `POST /repos/…`, in order, those refused included. */
  calls: string[];
  close(): Promise<void>;
}

interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  token: string;
  /** The request's body as JSON. */
  content: Record<string, unknown>;
}

async function serve(answer: (request: Request, service: Service) => Answer): Promise<Service> {
  const server: Server = createServer((incoming, outgoing) => {
    void read(incoming).then((text) => {
      const url = new URL(incoming.url!, "http://here");
      service.calls.push(`${incoming.method} ${url.pathname}`);
      const { status, body, headers } = answer({
        method: incoming.method!, path: url.pathname, query: url.searchParams,
        token: incoming.headers.authorization?.replace(/^Bearer /, "") ?? "", content: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
      }, service);
      outgoing.writeHead(status, { "content-type": typeof body === "string" ? "text/html" : "application/json", ...headers });
      outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const service: Service = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, comments: [], calls: [], close: () => new Promise((resolve) => server.close(() => resolve())) };
  return service;
}

async function read(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of incoming.setEncoding("utf8")) text += part as string;
  return text;
}

/** GitHub with one repository `acme/platform` and one pull request 7. `path` is where its API begins, as at an Enterprise Server. */
export function startGithub(tokens: Tokens, path = ""): Promise<Service> {
  const said = (status: number, message: string, more: object = {}): Answer => ({ status, body: { message, ...more, documentation_url: "https://docs.github.com/rest" } });
  const shown = ({ id, author, body }: Kept) => ({ id, user: { login: author }, body });
  return serve(({ method, path: full, query, token, content }, { url, comments }) => {
    const who = tokens[token];
    // docs.github.com/rest/authentication: 401 "Bad credentials".
    if (who === undefined) return said(401, "Bad credentials");
    // An Enterprise Server has it beside the REST API: /api/graphql (docs.github.com/enterprise-server/graphql).
    if (method === "POST" && full === (path === "" ? "/graphql" : path.replace(/v3$/, "graphql"))) return { status: 200, body: { data: { viewer: { login: who.login } } } };
    const route = full.startsWith(`${path}/repos/acme/platform/issues/`) ? full.slice(`${path}/repos/acme/platform/issues/`.length) : "";
    const [, one] = /^comments\/(\d+)$/.exec(route) ?? [];
    if (route !== "7/comments" && one === undefined) return said(404, "Not Found");
    if (method === "GET") {
      const [page, size] = [Number(query.get("page") ?? 1), Math.min(100, Number(query.get("per_page") ?? 30))];
      const next = page * size < comments.length ? { link: `<${url}${full}?per_page=${size}&page=${page + 1}>; rel="next", <${url}${full}?page=9>; rel="last"` } : undefined;
      return { status: 200, body: comments.slice((page - 1) * size, page * size).map(shown), headers: next };
    }
    // What a workflow's token says that may only read (marocchino/sticky-pull-request-comment#298).
    if (!who.writes) return said(403, "Resource not accessible by integration");
    const body = content.body;
    if (typeof body !== "string") return said(422, "Invalid request.");
    // telia-oss/github-pr-resource#259; characters are counted as code points.
    if ([...body].length > 65_536) return said(422, "Validation Failed", { errors: [{ resource: "IssueComment", code: "unprocessable", field: "data", message: "Body is too long (maximum is 65536 characters)" }] });
    if (method === "POST" && one === undefined) {
      comments.push({ id: 1000 + comments.length, author: who.login, body });
      return { status: 201, body: shown(comments.at(-1)!) };
    }
    const comment = comments.find(({ id }) => String(id) === one);
    if (method !== "PATCH" || comment === undefined) return said(404, "Not Found");
    comment.body = body;
    return { status: 200, body: shown(comment) };
  });
}

/** Azure DevOps with one repository `repo-id` in the project `project-id`, and one pull request 7. */
export function startAzureDevOps(tokens: Tokens): Promise<Service> {
  const said = (status: number, message: string): Answer => ({ status, body: { $id: "1", message, typeKey: "GitException", errorCode: 0 } });
  return serve(({ method, path, query, token, content }, { comments }) => {
    const who = tokens[token];
    // A token that it does not take leads to the page to sign in on, with 203.
    if (who === undefined) return { status: 203, body: "<html>Azure DevOps Services | Sign In</html>" };
    // learn.microsoft.com/rest/api/azure/devops: the version must be named for what is not read by GET.
    if (method !== "GET" && !query.has("api-version")) return said(400, "No api-version was supplied for the request.");
    if (path === "/_apis/connectionData") return { status: 200, body: { authenticatedUser: { id: who.login } } };
    const [, number, thread, comment] = /^\/project-id\/_apis\/git\/repositories\/repo-id\/pullRequests\/(\d+)\/threads(?:\/(\d+)\/comments\/(\d+))?$/.exec(path) ?? [];
    if (number === undefined) return said(404, "TF401019: The Git repository does not exist or you do not have permissions.");
    if (number !== "7") return said(404, "TF401180: The requested pull request was not found.");
    if (method === "GET") return { status: 200, body: { value: comments.map(({ id, author, body, deleted }) => ({ id, comments: [{ id: 1, content: deleted ? undefined : body, author: { id: author }, isDeleted: deleted ?? false }] })) } };
    // shayki5/azure-devops-create-pr-task#35.
    if (!who.writes) return said(403, "TF401027: You need the Git 'PullRequestContribute' permission to perform this action. Details: identity 'Build\\x', scope 'repository'.");
    const body = method === "PATCH" ? content.content : (content.comments as { content: string; parentCommentId: number }[] | undefined)?.[0]?.content;
    if (typeof body !== "string") return said(400, "Value cannot be null.\r\nParameter name: comment.Content");
    // runatlantis/atlantis#1585.
    if (body.length > 150_000) return said(400, "A discussion comment cannot be longer than 150000 characters.\r\nParameter name: comment.Content");
    if (method === "POST") {
      if (content.status !== "closed") return said(400, "the tests want a thread that stands against no completion");
      comments.push({ id: 50 + comments.length, author: who.login, body });
      return { status: 200, body: { id: comments.at(-1)!.id } };
    }
    const kept = comments.find(({ id }) => String(id) === thread);
    if (kept === undefined || comment !== "1") return said(404, "TF401181: The thread was not found.");
    // learn.microsoft.com/azure/devops: only its author edits a comment.
    if (kept.author !== who.login) return said(403, "TF401027: You cannot edit a comment that you have not written.");
    kept.body = body;
    return { status: 200, body: { id: 1 } };
  });
}
