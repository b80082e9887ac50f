import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster.js";
import { validateResourceOfType } from "@pulumi/policy";
import type { ResourceValidationPolicy } from "@pulumi/policy";

/** The certificate of a local account is cluster-admin, belongs to nobody in Entra and cannot be taken back. */
export const clusterLocalAccounts: ResourceValidationPolicy = {
  name: "cluster-local-accounts",
  description: "A cluster has no local accounts.",
  // Left out, AKS makes them.
  validateResource: validateResourceOfType(ManagedCluster, ({ disableLocalAccounts }, _, report) => {
    if (disableLocalAccounts !== true) report("Set disableLocalAccounts to true; people and pipelines sign in with Entra ID.");
  }),
};
