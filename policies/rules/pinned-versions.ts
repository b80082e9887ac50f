import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { validateResourceOfType } from "@pulumi/policy";
import type { ResourceValidationPolicy } from "@pulumi/policy";

/**
 * A tag or version that moves lets somebody else decide what runs with the platform's rights, and when; and two
 * environments with the same settings are then not the same. What a chart itself falls back to is pinned by its version.
 */
export const pinnedVersions: ResourceValidationPolicy = {
  name: "pinned-versions",
  description: "The platform's charts and images have an exact version.",
  validateResource: validateResourceOfType(Release, ({ chart, version, values }, _, report) => {
    if (!isExact(version)) report(`The chart ${chart} has ${version === undefined ? "no version" : `the version ${version}`}; write one like 1.2.3.`);
    for (const { path, image } of floatingImages(values)) report(`values.${path} is ${JSON.stringify(image)}; write a tag like v1.2.3, or a digest.`);
  }),
};

/** Whether a version or tag names one thing for good: `1.2.3`, `v1.2.3-rc.1`, or with the digest of what it is. */
export function isExact(version: string | undefined): boolean {
  return version !== undefined && (/^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(version) || isDigest(version));
}

const isDigest = (text: string): boolean => /(^|@)sha256:[0-9a-f]{64}$/.test(text);

/** The images among a chart's values that are not pinned: keys `tag`, and keys `image` whose text has a tag. */
export function floatingImages(values: unknown, path: readonly string[] = []): { path: string; image: string }[] {
  if (Array.isArray(values)) return values.flatMap((value, index) => floatingImages(value, [...path, String(index)]));
  if (typeof values === "object" && values !== null) return Object.entries(values).flatMap(([key, value]) => floatingImages(value, [...path, key]));
  const key = path.at(-1);
  // Empty, the chart takes its own.
  if (key === "tag" && values !== null && values !== "" && !isExact(String(values))) return [{ path: path.join("."), image: String(values) }];
  if (key === "image" && typeof values === "string" && !isDigest(values)) {
    // A port before the first slash is no tag.
    const tag = /:([^:/]+)$/.exec(values)?.[1];
    if (tag !== undefined && !isExact(tag)) return [{ path: path.join("."), image: values }];
  }
  return [];
}
