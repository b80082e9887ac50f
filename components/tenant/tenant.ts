import * as pulumi from "@pulumi/pulumi";
import type { ClusterTie } from "../flux/cluster-tie.ts";
import { deployKey, tenantRepository } from "../github/repository.ts";
import type { StackSettings } from "../settings/load.ts";
import type { TenantSettings } from "../settings/settings.ts";
import { registerAccess } from "./access.ts";
import { registerAlerts } from "./alerts.ts";
import { boundsOf } from "./bounds.ts";
import { registerLimits } from "./limits.ts";
import { registerNamespaces } from "./namespaces.ts";
import { registerSync } from "./sync.ts";
import { registerTraffic } from "./traffic.ts";
import { annotations, registerServiceAccounts } from "./workload-identity.ts";
import type { TenantIdentities } from "./workload-identity.ts";

export interface TenantArgs {
  tenant: TenantSettings;
  /** What must outlive the tenant: the chart's release, the cluster-wide roles and the admission rules. */
  after: pulumi.Resource[];
  tie: ClusterTie;
  /** The host of the environment's registry, known as long as the registry exists. */
  registryHost: pulumi.Input<string>;
  /** Object ids of deployment pipelines that may write in a workload namespace. */
  deployers: (namespace: string) => pulumi.Output<string>[];
  /** Client ids of the tenant's identities in Azure. */
  identities: TenantIdentities;
  /** What the tenant has in Azure. */
  cloud: pulumi.Resource | undefined;
}

/**
 * A team on the platform: its repository and deploy key, a control namespace with what Flux follows in its name, and
 * workload namespaces with access, limits and traffic rules. The parts are functions that register under the tenant,
 * not components of their own: with a thousand tenants every entry counts.
 */
export class Tenant extends pulumi.ComponentResource {
  constructor(name: string, settings: StackSettings, { tenant, after, tie, registryHost, deployers, identities, cloud }: TenantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:tenant:Tenant", name, {}, opts);
    const scope = { tenant, tie, parent: this };
    const repository = tenantRepository(tenant, { parent: this });
    const key = deployKey(tenant, settings, repository, { parent: this });

    const namespaces = registerNamespaces(scope, after, boundsOf(tenant, settings, registryHost));
    const others = [
      ...[repository, cloud].filter((part) => part !== undefined),
      ...registerAccess(scope, namespaces, { deployers, reconcilerIdentity: annotations(settings, identities.flux) }),
      ...namespaces.workloads.flatMap((workload, index) => [
        ...registerLimits(scope, workload),
        // Identities belong to the first namespace.
        ...registerTraffic(scope, settings, workload, index === 0 && tenant.serviceAccounts.length > 0),
        ...(index === 0 ? registerServiceAccounts(scope, workload, annotations(settings, identities.workload)) : []),
      ]),
      ...registerAlerts(scope, namespaces.control, settings.environment, settings.secrets),
    ];
    registerSync(scope, { control: namespaces.control, owner: settings.github.owner, deployKey: key, others });
    this.registerOutputs({});
  }
}
