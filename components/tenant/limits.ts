/** What a tenant's namespace may use, and what a container gets that states nothing. */
import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AddOnName } from "../add-ons/catalogue.ts";
import type { AllowedSettings, QuotaSettings, TenantSettings } from "../settings/settings.ts";
import { fluxKinds, workloadKinds } from "./roles.ts";
import { within } from "./scope.ts";
import type { TenantScope, WorkloadNamespace } from "./scope.ts";

/** Types of service that take ports of the nodes. */
const takesNodePorts: readonly AllowedSettings["serviceTypes"][number][] = ["LoadBalancer", "NodePort"];

/** Kinds that are counted by a number of their own. */
const countedApart = ["configmaps", "services", "persistentvolumeclaims", "jobs", "cronjobs", ...Object.values(fluxKinds).flat()];

/** What else a team can make, as a quota names it: each is kept in the database that all teams share. */
const otherKinds = (addOns: readonly AddOnName[]) => Object.entries(workloadKinds(addOns)).flatMap(([group, kinds]) => kinds.filter((kind) => !countedApart.includes(kind)).map((kind) => (group === "" ? kind : `${kind}.${group}`)));

export function quotaSpec(quota: QuotaSettings, { serviceTypes }: AllowedSettings, addOns: readonly AddOnName[]) {
  const flux = Object.entries(fluxKinds).flatMap(([group, kinds]) => kinds.map((kind) => [`count/${kind}.${group}`, String(quota.fluxObjects)]));
  return {
    hard: {
      "requests.cpu": quota.cpu,
      "limits.cpu": quota.cpu,
      "requests.memory": quota.memory,
      "limits.memory": quota.memory,
      "requests.storage": quota.storage,
      pods: String(quota.pods),
      persistentvolumeclaims: String(quota.volumes),
      services: String(quota.services),
      "services.loadbalancers": String(quota.loadBalancers),
      ...(!serviceTypes.some((type) => takesNodePorts.includes(type)) && { "services.nodeports": "0" }),
      configmaps: String(quota.configMaps),
      secrets: String(quota.secrets),
      // Finished ones too, which stay until their Job goes.
      "count/pods": String(5 * quota.pods),
      "count/jobs.batch": String(quota.jobs),
      "count/cronjobs.batch": String(quota.jobs),
      // What is left of earlier rollouts: ten for each Deployment and StatefulSet, by default.
      ...Object.fromEntries(["replicasets.apps", "controllerrevisions.apps"].map((kind) => [`count/${kind}`, String(20 * quota.objects)])),
      ...Object.fromEntries(otherKinds(addOns).map((kind) => [`count/${kind}`, String(quota.objects)])),
      // Each is work for the controllers that all teams share.
      ...(Object.fromEntries(flux) as Record<string, string>),
    },
  };
}

export function limitRangeSpec({ containers }: TenantSettings) {
  return {
    limits: [
      {
        type: "Container",
        // A full disk of a node evicts whoever else is there.
        default: { cpu: containers.cpu, memory: containers.memory, "ephemeral-storage": containers.disk },
        defaultRequest: { cpu: containers.cpuRequest, memory: containers.memoryRequest, "ephemeral-storage": containers.diskRequest },
      },
    ],
  };
}

export function registerLimits(scope: TenantScope, workload: WorkloadNamespace): pulumi.Resource[] {
  const { prefix, settings } = workload;
  const metadata = { name: "tenant", namespace: workload.name };
  return [
    new ResourceQuota(`${prefix}-quota`, { metadata, spec: quotaSpec(settings.quota, scope.tenant.allowed, scope.addOns) }, within(scope, workload)),
    new LimitRange(`${prefix}-limits`, { metadata, spec: limitRangeSpec(scope.tenant) }, within(scope, workload)),
  ];
}
