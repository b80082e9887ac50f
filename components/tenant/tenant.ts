import * as pulumi from "@pulumi/pulumi";
import type { ClusterTie } from "../flux/cluster-tie.ts";
import type { Template } from "../github/templates.ts";
import type { StackSettings } from "../settings/load.ts";
import type { TenantSettings } from "../settings/settings.ts";
import { enabledAddOns } from "../add-ons/enabled.ts";
import { isLeaving } from "../settings/tenant-state.ts";
import { registerAccess } from "./access.ts";
import { registerAlerts } from "./alerts.ts";
import { boundsOf } from "./bounds.ts";
import { registerGitAccess } from "./git-access.ts";
import { registerImages } from "./images.ts";
import { registerLimits } from "./limits.ts";
import { registerNamespaces } from "./namespaces.ts";
import { registerReceivers } from "./receivers.ts";
import type { Webhooks } from "./receivers.ts";
import { registerReleases } from "./releases.ts";
import { registerTenantRepository } from "./repository.ts";
import { registerSources } from "./sources.ts";
import { registerSource, registerSync, repositorySecret } from "./sync.ts";
import { registerTraffic } from "./traffic.ts";
import { annotations, registerServiceAccounts } from "./workload-identity.ts";
import type { TenantIdentities } from "./workload-identity.ts";

export interface TenantArgs {
  tenant: TenantSettings;
  /** What must outlive the tenant: the chart's release, the cluster-wide roles and the admission rules. */
  after: pulumi.Resource[];
  tie: ClusterTie;
  /** The host of the environment's registry, known as long as the registry exists. */
  registryHost: pulumi.Output<string>;
  /** Object ids of deployment pipelines that may write in a workload namespace. */
  deployers: (namespace: string) => pulumi.Output<string>[];
  /** Client ids of the tenant's identities in Azure. */
  identities: TenantIdentities;
  /** What the tenant has in Azure. */
  cloud: pulumi.Resource | undefined;
  /** What its repository starts with, where this environment makes it. */
  template: Template | undefined;
  /** Where Flux is told of something new, see {@link webhooksOf}. */
  webhooks: Webhooks | undefined;
  /** What the team's pipelines are told, JSON. */
  delivery: pulumi.Output<string>;
}

/**
 * A team on the platform: its repository and deploy key, a control namespace with what Flux follows in its name, and
 * workload namespaces with access, limits and traffic rules. The parts are functions that register under the tenant,
 * not components of their own: with a thousand tenants every entry counts.
 */
export class Tenant extends pulumi.ComponentResource {
  /** The number of its repository at GitHub. */
  readonly repositoryId?: pulumi.Output<number>;

  constructor(name: string, settings: StackSettings, args: TenantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:tenant:Tenant", name, {}, opts);
    const { tenant, after, tie, registryHost, deployers, identities, cloud, template, webhooks, delivery } = args;
    const scope = { tenant, tie, addOns: enabledAddOns(settings), parent: this };
    const github = { parent: this };
    const receiverToken = tenant.webhooks.registry === "pipeline" ? webhooks?.token.result : undefined;
    const repository = registerTenantRepository(settings, { tenant, registryHost, template, delivery, receiverToken }, github);

    this.repositoryId = repository?.id;

    const namespaces = registerNamespaces(scope, after, (role) => boundsOf(tenant, settings, registryHost, role));
    const { control } = namespaces;
    const signed = registerGitAccess(scope, control, repositorySecret(tenant), tenant.git.access, settings, { deployKey: repository?.deployKey, leaving: isLeaving(tenant.state) });
    const source = registerSource(scope, control, signed);
    const sources = registerSources(scope, control, settings, registryHost);
    const before = [
      ...(repository?.parts ?? []),
      ...(cloud ? [cloud] : []),
      ...registerAccess(scope, namespaces, { deployers, reconcilerIdentity: annotations(settings, identities.flux) }),
      ...namespaces.workloads.flatMap((workload, index) => [
        ...registerLimits(scope, workload),
        // Identities belong to the first namespace.
        ...registerTraffic(scope, settings, workload, index === 0 && tenant.serviceAccounts.length > 0),
        ...(index === 0 ? registerServiceAccounts(scope, workload, annotations(settings, identities.workload)) : []),
      ]),
      ...registerAlerts(scope, control, settings),
    ];
    const releases = registerReleases(scope, control, settings, sources, source, before);
    registerSync(scope, control, [source, ...sources.values(), ...before, ...releases]);
    registerImages(scope, control, registryHost, settings.environment, source);
    if (webhooks) registerReceivers(scope, { control, webhooks, repository: repository?.name, github: { ...github, dependsOn: repository?.parts } });
    this.registerOutputs({});
  }
}
