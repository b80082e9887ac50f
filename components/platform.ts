import { Provider as AzureProvider } from "@pulumi/azure-native/provider.js";
import { Provider as GithubProvider } from "@pulumi/github/provider.js";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { clusterIdentifier } from "./azure/kubeconfig.ts";
import { AzureEnvironment } from "./azure/environment.ts";
import { admitToCluster } from "./azure/people.ts";
import { hasCloud, TenantCloud } from "./azure/tenant-cloud.ts";
import { clusterTie } from "./flux/cluster-tie.ts";
import type { ClusterTie } from "./flux/cluster-tie.ts";
import { FluxControllers } from "./flux/controllers.ts";
import { clusterUsers } from "./settings/cluster-users.ts";
import type { StackSettings } from "./settings/load.ts";
import type { TenantSettings } from "./settings/settings.ts";
import { summarize } from "./summary.ts";
import type { Summary } from "./summary.ts";
import { deployable } from "./tenant/access.ts";
import { inBatches, withoutTraces } from "./tenant/batches.ts";
import { reconciler } from "./tenant/labels.ts";
import { TenantRules } from "./tenant/rules.ts";
import { Tenant } from "./tenant/tenant.ts";

/**
 * One environment: Azure, then Flux on the cluster, then the teams.
 *
 * Use {@link Platform.create}: tenants are registered in batches, which a constructor cannot wait for.
 */
export class Platform extends pulumi.ComponentResource {
  readonly summary: Summary;
  private readonly azure: AzureEnvironment;
  private readonly flux: FluxControllers;
  private readonly rules: TenantRules;
  private readonly providers: { azure: AzureProvider; kubernetes: KubernetesProvider; github: GithubProvider };
  private readonly tie: ClusterTie;

  /** Registers everything and returns when all tenants are under way. */
  static async create(name: string, settings: StackSettings, opts?: pulumi.ComponentResourceOptions): Promise<Platform> {
    const platform = new Platform(name, settings, opts);
    const { azure, providers, summary } = platform;
    await inBatches(platform, clusterUsers(settings), (group) => [
      admitToCluster(`${name}-user`, group, settings, azure.cluster, { parent: platform, provider: providers.azure }),
    ]);
    await inBatches(platform, settings.tenants, (tenant) => {
      const cloud = hasCloud(tenant) ? platform.tenantCloud(tenant, settings) : undefined;
      if (cloud) summary.tenants[tenant.name] = { ...summary.tenants[tenant.name]!, ...cloudSummary(cloud) };
      return [...(cloud ? [cloud] : []), platform.tenant(tenant, settings, cloud)];
    });
    platform.registerOutputs({});
    return platform;
  }

  private constructor(name: string, settings: StackSettings, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:index:Platform", name, {}, opts);
    const { tenant: tenantId, subscription: subscriptionId, location } = settings.azure;
    const azureProvider = new AzureProvider(`${name}-azure`, { subscriptionId, tenantId, location }, { parent: this });
    const identifier = clusterIdentifier(settings);
    this.azure = new AzureEnvironment(name, settings, { parent: this, provider: azureProvider });
    this.providers = {
      azure: azureProvider,
      kubernetes: new KubernetesProvider(
        `${name}-kubernetes`,
        {
          kubeconfig: this.azure.cluster.kubeconfig,
          clusterIdentifier: identifier,
          // A new deploy key changes the Secret in place; by default the provider would delete it first.
          enableSecretMutable: true,
          enableConfigMapMutable: true,
        },
        { parent: this },
      ),
      github: new GithubProvider(`${name}-github`, { owner: settings.github.owner }, { parent: this }),
    };
    this.tie = clusterTie(settings, this.providers.kubernetes, identifier);
    const inCluster = { parent: this, providers: [this.providers.kubernetes] };
    this.flux = new FluxControllers(`${name}-flux`, settings, { nodes: this.azure.cluster.pools, tie: this.tie }, inCluster);
    this.rules = withoutTraces(() => new TenantRules(`${name}-rules`, settings.tenancy, this.tie, inCluster));
    this.summary = summarize(settings, this.azure);
  }

  private tenantCloud(tenant: TenantSettings, settings: StackSettings): TenantCloud {
    const { resourceGroup, cluster, registry, workspaceId, nodesSubnetId } = this.azure;
    return new TenantCloud(
      `${tenant.key}-azure`,
      settings,
      { tenant, resourceGroup, cluster, registry, workspaceId, nodesSubnetId, reconciler },
      { parent: this, providers: [this.providers.azure] },
    );
  }

  private tenant(tenant: TenantSettings, settings: StackSettings, cloud: TenantCloud | undefined): Tenant {
    const { flux, rules, azure, providers, tie } = this;
    return new Tenant(
      tenant.key,
      settings,
      {
        tenant,
        after: [flux.release, rules.complete],
        tie,
        registryHost: azure.registry.host,
        deployers: (namespace) => (deployable(settings, tenant, namespace) ? azure.pipelines.deployers : []),
        identities: { workload: cloud?.workload, flux: cloud?.flux },
        cloud,
      },
      { parent: this, providers: [providers.kubernetes, providers.github] },
    );
  }
}

/** What a team needs to know of what it has in Azure. */
function cloudSummary({ workload, build, vaultUri, sopsKey }: TenantCloud) {
  return { workloadClientId: workload, buildClientId: build, vaultUri, sopsKey };
}
