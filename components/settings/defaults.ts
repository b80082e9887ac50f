/**
 * The values of what a user leaves out, all in this one place. What differs between environments differs by tier,
 * never by the stack's name.
 */
import type { ClusterSettings, ContainerSettings, MonitoringSettings, NetworkSettings, NodesSettings, PodSecurity, RegistrySettings, TenancySettings } from "./settings.ts";
import type { Size } from "./sizes.ts";

export type Tier = "production" | "nonproduction";

export interface Defaults {
  cluster: Pick<ClusterSettings, "authorization" | "kubernetesVersion" | "sku" | "longTermSupport" | "api" | "upgrades" | "azurePolicy" | "secretsStore" | "nodeProvisioning"> & {
    systemPool: NodesSettings;
    pool: NodesSettings;
    /** The workload pools of an environment that names none. */
    pools: string[];
  };
  network: Omit<NetworkSettings, "dnsService" | "routeTable" | "existing">;
  monitoring: Pick<MonitoringSettings, "retentionDays" | "dailyCapGb" | "defender" | "prometheus" | "grafana">;
  registry: Pick<RegistrySettings, "sku" | "zoneRedundant" | "privateEndpoint">;
  dns: { ttl: number };
  flux: { chart: string };
  /** An add-on may install CRDs and wait for its webhooks. */
  fleet: { timeout: string };
  /** Whether cluster, registry and resource group refuse deletion until the protection is lifted. */
  protect: boolean;
  tenancy: Pick<TenancySettings, "admission" | "minimumInterval" | "maximumTimeout"> & { registries: string[]; protect: boolean };
  tenant: {
    podSecurity: PodSecurity;
    size: Size;
    containers: ContainerSettings;
    ref: { branch: string } | { semver: string };
    interval: string;
    retryInterval: string;
    timeout: string;
    /** How often a registry is asked for new tags, and the repository rewritten. */
    imageInterval: string;
    severity: "info" | "error";
  };
}

const nonproduction: Defaults = {
  cluster: {
    authorization: "azure",
    kubernetesVersion: "1.35",
    sku: "Free",
    longTermSupport: false,
    api: "public",
    // In the middle of the week, so that what an upgrade breaks is seen before production's turn at the weekend.
    upgrades: {
      nodeImages: "NodeImage",
      window: { day: "Tuesday", start: "20:00", hours: 4 },
      nodeWindow: { day: "Wednesday", start: "20:00", hours: 4 },
      utcOffset: "+00:00",
      freezes: [],
    },
    azurePolicy: true,
    secretsStore: true,
    // Two nodes: AKS's own minimum for a system pool that survives a reboot.
    systemPool: { vmSize: "Standard_D2ds_v5", min: 2, max: 3, zones: [], osDisk: "Managed" },
    pool: { vmSize: "Standard_D4ds_v5", min: 1, max: 3, zones: [], osDisk: "Managed" },
    pools: ["apps"],
    nodeProvisioning: false,
  },
  network: {
    addressSpace: "10.240.0.0/16",
    nodes: "10.240.0.0/20",
    apiServer: "10.240.16.0/28",
    privateEndpoints: "10.240.17.0/24",
    pods: "10.244.0.0/16",
    services: "10.0.0.0/16",
    egress: "loadBalancer",
  },
  monitoring: { retentionDays: 30, dailyCapGb: 1, defender: false, prometheus: false, grafana: false },
  registry: { sku: "Standard", zoneRedundant: false, privateEndpoint: false },
  dns: { ttl: 3600 },
  flux: { chart: "2.18.3" },
  fleet: { timeout: "10m" },
  protect: false,
  // Microsoft's own images, among them those that AKS puts into pods.
  tenancy: { admission: "Deny", minimumInterval: "30s", maximumTimeout: "15m", registries: ["mcr.microsoft.com"], protect: true },
  tenant: {
    podSecurity: "restricted",
    size: "medium",
    containers: { cpu: "500m", memory: "512Mi", disk: "2Gi", cpuRequest: "50m", memoryRequest: "64Mi", diskRequest: "64Mi" },
    ref: { branch: "main" },
    interval: "10m",
    retryInterval: "2m",
    timeout: "5m",
    imageInterval: "5m",
    severity: "info",
  },
};

const production: Defaults = {
  ...nonproduction,
  cluster: {
    ...nonproduction.cluster,
    sku: "Standard",
    upgrades: {
      ...nonproduction.cluster.upgrades,
      window: { day: "Saturday", start: "20:00", hours: 8 },
      nodeWindow: { day: "Sunday", start: "20:00", hours: 8 },
    },
    systemPool: { vmSize: "Standard_D4ds_v5", min: 3, max: 5, zones: ["1", "2", "3"], osDisk: "Ephemeral" },
    pool: { vmSize: "Standard_D4ds_v5", min: 2, max: 10, zones: ["1", "2", "3"], osDisk: "Ephemeral" },
  },
  // No daily cap: an audit log must not have gaps.
  monitoring: { retentionDays: 90, defender: true, prometheus: true, grafana: true },
  registry: { ...nonproduction.registry, sku: "Premium", zoneRedundant: true },
  protect: true,
  tenant: {
    ...nonproduction.tenant,
    // Releases only: a branch that image automation may push must never change production.
    ref: { semver: ">=1.0.0" },
    severity: "error",
  },
};

export const defaults: Record<Tier, Defaults> = { nonproduction, production };
