/** What Flux follows, applies and writes for a team, from what the user wrote. */
import type { Defaults, Tier } from "./defaults.ts";
import type { ImageSettings, ImageUpdateSettings, Pace } from "./delivery-settings.ts";
import type { GitRef } from "./git-settings.ts";
import type { GithubSettings } from "./github-settings.ts";
import type { NotificationSettings } from "./notification-settings.ts";
import { followedImages } from "./followed-images.ts";
import { resolveApply } from "./resolve-apply.ts";
import { resolveReleases } from "./resolve-releases.ts";
import { followElsewhere, followGithub, refOf, resolveRepository } from "./resolve-repository.ts";
import type { RepositoryFallback } from "./resolve-repository.ts";
import type { NotificationInput } from "./schema/notify.ts";
import type { TenantInput } from "./schema/tenant.ts";
import type { TenantSettings } from "./tenant-settings.ts";
import { isLeaving } from "./tenant-state.ts";
import { seconds } from "./values.ts";

export interface DeliverySurroundings {
  environment: string;
  tier: Tier;
  fallback: Defaults["tenant"];
  tenancy: { minimumInterval: string; maximumTimeout: string };
  github: GithubSettings;
  repositories: RepositoryFallback;
  /** Whether Flux's webhooks have an address. */
  reachable: boolean;
}

/** What a repository's default branch is taken to be. */
const defaultBranch = "main";

type Delivery = Pick<
  TenantSettings,
  "repository" | "git" | "deploy" | "images" | "imageUpdates" | "sources" | "releases" | "kustomizations" | "webhooks" | "notify" | "pulls"
>;

export function resolveDelivery(key: string, namespaces: readonly string[], input: TenantInput, surroundings: DeliverySurroundings): Delivery {
  const { environment, fallback, github, repositories, reachable } = surroundings;
  const state = input.state ?? "active";
  const goes = isLeaving(state);
  const ref: GitRef = refOf(input.deploy ?? {}) ?? fallback.ref;
  const path = input.deploy?.path ?? `./deploy/${environment}`;
  const images = goes ? [] : (input.images ?? []).map((image) => resolveImage(image, surroundings));
  const follows = followedImages(images).length > 0;
  const imageUpdates = follows ? resolveUpdates(input.imageUpdates ?? {}, ref, path, surroundings) : undefined;
  const writes = imageUpdates !== undefined;
  const written = input.repository ?? {};
  const repository =
    input.git === undefined
      ? // Its rules stay as they are when the tenant goes: other environments may still follow its tags.
        resolveRepository(written, { name: key, pushes: imageUpdates !== undefined && imageUpdates.push === imageUpdates.base && imageUpdates.base === defaultBranch, left: state === "left", fallback: repositories })
      : undefined;
  const applied = resolveReleases(input, namespaces, (pace) => resolvePace(pace, surroundings), surroundings.github);
  const ownArtifacts = applied.sources.some((source) => source.kind === "oci" && source.address.startsWith("/"));
  return {
    repository,
    git: repository ? followGithub(github, repository, written, writes) : followElsewhere(input.git!),
    deploy: { path, ref, ...resolvePace(input.deploy ?? {}, surroundings), apply: resolveApply(input.deploy ?? {}, namespaces) },
    images,
    imageUpdates,
    ...applied,
    webhooks: {
      repository: !goes && (input.webhooks?.repository ?? (reachable && repository !== undefined)),
      registry: goes ? "none" : (input.webhooks?.registry ?? (reachable && follows ? "pipeline" : "none")),
      rotation: input.webhooks?.rotation ?? 1,
    },
    notify: (input.notify ?? []).map((entry) => resolveNotification(entry, fallback)),
    // The identity stays with the tenant: Flux is suspended, and other things may know it.
    pulls: input.registryCharts ?? ((input.images ?? []).some(({ follow }) => follow !== undefined) || ownArtifacts || repository?.scaffold === "helm"),
  };
}

/** The admission rules about intervals and timeouts hold for the platform's own objects too. */
export function resolvePace({ interval, timeout }: { interval?: string; timeout?: string }, { fallback, tenancy }: Pick<DeliverySurroundings, "fallback" | "tenancy">): Pace {
  return {
    interval: interval ?? longer(fallback.interval, tenancy.minimumInterval),
    retryInterval: longer(fallback.retryInterval, tenancy.minimumInterval),
    timeout: timeout ?? (seconds(fallback.timeout) > seconds(tenancy.maximumTimeout) ? tenancy.maximumTimeout : fallback.timeout),
  };
}

const longer = (duration: string, minimum: string): string => (seconds(duration) < seconds(minimum) ? minimum : duration);

function resolveImage({ name, follow, digest, interval }: NonNullable<TenantInput["images"]>[number], { tier, fallback, tenancy }: DeliverySurroundings): ImageSettings {
  const { branch, semver, tag } = follow ?? {};
  return {
    name,
    follow: branch !== undefined ? { branch } : semver !== undefined ? { semver } : tag !== undefined ? { tag } : undefined,
    // What runs in production does not change under its name.
    digest: digest ?? (tag !== undefined || tier === "production"),
    interval: interval ?? longer(fallback.imageInterval, tenancy.minimumInterval),
  };
}

/** Committed to the branch that is followed, or to one of its own: then somebody looks at it first. */
function resolveUpdates(
  { propose, base, branch, path: written, interval }: NonNullable<TenantInput["imageUpdates"]>,
  ref: GitRef,
  path: string,
  { environment, tier, fallback, tenancy }: DeliverySurroundings,
): ImageUpdateSettings {
  const followed = "branch" in ref ? ref.branch : undefined;
  const proposes = propose ?? (tier === "production" || followed === undefined);
  const read = (proposes ? base : undefined) ?? followed ?? defaultBranch;
  return {
    base: read,
    push: proposes ? (branch ?? `mooring/${environment}-images`) : read,
    path: written ?? path,
    interval: interval ?? longer(fallback.imageInterval, tenancy.minimumInterval),
  };
}

export function resolveNotification({ slack, bot, msteams, discord, webhook, signature, github, azureDevOps, ...entry }: NotificationInput, fallback: Pick<Defaults["tenant"], "severity">): NotificationSettings {
  const common = { secret: entry.secret, include: entry.include ?? [], exclude: entry.exclude ?? [], severity: entry.severity ?? fallback.severity };
  if (slack !== undefined) return { ...common, kind: "slack", to: slack, bot: bot ?? false };
  if (msteams !== undefined) return { ...common, kind: "msteams", to: msteams };
  if (discord !== undefined) return { ...common, kind: "discord", to: discord };
  if (webhook !== undefined) return { ...common, kind: "webhook", to: webhook, signature };
  // A commit that succeeded is told as well as one that failed.
  return github !== undefined ? { ...common, severity: "info", kind: "github", to: github } : { ...common, severity: "info", kind: "azureDevOps", to: azureDevOps! };
}
