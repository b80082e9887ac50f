/** GitHub, and the repositories there. As the program uses it. */

export interface GithubSettings {
  owner: string;
  ownerType: "organization" | "person";
  plan: "free" | "pro" | "team" | "enterprise";
  /** The environment that owns the repositories, where it is another one and was named. */
  managedBy?: string;
  /** Whether this environment makes the repositories that teams' start from. */
  makesTemplates: boolean;
  /** `github.com`, or that of an Enterprise Server. */
  host: string;
  /** The environment that teams' releases go to. */
  releaseEnvironment: string;
  /** Repositories that a team may take over or follow although they are not called as it; and those that may be public. */
  adoptable: string[];
  public: string[];
  /** Of an Enterprise Server: its host keys, lines of known_hosts. */
  hostKeys?: string[];
  /** `key`: the name of a secret. */
  app?: { id: number; installationId: number; key: string };
}

export type RepositoryRole = "pull" | "triage" | "push" | "maintain" | "admin";

export interface RuleSettings {
  reviews: number;
  codeOwners: boolean;
  checks: string[];
  /** Further branches that only a pull request changes. */
  branches: string[];
  /** Tags that only people who maintain the repository make; `~ALL`: every one. */
  tags: string[];
  /** Whether deploy keys may push to the default branch: image automation's does. */
  keysMayPush: boolean;
  /** Patterns of files that keys then change nowhere, where GitHub has push rulesets. */
  closedToKeys: string[];
}

export type Flavour = "kustomize" | "helm";

/** A repository at GitHub. */
export interface RepositorySettings {
  name: string;
  manage: boolean;
  adopt: boolean;
  visibility: "private" | "internal" | "public";
  /** Absent: an empty repository. */
  scaffold?: Flavour;
  /** Whether it has an environment, in GitHub's sense, for the team's pipelines. */
  environment: boolean;
  topics: string[];
  /** By slug. */
  teams: Record<string, RepositoryRole>;
  /** Patterns of CODEOWNERS; absent: whoever maintains the repository. */
  codeOwners?: Record<string, string[]>;
  /** Absent: none. */
  rules?: RuleSettings;
  /** Whether it is to be archived: its tenant has left. */
  archived: boolean;
  keyRotation: number;
}
