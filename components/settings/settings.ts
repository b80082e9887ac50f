/** The settings of one environment as the program uses them: plain data, complete, checked. */
import type { Tier } from "./defaults.ts";
import type { AzureNames } from "./names.ts";

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
  /** Absent ranges: any address may try. */
  vaults: { allowedRanges?: string[] };
  pipelines: { build: PipelineSettings; deploy: PipelineSettings & { namespaces: string[] } };
  budget?: BudgetSettings;
  flux: { chart: string; mirror: { chart?: string; images?: string } };
  github: { owner: string };
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

/** A federated credential. */
export interface TrustSettings {
  name: string;
  issuer: string;
  subject: string;
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

/** What holds for every tenant. */
export interface TenancySettings {
  admission: "Deny" | "Audit";
  minimumInterval: string;
  maximumTimeout: string;
  /** As `sources` and `registries` of {@link AllowedSettings}, for every tenant. */
  charts: string[];
  registries: string[];
  ingressNamespace?: string;
  monitoringNamespace?: string;
  /** Tenants that may have privileged pods. */
  privileged: string[];
  /** Namespaces that exist and that a tenant may take over. */
  adoptable: string[];
  /** The tenants' part of it is `<tenant>.<domain>`. */
  domain?: string;
}

export type TenantState = "active" | "suspended" | "leaving" | "left";

export interface TenantSettings {
  /** What people call it. */
  name: string;
  /** The name under which it was first made, and from which the names of all that it has are made. */
  key: string;
  /** Where it was written: `mooring:tenants.orders` or `tenants/staging/orders.yaml`. */
  origin: string;
  description?: string;
  state: TenantState;
  /** Whether the namespaces refuse deletion. */
  protect: boolean;
  /** Entra groups. Nobody's, once the tenant is leaving. */
  owners: string[];
  editors: string[];
  viewers: string[];
  /** Where its workloads run; at least one. That of its own name comes first, the others by name. */
  namespaces: NamespaceSettings[];
  controlNamespace: string;
  /** Of all namespaces together. */
  quota: QuotaSettings;
  containers: ContainerSettings;
  nodePool?: { name: string; taints: string[] };
  allowed: AllowedSettings;
  traffic: TrafficSettings;
  /** Service accounts that act as the team's Azure identity; none: there is no identity. */
  serviceAccounts: string[];
  vault: boolean;
  sops: boolean;
  /** Whom the team's own build identity trusts; none: there is no such identity. */
  buildTrust: TrustSettings[];
  repository: { name: string; manage: boolean; visibility: "private" | "internal" | "public"; keyRotation: number };
  /** `retryInterval`: how soon a failed application is tried again. */
  deploy: { path: string; ref: GitRef; interval: string; retryInterval: string; timeout: string };
  notify: { channel: string; secret: string; severity: "info" | "error" }[];
}

/** What a container gets that states nothing. `disk` is of the node's, for logs, layers and emptyDirs. */
export interface ContainerSettings {
  cpu: string;
  memory: string;
  disk: string;
  cpuRequest: string;
  memoryRequest: string;
  diskRequest: string;
}

export type PodSecurity = "restricted" | "baseline" | "privileged";

export interface NamespaceSettings {
  name: string;
  /** It exists, and is not deleted with the tenant. */
  adopt: boolean;
  podSecurity: PodSecurity;
  /** Of the tenant's quota, in percent. */
  share: number;
  quota: QuotaSettings;
}

/** `cpu`, `memory` and `storage` are Kubernetes quantities, the others counts; `fluxObjects` of each kind. */
export interface QuotaSettings {
  cpu: string;
  memory: string;
  pods: number;
  storage: string;
  volumes: number;
  services: number;
  loadBalancers: number;
  configMaps: number;
  secrets: number;
  jobs: number;
  /** Of each other kind. */
  objects: number;
  fluxObjects: number;
}

export interface AllowedSettings {
  /** Addresses without a slash at the end, each with what lies below; besides the team's own and `tenancy.charts`. */
  sources: string[];
  /** Likewise for images and OCI charts; a leading slash means the environment's own registry. */
  registries: string[];
  /** Absent: any. */
  storageClasses?: string[];
  priorityClasses: string[];
  serviceTypes: ("ClusterIP" | "LoadBalancer" | "NodePort" | "ExternalName")[];
  /** Host names, each with what lies below. */
  hosts: string[];
}

/** Ports are of the receiving pods. */
export interface TrafficSettings {
  /** Other tenants, by name and key, that may connect to this one. */
  callers: Peer[];
  /** Other tenants that this one may connect to: the other side of their `callers`. */
  calls: Peer[];
  /** From the ingress controller; none: it may not. */
  ingressPorts: number[];
  /** From monitoring; none: it may not. */
  monitoringPorts: number[];
  /** `except`: parts of the range that stay closed. */
  outside: { name: string; cidr: string; except: string[]; ports: number[]; protocol: "TCP" | "UDP" }[];
}

export interface Peer {
  tenant: string;
  key: string;
  ports: number[];
}

/** What of a repository is followed: exactly one of the three. */
export type GitRef = { branch: string } | { tag: string } | { semver: string };
