/** What the program asks Azure about a cluster, whoever made it. */
import type { AgentPool } from "@pulumi/azure-native/containerservice/agentPool.js";
import { getManagedClusterOutput } from "@pulumi/azure-native/containerservice/getManagedCluster.js";
import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { endpointOf, kubeconfig } from "./kubeconfig.ts";

/** What the other parts of an environment need of its cluster. */
export interface ClusterAccess {
  readonly id: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly resourceGroup: string;
  /** Of the identity with which nodes pull images. */
  readonly kubeletPrincipalId: pulumi.Output<string>;
  /** Holds no secret: the token comes from `kubelogin` when it is used. */
  readonly kubeconfig: pulumi.Output<string>;
  /** The issuer that federated credentials of workloads name. */
  readonly oidcIssuer: pulumi.Output<string>;
  /** The workload pools: what runs in the cluster needs them until it is gone. */
  readonly pools: AgentPool[];
}

/**
 * Look-ups by plain names: unlike the cluster's own outputs they stay known in the preview of a cluster update, which
 * would otherwise plan every Kubernetes object anew.
 */
export function lookUpCluster({ resourceGroup, name }: { resourceGroup: string; name: string }, entraTenant: string, opts: pulumi.InvokeOutputOptions) {
  const args = { resourceGroupName: resourceGroup, resourceName: name };
  const credentials = listManagedClusterUserCredentialsOutput({ ...args, format: "exec" }, opts);
  const found = getManagedClusterOutput(args, opts);
  return {
    found,
    kubeconfig: credentials.kubeconfigs.apply(async (files) => kubeconfig(name, entraTenant, await endpointOf(files[0]!.value))),
    oidcIssuer: found.apply(({ oidcIssuerProfile }) => oidcIssuerProfile?.issuerURL ?? ""),
  };
}

/** A cluster that somebody else made. Nothing of it is changed. */
export class ExistingCluster extends pulumi.ComponentResource implements ClusterAccess {
  readonly id: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly resourceGroup: string;
  readonly kubeletPrincipalId: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly oidcIssuer: pulumi.Output<string>;
  readonly pools: AgentPool[] = [];

  constructor(name: string, { azure }: Settings, existing: { resourceGroup: string; name: string }, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:ExistingCluster", name, {}, opts);
    const { found, kubeconfig: file, oidcIssuer } = lookUpCluster(existing, azure.tenant, { parent: this });
    this.resourceGroup = existing.resourceGroup;
    this.clusterName = pulumi.output(existing.name);
    this.id = pulumi.output(
      `/subscriptions/${azure.subscription}/resourceGroups/${existing.resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${existing.name}`,
    );
    this.kubeletPrincipalId = found.apply(({ identityProfile }) => identityProfile?.kubeletidentity?.objectId ?? fail(existing.name, "has no kubelet identity, so it cannot be let into the registry"));
    this.kubeconfig = file;
    this.oidcIssuer = oidcIssuer.apply((issuer) => issuer || fail(existing.name, "has no OIDC issuer; switch it on with `az aks update --enable-oidc-issuer --enable-workload-identity`"));
    this.registerOutputs({ name: this.clusterName, oidcIssuer: this.oidcIssuer });
  }
}

function fail(cluster: string, what: string): never {
  throw new pulumi.RunError(`the existing cluster ${cluster} ${what}`);
}
