/** Addresses of repositories at GitHub. */
import type { GithubSettings } from "./github-settings.ts";

/** The address from which Flux fetches a repository. Flux does not take the short `git@host:path` form. */
export function sshUrl({ host, owner }: Pick<GithubSettings, "host" | "owner">, repository: string): string {
  return `ssh://git@${host}/${owner}/${repository}.git`;
}

/** The same for who fetches with a token. */
export function httpsUrl({ host, owner }: Pick<GithubSettings, "host" | "owner">, repository: string): string {
  return `https://${host}/${owner}/${repository}.git`;
}
