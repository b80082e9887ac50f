/** Settings that may change while an environment lives, and exactly what a change plans: updates, and what is added or goes. */
import type { Settings } from "../plans.ts";
import { hub } from "./outside.ts";
import { bounded, namespacesOf, orders } from "./tenants.ts";
import { newTrust, newTrustOfTeams } from "./trust.ts";

/** A change of settings; what it plans stands as in a plan's steps. */
export interface Change {
  set: Settings;
  plans: string[];
}

const update = (resource: string, ...places: string[]): string[] => places.map((place) => `update ${resource}: ${place}`);
const cluster = (...places: string[]): string[] => update("ManagedCluster mooring-cluster", ...places);
const pool = (name: string, ...places: string[]): string[] => update(`AgentPool mooring-cluster-${name}`, ...places);
const registry = (...places: string[]): string[] => update("Registry mooring-registry", ...places);
const window = (name: string, ...places: string[]): string[] => update(`MaintenanceConfiguration mooring-cluster-aksManaged${name}Schedule`, ...places.map((place) => `maintenanceWindow.${place}`));
const bothWindows = (...places: string[]): string[] => [...window("AutoUpgrade", ...places), ...window("NodeOSUpgrade", ...places)];
const role = (name: string): string => `RoleAssignment ${name}`;
const placement = update("Kustomization orders-sync", "spec.patches[2].patch", "spec.patches[4].patch", "spec.patches[5].patch");

/** All that carries the environment's tags. A key keeps those of the day it was made. */
const tagged = [
  ...["apps", "batch", "orders"].map((name) => `AgentPool mooring-cluster-${name}`),
  ...["AzureMonitorWorkspace mooring-metrics", "DataCollectionEndpoint mooring-metrics-endpoint", "DataCollectionRule mooring-metrics-rule", "Grafana mooring-metrics-grafana"],
  ...["ManagedCluster mooring-cluster", "PrivateEndpoint mooring-registry-endpoint", "PrometheusRuleGroup mooring-metrics-alerts"],
  ...["Registry mooring-registry", "Replication mooring-registry-northeurope", "Replication mooring-registry-swedencentral", "ResourceGroup mooring-group"],
  ...["mooring-cluster-control-plane-identity", "mooring-cluster-kubelet-identity", "mooring-pipelines-build", "mooring-pipelines-deploy"].map((name) => `UserAssignedIdentity ${name}`),
  ...["UserAssignedIdentity front-azure-workload", "UserAssignedIdentity orders-azure-flux", "UserAssignedIdentity orders-azure-workload", "Vault orders-azure-vault", "VirtualNetwork mooring-network", "Workspace mooring-logs", "Zone mooring-dns"],
];

