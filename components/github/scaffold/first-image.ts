/** What runs before a team has pushed an image. */
import type { Follow } from "../../settings/delivery-settings.ts";
import type { OverlayArgs } from "./overlay-args.ts";

/**
 * Answers on port 8080, also `/healthz`, and runs as any user without root's rights: what deploy/base expects of the team's own image
 * (github.com/dotnet/dotnet-docker, samples/aspnetapp). Its registry is one that the nodes reach in any case, and that every tenant may
 * use unless the platform says otherwise (`tenancy.registries`).
 */
export const placeholder = { name: "mcr.microsoft.com/dotnet/samples", tag: "aspnetapp-chiseled" } as const;

/** An image in deploy/base and what stands in its place. */
export interface FirstImage {
  /** In deploy/base. */
  placeholder: string;
  /** In the registry, below the team's part. */
  image: string;
  /** With registry and path. */
  name: string;
  tag: string;
  /** "" where digests are pinned and there is none yet: where the settings say so, and where a promotion pins them. */
  digest?: string;
  /** Comments for the lines of name, tag and digest, for Flux and the scaffold's build script. */
  markers: { name: string; tag: string; digest: string };
}

/** In the scaffold, `app` stands for the first image of the settings. */
const sample = "app";

/**
 * Where Flux follows a branch, it applies the folder at once, minutes before the first pipeline has pushed: something runs that is
 * healthy, and Flux puts the team's image in its place. Where the tenant may not run that, the first rollout waits for the team's image.
 * Where Flux follows releases it applies nothing before the first one, and that has the team's image already; without it the rollout
 * fails with the name of the image that is missing. What is released was promoted, by digest, so that its line is there.
 */
export function firstImages({ tenant, controlNamespace, registryHost, allowed, ref, images }: OverlayArgs): FirstImage[] {
  const follows = "branch" in ref;
  const runs = follows && allowed.some((entry) => placeholder.name === entry || placeholder.name.startsWith(`${entry}/`));
  const all = images.length > 0 ? images : [{ name: sample }];
  return all.map(({ name, follow, digest }, index) => {
    // Where Flux takes releases, an image begins where they do.
    const own = { name: `${registryHost}/${tenant}/${name}`, tag: firstVersion(follow ?? ("semver" in ref ? { semver: ref.semver } : undefined)) };
    return {
      placeholder: index === 0 ? sample : name,
      image: name,
      ...(runs ? placeholder : own),
      ...((digest === true || !follows) && { digest: "" }),
      markers: marked(`${controlNamespace}:${name}`),
    };
  });
}

function marked(policy: string): FirstImage["markers"] {
  const marker = (field: string): string => `{"$imagepolicy": "${policy}:${field}"}`;
  return { name: marker("name"), tag: marker("tag"), digest: marker("digest") };
}

/** The lowest version that a range begins with, `0.1.0` where it does not say: `1.4.x` is `1.4.0`. A tag is itself. */
export function firstVersion(follow: Follow | undefined): string {
  if (follow !== undefined && "tag" in follow) return follow.tag;
  const range = follow !== undefined && "semver" in follow ? follow.semver : "";
  const [, comparison = "", major, minor, patch] = /^\s*(<=?|>(?!=))?[=^~v>\s]*(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(range) ?? [];
  if (major === undefined || comparison.startsWith("<")) return "0.1.0";
  const last = Number(patch ?? 0) + (comparison === ">" ? 1 : 0);
  return `${major}.${minor ?? 0}.${last}`;
}
