/** Stands in for the REST API of Azure Repos, version 7.1, as far as the scaffold asks for it (learn.microsoft.com/rest/api/azure/devops/git, read in November 2026). */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface PullRequest {
  pullRequestId: number;
  sourceRefName: string;
  targetRefName: string;
  title: string;
  description: string;
}

export interface AzureRepos {
  /** What Azure Pipelines sets. */
  variables: Record<string, string>;
  pullRequests: PullRequest[];
  close(): Promise<void>;
}

type Status = { id: number; context: { genre: string; name: string }; state: string; description: string; createdBy: { uniqueName: string } };

export async function startAzureRepos(token: string, statuses: Record<string, Status[]>): Promise<AzureRepos> {
  const pullRequests: PullRequest[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const answer = (status: number, body: unknown): void => { response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)); };
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => { text += part; }).on("end", () => {
      if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { message: "TF400813: The user is not authorized to access this resource." });
      const [, rest] = /^\/acme\/project\/_apis\/git\/repositories\/repository\/(.*)$/.exec(url.pathname) ?? [];
      if (rest === undefined || url.searchParams.get("api-version") !== "7.1") return answer(404, {});
      const [, commit] = /^commits\/([0-9a-f]{40})\/statuses$/.exec(rest) ?? [];
      if (commit !== undefined && request.method === "GET") return answer(200, { value: statuses[commit] ?? [] });
      if (rest === "pullrequests" && request.method === "GET") {
        const source = url.searchParams.get("searchCriteria.sourceRefName");
        return answer(200, { value: pullRequests.filter(({ sourceRefName }) => sourceRefName === source) });
      }
      if (rest === "pullrequests" && request.method === "POST") {
        const body = JSON.parse(text) as Omit<PullRequest, "pullRequestId">;
        if (request.headers["content-type"] !== "application/json" || body.description.length > 4000) return answer(400, { message: "Invalid pull request." });
        pullRequests.push({ ...body, pullRequestId: pullRequests.length + 1 });
        return answer(201, pullRequests.at(-1));
      }
      answer(404, {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    variables: { SYSTEM_COLLECTIONURI: `http://127.0.0.1:${port}/acme/`, SYSTEM_TEAMPROJECTID: "project", BUILD_REPOSITORY_ID: "repository" },
    pullRequests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
