/** Which type has behaviour of its own; a type that is not here has what its row says. */
import type { Service } from "./service.ts";
import { CLUSTER, clusterService } from "./services/cluster.ts";
import { ASSIGNMENT, assignmentService, CREDENTIAL, credentialService } from "./services/identity.ts";
import { networkService, SUBNET, subnetService } from "./services/network.ts";
import { maintenanceService, POOL, poolService } from "./services/pool.ts";
import { registryService } from "./services/registry.ts";

const services: { readonly [token: string]: Service } = {
  [CLUSTER]: clusterService,
  [POOL]: poolService,
  "azure-native:containerservice:MaintenanceConfiguration": maintenanceService,
  [CREDENTIAL]: credentialService,
  [ASSIGNMENT]: assignmentService,
  "azure-native:network:VirtualNetwork": networkService,
  [SUBNET]: subnetService,
  "azure-native:containerregistry:Registry": registryService,
};

export function serviceOf(token: string): Service {
  return services[token] ?? {};
}
