/**
 * What the owners of repositories are. Nothing in the provider's arguments tells a person's account from an organization's, nor its
 * plan, so the stand-in's folder records it. An owner that is not recorded is an organization of an enterprise, which has everything.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { readIfThere, writePrivateFile } from "../../private-files.ts";

export interface OwnerFacts {
  kind: "organization" | "user";
  /** `pro` is for persons, `team` and `enterprise` are for organizations. */
  plan: "free" | "pro" | "team" | "enterprise";
  /** Slugs of the teams there are. Default: whichever is asked for. */
  teams?: readonly string[];
}

const FILE = "owners.json";
const standard: OwnerFacts = { kind: "organization", plan: "enterprise" };

type Recorded = Record<string, Partial<OwnerFacts>>;

function recorded(folder: string): Recorded {
  return JSON.parse(readIfThere(join(folder, FILE)) ?? "{}") as Recorded;
}

/** Records what an owner is; what is left out stays as it was. `folder` is the stand-in's. */
export function describeOwner(folder: string, owner: string, facts: Partial<OwnerFacts>): void {
  const all = recorded(folder);
  all[owner.toLowerCase()] = { ...all[owner.toLowerCase()], ...facts };
  writePrivateFile(join(folder, FILE), `${JSON.stringify(all, null, 1)}\n`);
}

export function factsOf(folder: string, owner: string): OwnerFacts {
  return { ...standard, ...recorded(folder)[owner.toLowerCase()] };
}

/** The number that GitHub has for an account or a team: the same for the same name. */
export function numberOf(kind: string, name: string): number {
  return createHash("sha256").update(kind === "organization" ? name.toLowerCase() : `${kind}:${name.toLowerCase()}`).digest().readUInt32BE(0) % 100_000_000;
}

/**
 * The number of a team, given by its number or its slug. Throws where there are no teams, and when there is none of that slug.
 * Source: `checkOrganization` and `getTeamID` in integrations/terraform-provider-github. Checked 2026-11-21.
 */
export function teamNumber(folder: string, owner: string, team: string): number {
  const { kind, teams } = factsOf(folder, owner);
  if (kind === "user") throw new Error(`this resource can only be used in the context of an organization, "${owner}" is a user`);
  const known = teams?.map((slug) => numberOf("team", `${owner}/${slug}`));
  const number = /^\d+$/.test(team) ? Number(team) : numberOf("team", `${owner}/${team}`);
  if (known !== undefined && !known.includes(number)) throw new Error(`404 Not Found: ${owner} has no team ${team}`);
  return number;
}
