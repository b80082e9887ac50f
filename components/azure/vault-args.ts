import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

/** What a team's vault is made with: rights by Azure roles, nothing lost for good, and let in are the cluster and its people. */
export function vaultProperties({ azure, protect, vaults }: Settings, nodesSubnetId?: pulumi.Input<string>) {
  const { allowedRanges } = vaults;
  return {
    tenantId: azure.tenant,
    sku: { family: "A", name: "standard" as const },
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    // Never false: Azure takes true or nothing, and nothing leaves a test environment free to go.
    ...(protect && { enablePurgeProtection: true }),
    networkAcls: {
      bypass: "None",
      defaultAction: allowedRanges === undefined ? "Allow" : "Deny",
      ...(allowedRanges !== undefined && {
        ipRules: allowedRanges.map((value) => ({ value })),
        ...(nodesSubnetId !== undefined && { virtualNetworkRules: [{ id: nodesSubnetId }] }),
      }),
    },
  };
}
