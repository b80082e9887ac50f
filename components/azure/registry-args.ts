/** What the registry is made with: pure functions from settings. */
import type { RegistryArgs } from "@pulumi/azure-native/containerregistry/registry.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

/** Names left out; `egressAddress` is where the nodes come from, if that is known. Nobody signs in as the registry's administrator, and nobody unnamed pulls. */
export function registryArgs({ registry, azure }: Settings, egressAddress?: pulumi.Input<string>): Omit<RegistryArgs, "resourceGroupName" | "registryName"> {
  const { sku, allowedRanges, privateEndpoint, retentionDays, zoneRedundant } = registry;
  const closed = privateEndpoint && allowedRanges.length === 0;
  return {
    location: azure.location,
    sku: { name: sku },
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    ...(sku === "Premium" && {
      zoneRedundancy: zoneRedundant ? "Enabled" : "Disabled",
      publicNetworkAccess: closed ? "Disabled" : "Enabled",
      networkRuleSet: {
        defaultAction: allowedRanges.length > 0 ? "Deny" : "Allow",
        ipRules: (allowedRanges.length > 0 ? [...allowedRanges, ...(egressAddress === undefined || privateEndpoint ? [] : [egressAddress])] : []).map((range) => ({
          action: "Allow",
          iPAddressOrRange: range,
        })),
      },
      policies: {
        ...(retentionDays !== undefined && { retentionPolicy: { status: "enabled", days: retentionDays } }),
        // Azure lets a registry forbid exports only while it has no public address.
        exportPolicy: { status: closed ? "disabled" : "enabled" },
      },
    }),
    tags: azure.tags,
  };
}

/** A copy in a further region. Its name takes letters and digits only, as a region's has. */
export function replicationArgs(region: string, { registry, azure }: Settings) {
  return { replicationName: region, location: region, zoneRedundancy: registry.zoneRedundant ? "Enabled" : "Disabled", tags: azure.tags };
}
