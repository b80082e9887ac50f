/** What the tables of changes leave out, and why. */

/** Settings, by their path in the schema. */
export const exemptSettings: Record<string, string> = {
  tier: "it stands for the defaults of other settings, which have rows of their own, and lifts the protection",
  "trust[].github.pullRequests": "refused in production",
  "tenants.*.repository.rules.codeOwners": "no team asks for less than the platform; the fleet's has a row",
  "tenants.*.deploy.healthChecks[].namespace": "of a team with one namespace it is that one",
  "tenants.*.kustomizations.*.healthChecks[].namespace": "of a team with one namespace it is that one",
  "fleet.repository.manage": "as with the teams' repositories, which have a row",
  "fleet.repository.adopt": "said when the repository is made; later it is that of another repository",
  "tenants.*.repository.adopt": "said when the repository is made; later it is that of another repository",
  "tenants.*.repository.scaffold": "of the day on which the repository is made",
  ...Object.fromEntries(["externalDns", "externalSecrets", "gateway", "kubePrometheusStack", "flagger"].map((name) => [`addons.${name}`, "as addons.platformAlerts, which has a row; what teams may write with it is tested where the rules are"])),
};

const always = "the same in every environment";

/** Create-only arguments that the program writes and no setting changes, by type and path. */
export const exemptArguments: Record<string, string> = {
  "network:PrivateEndpoint privateLinkServiceConnections[].groupIds": always,
  "network:PrivateEndpoint privateLinkServiceConnections[].privateLinkServiceId": "the registry's id, which is protected",
  "authorization:RoleAssignment principalType": always,
  "containerservice:ManagedCluster networkProfile.networkDataplane": always,
  "containerservice:ManagedCluster networkProfile.networkPlugin": always,
  "containerservice:ManagedCluster networkProfile.networkPluginMode": always,
  "containerservice:ManagedCluster networkProfile.networkPolicy": always,
  "containerservice:ManagedCluster networkProfile.loadBalancerSku": always,
  "containerservice:ManagedCluster agentPoolProfiles[].osType": always,
  "containerservice:ManagedCluster agentPoolProfiles[].type": always,
  "containerservice:AgentPool osType": always,
  "containerservice:AgentPool type": always,
  "containerregistry:Replication location": "also its name, and so another resource",
  "containerregistry:Webhook location": "azure.location, which is stopped before",
  "dns:Zone location": always,
  "dns:Zone zoneType": always,
  "keyvault:Vault properties.softDeleteRetentionInDays": always,
  "keyvault:Key properties": always,
  "consumption:Budget timeGrain": always,
};
