/** Service accounts that act as an identity in Azure. */
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { managedBy } from "./labels.ts";
import { within } from "./scope.ts";
import type { TenantScope, WorkloadNamespace } from "./scope.ts";

/** Client ids of a tenant's identities. */
export interface TenantIdentities {
  /** Of its pods. */
  workload?: pulumi.Output<string>;
  /** Of Flux when it decrypts the tenant's files, and when it fetches from the registry. */
  flux?: pulumi.Output<string>;
}

export type Annotations = Record<string, pulumi.Input<string>>;

/** What the workload identity webhook and Flux read on a service account (azure.github.io/azure-workload-identity). */
export function annotations({ azure }: Settings, clientId: pulumi.Output<string> | undefined): Annotations | undefined {
  return clientId && { "azure.workload.identity/client-id": clientId, "azure.workload.identity/tenant-id": azure.tenant };
}

/**
 * The accounts that the settings name. Made here and not by the team, because their names are what Azure trusts; a
 * token for Kubernetes itself is not mounted, the one for Azure comes through the webhook.
 */
export function registerServiceAccounts(scope: TenantScope, workload: WorkloadNamespace, identity: Annotations | undefined): pulumi.Resource[] {
  return scope.tenant.serviceAccounts.map(
    (name) =>
      new ServiceAccount(
        // A second slash, which no other part's name has: namespaces and accounts are called what the settings say.
        `${scope.tenant.key}/account/${name}`,
        { metadata: { name, namespace: workload.name, labels: { [managedBy]: "mooring" }, annotations: identity }, automountServiceAccountToken: false },
        within(scope, workload),
      ),
  );
}
