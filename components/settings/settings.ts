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
  azure: { tenant: string; subscription: string; location: string; tags: Record<string, string> };
  network: { addressSpace: string; nodes: string; pods: string; services: string; dnsService: string };
  cluster: ClusterSettings;
  registry: { name?: string; sku: "Basic" | "Standard" | "Premium" };
  pipelines: { build: PipelineSettings; deploy: PipelineSettings & { namespaces: string[] } };
  flux: { chart: string };
  github: { owner: string };
  tenants: TenantSettings[];
}

export interface ClusterSettings {
  administrators: string[];
  /** A minor version: AKS takes it as an alias for its newest patch. */
  kubernetesVersion: string;
  sku: "Free" | "Standard" | "Premium";
  authorizedRanges: string[];
  tags: Record<string, string>;
  systemPool: PoolSettings;
  pools: Record<string, PoolSettings>;
  generation: number;
}

export interface PoolSettings {
  vmSize: string;
  min: number;
  max: number;
  zones: string[];
  labels: Record<string, string>;
  /** `key=value:effect`. */
  taints: string[];
}

export interface PipelineSettings {
  trust: { name: string; issuer: string; subject: string }[];
}

export interface TenantSettings {
  name: string;
  /** Where it was written: `mooring:tenants.orders` or `tenants/staging/orders.yaml`. */
  origin: string;
  description?: string;
  owners: string[];
  namespace: string;
  controlNamespace: string;
  podSecurity: "restricted" | "baseline" | "privileged";
  quota: { cpu: string; memory: string; pods: number; storage: string };
  containers: { cpu: string; memory: string; cpuRequest: string; memoryRequest: string };
  nodePool?: { name: string; taints: string[] };
  repository: { name: string; manage: boolean; visibility: "private" | "internal" | "public"; keyRotation: number };
  deploy: { path: string; ref: GitRef; interval: string; timeout: string };
  notify: { channel: string; secret: string; severity: "info" | "error" }[];
}

/** What of a repository is followed: exactly one of the three. */
export type GitRef = { branch: string } | { tag: string } | { semver: string };
