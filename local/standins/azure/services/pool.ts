/** Node pools: of their own, and what a cluster checks of its inline ones. */
import type { Values } from "../../contract.ts";
import { ArmError } from "../arm-error.ts";
import { nameOf, parentId } from "../ids.ts";
import type { Cloud } from "../cloud.ts";
import type { Service } from "../service.ts";
import { compareVersions, minorOf, supportedVersions } from "../versions.ts";
import { findSubnet, objects } from "./network.ts";

export const POOL = "azure-native:containerservice:AgentPool";

function invalid(name: string, message: string): ArmError {
  return new ArmError(400, "InvalidParameter", `The value of parameter agentPoolProfile '${name}' is invalid. ${message}`);
}

/**
 * Refuses a pool that AKS would refuse.
 * Sources: MicrosoftDocs/azure-aks-docs fb060ab use-system-pools.md, create-node-pools.md, cluster-autoscaler.md; checked 2026-11-20.
 */
export function refusePool(name: string, pool: Values, cloud: Cloud, clusterVersion: string): void {
  const number = (field: string): number | undefined => (typeof pool[field] === "number" ? pool[field] : undefined);
  const count = number("count");
  const least = number("minCount");
  const most = number("maxCount");
  if (pool.osType === "Windows" && name.length > 6) throw invalid(name, "The name of a Windows pool has at most 6 characters.");
  if (typeof pool.vmSize !== "string") throw invalid(name, "vmSize is required.");
  if (pool.enableAutoScaling === true) {
    if (least === undefined || most === undefined) throw invalid(name, "With enableAutoScaling minCount and maxCount are required.");
    if (least > most) throw invalid(name, `minCount ${least} is greater than maxCount ${most}.`);
    if (count !== undefined && (count < least || count > most)) throw invalid(name, `count ${count} is not between minCount ${least} and maxCount ${most}.`);
  } else if (least !== undefined || most !== undefined) {
    throw invalid(name, "minCount and maxCount must be absent when enableAutoScaling is not set.");
  }
  if (pool.mode === "System") {
    if ((pool.enableAutoScaling === true ? least : count ?? 1) === 0) throw invalid(name, "A system pool must have at least one node.");
    if (pool.osType === "Windows") throw invalid(name, "A system pool must run Linux.");
    if ((number("maxPods") ?? 30) < 30) throw invalid(name, "A system pool must allow at least 30 pods a node.");
  }
  for (const field of ["vnetSubnetID", "podSubnetID"]) {
    const subnet = pool[field];
    if (typeof subnet === "string" && findSubnet(subnet, cloud) === undefined) {
      throw new ArmError(404, "VnetSubnetNotFound", `${field} '${subnet}' of agent pool '${name}' was not found.`);
    }
  }
  const version = pool.orchestratorVersion;
  if (typeof version === "string" && (supportedVersions[minorOf(version)] === undefined || compareVersions(version, clusterVersion) > 0)) {
    throw new ArmError(400, "AgentPoolK8sVersionNotSupported", `Version ${version} of agent pool '${name}' is not supported; the cluster runs ${clusterVersion}.`);
  }
}

export const poolService: Service = {
  refuse({ id, inputs, cloud, previous }) {
    const cluster = cloud.get(parentId(id) ?? "");
    if (cluster === undefined) return;
    if (!previous && objects(cluster.inputs.agentPoolProfiles).some((pool) => pool.name === nameOf(id))) {
      throw new Error(`cannot create already existing resource '${id}'`);
    }
    refusePool(nameOf(id), inputs, cloud, String(cluster.outputs.currentKubernetesVersion));
  },
  computed({ id, inputs, cloud, previous }) {
    const running = previous?.outputs.currentOrchestratorVersion ?? cloud.get(parentId(id) ?? "")?.outputs.currentKubernetesVersion ?? "";
    const asked = typeof inputs.orchestratorVersion === "string" ? supportedVersions[minorOf(inputs.orchestratorVersion)] : undefined;
    return { currentOrchestratorVersion: asked ?? running };
  },
};

/** Source: MicrosoftDocs/azure-aks-docs fb060ab planned-maintenance.md; checked 2026-11-20. */
export const maintenanceService: Service = {
  refuse({ id, inputs }) {
    const name = nameOf(id);
    if (name === "default" ? inputs.maintenanceWindow !== undefined : inputs.maintenanceWindow === undefined) {
      throw new ArmError(400, "InvalidParameter", name === "default"
        ? "The maintenance configuration 'default' takes timeInWeek and notAllowedTime, not maintenanceWindow."
        : `The maintenance configuration '${name}' needs a maintenanceWindow.`);
    }
    const window = inputs.maintenanceWindow;
    const schedule = typeof window === "object" && window !== null && !Array.isArray(window) ? window.schedule : undefined;
    if (schedule !== undefined && Object.keys(schedule ?? {}).length !== 1) {
      throw new ArmError(400, "InvalidParameter", "The schedule of a maintenance window must be exactly one of daily, weekly, absoluteMonthly and relativeMonthly.");
    }
  },
};
