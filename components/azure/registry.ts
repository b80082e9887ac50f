import { Registry as ContainerRegistry } from "@pulumi/azure-native/containerregistry/registry.js";
import type { RegistryArgs } from "@pulumi/azure-native/containerregistry/registry.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString.js";
import { registrySuffixLength } from "../settings/names.ts";
import type { Settings } from "../settings/settings.ts";

/** The environment's container registry. */
export class Registry extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly registryName: pulumi.Output<string>;
  /** The host images are pushed to and pulled from. Never composed from the name: Azure may add a hash to it. */
  readonly loginServer: pulumi.Output<string>;

  constructor(name: string, settings: Settings, args: { resourceGroup: pulumi.Input<string> }, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Registry", name, {}, opts);
    const registry = new ContainerRegistry(
      name,
      {
        ...registryArgs(settings),
        registryName: settings.registry.name ?? this.generatedName(name, settings),
        resourceGroupName: args.resourceGroup,
      },
      { parent: this, protect: settings.protect },
    );
    this.id = registry.id;
    this.registryName = registry.name;
    this.loginServer = registry.loginServer;
    this.registerOutputs({ name: this.registryName, loginServer: this.loginServer });
  }

  /** Registry names are unique in all of Azure, so six random characters are added. */
  private generatedName(name: string, { names, protect }: Settings): pulumi.Output<string> {
    const suffix = new RandomString(
      `${name}-suffix`,
      { length: registrySuffixLength, upper: false, special: false },
      // A new suffix would be a new registry.
      { parent: this, protect },
    );
    return pulumi.interpolate`${names.registryPrefix}${suffix.result}`;
  }
}

/** What the registry is made with, names left out. */
export function registryArgs({ registry, azure, cluster }: Settings): Omit<RegistryArgs, "resourceGroupName" | "registryName"> {
  const premium = registry.sku === "Premium";
  return {
    location: azure.location,
    sku: { name: registry.sku },
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    // Zones and the retention of untagged manifests exist in Premium only; a region has zones or has none.
    ...(premium && {
      zoneRedundancy: cluster.systemPool.zones.length > 0 ? "Enabled" : "Disabled",
      policies: { retentionPolicy: { status: "enabled", days: 15 } },
    }),
    tags: azure.tags,
  };
}
