/** Sources, Helm releases and further Kustomizations of a team, from what the user wrote. */
import type { KustomizationSettings, Pace, ReleaseSettings, SourceSettings } from "./delivery-settings.ts";
import type { GithubSettings } from "./github-settings.ts";
import { resolveApply } from "./resolve-apply.ts";
import { accessTo, refOf } from "./resolve-repository.ts";
import type { TenantInput } from "./schema/tenant.ts";
import type { KustomizationInput, ReleaseInput, SourceInput } from "./schema/tenant-releases.ts";

export type PaceOf = (written: { interval?: string; timeout?: string }) => Pace;

export interface Applied {
  sources: SourceSettings[];
  releases: ReleaseSettings[];
  kustomizations: KustomizationSettings[];
}

export function resolveReleases(input: TenantInput, namespaces: readonly string[], pace: PaceOf, github: GithubSettings): Applied {
  const releases = sorted(input.releases).map(([name, entry]) => release(name, entry, namespaces, pace));
  return {
    sources: sorted(input.sources).map(([name, entry]) => source(name, entry, pace, releases.some((other) => other.source === name), github)),
    releases,
    kustomizations: sorted(input.kustomizations).map(([name, entry]) => kustomization(name, entry, namespaces, pace)),
  };
}

/** In the order of the names: Pulumi hands maps on sorted, a team's file does not. */
const sorted = <T>(entries: Record<string, T> | undefined): [string, T][] => Object.entries(entries ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

function source(name: string, input: SourceInput, pace: PaceOf, released: boolean, github: GithubSettings): SourceSettings {
  const { interval } = pace(input);
  const { secret, username, ignore, verify } = input;
  const common = { name, interval, ...(ignore !== undefined && { ignore }) };
  if (input.git !== undefined) {
    // GitHub's own keys are known; another server's stand beside its address.
    const hostKeys = input.hostKeys ?? (new URL(input.git).hostname === github.host ? github.hostKeys : undefined);
    return { ...common, kind: "git", url: input.git, ref: refOf(input)!, access: accessTo(input.git, { secret, username, hostKeys }), submodules: input.submodules ?? false };
  }
  if (input.oci !== undefined) {
    const { digest, semver, tag } = input;
    return {
      ...common,
      kind: "oci",
      address: input.oci,
      ref: digest !== undefined ? { digest } : semver !== undefined ? { semver } : { tag: tag! },
      chart: input.chart ?? released,
      ...(secret !== undefined && { secret, username }),
      ...(verify && { verify }),
    };
  }
  if (input.helm !== undefined) return { ...common, kind: "helm", url: input.helm, ...(secret !== undefined && { secret, username }) };
  return { ...common, kind: "bucket", bucket: input.bucket!, endpoint: input.endpoint!, region: input.region, prefix: input.prefix, ...(secret !== undefined && { secret, username }) };
}

function release(name: string, input: ReleaseInput, namespaces: readonly string[], pace: PaceOf): ReleaseSettings {
  const { interval, timeout } = pace(input);
  return {
    name,
    source: input.source,
    chart: input.chart,
    version: input.version,
    namespace: input.namespace ?? namespaces[0]!,
    releaseName: input.name ?? name,
    values: input.values,
    valuesFrom: input.valuesFrom ?? [],
    install: { retries: input.install?.retries ?? 3, timeout: input.install?.timeout },
    upgrade: { retries: input.upgrade?.retries ?? 3, timeout: input.upgrade?.timeout, then: input.upgrade?.then ?? "rollback" },
    crds: input.crds ?? "Skip",
    rollbackTimeout: input.rollback?.timeout,
    test: input.test ?? false,
    driftDetection: { mode: input.driftDetection?.mode ?? "enabled", ignore: input.driftDetection?.ignore ?? [] },
    dependsOn: input.dependsOn ?? [],
    interval,
    timeout,
  };
}

function kustomization(name: string, input: KustomizationInput, namespaces: readonly string[], pace: PaceOf): KustomizationSettings {
  return {
    name,
    source: input.source,
    path: input.path,
    namespace: input.namespace ?? (namespaces.length === 1 ? namespaces[0] : undefined),
    ...pace(input),
    apply: resolveApply(input, namespaces),
  };
}
