import { AgentPool } from "@pulumi/azure-native/containerservice/agentPool.js";
import { DeploymentSafeguard } from "@pulumi/azure-native/containerservice/deploymentSafeguard.js";
import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice/maintenanceConfiguration.js";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { managedClusterArgs } from "./cluster-args.ts";
import { lookUpCluster } from "./cluster-lookup.ts";
import type { ClusterAccess } from "./cluster-lookup.ts";
import { Identity } from "./identity.ts";
import { comparedWithLive } from "./inline-pool.ts";
import { maintenanceWindows } from "./maintenance.ts";
import type { Subnets } from "./network.ts";
import { agentPoolArgs, poolCreateOnly, poolDrift } from "./pool-args.ts";
import { untilRightsArrive } from "./propagation.ts";
import { protection } from "./protection.ts";
import { assignRole } from "./role-assignment.ts";
import type { RoleGrant } from "./role-assignment.ts";

export interface ClusterArgs {
  resourceGroup: pulumi.Input<string>;
  subnets: Subnets;
  egressAddress?: pulumi.Input<string>;
  workspaceId: pulumi.Input<string>;
}

/** Namespaces whose objects the deployment safeguards leave alone: AKS's own and the platform's. */
const unguarded = ["kube-system", "gatekeeper-system", "flux-system"];

/** The AKS cluster with its two identities, its workload pools and when it is upgraded. */
export class Cluster extends pulumi.ComponentResource implements ClusterAccess {
  readonly id: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly resourceGroup: string;
  readonly kubeletPrincipalId: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly oidcIssuer: pulumi.Output<string>;
  readonly pools: AgentPool[];
  /** Rights on the network: what protects the network from deletion must come after them. */
  readonly networkGrants: pulumi.Resource[];

  constructor(name: string, settings: Settings, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Cluster", name, {}, opts);
    const { names, cluster: wanted, protect } = settings;
    const { resourceGroup, subnets } = args;
    this.resourceGroup = names.resourceGroup;
    const identity = (role: string, purpose: "cluster" | "kubelet") =>
      new Identity(`${name}-${role}-identity`, settings, { identityName: names.identity(purpose), resourceGroup }, { parent: this });
    const controlPlane = identity("control-plane", "cluster");
    const kubelet = identity("kubelet", "kubelet");
    this.kubeletPrincipalId = kubelet.principalId;

    // AKS checks the rights of the control plane's identity before it makes anything.
    const grant = (suffix: string, what: Omit<RoleGrant, "principalId">) =>
      assignRole(`${name}-${suffix}`, settings, { principalId: controlPlane.principalId, ...what }, { parent: this });
    const usesKubelet = grant("uses-kubelet-identity", { role: "managedIdentityOperator", scope: kubelet.id });
    this.networkGrants = [
      grant("joins-subnet", { role: "networkContributor", scope: subnets.nodes }),
      ...(wanted.api === "public" ? [] : [grant("joins-api-server-subnet", { role: "networkContributor", scope: subnets.apiServer! })]),
      ...(wanted.privateDnsZone === undefined ? [] : [grant("writes-private-zone", { role: "privateDnsZoneContributor", scope: wanted.privateDnsZone })]),
      // AKS links the zone, be it its own, to the network (learn.microsoft.com/azure/aks/private-clusters).
      ...(wanted.api === "private" ? [grant("links-private-zone", { role: "networkContributor", scope: subnets.virtualNetworkId })] : []),
    ];

    const cluster = new ManagedCluster(
      name,
      managedClusterArgs(settings, {
        resourceGroup,
        nodesSubnetId: subnets.nodes,
        apiServerSubnetId: subnets.apiServer,
        egressAddress: args.egressAddress,
        controlPlaneIdentityId: controlPlane.id,
        kubelet,
        workspaceId: args.workspaceId,
      }),
      {
        parent: this,
        protect,
        // Its name is taken until it is gone.
        deleteBeforeReplace: true,
        transforms: [comparedWithLive(settings, { parent: this })],
        // A cluster that has its API server in the network cannot take it out again; one that has not can be given it.
        replaceOnChanges: wanted.api === "public" ? ["apiServerAccessProfile.enableVnetIntegration"] : [],
        // A private API server keeps its subnet and its zone. Other kinds may become private and stop being it, and then say nothing here.
        replacementTrigger: wanted.api === "private" ? [subnets.apiServer, wanted.privateDnsZone ?? "system"] : undefined,
        dependsOn: [...this.networkGrants, usesKubelet],
        hooks: { onError: [untilRightsArrive(`${name}-waits-for-rights`)] },
      },
    );
    this.id = cluster.id;
    this.clusterName = cluster.name;
    this.pools = Object.entries(wanted.pools).map(
      ([pool, poolSettings]) =>
        new AgentPool(
          `${name}-${pool}`,
          agentPoolArgs(pool, poolSettings, settings, { resourceGroup, cluster: cluster.name, nodesSubnetId: subnets.nodes }),
          {
            parent: this,
            ...protection(settings),
            ignoreChanges: poolDrift(wanted),
            replaceOnChanges: poolCreateOnly,
            deleteBeforeReplace: true,
            // Deleted by itself it is drained, which a pod disruption budget can stop (learn.microsoft.com/azure/aks/delete-node-pool).
            deletedWith: cluster,
          },
        ),
    );
    for (const [configName, maintenanceWindow] of Object.entries(maintenanceWindows(wanted.upgrades))) {
      new MaintenanceConfiguration(`${name}-${configName}`, { resourceGroupName: resourceGroup, resourceName: cluster.name, configName, maintenanceWindow }, { parent: this });
    }
    if (wanted.azurePolicy) {
      // Warnings only: enforced, they would write into the objects that Flux applies, which would write them back.
      new DeploymentSafeguard(`${name}-safeguards`, { resourceUri: cluster.id, level: "Warn", excludedNamespaces: unguarded }, { parent: this });
    }

    const found = lookUpCluster({ resourceGroup: names.resourceGroup, name: names.cluster }, settings.azure.tenant, { parent: this, dependsOn: [cluster] });
    this.kubeconfig = found.kubeconfig;
    this.oidcIssuer = found.oidcIssuer;
    this.registerOutputs({ name: this.clusterName, oidcIssuer: this.oidcIssuer });
  }
}
