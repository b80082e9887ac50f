/**
 * The values of what a user leaves out, all in this one place. What differs between environments differs by tier,
 * never by the stack's name.
 */
export type Tier = "production" | "nonproduction";

export interface Defaults {
  cluster: {
    kubernetesVersion: string;
    sku: "Free" | "Standard" | "Premium";
    systemPool: PoolDefaults;
    pool: PoolDefaults;
    /** The workload pools of an environment that names none. */
    pools: string[];
  };
  network: { addressSpace: string; nodes: string; pods: string; services: string };
  registry: { sku: "Basic" | "Standard" | "Premium" };
  flux: { chart: string };
  /** Whether cluster, registry and resource group refuse deletion until the protection is lifted. */
  protect: boolean;
  tenant: {
    podSecurity: "restricted" | "baseline" | "privileged";
    quota: { cpu: string; memory: string; pods: number; storage: string };
    containers: { cpu: string; memory: string; cpuRequest: string; memoryRequest: string };
    ref: { branch: string } | { semver: string };
    interval: string;
    timeout: string;
    severity: "info" | "error";
  };
}

export interface PoolDefaults {
  vmSize: string;
  min: number;
  max: number;
  zones: ("1" | "2" | "3")[];
}

const nonproduction: Defaults = {
  cluster: {
    kubernetesVersion: "1.35",
    sku: "Free",
    // Two nodes: AKS's own minimum for a system pool that survives a reboot.
    systemPool: { vmSize: "Standard_D2ds_v5", min: 2, max: 3, zones: [] },
    pool: { vmSize: "Standard_D4ds_v5", min: 1, max: 3, zones: [] },
    pools: ["apps"],
  },
  network: { addressSpace: "10.240.0.0/16", nodes: "10.240.0.0/20", pods: "10.244.0.0/16", services: "10.0.0.0/16" },
  registry: { sku: "Standard" },
  flux: { chart: "2.18.3" },
  protect: false,
  tenant: {
    podSecurity: "restricted",
    quota: { cpu: "8", memory: "16Gi", pods: 60, storage: "100Gi" },
    containers: { cpu: "500m", memory: "512Mi", cpuRequest: "50m", memoryRequest: "64Mi" },
    ref: { branch: "main" },
    interval: "10m",
    timeout: "5m",
    severity: "info",
  },
};

const production: Defaults = {
  ...nonproduction,
  cluster: {
    ...nonproduction.cluster,
    sku: "Standard",
    systemPool: { vmSize: "Standard_D4ds_v5", min: 3, max: 5, zones: ["1", "2", "3"] },
    pool: { vmSize: "Standard_D4ds_v5", min: 2, max: 10, zones: ["1", "2", "3"] },
  },
  registry: { sku: "Premium" },
  protect: true,
  tenant: {
    ...nonproduction.tenant,
    // Releases only: a branch that image automation may push must never change production.
    ref: { semver: ">=1.0.0" },
    severity: "error",
  },
};

export const defaults: Record<Tier, Defaults> = { nonproduction, production };
