import { Provider as AzureProvider } from "@pulumi/azure-native/provider.js";
import { Provider as GithubProvider } from "@pulumi/github/provider.js";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { clusterIdentifier } from "./azure/kubeconfig.ts";
import { AzureEnvironment } from "./azure/environment.ts";
import { admitToCluster } from "./azure/people.ts";
import { trustRepository } from "./azure/pipeline-trust.ts";
import { registerRegistryWebhook } from "./azure/registry-webhook.ts";
import { hasCloud, TenantCloud } from "./azure/tenant-cloud.ts";
import { delivery } from "./delivery.ts";
import { Fleet } from "./fleet/fleet.ts";
import { substitutes } from "./fleet/substitutes.ts";
import { clusterTie } from "./flux/cluster-tie.ts";
import type { ClusterTie } from "./flux/cluster-tie.ts";
import { FluxControllers } from "./flux/controllers.ts";
import { registerExposure } from "./flux/exposure.ts";
import { registerPlatformAlerts } from "./flux/platform-alerts.ts";
import { expectMadeElsewhere } from "./github/made-elsewhere.ts";
import { ownerId } from "./github/ids.ts";
import { githubProviderArgs } from "./github/provider.ts";
import { Templates } from "./github/templates.ts";
import { clusterUsers } from "./settings/cluster-users.ts";
import { flavoursOf } from "./settings/flavours.ts";
import type { StackSettings } from "./settings/load.ts";
import type { TenantSettings } from "./settings/settings.ts";
import { isLeaving } from "./settings/tenant-state.ts";
import { summarize } from "./summary.ts";
import type { Summary } from "./summary.ts";
import { deployable } from "./tenant/access.ts";
import { inBatches, withoutTraces } from "./tenant/batches.ts";
import { reconciler } from "./tenant/labels.ts";
import { webhooksOf } from "./tenant/receivers.ts";
import { TenantRules } from "./tenant/rules.ts";
import { Tenant } from "./tenant/tenant.ts";

/**
 * One environment: Azure, then Flux on the cluster, then the teams.
 *
 * Use {@link Platform.create}: tenants are registered in batches, which a constructor cannot wait for.
 */
export class Platform extends pulumi.ComponentResource {
  // What follows is there once the platform was created.
  summary!: Summary;
  private azure!: AzureEnvironment;
  private flux!: FluxControllers;
  private rules!: TenantRules;
  private templates: Templates | undefined;
  private owner?: pulumi.Output<string>;
  private providers!: { azure: AzureProvider; kubernetes: KubernetesProvider; github: GithubProvider };
  private tie!: ClusterTie;

  /** Registers everything and returns when all tenants are under way. */
  static async create(name: string, settings: StackSettings, opts?: pulumi.ComponentResourceOptions): Promise<Platform> {
    const platform = new Platform(name, opts);
    const github = new GithubProvider(`${name}-github`, githubProviderArgs(settings), { parent: platform });
    // Before anything else is made.
    await expectMadeElsewhere(settings, github);
    platform.register(name, settings, github);
    const { azure, providers, summary } = platform;
    await inBatches(platform, clusterUsers(settings), (group) => [
      admitToCluster(`${name}-user`, group, settings, azure.cluster, { parent: platform, provider: providers.azure }),
    ]);
    await inBatches(platform, settings.tenants, (tenant) => {
      const cloud = hasCloud(tenant) ? platform.tenantCloud(tenant, settings) : undefined;
      if (cloud) summary.tenants[tenant.name] = { ...summary.tenants[tenant.name]!, ...cloudSummary(cloud) };
      return [...(cloud ? [cloud] : []), ...platform.tenant(tenant, settings, cloud)];
    });
    platform.registerOutputs({});
    return platform;
  }

