import { Provider as AzureProvider } from "@pulumi/azure-native/provider.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { Provider as GithubProvider } from "@pulumi/github/provider.js";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "./azure/cluster.ts";
import { clusterIdentifier } from "./azure/kubeconfig.ts";
import { Network } from "./azure/network.ts";
import { Pipelines } from "./azure/pipelines.ts";
import { Registry } from "./azure/registry.ts";
import { assignRole } from "./azure/role-assignment.ts";
import { FluxControllers } from "./flux/controllers.ts";
import type { StackSettings } from "./settings/load.ts";
import { inBatches } from "./tenant/batches.ts";
import { TenantRoles } from "./tenant/roles.ts";
import { Tenant } from "./tenant/tenant.ts";

/** What pipelines and people need to know of an environment. Nothing in it is secret. */
export interface Summary {
  cluster: { name: pulumi.Output<string>; resourceGroup: pulumi.Output<string>; oidcIssuer: pulumi.Output<string> };
  registry: { name: pulumi.Output<string>; loginServer: pulumi.Output<string> };
  pipelines: { tenantId: string; subscriptionId: string; build: { clientId: pulumi.Output<string> }; deploy: { clientId: pulumi.Output<string> } };
  tenants: Record<string, { namespaces: string[]; repository: string; follows: string }>;
}

/**
 * One environment: Azure, then Flux on the cluster, then the teams.
 *
 * Use {@link Platform.create}: tenants are registered in batches, which a constructor cannot wait for.
 */
export class Platform extends pulumi.ComponentResource {
  readonly summary: Summary;
  private readonly flux: FluxControllers;
  private readonly roles: TenantRoles;
  private readonly providers: { kubernetes: KubernetesProvider; github: GithubProvider };

  /** Registers everything and returns when all tenants are under way. */
  static async create(name: string, settings: StackSettings, opts?: pulumi.ComponentResourceOptions): Promise<Platform> {
    const platform = new Platform(name, settings, opts);
    const { flux, roles, providers } = platform;
    const after = [flux.release, ...roles.roles];
    await inBatches(
      platform,
      settings.tenants,
      (tenant) => new Tenant(tenant.name, settings, { tenant, after }, { parent: platform, providers: Object.values(providers) }),
    );
    platform.registerOutputs({});
    return platform;
  }

  private constructor(name: string, settings: StackSettings, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:index:Platform", name, {}, opts);
    const { azure, names, github } = settings;

    const azureProvider = new AzureProvider(`${name}-azure`, { subscriptionId: azure.subscription, tenantId: azure.tenant, location: azure.location }, { parent: this });
    const inAzure = { parent: this, providers: [azureProvider] };
    const group = new ResourceGroup(
      `${name}-group`,
      { resourceGroupName: names.resourceGroup, location: azure.location, tags: azure.tags },
      { parent: this, provider: azureProvider, protect: settings.protect },
    );
    const resourceGroup = group.name;
    const network = new Network(`${name}-network`, settings, { resourceGroup }, inAzure);
    const cluster = new Cluster(`${name}-cluster`, settings, { resourceGroup, nodesSubnetId: network.nodesSubnetId }, inAzure);
    const registry = new Registry(`${name}-registry`, settings, { resourceGroup }, inAzure);
    assignRole(`${name}-nodes-pull`, settings, { identity: cluster.kubeletIdentity, role: "acrPull", scope: registry.id }, { parent: this, provider: azureProvider });
    const pipelines = new Pipelines(`${name}-pipelines`, settings, { resourceGroup, cluster, registry }, inAzure);

    this.providers = {
      kubernetes: new KubernetesProvider(
        `${name}-kubernetes`,
        {
          kubeconfig: cluster.kubeconfig,
          clusterIdentifier: clusterIdentifier(settings),
          // A new deploy key changes the Secret in place; by default the provider would delete it first.
          enableSecretMutable: true,
          enableConfigMapMutable: true,
        },
        { parent: this },
      ),
      github: new GithubProvider(`${name}-github`, { owner: github.owner }, { parent: this }),
    };
    const inCluster = { parent: this, providers: [this.providers.kubernetes] };
    this.flux = new FluxControllers(`${name}-flux`, settings, { nodes: cluster.pools }, inCluster);
    this.roles = new TenantRoles(`${name}-roles`, inCluster);

    this.summary = {
      cluster: { name: cluster.clusterName, resourceGroup, oidcIssuer: cluster.oidcIssuer },
      registry: { name: registry.registryName, loginServer: registry.loginServer },
      pipelines: {
        tenantId: azure.tenant,
        subscriptionId: azure.subscription,
        build: { clientId: pipelines.build.clientId },
        deploy: { clientId: pipelines.deploy.clientId },
      },
      tenants: Object.fromEntries(
        settings.tenants.map(({ name: tenant, namespace, controlNamespace, repository, deploy }) => [
          tenant,
          {
            namespaces: [namespace, controlNamespace],
            repository: `${github.owner}/${repository.name}`,
            follows: `${Object.entries(deploy.ref).map(([kind, ref]) => `${kind} ${ref}`).join()}, ${deploy.path}`,
          },
        ]),
      ),
    };
  }
}
