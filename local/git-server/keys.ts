/** Which repository a key opens: what the stand-in for GitHub has put beside each repository. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { PublishedKey } from "../standins/github/published.ts";
import { DEPLOY_KEYS_FILE, readPublished } from "../standins/github/published.ts";
import { shellWord } from "./config.ts";

export interface FoundKey extends PublishedKey {
  /** The bare repository. */
  folder: string;
}

/** The deploy key with this data (base64), of whichever repository in `repositories`. */
export function findKey(repositories: string, type: string, data: string): FoundKey | undefined {
  for (const folder of repositoryFolders(repositories)) {
    const key = (readPublished<PublishedKey[]>(folder, DEPLOY_KEYS_FILE) ?? []).find((candidate) => {
      const [ofType, ofData] = candidate.key.trim().split(/\s+/);
      return ofType === type && ofData === data;
    });
    if (key !== undefined) return { ...key, folder };
  }
  return undefined;
}

/** `<owner>/<name>.git`; what was kept aside, or is being made, has another ending. */
function repositoryFolders(repositories: string): string[] {
  const owners = readdirSync(repositories, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(repositories, name));
  return owners.flatMap((owner) => readdirSync(owner).filter((name) => name.endsWith(".git")).map((name) => join(owner, name)));
}

/** The line of authorized_keys: the key may run one command, whatever it asks for. */
export function authorizedLine(key: FoundKey, session: readonly string[]): string {
  const [type, data] = key.key.trim().split(/\s+/);
  const command = [...session, key.folder, key.readOnly ? "read" : "write"].map(shellWord).join(" ");
  return `restrict,command="${command.replaceAll('"', '\\"')}" ${type} ${data}`;
}
