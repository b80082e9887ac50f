/** Who may fetch a kubeconfig. What they may do with it is decided in the cluster. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import type { ClusterAccess } from "./cluster-lookup.ts";
import { assignRole } from "./role-assignment.ts";

export function admitToCluster(name: string, group: string, settings: Settings, cluster: ClusterAccess, opts: pulumi.CustomResourceOptions): pulumi.Resource {
  return assignRole(`${name}-${group}`, settings, { principalId: group, principalType: "Group", role: "aksClusterUser", scope: cluster.id }, opts);
}
