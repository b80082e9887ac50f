/** The resources that hold data or a name, and so are not replaced or deleted in passing. */

export interface Holder {
  /** What is gone with it. */
  holds: string;
  /** Only a replacement is refused: that it is removed is what a person wrote. */
  replacementOnly?: boolean;
}

/**
 * By type. Left out on purpose is what comes back as it was: role assignments, federated credentials, quotas, Flux's
 * sources; and what is meant to be replaced: deploy keys, passwords.
 */
export const holders: Readonly<Record<string, Holder>> = {
  "azure-native:resources:ResourceGroup": { holds: "everything in it" },
  "azure-native:containerservice:ManagedCluster": { holds: "what runs in it, its volumes and its address" },
  // Another VM size, for example: all of its pods are without a node until the new pool is there.
  "azure-native:containerservice:AgentPool": { holds: "its nodes and what is on their disks", replacementOnly: true },
  "azure-native:containerregistry:Registry": { holds: "its images and its name" },
  "azure-native:network:VirtualNetwork": { holds: "its subnets, and its peerings with other networks" },
  "azure-native:network:Subnet": { holds: "the addresses of what is in it" },
  "azure-native:network:PublicIPAddress": { holds: "an address that others let in" },
  "azure-native:dns:Zone": { holds: "its name servers, which others point to, and every record in it" },
  "azure-native:operationalinsights:Workspace": { holds: "its logs" },
  "azure-native:monitor:AzureMonitorWorkspace": { holds: "its metrics" },
  "azure-native:dashboard:Grafana": { holds: "its dashboards and its address" },
  "azure-native:keyvault:Vault": { holds: "its secrets and keys" },
  "azure-native:keyvault:Key": { holds: "what it encrypted" },
  "azure-native:managedidentity:UserAssignedIdentity": { holds: "the client id that pipelines and pods sign in with" },
  "azuread:index/application:Application": { holds: "the client id and the passwords that pipelines sign in with" },
  "azuread:index/servicePrincipal:ServicePrincipal": { holds: "the object id that rights elsewhere were given to" },
  // The end of a name that is unique in all of Azure.
  "random:index/randomString:RandomString": { holds: "the name that is made with it" },
  "kubernetes:core/v1:Namespace": { holds: "what runs in it, its volumes and its secrets" },
  "kubernetes:helm.sh/v3:Release": { holds: "what it installed: without Flux, nothing is kept in step with its repository" },
  "kubernetes:helm.toolkit.fluxcd.io/v2:HelmRelease": { holds: "everything that it installed, which goes with it" },
  "kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization": { holds: "everything that it applied, which goes with it" },
  "github:index/repository:Repository": { holds: "its code, issues and pull requests" },
  // A provider is replaced when it points elsewhere, and everything it made is then made anew there.
  "pulumi:providers:azure-native": { holds: "everything that it made" },
  "pulumi:providers:kubernetes": { holds: "every object in the cluster" },
  "pulumi:providers:github": { holds: "everything that it made" },
};
