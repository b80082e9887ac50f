import type { Value, Values } from "../contract.ts";
import type { GithubAccount } from "./account.ts";

/** `visibility` rules over the older `private`; without both a repository is public. */
export function visibilityOf(inputs: Values): Value {
  return inputs.visibility ?? (inputs.private === true ? "private" : "public");
}

/** Source: docs.github.com, "About repositories", "About internal repositories". Checked 2026-11-21. */
export function refuseVisibility({ owner, facts: { kind, plan } }: GithubAccount, inputs: Values): void {
  if (visibilityOf(inputs) !== "internal" || (kind === "organization" && plan === "enterprise")) return;
  throw new Error(`422 Validation Failed: visibility internal is only for organizations of an enterprise, and ${owner} is ${kind === "user" ? "a person's account" : "none of them"}`);
}
