import * as pulumi from "@pulumi/pulumi";
import type { ClusterTie } from "../flux/cluster-tie.ts";
import { deployKey, tenantRepository } from "../github/repository.ts";
import type { StackSettings } from "../settings/load.ts";
import type { TenantSettings } from "../settings/settings.ts";
import { registerAccess } from "./access.ts";
import { registerAlerts } from "./alerts.ts";
import { registerLimits } from "./limits.ts";
import { registerNamespaces } from "./namespaces.ts";
import { registerSync } from "./sync.ts";
import { registerTraffic } from "./traffic.ts";
import { annotations, registerServiceAccounts } from "./workload-identity.ts";
import type { TenantIdentities } from "./workload-identity.ts";

export interface TenantArgs {
  tenant: TenantSettings;
  /** What must outlive the tenant: the chart's release and the cluster-wide roles. */
  after: pulumi.Resource[];
  tie: ClusterTie;
  /** Object ids of deployment pipelines that may write in the workload namespace. */
  deployers: pulumi.Output<string>[];
  /** Client ids of the tenant's identities in Azure. */
  identities: TenantIdentities;
}

/**
 * A team on the platform: its repository and deploy key, a control namespace with what Flux follows in its name, and a
 * workload namespace with access, limits and traffic rules. The parts are functions that register under the tenant,
 * not components of their own: with a thousand tenants every entry counts.
 */
export class Tenant extends pulumi.ComponentResource {
  constructor(name: string, settings: StackSettings, { tenant, after, tie, deployers, identities }: TenantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:tenant:Tenant", name, {}, opts);
    const scope = { tenant, tie, parent: this };
    const repository = tenantRepository(tenant, { parent: this });
    const key = deployKey(tenant, settings, repository, { parent: this });

    const { control, workload } = registerNamespaces(scope, after);
    const access = registerAccess(scope, { control, workload }, { deployers, reconcilerIdentity: annotations(settings, identities.flux) });
    registerServiceAccounts(scope, workload, annotations(settings, identities.workload));
    registerLimits(scope, workload);
    registerTraffic(scope, workload);
    registerSync(scope, { control, owner: settings.github.owner, deployKey: key, access });
    registerAlerts(scope, control, settings.environment, settings.secrets);
    this.registerOutputs({});
  }
}
