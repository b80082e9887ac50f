/** Puts a tenant's workloads on the node pool that its settings name. */
import { add } from "../flux/specs/kustomization.ts";
import type { Patch } from "../flux/specs/kustomization.ts";
import type { TenantSettings } from "../settings/settings.ts";

type NodePool = NonNullable<TenantSettings["nodePool"]>;

/**
 * Patches for everything that has a pod template. Node selector and tolerations of the team's own are replaced. What a
 * HelmRelease renders is reached through its post-renderer, which is replaced likewise.
 */
export function placementPatches(pool: NodePool): Patch[] {
  const workloads = [
    ...place("(Deployment|StatefulSet|DaemonSet|Job)", "/spec/template/spec", pool),
    ...place("CronJob", "/spec/jobTemplate/spec/template/spec", pool),
  ];
  return [...workloads, { target: { kind: "HelmRelease", group: "helm.toolkit.fluxcd.io" }, patch: add("/spec/postRenderers", [{ kustomize: { patches: workloads } }]) }];
}

function place(kind: string, podSpec: string, { name, taints }: NodePool): Patch[] {
  const placed = (field: string, value: unknown): Patch => ({ target: { kind }, patch: add(`${podSpec}/${field}`, value) });
  return [
    // AKS labels every node with the name of its pool.
    placed("nodeSelector", { "kubernetes.azure.com/agentpool": name }),
    ...(taints.length > 0 ? [placed("tolerations", taints.map(toleration))] : []),
  ];
}

/** The toleration of a taint `key=value:effect` or `key:effect`. */
export function toleration(taint: string): { key: string; operator: "Equal" | "Exists"; value?: string; effect: string } {
  const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(taint)!;
  return value === undefined ? { key: key!, operator: "Exists", effect: effect! } : { key: key!, operator: "Equal", value, effect: effect! };
}
