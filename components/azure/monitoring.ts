import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

/** The environment's logs: a Log Analytics workspace, its own or an existing one. */
export class Logs extends pulumi.ComponentResource {
  readonly workspaceId: pulumi.Output<string>;
  /** Absent where the workspace is somebody else's. */
  readonly workspace?: Workspace;

  constructor(name: string, { monitoring, names, azure, protect }: Settings, { resourceGroup }: { resourceGroup: pulumi.Input<string> }, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Logs", name, {}, opts);
    if (monitoring.workspace === undefined) {
      this.workspace = new Workspace(
        name,
        {
          workspaceName: names.workspace,
          resourceGroupName: resourceGroup,
          location: azure.location,
          sku: { name: "PerGB2018" },
          retentionInDays: monitoring.retentionDays,
          // -1 is Azure's word for no cap; left out, a cap that was once set would stay.
          workspaceCapping: { dailyQuotaGb: monitoring.dailyCapGb ?? -1 },
          tags: azure.tags,
        },
        { parent: this, protect },
      );
    }
    this.workspaceId = this.workspace?.id ?? pulumi.output(monitoring.workspace!);
    this.registerOutputs({ workspaceId: this.workspaceId });
  }
}

/**
 * What of a resource's logs is worth its price. The cluster: changes through the API (`kube-audit-admin`, which leaves
 * reads out), sign-ins, scaling and the controllers, as in Microsoft's AKS baseline.
 */
const logCategories = {
  cluster: ["kube-audit-admin", "guard", "cluster-autoscaler", "kube-controller-manager"],
  registry: ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"],
  vault: ["AuditEvent"],
};

/** Sends a resource's logs to the workspace. */
export function sendLogs(
  name: string,
  kind: keyof typeof logCategories,
  { resourceId, workspaceId }: { resourceId: pulumi.Input<string>; workspaceId: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): DiagnosticSetting {
  return new DiagnosticSetting(
    name,
    { name: "mooring", resourceUri: resourceId, workspaceId, logs: logCategories[kind].map((category) => ({ category, enabled: true })) },
    opts,
  );
}
