/** The settings of one environment as the program uses them: plain data, complete, checked. */
import type { Tier } from "./defaults.ts";
import type { DnsSettings } from "./dns-settings.ts";
import type { AzureNames } from "./names.ts";
import type { AddOnSettings, FleetSettings } from "./fleet-settings.ts";
import type { GithubSettings } from "./github-settings.ts";
import type { NotificationSettings, WebhookSettings } from "./notification-settings.ts";
import type { TenancySettings, TenantSettings } from "./tenant-settings.ts";
import type { TrustSettings } from "./trust-settings.ts";

export type * from "./delivery-settings.ts";
export type * from "./fleet-settings.ts";
export type * from "./git-settings.ts";
export type * from "./github-settings.ts";
export type * from "./notification-settings.ts";
export type * from "./tenant-settings.ts";
export type * from "./trust-settings.ts";

export interface Settings {
  platform: string;
  /** The stack's name. */
  environment: string;
  tier: Tier;
  owner: string;
  protect: boolean;
  names: AzureNames;
  azure: AzureSettings;
  network: NetworkSettings;
  cluster: ClusterSettings;
  monitoring: MonitoringSettings;
  registry: RegistrySettings;
  dns?: DnsSettings;
  /** Absent ranges: any address may try. */
  vaults: { allowedRanges?: string[] };
  pipelines: { build: PipelineSettings; deploy: PipelineSettings & { namespaces: string[] } };
  budget?: BudgetSettings;
  flux: { chart: string; mirror: { chart?: string; images?: string } };
  github: GithubSettings;
  webhooks?: WebhookSettings;
  notify: NotificationSettings[];
  fleet?: FleetSettings;
  addons: AddOnSettings;
  tenancy: TenancySettings;
  tenants: TenantSettings[];
}

export interface AzureSettings {
  tenant: string;
  subscription: string;
  location: string;
  tags: Record<string, string>;
  /** Whether the resource group exists and is not Mooring's to make. */
  existingResourceGroup: boolean;
}

export interface NetworkSettings {
  addressSpace: string;
  nodes: string;
  apiServer: string;
  privateEndpoints: string;
  pods: string;
  services: string;
  dnsService: string;
  egress: "loadBalancer" | "natGateway" | "userDefinedRouting";
  /** An ARM id. */
  routeTable?: string;
  /** ARM ids of subnets that exist; no virtual network is made then. */
  existing?: { nodesSubnet: string; apiServerSubnet?: string; privateEndpointsSubnet?: string };
}

export interface ClusterSettings {
  /** A cluster that exists. Of the rest only `users` counts then. */
  existing?: { resourceGroup: string; name: string; pools: Record<string, { taints: string[] }> };
  administrators: string[];
  /** Groups that may fetch a kubeconfig, instead of the tenants' people. */
  users?: string[];
  authorization: "azure" | "kubernetes";
  /** A minor version: AKS takes it as an alias for its newest patch. */
  kubernetesVersion: string;
  sku: "Free" | "Standard" | "Premium";
  longTermSupport: boolean;
  api: "public" | "vnetIntegration" | "private";
  /** Absent: not said. Empty: any. */
  authorizedRanges?: string[];
  privateDnsZone?: string;
  upgrades: UpgradeSettings;
  azurePolicy: boolean;
  secretsStore: boolean;
  tags: Record<string, string>;
  systemPool: NodesSettings;
  pools: Record<string, PoolSettings>;
  nodeProvisioning: boolean;
  generation: number;
}

export interface UpgradeSettings {
  nodeImages: "NodeImage" | "SecurityPatch";
  window: WindowSettings;
  nodeWindow: WindowSettings;
  utcOffset: string;
  /** Days, both included. */
  freezes: { from: string; to: string }[];
}

export interface WindowSettings {
  day: "Monday" | "Tuesday" | "Wednesday" | "Thursday" | "Friday" | "Saturday" | "Sunday";
  /** `20:00` */
  start: string;
  hours: number;
}

export interface NodesSettings {
  vmSize: string;
  min: number;
  max: number;
  zones: string[];
  osDisk: "Ephemeral" | "Managed";
  osDiskGb?: number;
  maxPods?: number;
}

export interface PoolSettings extends NodesSettings {
  labels: Record<string, string>;
  /** `key=value:effect`, those of a dedicated and of a spot pool included. */
  taints: string[];
  spot: boolean;
  /** The tenant that the pool is kept for. */
  tenant?: string;
}

export interface MonitoringSettings {
  /** An existing Log Analytics workspace, an ARM id. */
  workspace?: string;
  retentionDays: number;
  dailyCapGb?: number;
  defender: boolean;
  prometheus: boolean;
  grafana: boolean;
  actionGroup?: string;
}

/** How a registry grants rights; see `assignRole`. */
export type RegistryPermissions = "roles" | "abac";

/** A registry that another program made. */
export interface ElsewhereRegistry {
  name: string;
  resourceGroup: string;
  subscription: string;
  permissions: RegistryPermissions;
}

export interface RegistrySettings {
  /** No registry is made then, and of the rest only `promoteFrom` counts. */
  existing?: ElsewhereRegistry;
  name?: string;
  sku: "Basic" | "Standard" | "Premium";
  replicas: string[];
  zoneRedundant: boolean;
  allowedRanges: string[];
  privateEndpoint: boolean;
  privateDnsZone?: string;
  retentionDays?: number;
  cache: Record<string, CacheSettings>;
  promoteFrom?: ElsewhereRegistry;
}

export interface CacheSettings {
  source: string;
  target: string;
  credentials?: { vault: string; username: string; password: string };
}

export interface PipelineSettings {
  trust: TrustSettings[];
  /** Secrets of a service principal with a password, the newest first. */
  secrets: { number: number; expires: string }[];
}

export interface BudgetSettings {
  amount: number;
  /** The first day of a month. */
  start: string;
  emails: string[];
}
