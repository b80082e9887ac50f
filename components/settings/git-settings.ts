/** What Flux reads of a Git server, and how. As the program uses it. */

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
