import { Registry as ContainerRegistry } from "@pulumi/azure-native/containerregistry/registry.js";
import { Replication } from "@pulumi/azure-native/containerregistry/replication.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { uniqueName } from "./unique-name.ts";
import { registryArgs, replicationArgs } from "./registry-args.ts";
import { registerCache } from "./registry-cache.ts";
import { registerPrivateEndpoint } from "./registry-endpoint.ts";
import type { RegistryAccess } from "./registry-access.ts";
import type { Subnets } from "./network.ts";

export interface RegistryArgs {
  resourceGroup: pulumi.Input<string>;
  /** Where a private endpoint is put. */
  subnets?: Subnets;
  /** The address that the nodes come from, where it is known. */
  egressAddress?: pulumi.Input<string>;
}

/** The environment's own container registry. */
export class Registry extends pulumi.ComponentResource implements RegistryAccess {
  readonly id: pulumi.Output<string>;
  readonly registryName: pulumi.Output<string>;
  readonly loginServer: pulumi.Output<string>;
  /** Composed: Azure puts a hash behind the name only where a scope for the name was asked for, which Mooring never does. */
  readonly host: pulumi.Output<string>;
  /** azure-native's API version of the registry does not know the other mode. */
  readonly permissions = "roles";

  constructor(name: string, settings: Settings, { resourceGroup, subnets, egressAddress }: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Registry", name, {}, opts);
    const { registry: wanted, names, protect } = settings;
    const registryName: pulumi.Input<string> = wanted.name ?? uniqueName(name, names.registryPrefix, { parent: this, protect });
    const registry = new ContainerRegistry(
      name,
      { ...registryArgs(settings, egressAddress), registryName, resourceGroupName: resourceGroup },
      // Azure decides on zones once.
      { parent: this, protect, replaceOnChanges: ["zoneRedundancy"] },
    );
    this.id = registry.id;
    this.registryName = registry.name;
    this.loginServer = registry.loginServer;
    this.host = pulumi.interpolate`${registryName}.azurecr.io`;

    const parts = { resourceGroup, registryName: registry.name };
    for (const region of wanted.replicas) {
      new Replication(`${name}-${region}`, { ...replicationArgs(region, settings), registryName: registry.name, resourceGroupName: resourceGroup }, { parent: this, replaceOnChanges: ["zoneRedundancy"], deleteBeforeReplace: true });
    }
    registerCache(name, settings, parts, this);
    if (wanted.privateEndpoint) registerPrivateEndpoint(name, settings, { resourceGroup, registryId: registry.id, subnets: subnets! }, this);
    this.registerOutputs({ name: this.registryName, loginServer: this.loginServer });
  }
}
