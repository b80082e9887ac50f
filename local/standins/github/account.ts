/** What exists in the stand-in's GitHub: records in one file, and a bare repository on disk for each repository. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Values } from "../contract.ts";
import { writePrivateFile } from "../../private-files.ts";
import type { JsonStore } from "../store.ts";

export interface RepositoryRecord {
  owner: string;
  name: string;
  /** A repository that was renamed answers to its old names until another one takes them. */
  formerNames: string[];
  repoId: number;
  nodeId: string;
  inputs: Values;
}

export interface KeyRecord {
  id: number;
  repoId: number;
  title: string;
  /** The line as it was given. */
  key: string;
  readOnly: boolean;
}

export interface HookRecord {
  id: number;
  repoId: number;
  /** The arguments, secret included. */
  inputs: Values;
}

export interface TeamRecord {
  repoId: number;
  teamId: string;
  permission: string;
}

export interface State {
  version: 1;
  repositories: RepositoryRecord[];
  keys: KeyRecord[];
  hooks: HookRecord[];
  teams: TeamRecord[];
}

/** Files inside a bare repository that a server of it reads: who may fetch and push, and whom to call after a push. */
export const DEPLOY_KEYS_FILE = "mooring-deploy-keys.json";
export const WEBHOOKS_FILE = "mooring-webhooks.json";

/** One owner's view; all owners share the file. Change {@link state} in place, then {@link save}. */
export class GithubAccount {
  readonly owner: string;
  readonly folder: string;
  readonly #store: JsonStore<State>;

  constructor(owner: string, folder: string, store: JsonStore<State>) {
    this.owner = owner;
    this.folder = folder;
    this.#store = store;
  }

  get state(): State {
    return this.#store.value;
  }

  /** The owner's repository of this name, now or formerly; names are compared without regard to case. */
  find(name: string): RepositoryRecord | undefined {
    const own = this.state.repositories.filter((repository) => same(repository.owner, this.owner));
    return own.find((repository) => same(repository.name, name)) ?? own.find((repository) => repository.formerNames.some((former) => same(former, name)));
  }

  /** As {@link find}; throws when there is none. */
  get(name: string): RepositoryRecord {
    const repository = this.find(name);
    if (repository === undefined) throw new Error(`404 Not Found: the repository ${this.owner}/${name} does not exist`);
    return repository;
  }

  /** As {@link get}; throws also when the repository is archived, because then nothing in it may change. */
  getWritable(name: string): RepositoryRecord {
    const repository = this.get(name);
    if (repository.inputs.archived === true) throw new Error(`403 Repository was archived so is read-only: ${this.owner}/${repository.name}`);
    return repository;
  }

  path(repository: Pick<RepositoryRecord, "owner" | "name">): string {
    return join(this.folder, repository.owner, `${repository.name}.git`);
  }

  /** An id that nothing has; like GitHub's they say nothing about their order. */
  newId(): number {
    const { repositories, keys, hooks } = this.state;
    const id = 100_000_000 + (randomBytes(6).readUIntBE(0, 6) % 900_000_000);
    const taken = repositories.some(({ repoId }) => repoId === id) || keys.some((key) => key.id === id) || hooks.some((hook) => hook.id === id);
    return taken ? this.newId() : id;
  }

  save(): Promise<void> {
    return this.#store.save();
  }

  /** Writes what a server of this repository must know beside it; only the user can read it. */
  publish(repository: RepositoryRecord): void {
    const folder = this.path(repository);
    const keys = this.state.keys.filter(({ repoId }) => repoId === repository.repoId).map(({ id, title, key, readOnly }) => ({ id, title, key, readOnly }));
    const hooks = this.state.hooks.filter(({ repoId }) => repoId === repository.repoId).map(({ id, inputs }) => ({ id, active: inputs.active, events: inputs.events, configuration: inputs.configuration }));
    writePrivateFile(join(folder, DEPLOY_KEYS_FILE), `${JSON.stringify(keys, null, 1)}\n`);
    writePrivateFile(join(folder, WEBHOOKS_FILE), `${JSON.stringify(hooks, null, 1)}\n`);
  }
}

export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Makes room at `path`: what stands there without a record (an interrupted run's) is kept beside it. */
export async function makeRoom(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (let count = 1; existsSync(path); count++) {
    const aside = `${path}.left-${count}`;
    if (!existsSync(aside)) await rename(path, aside);
  }
}
