/** What a tenant's namespace may use, and what a container gets that states nothing. */
import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import type { TenantSettings } from "../settings/settings.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

export function quotaSpec({ quota }: TenantSettings) {
  return {
    hard: {
      "requests.cpu": quota.cpu,
      "limits.cpu": quota.cpu,
      "requests.memory": quota.memory,
      "limits.memory": quota.memory,
      "requests.storage": quota.storage,
      pods: String(quota.pods),
      // They would cost money and public addresses, and the traffic rules let nothing in through them.
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    },
  };
}

export function limitRangeSpec({ containers }: TenantSettings) {
  return {
    limits: [
      {
        type: "Container",
        default: { cpu: containers.cpu, memory: containers.memory },
        defaultRequest: { cpu: containers.cpuRequest, memory: containers.memoryRequest },
      },
    ],
  };
}

export function registerLimits(scope: TenantScope, workload: TenantNamespace): void {
  const { name } = scope.tenant;
  const metadata = { name: "tenant", namespace: workload.name };
  new ResourceQuota(`${name}-quota`, { metadata, spec: quotaSpec(scope.tenant) }, within(scope, workload));
  new LimitRange(`${name}-limits`, { metadata, spec: limitRangeSpec(scope.tenant) }, within(scope, workload));
}
