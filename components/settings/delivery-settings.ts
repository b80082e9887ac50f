/** The settings of repositories, of what Flux follows, and of who is told, as the program uses them. */

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

/** How Flux signs in at a repository. Secrets are names. */
export type GitAccess =
  | { kind: "deployKey"; write: boolean }
  | { kind: "ssh"; secret: string; hostKeys: string[] }
  | { kind: "token"; secret: string; username: string }
  | { kind: "app"; id: number; installationId: number; secret: string }
  | { kind: "none" };

/** What Flux fetches of a Git server. */
export interface GitSettings {
  /** `ssh://…` or `https://…` */
  url: string;
  access: GitAccess;
  ignore?: string;
  submodules: boolean;
}

/** What of a repository is followed: exactly one of the three. */
export type GitRef = { branch: string } | { tag: string } | { semver: string };

export interface ApplySettings {
  prune: boolean;
  wait: boolean;
  healthChecks: { apiVersion: string; kind: string; name: string; namespace: string }[];
  patches: { patch: string; target?: Record<string, string> }[];
  images: { name: string; newName?: string; newTag?: string; digest?: string }[];
  components: string[];
  /** Absent: nothing is substituted. */
  substitute?: Record<string, string>;
  dependsOn: string[];
}

/** `retryInterval`: how soon a failed application is tried again. */
export interface Pace {
  interval: string;
  retryInterval: string;
  timeout: string;
}

export type Follow = { branch: string } | { semver: string } | { tag: string };

export interface ImageSettings {
  name: string;
  /** Absent: it is named for the pipelines, and whoever promotes it writes its version. */
  follow?: Follow;
  digest: boolean;
  interval: string;
}

/** `base`: the branch that is read; `push`: the one that is written. They differ where a pull request is opened. */
export interface ImageUpdateSettings {
  base: string;
  push: string;
  path: string;
  interval: string;
}

export interface VerifySettings {
  provider: "cosign" | "notation";
  secret?: string;
  identities?: { issuer: string; subject: string }[];
  trustPolicy?: Record<string, unknown>;
}

interface SourceBase {
  name: string;
  interval: string;
  ignore?: string;
}

export type SourceSettings =
  | (SourceBase & { kind: "git"; url: string; ref: GitRef; access: GitAccess; submodules: boolean })
  // An address that begins with a slash lies in the environment's own registry.
  | (SourceBase & { kind: "oci"; address: string; ref: { tag: string } | { semver: string } | { digest: string }; chart: boolean; secret?: string; username?: string; verify?: VerifySettings })
  | (SourceBase & { kind: "helm"; url: string; secret?: string; username?: string })
  | (SourceBase & { kind: "bucket"; bucket: string; endpoint: string; region?: string; prefix?: string; secret?: string; username?: string });

export interface Remediation {
  retries: number;
  timeout?: string;
}

export interface ReleaseSettings {
  name: string;
  source: string;
  /** Of a Helm repository. */
  chart?: string;
  version?: string;
  namespace: string;
  releaseName: string;
  values?: Record<string, unknown>;
  valuesFrom: { secret: string; targetPath?: string }[];
  install: Remediation;
  upgrade: Remediation & { then: "rollback" | "uninstall" };
  crds: "Skip" | "Create" | "CreateReplace";
  rollbackTimeout?: string;
  test: boolean;
  driftDetection: { mode: "enabled" | "warn" | "disabled"; ignore: { paths: string[]; target?: Record<string, string> }[] };
  dependsOn: string[];
  interval: string;
  timeout: string;
}

export interface KustomizationSettings extends Pace {
  name: string;
  /** Absent: the team's repository. */
  source?: string;
  path: string;
  /** Absent: each manifest names its own. */
  namespace?: string;
  apply: ApplySettings;
}

export type NotificationSettings = {
  secret: string;
  include: string[];
  exclude: string[];
  severity: "info" | "error";
} & (
  | { kind: "slack"; to: string; bot: boolean }
  | { kind: "msteams" | "discord"; to: string }
  | { kind: "webhook"; to: string; signature?: string }
  // `to`: the repository, `owner/name` or an address.
  | { kind: "github" | "azureDevOps"; to: string }
);

/** Who tells Flux at once of something new. */
export interface TenantWebhookSettings {
  repository: boolean;
  registry: "none" | "pipeline" | "acr";
  rotation: number;
}

export interface WebhookSettings {
  host: string;
  /** `own`: that of the add-on. */
  gateway?: { name: string; namespace: string; section?: string; own?: boolean };
  ingress?: { class: string; certificate: string; issuer?: string };
}

/** The add-ons that are on. */
export interface AddOnSettings {
  certManager?: { email: string };
  externalDns?: object;
  externalSecrets?: object;
  gateway?: object;
  kubePrometheusStack?: object;
  platformAlerts?: object;
  flagger?: object;
}

export interface FleetSettings extends Pace {
  repository: RepositorySettings;
  path: string;
  ref: GitRef;
}
