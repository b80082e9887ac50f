/** Which type has behaviour of its own; a type that is not here has what its row says. */
import { LOCK } from "./locks.ts";
import type { Service } from "./service.ts";
import { ASSIGNMENT, assignmentService, lockService } from "./services/authorization.ts";
import { budgetService } from "./services/budget.ts";
import { CLUSTER, clusterService } from "./services/cluster.ts";
import { DNS_ZONE, dnsZoneService, RECORD_SET, recordSetService } from "./services/dns.ts";
import { ADDRESS, addressService, GATEWAY, gatewayService, ROUTES, routesService } from "./services/egress.ts";
import { CREDENTIAL, credentialService } from "./services/identity.ts";
import { DIAGNOSTICS, diagnosticService, WORKSPACE, workspaceService } from "./services/logs.ts";
import { maintenanceService, safeguardService } from "./services/maintenance.ts";
import { NETWORK, networkService, SUBNET, subnetService } from "./services/network.ts";
import { POOL, poolService } from "./services/pool.ts";
import { ENDPOINT, endpointService, ZONE, ZONE_GROUP, ZONE_LINK, zoneGroupService, zoneLinkService, zoneService } from "./services/private-endpoint.ts";
import * as prometheus from "./services/prometheus.ts";
import { CACHE_RULE, cacheRuleService, CREDENTIAL_SET, credentialSetService, REPLICATION, replicationService, WEBHOOK, webhookService } from "./services/registry-parts.ts";
import { REGISTRY, registryService } from "./services/registry.ts";
import { KEY, keyService, VAULT, vaultService } from "./services/vault.ts";

const services: { readonly [token: string]: Service } = {
  [CLUSTER]: clusterService,
  [POOL]: poolService,
  "azure-native:containerservice:MaintenanceConfiguration": maintenanceService,
  "azure-native:containerservice:DeploymentSafeguard": safeguardService,
  [CREDENTIAL]: credentialService,
  [ASSIGNMENT]: assignmentService,
  [LOCK]: lockService,
  [NETWORK]: networkService,
  [SUBNET]: subnetService,
  [ADDRESS]: addressService,
  [GATEWAY]: gatewayService,
  [ROUTES]: routesService,
  [ENDPOINT]: endpointService,
  [ZONE_GROUP]: zoneGroupService,
  [ZONE]: zoneService,
  [ZONE_LINK]: zoneLinkService,
  [DNS_ZONE]: dnsZoneService,
  [RECORD_SET]: recordSetService,
  [REGISTRY]: registryService,
  [REPLICATION]: replicationService,
  [CACHE_RULE]: cacheRuleService,
  [CREDENTIAL_SET]: credentialSetService,
  [WEBHOOK]: webhookService,
  [WORKSPACE]: workspaceService,
  [DIAGNOSTICS]: diagnosticService,
  [prometheus.MONITOR_WORKSPACE]: prometheus.monitorWorkspaceService,
  [prometheus.RULE_GROUP]: prometheus.ruleGroupService,
  [prometheus.GRAFANA]: prometheus.grafanaService,
  [prometheus.COLLECTION_ENDPOINT]: prometheus.collectionEndpointService,
  [prometheus.COLLECTION_RULE]: prometheus.collectionRuleService,
  [prometheus.ASSOCIATION]: prometheus.associationService,
  [VAULT]: vaultService,
  [KEY]: keyService,
  "azure-native:consumption:Budget": budgetService,
};

export function serviceOf(token: string): Service {
  return services[token] ?? {};
}
