/** What stands beside git's own files in a bare repository, for a server of it to read: who may do what, and whom to call after a push. */
import { join } from "node:path";
import { readIfThere, writePrivateFile } from "../../private-files.ts";
import type { Values } from "../contract.ts";
import type { RepositoryRecord, State } from "./account.ts";

export const DEPLOY_KEYS_FILE = "mooring-deploy-keys.json";
export const WEBHOOKS_FILE = "mooring-webhooks.json";
export const REPOSITORY_FILE = "mooring-repository.json";
/** Written by the server: one line a call of a webhook. */
export const DELIVERIES_FILE = "mooring-deliveries.jsonl";

export interface PublishedKey {
  id: number;
  title: string;
  /** The line as it was given. */
  key: string;
  readOnly: boolean;
}

export interface PublishedHook {
  id: number;
  active: boolean;
  events: string[];
  configuration: { url: string; contentType?: string; secret?: string; insecureSsl?: boolean };
}

export interface PublishedRepository {
  owner: string;
  name: string;
  formerNames: string[];
  archived: boolean;
  /** Where its pages are: `https://github.com/acme/orders`. */
  htmlUrl: string;
  /** The arguments of its rulesets. */
  rulesets: Values[];
}

/** Writes the three files; each is replaced as a whole, and only the user can read it. */
export function publishRepository(folder: string, repository: RepositoryRecord, state: State, web: string): void {
  const own = (record: { repoId: number }): boolean => record.repoId === repository.repoId;
  const keys = state.keys.filter(own).map(({ id, title, key, readOnly }): PublishedKey => ({ id, title, key, readOnly }));
  const hooks = state.hooks.filter(own).map(({ id, inputs }) => ({ id, active: inputs.active, events: inputs.events, configuration: inputs.configuration }));
  const { owner, name, formerNames, inputs } = repository;
  const facts: PublishedRepository = {
    owner,
    name,
    formerNames,
    archived: inputs.archived === true,
    htmlUrl: `${web}/${owner}/${name}`,
    rulesets: state.rulesets.filter(own).map((ruleset) => ruleset.inputs),
  };
  for (const [file, content] of [[DEPLOY_KEYS_FILE, keys], [WEBHOOKS_FILE, hooks], [REPOSITORY_FILE, facts]] as const) {
    writePrivateFile(join(folder, file), `${JSON.stringify(content, null, 1)}\n`);
  }
}

/** One of the files of a bare repository; `undefined` when it is not there. */
export function readPublished<T>(folder: string, file: typeof DEPLOY_KEYS_FILE | typeof WEBHOOKS_FILE | typeof REPOSITORY_FILE): T | undefined {
  const text = readIfThere(join(folder, file));
  return text === undefined ? undefined : JSON.parse(text) as T;
}
