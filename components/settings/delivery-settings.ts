/** What Flux follows and applies for a team. As the program uses it. */
import type { GitAccess, GitRef } from "./git-settings.ts";

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
