/** What exists in the stand-in's GitHub: records in one file, and a bare repository on disk for each repository. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Values } from "../contract.ts";
import type { JsonStore } from "../store.ts";
import type { Hosts } from "./hosts.ts";
import type { OwnerFacts } from "./owners.ts";
import { factsOf } from "./owners.ts";
import type { Actor } from "./protection.ts";
import { publishRepository } from "./published.ts";

export interface RepositoryRecord {
  owner: string;
  name: string;
  /** A repository that was renamed answers to its old names until another one takes them. */
  formerNames: string[];
  repoId: number;
  nodeId: string;
  inputs: Values;
  /** What workflows may do; absent: what a new repository has. */
  workflows?: Values;
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

export interface RulesetRecord {
  id: number;
  repoId: number;
  /** The arguments, `repository` excepted. */
  inputs: Values;
}

export interface EnvironmentRecord {
  repoId: number;
  /** As it was written first; compared without regard to case. */
  name: string;
  inputs: Values;
}

export interface DeploymentPolicyRecord {
  id: number;
  repoId: number;
  environment: string;
  kind: "branch" | "tag";
  pattern: string;
}

/** Of the repository, or of one of its environments. Times are Go's, as the provider writes them. */
export interface VariableRecord {
  repoId: number;
  environment?: string;
  name: string;
  value: string;
  createdAt: string;
  updatedAt: string;
}

/** GitHub tells a secret to nobody, so neither does this file: it has what tells two values apart. */
export interface SecretRecord {
  repoId: number;
  environment: string;
  name: string;
  /** SHA-256 over a salt of its own and the value. */
  hash: string;
  salt: string;
  createdAt: string;
  updatedAt: string;
}

export interface State {
  version: 1;
  repositories: RepositoryRecord[];
  keys: KeyRecord[];
  hooks: HookRecord[];
  teams: TeamRecord[];
  rulesets: RulesetRecord[];
  environments: EnvironmentRecord[];
  policies: DeploymentPolicyRecord[];
  variables: VariableRecord[];
  secrets: SecretRecord[];
}

const nothing = (): Omit<State, "version"> => ({ repositories: [], keys: [], hooks: [], teams: [], rulesets: [], environments: [], policies: [], variables: [], secrets: [] });

export function emptyState(): State {
  return { version: 1, ...nothing() };
}

/** One owner's view; all owners share the file. Change {@link state} in place, then {@link save}. */
export class GithubAccount {
  readonly owner: string;
  readonly folder: string;
  readonly hosts: Hosts;
  /** As whom the provider works. */
  readonly actor: Actor;
  readonly #store: JsonStore<State>;

  constructor(owner: string, folder: string, store: JsonStore<State>, { hosts, actor }: { hosts: Hosts; actor: Actor }) {
    this.owner = owner;
    this.folder = folder;
    this.hosts = hosts;
    this.actor = actor;
    this.#store = store;
  }

  get state(): State {
    const state = this.#store.value;
    // A file of an earlier version of the stand-in lacks the kinds that it did not know.
    return Object.assign(state, { ...nothing(), ...state });
  }

  /** What the owner is, and what its plan gives. */
  get facts(): OwnerFacts {
    return factsOf(this.folder, this.owner);
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
    this.refuseArchived(repository);
    return repository;
  }

  refuseArchived({ name, inputs }: RepositoryRecord): void {
    if (inputs.archived === true) throw new Error(`403 Repository was archived so is read-only: ${this.owner}/${name}`);
  }

  path(repository: Pick<RepositoryRecord, "owner" | "name">): string {
    return join(this.folder, repository.owner, `${repository.name}.git`);
  }

  /** An id that nothing has; like GitHub's they say nothing about their order. */
  newId(): number {
    const { repositories, keys, hooks, rulesets, policies } = this.state;
    const id = 100_000_000 + (randomBytes(6).readUIntBE(0, 6) % 900_000_000);
    const taken = repositories.some(({ repoId }) => repoId === id) || [keys, hooks, rulesets, policies].some((records) => records.some((record) => record.id === id));
    return taken ? this.newId() : id;
  }

  save(): Promise<void> {
    return this.#store.save();
  }

  /** Writes what a server of this repository must know beside it; only the user can read it. */
  publish(repository: RepositoryRecord): void {
    publishRepository(this.path(repository), repository, this.state, this.hosts.web);
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
