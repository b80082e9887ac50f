/** The quotas that a tenant may start from. */
import type { QuotaSettings } from "./settings.ts";

export type Size = "small" | "medium" | "large";

/** A load balancer costs money and a public address, so no size has one. */
export const sizes: Record<Size, QuotaSettings> = {
  small: { cpu: "4", memory: "8Gi", pods: 30, storage: "50Gi", volumes: 10, services: 20, loadBalancers: 0, configMaps: 100, secrets: 100, jobs: 50, objects: 50, fluxObjects: 20 },
  medium: { cpu: "8", memory: "16Gi", pods: 60, storage: "100Gi", volumes: 20, services: 40, loadBalancers: 0, configMaps: 200, secrets: 200, jobs: 100, objects: 100, fluxObjects: 50 },
  large: { cpu: "32", memory: "64Gi", pods: 200, storage: "500Gi", volumes: 50, services: 100, loadBalancers: 0, configMaps: 500, secrets: 500, jobs: 300, objects: 300, fluxObjects: 150 },
};
