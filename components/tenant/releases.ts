/** Helm releases and further Kustomizations of a tenant. */
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type * as pulumi from "@pulumi/pulumi";
import { helmRelease, kustomization } from "../flux/objects.ts";
import type { HelmReleaseSpec } from "../flux/specs/helm-release.ts";
import type { KustomizationSpec } from "../flux/specs/kustomization.ts";
import type { StackSettings } from "../settings/load.ts";
import type { KustomizationSettings, ReleaseSettings, TenantSettings } from "../settings/settings.ts";
import { appliedSpec } from "./applied.ts";
import { reconciler } from "./labels.ts";
import { placementPatches } from "./placement.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/** The Secret of one secret that values come from. */
const valuesName = (secret: string): string => `values-${secret}`;

const valuesKey = "values";

export function releaseSpec(tenant: TenantSettings, release: ReleaseSettings): HelmReleaseSpec {
  const { source, chart, version, namespace, releaseName, values, valuesFrom, install, upgrade, crds, rollbackTimeout, test, driftDetection, dependsOn, interval, timeout } = release;
  return {
    // A Helm repository has many charts; an OCI repository is one.
    ...(chart === undefined
      ? { chartRef: { kind: "OCIRepository", name: source } }
      : { chart: { spec: { chart, ...(version !== undefined && { version }), sourceRef: { kind: "HelmRepository", name: source }, interval } } }),
    interval,
    timeout,
    releaseName,
    targetNamespace: namespace,
    // In the control namespace the reconciler writes nothing.
    storageNamespace: namespace,
    serviceAccountName: reconciler,
    ...(tenant.state !== "active" && { suspend: true }),
    ...(values && { values }),
    ...(valuesFrom.length > 0 && { valuesFrom: valuesFrom.map(({ secret, targetPath }) => ({ kind: "Secret", name: valuesName(secret), valuesKey, ...(targetPath !== undefined && { targetPath }) })) }),
    install: { crds, ...(install.timeout !== undefined && { timeout: install.timeout }), remediation: { retries: install.retries, remediateLastFailure: false } },
    upgrade: {
      crds,
      ...(upgrade.timeout !== undefined && { timeout: upgrade.timeout }),
      cleanupOnFail: true,
      remediation: { retries: upgrade.retries, remediateLastFailure: true, strategy: upgrade.then },
    },
    rollback: { cleanupOnFail: true, ...(rollbackTimeout !== undefined && { timeout: rollbackTimeout }) },
    ...(test && { test: { enable: true } }),
    driftDetection: { mode: driftDetection.mode, ...(driftDetection.ignore.length > 0 && { ignore: driftDetection.ignore }) },
    ...(dependsOn.length > 0 && { dependsOn: dependsOn.map((name) => ({ name })) }),
    ...(tenant.nodePool && { postRenderers: [{ kustomize: { patches: placementPatches(tenant.nodePool).filter(({ target }) => target?.kind !== "HelmRelease") } }] }),
  };
}

export function furtherSpec(tenant: TenantSettings, { source, namespace, path, apply, interval, retryInterval, timeout }: KustomizationSettings): KustomizationSpec {
  const from = tenant.sources.find(({ name }) => name === source);
  const kind = from === undefined || from.kind === "git" ? "GitRepository" : from.kind === "oci" ? "OCIRepository" : "Bucket";
  return appliedSpec(tenant, { sourceRef: { kind, name: source ?? tenant.key }, path, targetNamespace: namespace, apply, interval, retryInterval, timeout });
}

/**
 * In the control namespace, as the root Kustomization is; installed into workload namespaces. Protected as the namespaces are:
 * what they installed goes with them.
 *
 * @param sources by name
 * @param after what must be there before anything runs
 */
export function registerReleases(scope: TenantScope, control: TenantNamespace, { secrets }: StackSettings, sources: ReadonlyMap<string, pulumi.Resource>, root: pulumi.Resource, after: pulumi.Resource[]): pulumi.Resource[] {
  const { tenant } = scope;
  const values = new Map(
    [...new Set(tenant.releases.flatMap(({ valuesFrom }) => valuesFrom.map(({ secret }) => secret)))].map((name) => [
      name,
      new Secret(`${tenant.key}-values/${name}`, { metadata: { name: valuesName(name), namespace: control.name }, stringData: { [valuesKey]: secrets[name]! } }, within(scope, control)),
    ]),
  );
  const options = (source: pulumi.Resource, more: pulumi.Resource[]) => ({ ...within(scope, control, [source, ...more, ...after]), protect: tenant.protect });
  return [
    ...tenant.releases.map((release) =>
      helmRelease(
        `${tenant.key}-release/${release.name}`,
        { name: release.name, namespace: control.name },
        releaseSpec(tenant, release),
        options(sources.get(release.source)!, release.valuesFrom.map(({ secret }) => values.get(secret)!)),
      ),
    ),
    ...tenant.kustomizations.map((further) =>
      kustomization(
        `${tenant.key}-kustomization/${further.name}`,
        { name: further.name, namespace: control.name },
        furtherSpec(tenant, further),
        options(further.source === undefined ? root : sources.get(further.source)!, []),
      ),
    ),
  ];
}
