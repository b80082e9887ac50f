/**
 * The stand-in for GitHub: the package `github` with real bare git repositories on disk, and records of what lies around
 * them. It refuses what GitHub refuses, without a network and without a token. Repositories are at
 * `<folder>/<owner>/<name>.git`; each holds its deploy keys and webhooks in files beside git's own, for a server to use.
 */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { StandIn, Values } from "./contract.ts";
import { UNKNOWN } from "./contract.ts";
import { differences, isWithin } from "./differences.ts";
import type { State } from "./github/account.ts";
import { GithubAccount } from "./github/account.ts";
import { branchDefaultHandler, fileHandler } from "./github/contents.ts";
import type { Handler } from "./github/handler.ts";
import { deployKeyHandler, webhookHandler } from "./github/keys-and-hooks.ts";
import { repositoryHandler, repositoryOutputs, teamHandler, topicsHandler } from "./github/repositories.ts";
import type { Row } from "./github/row.ts";
import { rowOf } from "./github/rows.ts";
import { failuresOf, withoutNulls } from "./shape.ts";
import { JsonStore } from "./store.ts";

const REPOSITORY = "github:index/repository:Repository";

const handlers: { readonly [token: string]: Handler } = {
  [REPOSITORY]: repositoryHandler,
  "github:index/repositoryDeployKey:RepositoryDeployKey": deployKeyHandler,
  "github:index/repositoryWebhook:RepositoryWebhook": webhookHandler,
  "github:index/branchDefault:BranchDefault": branchDefaultHandler,
  "github:index/repositoryFile:RepositoryFile": fileHandler,
  "github:index/repositoryTopics:RepositoryTopics": topicsHandler,
  "github:index/teamRepository:TeamRepository": teamHandler,
};

function handlerOf(row: Row): Handler {
  const handler = handlers[row.token];
  if (handler === undefined) throw new Error(`The stand-in for GitHub cannot make ${row.token}.`);
  return handler;
}

export function githubStandIn({ folder }: { folder: string }): StandIn {
  const store = new JsonStore<State>(join(folder, "github.json"), () => ({ version: 1, repositories: [], keys: [], hooks: [], teams: [] }));
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
      accounts.set(connection, new GithubAccount(owner, folder, store));
    },

    check({ type, name, olds, news, randomSeed }) {
      const row = rowOf(type);
      const inputs = withoutNulls(news);
      if (type === REPOSITORY) inputs.name ??= olds?.name ?? generatedName(name, randomSeed);
      const failures = failuresOf(row.arguments, inputs);
      for (const property of row.refused ?? []) {
        if (inputs[property] !== undefined) failures.push({ property, reason: `the stand-in for GitHub does not offer '${property}'` });
      }
      if (inputs.visibility !== undefined && inputs.private !== undefined) failures.push({ property: "private", reason: "conflicts with 'visibility'; leave it out" });
      return { inputs, failures };
    },

    diff({ type, oldInputs, news }) {
      const changes = differences(withoutNulls(oldInputs), withoutNulls(news));
      return { changes, replaces: changes.filter((path) => isWithin(path, rowOf(type).createOnly)) };
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
      return inTurn(async () => (await handler.update?.(accountOf(connection), id, complete)) ?? {});
    },

    async read({ type, id, inputs, connection }) {
      const row = rowOf(type);
      const found = await inTurn(() => handlerOf(row).read(accountOf(connection), id));
      return found && { id, outputs: found.outputs, inputs: readInputs(row, inputs, found.inputs) };
    },

    delete: ({ type, id, connection }) => inTurn(() => handlerOf(rowOf(type)).delete(accountOf(connection), id)),

    invoke: (token, args, connection) => inTurn(() => invoke(token, args, accountOf(connection))),
  };
}

/**
 * What a program would have to say to mean what was read. Of a resource that it has said already, what it left to
 * defaults and to GitHub stays unsaid unless it is no longer the default.
 */
function readInputs(row: Row, said: Values, found: Values): Values {
  const isNew = Object.keys(said).length === 0;
  const telling = Object.entries(found).filter(([name, value]) => name in said || (differences({ value }, { value: row.defaults?.[name] ?? null }).length > 0 && (isNew || !row.computed.includes(name))));
  return { ...said, ...Object.fromEntries(telling) };
}

/** As the bridge names a repository that the program does not name. */
function generatedName(name: string, randomSeed: Uint8Array): string {
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(32);
  return `${name}-${createHash("sha256").update(seed).update(name).digest("hex").slice(0, 7)}`;
}

async function invoke(token: string, args: Values, account: GithubAccount): Promise<Values> {
  switch (token) {
    case "github:index/getRepository:getRepository": {
      const [owner, name] = String(args.fullName ?? `${account.owner}/${String(args.name)}`).split("/");
      if (owner?.toLowerCase() !== account.owner.toLowerCase() || name === undefined) throw new Error(`404 Not Found: the repository ${owner}/${name} does not exist`);
      const repository = account.get(name);
      return { ...(await repositoryOutputs(account, repository)), id: repository.name };
    }
    case "github:index/getOrganization:getOrganization": {
      const login = String(args.name);
      const repositories = account.state.repositories.filter((repository) => repository.owner.toLowerCase() === login.toLowerCase());
      if (login.toLowerCase() !== account.owner.toLowerCase() && repositories.length === 0) throw new Error(`404 Not Found: the organization ${login} does not exist`);
      const id = createHash("sha256").update(login.toLowerCase()).digest().readUInt32BE(0) % 100_000_000;
      return { id: String(id), login, name: login, orgname: login, nodeId: `O_${Buffer.from(`organization:${id}`).toString("base64url")}`, repositories: repositories.map((repository) => `${repository.owner}/${repository.name}`) };
    }
    default:
      throw new Error(`The stand-in for GitHub does not know the function ${token}.`);
  }
}
