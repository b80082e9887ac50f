/** Which pull request a run is for, from a pipeline's environment variables. */
import { readFileSync } from "node:fs";
import { apiOf } from "../../components/github/api.ts";
import { Failure } from "../arguments.ts";
import { NotAllowed } from "./keep.ts";

export interface GithubPlace {
  service: "github";
  /** `https://api.github.com`, or an Enterprise Server's `https://<host>/api/v3`. */
  api: string;
  graphql: string;
  /** `owner/name` */
  repository: string;
  number: number;
  token: string;
}

export interface AzureReposPlace {
  service: "azure repos";
  /** `https://dev.azure.com/<organisation>/`, or a server's collection. */
  collection: string;
  project: string;
  /** Its id. */
  repository: string;
  number: number;
  token: string;
}

export type Place = GithubPlace | AzureReposPlace;

type Environment = Readonly<Record<string, string | undefined>>;

/** What the command's options say, which comes before what the environment says. */
export interface Given {
  repository?: string;
  number?: number;
}

/**
 * Sources: docs.github.com/actions/reference/workflows-and-actions/variables and
 * learn.microsoft.com/azure/devops/pipelines/build/variables. Read 2026-11-21.
 *
 * @throws Failure when the run is for no pull request, with what to give
 */
export function placeOf(env: Environment, given: Given = {}): Place {
  const { BUILD_REPOSITORY_PROVIDER: provider = "" } = env;
  if (env.GITHUB_ACTIONS === "true") return githubPlace(env, { repository: env.GITHUB_REPOSITORY, number: fromEvent(env.GITHUB_EVENT_PATH), ...defined(given) });
  if (given.repository !== undefined) return githubPlace(env, given);
  if (env.TF_BUILD === undefined) throw new Failure("this is no pipeline that is known; give --repository OWNER/NAME and --pull-request NUMBER (GitHub)");
  if (provider === "TfsGit") return azureReposPlace(env, given);
  if (provider !== "GitHub" && provider !== "GitHubEnterprise") throw new Failure(`comments are made at GitHub and Azure Repos, not at ${provider || "an unknown service"} (BUILD_REPOSITORY_PROVIDER)`);
  return githubPlace(env, { repository: env.BUILD_REPOSITORY_NAME, number: numberOf(env.SYSTEM_PULLREQUEST_PULLREQUESTNUMBER), ...defined(given) });
}

function githubPlace(env: Environment, { repository, number }: Given): GithubPlace {
  if (repository === undefined) throw new Failure("the repository is not known; give --repository OWNER/NAME");
  const pullRequest = required(number);
  const api = address("GITHUB_API_URL", env.GITHUB_API_URL ?? apiOf(URL.parse(env.BUILD_REPOSITORY_URI ?? "")?.hostname ?? "github.com"));
  const graphql = address("GITHUB_GRAPHQL_URL", env.GITHUB_GRAPHQL_URL ?? graphqlOf(api));
  return { service: "github", api, graphql, repository, number: pullRequest, token: token(env, "GITHUB_TOKEN") };
}

function azureReposPlace(env: Environment, { number }: Given): AzureReposPlace {
  const value = (name: string): string => {
    if (!env[name]) throw new Failure(`${name} is not set, which Azure Pipelines does; is this one of its jobs?`);
    return env[name];
  };
  const pullRequest = required(number ?? numberOf(env.SYSTEM_PULLREQUEST_PULLREQUESTID));
  const collection = address("SYSTEM_COLLECTIONURI", env.SYSTEM_COLLECTIONURI ?? value("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"));
  const [project, repository] = [value("SYSTEM_TEAMPROJECTID"), value("BUILD_REPOSITORY_ID")];
  return { service: "azure repos", collection, project, repository, number: pullRequest, token: token(env, "SYSTEM_ACCESSTOKEN") };
}

function required(number: number | undefined): number {
  if (number === undefined) throw new Failure("this run is for no pull request; give --pull-request NUMBER, or run it for pull requests only");
  return number;
}

/** The number in the event's file; absent for an event that is about no pull request. */
function fromEvent(path: string | undefined): number | undefined {
  if (path === undefined) return undefined;
  let event: { pull_request?: { number?: number }; issue?: { number?: number; pull_request?: object } };
  try {
    event = JSON.parse(readFileSync(path, "utf8")) as typeof event;
  } catch (error) {
    throw new Failure(`GITHUB_EVENT_PATH: ${path} cannot be read as JSON; give --pull-request NUMBER`, { cause: error });
  }
  const number = event.pull_request?.number ?? (event.issue?.pull_request === undefined ? undefined : event.issue.number);
  return typeof number === "number" ? number : undefined;
}

const numberOf = (text: string | undefined): number | undefined => (/^[1-9]\d*$/.test(text ?? "") ? Number(text) : undefined);

/** Azure Pipelines leaves `$(NAME)` as it is where a variable is not there, which secrets are not in runs for forks. */
function token(env: Environment, name: string): string {
  const value = env[name] ?? "";
  if (value === "" || /^\$\(.*\)$/.test(value)) throw new NotAllowed(`${name} is not set. Hand it to this step (env: ${name}: …); in a run for a fork there is none, and nothing can be commented`);
  return value;
}

const graphqlOf = (api: string): string => (api.endsWith("/api/v3") ? api.replace(/\/v3$/, "/graphql") : `${api}/graphql`);

/** A token goes over https only, or to this machine. */
function address(name: string, value: string): string {
  const url = URL.parse(value);
  const local = url?.hostname === "localhost" || url?.hostname === "127.0.0.1";
  if (url === null || (url.protocol !== "https:" && !(local && url.protocol === "http:"))) throw new Failure(`${name}: ${value} is not an https address`);
  return value.replace(/\/+$/, "");
}

const defined = (given: Given): Given => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
