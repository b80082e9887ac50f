/**
 * The stand-in for GitHub: the package `github` with real bare git repositories on disk, and records of what lies around
 * them. It refuses what GitHub refuses, without a network and without a token. Repositories are at
 * `<folder>/<owner>/<name>.git`; each holds its deploy keys and webhooks in files beside git's own, for a server to use.
 */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { StandIn, Value, Values } from "./contract.ts";
import { UNKNOWN } from "./contract.ts";
import { differences, isWithin } from "./differences.ts";
import type { State } from "./github/account.ts";
import { emptyState, GithubAccount } from "./github/account.ts";
import { environmentVariableHandler, secretHandler, variableHandler } from "./github/actions.ts";
import { branchDefaultHandler, fileHandler } from "./github/contents.ts";
import { deploymentPolicyHandler, environmentHandler } from "./github/environments.ts";
import type { Handler } from "./github/handler.ts";
import { hostsOf } from "./github/hosts.ts";
import { deployKeyHandler, webhookHandler } from "./github/keys-and-hooks.ts";
import { lookUp } from "./github/look-ups.ts";
import { meaning, readInputs } from "./github/meaning.ts";
import type { Actor } from "./github/protection.ts";
import { repositoryHandler, teamHandler, topicsHandler } from "./github/repositories.ts";
import type { Row } from "./github/row.ts";
import { rowOf } from "./github/rows.ts";
import { rulesetHandler } from "./github/rulesets.ts";
import { workflowHandler } from "./github/workflows.ts";
import { failuresOf, withoutNulls } from "./shape.ts";
import { JsonStore } from "./store.ts";

/** Types that get a name when the program gives none. */
const named = ["github:index/repository:Repository", "github:index/repositoryRuleset:RepositoryRuleset"];

const handlers: { readonly [token: string]: Handler } = {
  "github:index/repository:Repository": repositoryHandler,
  "github:index/repositoryDeployKey:RepositoryDeployKey": deployKeyHandler,
  "github:index/repositoryWebhook:RepositoryWebhook": webhookHandler,
  "github:index/branchDefault:BranchDefault": branchDefaultHandler,
  "github:index/repositoryFile:RepositoryFile": fileHandler,
  "github:index/repositoryTopics:RepositoryTopics": topicsHandler,
  "github:index/teamRepository:TeamRepository": teamHandler,
  "github:index/repositoryRuleset:RepositoryRuleset": rulesetHandler,
  "github:index/repositoryEnvironment:RepositoryEnvironment": environmentHandler,
  "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy": deploymentPolicyHandler,
  "github:index/workflowRepositoryPermissions:WorkflowRepositoryPermissions": workflowHandler,
  "github:index/actionsVariable:ActionsVariable": variableHandler,
  "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable": environmentVariableHandler,
  "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret": secretHandler,
};

function handlerOf(row: Row): Handler {
  const handler = handlers[row.token];
  if (handler === undefined) throw new Error(`The stand-in for GitHub cannot make ${row.token}.`);
  return handler;
}

