/**
 * Versions of a team's chart. A branch build's is `0.0.0-<branch>.<unix seconds>.g<sha7>`: below every release, ordered by time within
 * its branch, and a version to Helm, which an image's tag (`main-0a1b2c3-1763740800`) is not. A release's is `1.4.2`.
 * The same rules stand in scaffold/helm/ci/chart.sh, which names the charts.
 * Sources: semver.org §9 and §11; OCIRepository's `ref.semver` and `ref.semverFilter` (fluxcd.io/flux/components/source/ocirepositories).
 */
import type { Follow } from "../../settings/delivery-settings.ts";
import type { GitRef } from "../../settings/git-settings.ts";

/** What of a registry an environment takes: the newest version of a range (Masterminds/semver), of those that the expression lets through. */
export interface ChartVersions {
  range: string;
  /** Regular expression of Go; "" lets all through. */
  filter: string;
}

/** Any version, pre-releases as well. */
const any = ">=0.0.0-0";

/** Releases, and no pre-release. */
const releases = ">=1.0.0";

/**
 * The branch as an identifier of a pre-release: lower case, every byte but letters, digits and - made -. One of digits alone gets a
 * letter, since a number must not begin with 0.
 */
export function branchIdentifier(branch: string): string {
  const part = Buffer.from(branch).toString("latin1").toLowerCase().replace(/[^a-z0-9-]/g, "-").replace(/^-+/, "").slice(0, 100) || "branch";
  return /^[0-9]+$/.test(part) ? `b${part}` : part;
}

/**
 * The image that the chart runs says what is followed; where it does not, the repository does. With a range that lets releases
 * through, a release would hide every later build of the branch: hence the filter.
 * @param follow of the first image; a tag of an image says nothing about charts
 */
export function chartVersions(ref: GitRef, follow?: Follow): ChartVersions {
  if (follow !== undefined && "semver" in follow) return { range: follow.semver, filter: "" };
  const branch = follow !== undefined && "branch" in follow ? follow.branch : "branch" in ref ? ref.branch : undefined;
  if (branch === undefined) return { range: releases, filter: "" };
  return { range: any, filter: `^0\\.0\\.0-${branchIdentifier(branch)}\\.[0-9]+\\.g[0-9a-f]{7}$` };
}
