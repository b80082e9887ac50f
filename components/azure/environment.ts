import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import type { AddOnName } from "../add-ons/catalogue.ts";
import { enabledAddOns } from "../add-ons/enabled.ts";
import { registerAddonIdentities } from "./addon-identities.ts";
import { registerBudget } from "./budget.ts";
import { Cluster } from "./cluster.ts";
import { ExistingCluster } from "./cluster-lookup.ts";
import type { ClusterAccess } from "./cluster-lookup.ts";
import { Dns } from "./dns.ts";
import type { ZoneAccess } from "./dns.ts";
import { lock } from "./lock.ts";
import { Metrics } from "./metrics.ts";
import { Logs, sendLogs } from "./monitoring.ts";
import { existingSubnets, Network } from "./network.ts";
import type { Subnets } from "./network.ts";
import { Pipelines } from "./pipelines.ts";
import { protection } from "./protection.ts";
import { ExistingRegistry, registryRole } from "./registry-access.ts";
import type { RegistryAccess } from "./registry-access.ts";
import { Registry } from "./registry.ts";
import { assignRole } from "./role-assignment.ts";

export interface AzureOptions {
  parent: pulumi.Resource;
  provider: pulumi.ProviderResource;
}

/** The Azure side of an environment, in the order in which its parts need each other. What a company has already is taken as it is. */
export class AzureEnvironment {
  readonly resourceGroup: pulumi.Input<string>;
  readonly cluster: ClusterAccess;
  readonly registry: RegistryAccess;
  readonly pipelines: Pipelines;
  readonly workspaceId: pulumi.Output<string>;
  /** Absent of a cluster that somebody else made, unless the settings name it. */
  readonly nodesSubnetId?: pulumi.Input<string>;
  /** The fixed address that the cluster's traffic comes from, where it has one. */
  readonly egressAddress?: pulumi.Output<string>;
  readonly grafana?: pulumi.Output<string>;
  /** The registry of the environment that images are promoted from. */
  readonly promoteFrom?: RegistryAccess;
  readonly dns?: ZoneAccess;
  /** Client ids of add-ons' identities, by add-on. */
  readonly addOnClients: Partial<Record<AddOnName, pulumi.Output<string>>>;

  constructor(name: string, settings: Settings, opts: AzureOptions) {
    const { protect } = settings;
    const component = { parent: opts.parent, providers: [opts.provider] };
    const resourceGroup = group(`${name}-group`, settings, opts);
    this.resourceGroup = resourceGroup;

    const logs = new Logs(`${name}-logs`, settings, { resourceGroup }, component);
    this.workspaceId = logs.workspaceId;
    const network = settings.network.existing || settings.cluster.existing ? undefined : new Network(`${name}-network`, settings, { resourceGroup }, component);
    const subnets = network?.subnets ?? (settings.network.existing && existingSubnets(settings.network.existing));
    this.nodesSubnetId = subnets?.nodes;
    this.egressAddress = network?.egressAddress;

    const own = settings.cluster.existing ? undefined : this.ownCluster(name, settings, subnets!, opts);
    this.cluster = own ?? new ExistingCluster(`${name}-cluster`, settings, settings.cluster.existing!, component);
    this.registry = settings.registry.existing
      ? new ExistingRegistry(`${name}-registry`, settings, settings.registry.existing, component)
      : this.ownRegistry(name, settings, subnets, opts);
    assignRole(`${name}-nodes-pull`, settings, { principalId: this.cluster.kubeletPrincipalId, role: registryRole(this.registry.permissions, "pull"), scope: this.registry.id }, opts);
    if (settings.registry.promoteFrom) this.promoteFrom = new ExistingRegistry(`${name}-promote-from`, settings, settings.registry.promoteFrom, component);
    this.pipelines = new Pipelines(`${name}-pipelines`, settings, { resourceGroup, cluster: this.cluster, registry: this.registry }, component);

    if (own && settings.monitoring.prometheus) this.grafana = new Metrics(`${name}-metrics`, settings, { resourceGroup, clusterId: own.id }, component).grafana;
    if (settings.dns) this.dns = new Dns(`${name}-dns`, settings, settings.dns, { resourceGroup }, component);
    this.addOnClients = registerAddonIdentities(`${name}-addon`, settings, { enabled: enabledAddOns(settings), resourceGroup, cluster: this.cluster, zone: this.dns }, component);
    if (settings.budget) registerBudget(`${name}-budget`, settings, settings.budget, opts);
    if (protect) {
      if (network && own) lock(`${name}-network-lock`, { scope: network.subnets.virtualNetworkId, after: [network, ...own.networkGrants] }, opts);
      if (logs.workspace) lock(`${name}-logs-lock`, { scope: logs.workspace.id, after: [logs.workspace] }, opts);
    }
  }

  private ownCluster(name: string, settings: Settings, subnets: Subnets, opts: AzureOptions): Cluster {
    const { resourceGroup, workspaceId, egressAddress } = this;
    const cluster = new Cluster(`${name}-cluster`, settings, { resourceGroup, subnets, egressAddress, workspaceId }, { parent: opts.parent, providers: [opts.provider] });
    sendLogs(`${name}-cluster-logs`, "cluster", { resourceId: cluster.id, workspaceId }, opts);
    return cluster;
  }

  private ownRegistry(name: string, settings: Settings, subnets: Subnets | undefined, opts: AzureOptions): Registry {
    const { resourceGroup, workspaceId, egressAddress } = this;
    const registry = new Registry(`${name}-registry`, settings, { resourceGroup, subnets, egressAddress }, { parent: opts.parent, providers: [opts.provider] });
    sendLogs(`${name}-registry-logs`, "registry", { resourceId: registry.id, workspaceId }, opts);
    return registry;
  }
}

function group(name: string, settings: Settings, opts: AzureOptions): pulumi.Input<string> {
  const { names, azure } = settings;
  if (azure.existingResourceGroup) return names.resourceGroup;
  return new ResourceGroup(name, { resourceGroupName: names.resourceGroup, location: azure.location, tags: azure.tags }, { ...opts, ...protection(settings) }).name;
}