export function githubStandIn({ folder }: { folder: string }): StandIn {
  const store = new JsonStore<State>(join(folder, "github.json"), emptyState);
  const accounts = new Map<string, GithubAccount>();
  let last: Promise<unknown> = Promise.resolve();

  function accountOf(connection: string): GithubAccount {
    const account = accounts.get(connection);
    if (account === undefined) throw new Error("This github provider was not configured: give it an owner.");
    return account;
  }

  /** One request after another, as the real provider does by default: GitHub answers conflicts otherwise. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  return {
    package: "github",
    version: "6.15.0",

    configure(connection, args) {
      const owner = args.owner ?? args.organization;
      if (typeof owner !== "string" || !/^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i.test(owner)) {
        throw new Error(`github: owner must be the name of an organization or a user, not ${JSON.stringify(owner ?? null)}.`);
      }
      accounts.set(connection, new GithubAccount(owner, folder, store, { hosts: hostsOf(args.baseUrl ?? undefined), actor: actorOf(args.appAuth ?? null) }));
    },

    check({ type, name, olds, news, randomSeed }) {
      const row = rowOf(type);
      const inputs = withoutNulls(news);
      if (named.includes(type)) inputs.name ??= olds?.name ?? generatedName(name, randomSeed);
      const failures = failuresOf(row.arguments, inputs);
      for (const property of row.refused ?? []) {
        if (inputs[property] !== undefined) failures.push({ property, reason: `the stand-in for GitHub does not offer '${property}'` });
      }
      if (failures.length === 0) failures.push(...(row.mistakes?.(inputs) ?? []));
      return { inputs, failures };
    },

    diff({ type, oldInputs, oldOutputs, news, connection }) {
      const row = rowOf(type);
      const changes = differences(meaning(row, oldInputs), meaning(row, news));
      const anew = (path: string): boolean => isWithin(path, row.createOnly) || (path === "repository" && row.followsRename === true && isAnother(accountOf(connection), oldOutputs, news));
      const together = (row.togetherCreateOnly ?? []).filter((name) => changes.includes(name));
      return { changes, replaces: [...changes.filter(anew), ...(together.length > 1 ? together : [])] };
    },

    async create({ type, inputs, preview, connection }) {
      const row = rowOf(type);
      const complete = { ...row.defaults, ...withoutNulls(inputs) };
      if (preview) return { id: "", outputs: { ...Object.fromEntries(row.computed.map((name) => [name, UNKNOWN])), ...complete } };
      return inTurn(() => handlerOf(row).create(accountOf(connection), complete));
    },

    // The Terraform bridge keeps what was computed: only what the program gives can change.
    async update({ type, id, oldOutputs, news, preview, connection }) {
      const row = rowOf(type);
      const complete = { ...row.defaults, ...withoutNulls(news) };
      const kept = Object.fromEntries(row.computed.flatMap((name) => (oldOutputs[name] === undefined ? [] : [[name, oldOutputs[name]]])));
      if (preview) return { ...kept, ...complete };
      const handler = handlerOf(row);
      if (handler.update === undefined) throw new Error(`${type} cannot be changed in place.`);
      return inTurn(async () => (await handler.update?.(accountOf(connection), id, complete, oldOutputs)) ?? {});
    },

    async read({ type, id, inputs, connection }) {
      const row = rowOf(type);
      const found = await inTurn(() => handlerOf(row).read(accountOf(connection), id));
      return found && { id, outputs: found.outputs, inputs: readInputs(row, inputs, found.inputs) };
    },

    delete: ({ type, id, inputs, connection }) => inTurn(() => handlerOf(rowOf(type)).delete(accountOf(connection), id, inputs)),

    invoke: (token, args, connection) => inTurn(() => lookUp(token, args, accountOf(connection))),
  };
}

/** Whom a login is for: with a token an administrator's, else the app's, given as JSON. */
function actorOf(appAuth: Value): Actor {
  if (typeof appAuth !== "string") return "administrator";
  const { id } = JSON.parse(appAuth) as { id?: string };
  if (!/^\d+$/.test(id ?? "")) throw new Error(`github: appAuth.id must be the number of a GitHub App, not ${JSON.stringify(id ?? null)}.`);
  return { app: Number(id) };
}

/** Whether `repository` now names another repository. What cannot be found is taken for a new name of the same, as the provider does. */
function isAnother(account: GithubAccount, { repositoryId }: Values, { repository }: Values): boolean {
  const found = account.find(String(repository));
  return found !== undefined && found.repoId !== repositoryId;
}

/** As the bridge names what the program does not name. */
function generatedName(name: string, randomSeed: Uint8Array): string {
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(32);
  return `${name}-${createHash("sha256").update(seed).update(name).digest("hex").slice(0, 7)}`;
}
