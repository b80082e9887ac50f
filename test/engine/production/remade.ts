/** Settings of which a change makes something anew that nobody would miss, and exactly what. */
import type { Change } from "./mutable.ts";
import { hub, spoke, third } from "./outside.ts";
import { bounded, namespacesOf } from "./tenants.ts";

const replace = (resource: string, ...places: string[]): string[] => places.map((place) => `replace ${resource}: ${place}`);
const roles = (names: string[], ...places: string[]): string[] => names.flatMap((name) => replace(`RoleAssignment ${name}`, ...places));
const endpoint = [...replace("PrivateEndpoint mooring-registry-endpoint", "subnet.id"), "replace PrivateDnsZoneGroup mooring-registry-endpoint-names"];
/** Of the teams that are on their way out of the environment in a cluster that others made. */
const left = ["demo", "pilot", "trial"].flatMap((name) => [`${name}-control`, `${name}-workload`]);
/** Every object of the cluster goes with it; they are left out here. */
export const objects = "replace kubernetes mooring-kubernetes: clusterIdentifier";

/** Of the environment of its own. */
export const remade: Record<string, Change[]> = {
  "what lies around the cluster": [
    { set: { "registry.cache.fluxcd.source": "quay.io/fluxcd/*" }, plans: replace("CacheRule mooring-registry-cache-fluxcd", "sourceRepository") },
    { set: { "registry.cache.docker-hub.target": "cache/hub/*" }, plans: replace("CacheRule mooring-registry-cache-docker-hub", "targetRepository") },
    {
      set: { "registry.cache.docker-hub.credentials.vault": `${hub}/Microsoft.KeyVault/vaults/kv-hub-2` },
      plans: [
        ...roles(["mooring-registry-cache-docker-hub-reads-vault"], "scope"),
        ...["password", "username"].map((name) => `update CredentialSet mooring-registry-cache-docker-hub: authCredentials[0].${name}SecretIdentifier`),
      ],
    },
    {
      set: { "registry.promoteFrom": { name: "cracmeours", resourceGroup: "rg-acme-clusters", subscription: "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e", permissions: "abac" } },
      plans: [
        ...roles(["mooring-pipelines-build-promotes", "mooring-pipelines-build-password-promotes"], "roleDefinitionId", "scope"),
        // It lies in this environment's subscription now.
        "delete azure-native mooring-promote-from-azure",
      ],
    },
    { set: { "pipelines.deploy.trust.github-branch.name": "github-main" }, plans: replace("FederatedIdentityCredential mooring-pipelines-deploy-trusts-61aee647", "federatedIdentityCredentialResourceName") },
    { set: { "pipelines.deploy.password.secrets": [{ number: 1, expires: "2027-06-01" }] }, plans: replace("ApplicationPassword mooring-pipelines-deploy-password-secret-1", "endDate") },
    // Deleted first: Azure has no A record beside a CNAME.
    { set: { "dns.records.docs.type": "A", "dns.records.docs.values": ["203.0.113.9"] }, plans: replace("RecordSet mooring-dns-a-docs", "recordType") },
    { set: { "budget.start": "2027-01-01" }, plans: replace("Budget mooring-budget", "timePeriod.startDate") },
  ],
  "a registry for the cache's credentials": [
    {
      set: { "registry.cache.docker-hub.source": "registry.redhat.io/ubi9/*" },
      plans: [
        ...replace("CredentialSet mooring-registry-cache-docker-hub", "loginServer"),
        // With it, and gone before it.
        ...["CacheRule mooring-registry-cache-docker-hub", "RoleAssignment mooring-registry-cache-docker-hub-reads-vault"].map((user) => `replace ${user}`),
      ],
    },
  ],
  "a repository": [
    {
      set: { "tenants.orders.repository.name": "shop-orders-2" },
      plans: [
        ...replace("RepositoryDeployKey orders-deploy-key-2", "repository"),
        ...["GitRepository orders-source: spec.url", "Repository orders-repository: name"].map((place) => `update ${place}`),
        ...["branches", "default-branch", "tags"].map((rule) => `update RepositoryRuleset orders-rules/${rule}: repository`),
        ...bounded(namespacesOf.orders, "sources"),
      ],
    },
  ],
  // Protected namespaces would stop it.
  "a cluster that was rebuilt": [{ set: { "cluster.generation": 3, "tenancy.protect": false, "tenants.orders.protect": undefined }, plans: [objects] }],
};

/** Of the environment among what exists. */
export const remadeAmongExisting: Record<string, Change[]> = {
  "a subnet for private endpoints": [{ set: { "network.existing.privateEndpointsSubnet": `${spoke}/subnets/private-endpoints-2` }, plans: endpoint }],
  "a zone in another resource group": [{ set: { "dns.existing.resourceGroup": "rg-acme-dns-2" }, plans: replace("RecordSet mooring-dns-a-existing", "resourceGroupName") }],
  "a zone in another subscription": [{ set: { "dns.existing.subscription": third }, plans: ["replace RecordSet mooring-dns-a-existing"] }],
};

/** Of the environment in a cluster that others made. */
export const remadeAmongShared: Record<string, Change[]> = {
  "another registry": [
    {
      set: { "registry.existing": { name: "cracmeours", resourceGroup: "rg-acme-clusters", subscription: "9b2c3d4e-5f6a-4b7c-8d8e-0f1a2b3c4d5e", permissions: "abac" } },
      plans: [
        "delete azure-native mooring-registry-azure",
        ...roles(["mooring-nodes-pull", "mooring-pipelines-build-pushes", "operations-azure-build-pushes"], "roleDefinitionId", "scope"),
        ...["images", "sources"].flatMap((name) => [...bounded(["operations-control", ...left], name), ...bounded(["operations/node-tools-workload"], name, "NamespacePatch")]),
      ],
    },
  ],
  "rights on the whole registry": [
    {
      set: { "registry.existing.permissions": "roles", "tenants.operations.build": undefined },
      plans: [
        ...roles(["mooring-nodes-pull", "mooring-pipelines-build-pushes"], "roleDefinitionId"),
        ...["RoleAssignment operations-azure-build-pushes", "UserAssignedIdentity operations-azure-build", "Identity operations-azure-build"].map((gone) => `delete ${gone}`),
        ...["a93cdbd1", "ac28f56b"].map((trusted) => `delete FederatedIdentityCredential operations-azure-build-trusts-${trusted}`),
      ],
    },
  ],
  "another cluster": [
    {
      set: { "cluster.existing.name": "aks-other", "cluster.existing.resourceGroup": "rg-hub", "tenancy.protect": false },
      plans: [
        objects,
        ...roles(["mooring-nodes-pull"], "principalId"),
        ...roles(["mooring-pipelines-deploy-fetches-kubeconfig", "mooring-user-7d1c5a0e-2b6f-4c1d-9a3e-5f8b7c6d4e03"], "scope"),
        ...["operations-azure-workload-trusts-67cd1b7b", "pilot-azure-workload-trusts-0841f352"].map((name) => `update FederatedIdentityCredential ${name}: issuer`),
      ],
    },
  ],
};
