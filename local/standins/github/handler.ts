/** What a resource type of GitHub does. Inputs are complete (defaults filled in), legal and known. */
import type { Created, Values } from "../contract.ts";
import type { GithubAccount } from "./account.ts";

export interface Handler {
  create(account: GithubAccount, inputs: Values): Promise<Created>;
  update?(account: GithubAccount, id: string, inputs: Values, oldOutputs: Values): Promise<Values>;
  /** `undefined`: it is gone. */
  read(account: GithubAccount, id: string): Promise<{ inputs: Values; outputs: Values } | undefined>;
  /**
   * Deleting what is gone does nothing. `inputs` are those of the state. Of an archived repository the provider swallows GitHub's refusal
   * to delete deploy keys, webhooks, teams, rulesets and files, and of nothing else: `handleArchivedRepoDelete` in
   * integrations/terraform-provider-github, b6ce8c0. Checked 2026-11-21.
   */
  delete(account: GithubAccount, id: string, inputs: Values): Promise<void>;
}

/** `repository:rest`, the provider's ids of what lies in a repository; names hold no colon. */
export function splitId(id: string): [string, string] {
  const at = id.indexOf(":");
  return at === -1 ? ["", id] : [id.slice(0, at), id.slice(at + 1)];
}

/** A part of an id that may hold colons. Source: `escapeIDPart` in util.go of integrations/terraform-provider-github. Checked 2026-11-21. */
export const escaped = (part: string): string => part.replaceAll(":", "??");
export const unescaped = (part: string): string => part.replaceAll("??", ":");