/** Of the environment of its own. One preview each: what its changes plan can be told apart by the resource and the place. */
export const changes: Record<string, Change[]> = {
  "tags": [
    { set: { owner: "sre@acme.example" }, plans: tagged.flatMap((resource) => update(resource, "tags.owner")) },
    { set: { "azure.tags": { "cost-centre": "4712" } }, plans: tagged.flatMap((resource) => update(resource, "tags.cost-centre")) },
    { set: { "cluster.tags": { alerts: "off" } }, plans: cluster("tags.alerts") },
  ],
  "the cluster and its pools": [
    {
      set: { "cluster.administrators": ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01", "3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d09"] },
      plans: [
        ...cluster("aadProfile.adminGroupObjectIDs[1]"),
        ...["metrics-grafana-administrators", "user"].flatMap((right) => [`create ${role(`mooring-${right}-3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d09`)}`, `delete ${role(`mooring-${right}-3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d02`)}`]),
      ],
    },
    {
      set: { "cluster.users": ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d08"] },
      plans: [`create ${role("mooring-user-3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d08")}`, `delete ${role("mooring-user-3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d03")}`],
    },
    { set: { "cluster.authorization": "kubernetes" }, plans: cluster("aadProfile.enableAzureRBAC") },
    { set: { "cluster.kubernetesVersion": "1.35" }, plans: [...cluster("kubernetesVersion"), ...["apps", "batch", "orders"].flatMap((name) => pool(name, "orchestratorVersion"))] },
    { set: { "cluster.longTermSupport": false }, plans: cluster("sku.tier", "supportPlan") },
    { set: { "cluster.authorizedRanges": ["203.0.113.0/24", "192.0.3.0/24"] }, plans: cluster("apiServerAccessProfile.authorizedIPRanges[1]") },
    { set: { "vaults.allowedRanges": ["192.0.3.0/24"] }, plans: update("Vault orders-azure-vault", "properties.networkAcls.ipRules[0].value") },
    { set: { "cluster.upgrades.nodeImages": "NodeImage" }, plans: cluster("autoUpgradeProfile.nodeOSUpgradeChannel") },
    { set: { "cluster.upgrades.window": { day: "Friday", start: "21:30", hours: 5 } }, plans: window("AutoUpgrade", "durationHours", "schedule.weekly.dayOfWeek", "startTime") },
    { set: { "cluster.upgrades.nodeWindow": { day: "Saturday", start: "21:00", hours: 4 } }, plans: window("NodeOSUpgrade", "durationHours", "schedule.weekly.dayOfWeek", "startTime") },
    { set: { "cluster.upgrades.utcOffset": "+02:00" }, plans: bothWindows("utcOffset") },
    { set: { "cluster.upgrades.freezes": [{ from: "2026-12-21", to: "2027-01-05" }] }, plans: bothWindows("notAllowedDates[0].end", "notAllowedDates[0].start", "notAllowedDates[1]") },
    { set: { "cluster.azurePolicy": false }, plans: [...cluster("addonProfiles.azurepolicy.enabled"), "delete DeploymentSafeguard mooring-cluster-safeguards"] },
    { set: { "cluster.secretsStore": false }, plans: cluster("addonProfiles.azureKeyvaultSecretsProvider.config", "addonProfiles.azureKeyvaultSecretsProvider.enabled") },
    { set: { "cluster.systemPool.min": 4 }, plans: cluster("agentPoolProfiles[0].minCount") },
    { set: { "cluster.systemPool.max": 7 }, plans: cluster("agentPoolProfiles[0].maxCount") },
    { set: { "cluster.pools.apps": { min: 3, max: 12, labels: { tier: "web" }, taints: ["tier=web:PreferNoSchedule"] } }, plans: pool("apps", "maxCount", "minCount", "nodeLabels.tier", "nodeTaints[0]") },
    { set: { "cluster.pools.orders.tenant": undefined }, plans: [...pool("orders", 'nodeLabels["mooring.platform/tenant"]', "nodeTaints[1]", "tags.tenant"), ...placement, ...bounded(namespacesOf.orders, "taints")] },
    { set: { "monitoring.defender": false }, plans: cluster("securityProfile.defender.logAnalyticsWorkspaceResourceId", "securityProfile.defender.securityMonitoring.enabled") },
    { set: { "network.addressSpace": "10.64.0.0/15" }, plans: update("VirtualNetwork mooring-network", "addressSpace.addressPrefixes[0]") },
    { set: { "network.routeTable": `${hub}/Microsoft.Network/routeTables/rt-firewall-2` }, plans: update("Subnet mooring-network-nodes", "routeTable.id") },
  ],
  "around the cluster": [
    { set: { "cluster.sku": "Free", "cluster.longTermSupport": false }, plans: cluster("metricsProfile.costAnalysis.enabled", "sku.tier", "supportPlan") },
    { set: { "monitoring.retentionDays": 365 }, plans: update("Workspace mooring-logs", "retentionInDays") },
    { set: { "monitoring.dailyCapGb": 30 }, plans: update("Workspace mooring-logs", "workspaceCapping.dailyQuotaGb") },
    { set: { "monitoring.actionGroup": `${hub}/Microsoft.Insights/actionGroups/on-call-2` }, plans: update("PrometheusRuleGroup mooring-metrics-alerts", ...[0, 1, 2, 3].map((rule) => `rules[${rule}].actions[0].actionGroupId`)) },
    { set: { "dns.records.0.values": ["203.0.113.9", "203.0.113.8"] }, plans: update("RecordSet mooring-dns-a-@", "aRecords[0].ipv4Address") },
    { set: { "dns.records.status.ttl": 600 }, plans: update("RecordSet mooring-dns-aaaa-status", "ttl") },
    { set: { "dns.records.team.name": "team-b" }, plans: ["create RecordSet mooring-dns-ns-team-b", "delete RecordSet mooring-dns-ns-team"] },
    { set: { "budget.amount": 15000 }, plans: update("Budget mooring-budget", "amount") },
    { set: { "budget.emails": ["platform@acme.example", "board@acme.example"] }, plans: update("Budget mooring-budget", ...["all", "forecast", "most"].map((name) => `notifications.${name}.contactEmails[1]`)) },
    { set: { "registry.replicas": ["northeurope", "norwayeast"] }, plans: ["create Replication mooring-registry-norwayeast", "delete Replication mooring-registry-swedencentral"] },
    { set: { "registry.allowedRanges": ["203.0.113.0/24"] }, plans: registry("networkRuleSet.ipRules[1]") },
    {
      set: { "registry.privateDnsZone": undefined },
      plans: ["create PrivateZone mooring-registry-zone", "create VirtualNetworkLink mooring-registry-zone-link", ...update("PrivateDnsZoneGroup mooring-registry-endpoint-names", "privateDnsZoneConfigs[0].privateDnsZoneId")],
    },
    { set: { "registry.retentionDays": 60 }, plans: registry("policies.retentionPolicy.days") },
    {
      set: { "registry.cache.docker-hub.credentials.username": "hub-name", "registry.cache.docker-hub.credentials.password": "hub-token" },
      plans: update("CredentialSet mooring-registry-cache-docker-hub", ...["username", "password"].map((name) => `authCredentials[0].${name}SecretIdentifier`)),
    },
    ...newTrust,
    { set: { "pipelines.deploy.namespaces": [] }, plans: ["delete RoleBinding orders/shop-orders-deployers"] },
    {
      set: { "pipelines.build.password.secrets": [{ number: 3, expires: "2028-05-01" }, { number: 2, expires: "2027-11-01" }] },
      plans: ["create ApplicationPassword mooring-pipelines-build-password-secret-3", "delete ApplicationPassword mooring-pipelines-build-password-secret-1"],
    },
    {
      set: { "pipelines.deploy.password.secrets": [{ number: 2, expires: "2027-11-01" }, { number: 1, expires: "2027-05-01" }] },
      plans: ["create ApplicationPassword mooring-pipelines-deploy-password-secret-2"],
    },
    {
      set: { "tenants.orders.owners": ["7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e08"] },
      plans: [
        ...["encrypt", "write-secrets"].flatMap((right) => [`create ${role(`orders-azure-owners-${right}-7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e08`)}`, `delete ${role(`orders-azure-owners-${right}-7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01`)}`]),
        ...["orders-observers", ...orders.map((prefix) => `${prefix}-owners`)].flatMap((name) => update(`RoleBinding ${name}`, "subjects[0].name")),
      ],
    },
    {
      set: { "tenants.orders.identity.serviceAccounts": ["orders-api", "orders-jobs"] },
      plans: [
        ...["FederatedIdentityCredential orders-azure-workload-trusts-af319bcb", "ServiceAccount orders/account/orders-jobs"].map((made) => `create ${made}`),
        ...["FederatedIdentityCredential orders-azure-workload-trusts-b282f973", "ServiceAccount orders/account/orders-worker"].map((gone) => `delete ${gone}`),
      ],
    },
  ],
  "node provisioning instead of the autoscaler": [
    {
      set: { "cluster.nodeProvisioning": true },
      plans: [
        ...cluster("agentPoolProfiles[0].count", "agentPoolProfiles[0].enableAutoScaling", "agentPoolProfiles[0].maxCount", "agentPoolProfiles[0].minCount", "nodeProvisioningProfile.mode"),
        ...["apps", "batch", "orders"].flatMap((name) => pool(name, "count", "enableAutoScaling", "maxCount", "minCount")),
      ],
    },
  ],
  "an API server without a public address": [
    {
      set: { "cluster.api": "private", "cluster.authorizedRanges": undefined },
      plans: [
        ...cluster(...["authorizedIPRanges", "enablePrivateCluster", "enablePrivateClusterPublicFQDN", "privateDNSZone"].map((name) => `apiServerAccessProfile.${name}`)),
        `create ${role("mooring-cluster-links-private-zone")}`,
      ],
    },
  ],
  "teams without a key": [
    {
      set: { "tenants.orders.sops": false },
      plans: [
        ...["FederatedIdentityCredential orders-azure-flux-trusts-e58bf848", "Identity orders-azure-flux", "UserAssignedIdentity orders-azure-flux"].map((gone) => `delete ${gone}`),
        ...["flux-decrypts", "owners-encrypt-7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e01"].map((name) => `delete ${role(`orders-azure-${name}`)}`),
        ...update("Kustomization orders-sync", "spec.decryption"),
        ...update("ServiceAccount orders-control-reconciler", "metadata.annotations"),
      ],
    },
  ],
};

/** Of the environment among what exists. */
export const changesAmongExisting: Record<string, Change[]> = {
  "a registry of another tier": [
    {
      set: { registry: { sku: "Standard" } },
      plans: [...registry("networkRuleSet", "policies", "publicNetworkAccess", "sku.name"), ...["PrivateDnsZoneGroup mooring-registry-endpoint-names", "PrivateEndpoint mooring-registry-endpoint"].map((gone) => `delete ${gone}`)],
    },
  ],
  "the workspace": [
    {
      set: { "monitoring.workspace": `${hub}/Microsoft.OperationalInsights/workspaces/log-hub-2` },
      plans: [...["cluster", "registry"].flatMap((name) => update(`DiagnosticSetting mooring-${name}-logs`, "workspaceId")), ...cluster("securityProfile.defender.logAnalyticsWorkspaceResourceId")],
    },
  ],
};

/** Of the environment in a cluster that others made. */
export const changesAmongShared: Record<string, Change[]> = {
  "its pools, and whom the team trusts": [
    {
      set: { "cluster.existing.pools.batch.taints": ["team=batch:NoSchedule"] },
      plans: [...placement.map((step) => step.replace("orders", "operations")), ...bounded(["operations-control"], "taints"), ...bounded(["operations/node-tools-workload"], "taints", "NamespacePatch")],
    },
    ...newTrustOfTeams,
  ],
};
