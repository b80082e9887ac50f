import { AgentPool } from "@pulumi/azure-native/containerservice/agentPool.js";
import { getManagedClusterOutput } from "@pulumi/azure-native/containerservice/getManagedCluster.js";
import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials.js";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { agentPoolArgs, managedClusterArgs, poolDrift, systemPoolDrift } from "./cluster-args.ts";
import { Identity } from "./identity.ts";
import { endpointOf, kubeconfig } from "./kubeconfig.ts";
import { assignRole } from "./role-assignment.ts";

export interface ClusterArgs {
  resourceGroup: pulumi.Input<string>;
  nodesSubnetId: pulumi.Output<string>;
}

/** The AKS cluster with its two identities and its workload pools. */
export class Cluster extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly kubeletIdentity: Identity;
  /** Holds no secret: the token comes from `kubelogin` when it is used. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The workload pools: what runs in the cluster needs them until it is gone. */
  readonly pools: AgentPool[];
  /** The issuer that federated credentials of workloads name. */
  readonly oidcIssuer: pulumi.Output<string>;

  constructor(name: string, settings: Settings, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Cluster", name, {}, opts);
    const { names } = settings;
    const { resourceGroup, nodesSubnetId } = args;
    const identity = (role: string, purpose: "cluster" | "kubelet") =>
      new Identity(`${name}-${role}-identity`, settings, { identityName: names.identity(purpose), resourceGroup }, { parent: this });
    const controlPlane = identity("control-plane", "cluster");
    this.kubeletIdentity = identity("kubelet", "kubelet");

    const cluster = new ManagedCluster(
      name,
      managedClusterArgs(settings, {
        resourceGroup,
        nodesSubnetId,
        controlPlaneIdentityId: controlPlane.id,
        kubelet: this.kubeletIdentity,
      }),
      {
        parent: this,
        protect: settings.protect,
        // Its name is taken until it is gone.
        deleteBeforeReplace: true,
        ignoreChanges: systemPoolDrift,
        // AKS checks both rights of the control plane's identity before it makes anything.
        dependsOn: [
          assignRole(`${name}-joins-subnet`, settings, { identity: controlPlane, role: "networkContributor", scope: nodesSubnetId }, { parent: this }),
          assignRole(`${name}-uses-kubelet-identity`, settings, { identity: controlPlane, role: "managedIdentityOperator", scope: this.kubeletIdentity.id }, { parent: this }),
        ],
      },
    );
    this.pools = Object.entries(settings.cluster.pools).map(
      ([pool, poolSettings]) =>
        new AgentPool(
          `${name}-${pool}`,
          agentPoolArgs(pool, poolSettings, settings, { resourceGroup, cluster: cluster.name, nodesSubnetId }),
          { parent: this, protect: settings.protect, ignoreChanges: poolDrift, deleteBeforeReplace: true },
        ),
    );

    // Look-ups by plain names: unlike the cluster's own outputs they stay known in the preview of a cluster update,
    // which would otherwise plan every Kubernetes object anew.
    const lookup = { resourceGroupName: names.resourceGroup, resourceName: names.cluster };
    const credentials = listManagedClusterUserCredentialsOutput({ ...lookup, format: "exec" }, { parent: this, dependsOn: [cluster] });
    const existing = getManagedClusterOutput(lookup, { parent: this, dependsOn: [cluster] });
    this.id = cluster.id;
    this.clusterName = cluster.name;
    this.kubeconfig = credentials.kubeconfigs.apply(async (files) => kubeconfig(names.cluster, settings.azure.tenant, await endpointOf(files[0]!.value)));
    this.oidcIssuer = existing.apply(({ oidcIssuerProfile }) => oidcIssuerProfile?.issuerURL ?? "");
    this.registerOutputs({ name: this.clusterName, oidcIssuer: this.oidcIssuer });
  }
}
