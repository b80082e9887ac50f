import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import type { Cluster } from "./cluster.ts";
import { Identity } from "./identity.ts";
import type { Registry } from "./registry.ts";
import { assignRole } from "./role-assignment.ts";

export interface PipelinesArgs {
  resourceGroup: pulumi.Input<string>;
  cluster: Cluster;
  registry: Registry;
}

/**
 * The service principals of the environment's pipelines: one pushes to the registry, one reaches the cluster. Both are
 * managed identities that trust the pipelines' own tokens, so there is no password to leak or to renew.
 */
export class Pipelines extends pulumi.ComponentResource {
  readonly build: Identity;
  readonly deploy: Identity;

  constructor(name: string, settings: Settings, { resourceGroup, cluster, registry }: PipelinesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Pipelines", name, {}, opts);
    const identity = (purpose: "build" | "deploy") =>
      new Identity(
        `${name}-${purpose}`,
        settings,
        { identityName: settings.names.identity(purpose), resourceGroup, trust: settings.pipelines[purpose].trust },
        { parent: this },
      );
    this.build = identity("build");
    this.deploy = identity("deploy");

    assignRole(`${name}-build-pushes`, settings, { identity: this.build, role: "acrPush", scope: registry.id }, { parent: this });
    assignRole(`${name}-deploy-fetches-kubeconfig`, settings, { identity: this.deploy, role: "aksClusterUser", scope: cluster.id }, { parent: this });
    for (const namespace of settings.pipelines.deploy.namespaces) {
      // Azure RBAC for Kubernetes takes a namespace as a scope below the cluster.
      const scope = pulumi.interpolate`${cluster.id}/namespaces/${namespace}`;
      assignRole(`${name}-deploy-writes-${namespace}`, settings, { identity: this.deploy, role: "aksRbacWriter", scope }, { parent: this });
    }
    this.registerOutputs({});
  }
}
