import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { fluxVersions } from "../settings/versions.ts";
import type { ClusterTie } from "./cluster-tie.ts";
import { fluxNamespace } from "./namespace.ts";
import { fluxNetworkPolicies } from "./networks.ts";
import { tokenRules, tokenUsers } from "./token-rights.ts";
import { fluxValues } from "./values.ts";

/** Flux's controllers and CRDs, installed by their Helm chart. */
export class FluxControllers extends pulumi.ComponentResource {
  /**
   * The chart's release. Every Flux object and every tenant's namespace depends on it: on destroy they must be gone
   * while the controllers still run, which clear their finalizers.
   */
  readonly release: Release;

  /**
   * `nodes`: the pools that the controllers run on. The cluster's own pool takes no workload; and on destroy the
   * controllers must outlive the tenants, and the nodes the controllers.
   */
  constructor(name: string, settings: Settings, { nodes, tie }: { nodes: pulumi.Resource[]; tie: ClusterTie }, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:flux:Controllers", name, {}, opts);
    const { mirror } = settings.flux;
    const namespace = new Namespace(
      `${name}-namespace`,
      { metadata: { name: fluxNamespace, labels: { "pod-security.kubernetes.io/warn": "restricted" } } },
      { parent: this, ...tie },
    );
    const networks = Object.entries(fluxNetworkPolicies(settings)).map(
      ([policy, spec]) =>
        new NetworkPolicy(
          `${name}-${policy}-traffic`,
          { metadata: { name: policy, namespace: fluxNamespace }, spec },
          { parent: this, dependsOn: namespace, deletedWith: namespace, replacementTrigger: tie.replacementTrigger },
        ),
    );
    const tokens = this.registerTokenRights(name, tie);
    this.release = new Release(
      name,
      {
        name: "flux",
        // Plain text: an unknown namespace would plan to uninstall Flux.
        namespace: fluxNamespace,
        chart: mirror.chart ?? "flux2",
        version: settings.flux.chart,
        // An OCI chart is its whole address.
        ...(mirror.chart === undefined && { repositoryOpts: { repo: "https://fluxcd-community.github.io/helm-charts" } }),
        values: fluxValues(fluxVersions[settings.flux.chart]!, mirror.images),
        // A failed installation is rolled back, so that the next `up` starts from a clean place.
        atomic: true,
        timeout: 600,
      },
      { parent: this, dependsOn: [namespace, ...networks, tokens, ...nodes], ...tie },
    );
    this.registerOutputs({ chart: this.release.version });
  }

  private registerTokenRights(name: string, tie: ClusterTie): pulumi.Resource {
    const role = new ClusterRole(`${name}-tokens`, { metadata: { name: "mooring-flux-tokens" }, rules: tokenRules }, { parent: this, ...tie });
    return new ClusterRoleBinding(
      `${name}-tokens`,
      {
        metadata: { name: "mooring-flux-tokens" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "mooring-flux-tokens" },
        subjects: tokenUsers.map((account) => ({ kind: "ServiceAccount", name: account, namespace: fluxNamespace })),
      },
      { parent: this, dependsOn: role, ...tie },
    );
  }
}