  private constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:index:Platform", name, {}, opts);
  }

  /** All but the people and the tenants. */
  private register(name: string, settings: StackSettings, github: GithubProvider): void {
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
      github,
    };
    this.tie = clusterTie(settings, this.providers.kubernetes, identifier);
    const inCluster = { parent: this, providers: [this.providers.kubernetes] };
    this.flux = new FluxControllers(`${name}-flux`, settings, { nodes: this.azure.cluster.pools, tie: this.tie }, inCluster);
    this.rules = withoutTraces(() => new TenantRules(`${name}-rules`, settings, this.tie, inCluster));
    this.registerFleet(name, settings);
    this.templates = this.registerTemplates(name, settings);
    this.summary = summarize(settings, this.azure);
  }

  /** What the platform's own team runs, who hears of it, and where Flux is told of something new. */
  private registerFleet(name: string, settings: StackSettings): void {
    const { azure, flux, tie, providers } = this;
    const after = [flux.release];
    const inCluster = { parent: this, provider: providers.kubernetes, dependsOn: after, ...tie };
    if (settings.fleet) {
      const substitute = substitutes(settings, { zone: azure.dns, clientIds: azure.addOnClients });
      new Fleet(`${name}-fleet`, settings, settings.fleet, { after, tie, substitute }, { parent: this, providers: [providers.kubernetes, providers.github] });
    }
    registerPlatformAlerts(`${name}-notify`, settings, after, inCluster);
    // The Gateway of the add-on has its route from the same module, which comes when its kinds do.
    if (settings.webhooks && !settings.webhooks.gateway?.own) registerExposure(`${name}-webhooks`, settings.webhooks, inCluster);
  }

  private registerTemplates(name: string, settings: StackSettings): Templates | undefined {
    const flavours = flavoursOf(settings);
    return flavours.length > 0 ? new Templates(`${name}-templates`, settings, flavours, { parent: this, providers: [this.providers.github] }) : undefined;
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

  /** Asked for once. */
  private ownerId({ github }: StackSettings): pulumi.Output<string> {
    return (this.owner ??= ownerId(github, { parent: this, provider: this.providers.github }));
  }

  private tenant(tenant: TenantSettings, settings: StackSettings, cloud: TenantCloud | undefined): pulumi.Resource[] {
    const { flux, rules, azure, providers, tie, templates } = this;
    const registryHost = azure.registry.host;
    const webhooks = webhooksOf(tenant, settings, { parent: this });
    const clientId = cloud?.build ?? azure.pipelines.build.identity.clientId;
    const told = delivery(settings, tenant, { registryHost, registryName: azure.registry.registryName, clientId, receiver: webhooks?.images, promoteFrom: azure.promoteFrom });
    const summary = this.summary.tenants[tenant.name]!;
    this.summary.tenants[tenant.name] = { ...summary, delivery: told, ...(webhooks && tenant.webhooks.registry === "pipeline" && { receiverToken: webhooks.token.result }) };
    const scaffold = tenant.repository?.scaffold;
    const made = new Tenant(
      tenant.key,
      settings,
      {
        tenant,
        after: [flux.release, rules.complete],
        tie,
        registryHost,
        deployers: (namespace) => (deployable(settings, tenant, namespace) ? azure.pipelines.deployers : []),
        identities: { workload: cloud?.workload, flux: cloud?.flux },
        cloud,
        template: scaffold && tenant.repository?.manage && !tenant.repository.adopt ? templates?.of(scaffold) : undefined,
        webhooks,
        delivery: told,
      },
      { parent: this, providers: [providers.kubernetes, providers.github] },
    );
    const called =
      tenant.webhooks.registry === "acr" && webhooks?.images
        ? registerRegistryWebhook(`${tenant.key}-registry-webhook`, settings, { tenant, resourceGroup: azure.resourceGroup, registryName: azure.registry.registryName, serviceUri: webhooks.images }, { parent: this, provider: providers.azure })
        : [];
    const trusts =
      cloud?.buildIdentity && made.repositoryId && tenant.repository?.environment && !isLeaving(tenant.state)
        ? trustRepository(`${tenant.key}-azure-build`, settings, { tenant, resourceGroup: azure.resourceGroup, ownerId: this.ownerId(settings), repositoryId: made.repositoryId }, { parent: cloud, dependsOn: cloud.buildIdentity })
        : [];
    return [made, ...trusts, ...called, ...(webhooks ? [webhooks.token] : [])];
  }
}

/** What a team needs to know of what it has in Azure. */
function cloudSummary({ workload, build, vaultUri, sopsKey }: TenantCloud) {
  return { workloadClientId: workload, buildClientId: build, vaultUri, sopsKey };
}
