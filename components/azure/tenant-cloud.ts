import { Key } from "@pulumi/azure-native/keyvault/key.js";
import { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings, TenantSettings } from "../settings/settings.ts";
import { hasBuildIdentity } from "../settings/builds.ts";
import { sharedParts } from "../settings/shared-parts.ts";
import type { ClusterAccess } from "./cluster-lookup.ts";
import { Identity } from "./identity.ts";
import type { Trust } from "./identity.ts";
import { sendLogs } from "./monitoring.ts";
import { belowPrefix, readsBelow, registryId, registryRole } from "./registry-access.ts";
import type { RegistryAccess } from "./registry-access.ts";
import { assignRole } from "./role-assignment.ts";
import type { Role } from "./roles.ts";
import { uniqueName } from "./unique-name.ts";
import { vaultProperties } from "./vault-args.ts";

export interface TenantCloudArgs {
  tenant: TenantSettings;
  resourceGroup: pulumi.Input<string>;
  cluster: ClusterAccess;
  registry: RegistryAccess;
  workspaceId: pulumi.Input<string>;
  /** The nodes' subnet, from which vaults are reached. Unknown of a cluster that somebody else made. */
  nodesSubnetId?: pulumi.Input<string>;
  /** The account in whose name Flux applies what the team ships. */
  reconciler: string;
}

/** Whether a tenant has anything of its own in Azure. */
export function hasCloud(tenant: TenantSettings): boolean {
  return tenant.serviceAccounts.length > 0 || tenant.vault || tenant.pulls || hasBuildIdentity(tenant);
}

/** What a team has in Azure: an identity for its pods, a vault, a key for its encrypted files, identities that pull and push. */
export class TenantCloud extends pulumi.ComponentResource {
  /** Client ids, as annotations and pipelines need them. */
  readonly workload?: pulumi.Output<string>;
  readonly flux?: pulumi.Output<string>;
  readonly build?: pulumi.Output<string>;
  /** The identity behind it, complete with those that it trusts by the settings. */
  readonly buildIdentity?: Identity;
  /** `https://….vault.azure.net/` */
  readonly vaultUri?: pulumi.Output<string>;
  /** The address of the key, its version included, as `.sops.yaml` has it. */
  readonly sopsKey?: pulumi.Output<string>;

  constructor(name: string, settings: Settings, args: TenantCloudArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:TenantCloud", name, {}, opts);
    const { tenant, cluster, registry } = args;
    const tags = { tenant: tenant.name };
    const identity = (purpose: "workload" | "flux" | "build", trust: readonly Trust[]) =>
      new Identity(`${name}-${purpose}`, settings, { identityName: settings.names.identity(purpose, tenant.key), resourceGroup: args.resourceGroup, trust, tags }, { parent: this });
    const accounts = (namespace: string, names: readonly string[]): Trust[] =>
      names.map((account) => ({ name: `kubernetes-${account}`, issuer: cluster.oidcIssuer, subject: `system:serviceaccount:${namespace}:${account}` }));
    const grant = (suffix: string, role: Role, scope: pulumi.Input<string>, principalId: pulumi.Input<string>, condition?: string) =>
      assignRole(`${name}-${suffix}`, settings, { principalId, role, scope, condition }, { parent: this });
    const grantOwners = (suffix: string, role: Role, scope: pulumi.Input<string>) => {
      for (const group of tenant.owners) {
        assignRole(`${name}-owners-${suffix}-${group}`, settings, { principalId: group, principalType: "Group", role, scope }, { parent: this });
      }
    };

    // What it fetches may be asked for by an object of any of its namespaces; its files are decrypted in the control namespace alone.
    const fetching = [tenant.controlNamespace, ...(tenant.pulls ? tenant.namespaces.map((namespace) => namespace.name) : [])];
    const flux = tenant.sops || tenant.pulls ? identity("flux", fetching.flatMap((namespace) => accounts(namespace, [args.reconciler]))) : undefined;
    this.flux = flux?.clientId;
    const workload = tenant.serviceAccounts.length > 0 ? identity("workload", accounts(tenant.namespaces[0]!.name, tenant.serviceAccounts)) : undefined;
    if (tenant.vault) {
      const vault = this.registerVault(name, settings, args);
      if (workload) grant("workload-reads-secrets", "keyVaultSecretsUser", vault.id, workload.principalId);
      grantOwners("write-secrets", "keyVaultSecretsOfficer", vault.id);
      this.vaultUri = vault.properties.apply(({ vaultUri }) => vaultUri ?? "");
      const key = new Key(
        `${name}-sops`,
        {
          resourceGroupName: args.resourceGroup,
          vaultName: vault.name,
          keyName: "sops",
          properties: { kty: "RSA", keySize: 3072, keyOps: ["encrypt", "decrypt"] },
          tags: { ...settings.azure.tags, ...tags },
        },
        // Azure answers a change of a key that exists with the key as it was (learn.microsoft.com, Key Vault "Keys - Create
        // If Not Exist"), so its tags stay those of the day it was made; and only with a right to the keys themselves, which
        // who runs this has not, could it be deleted. It stays with its vault: without it, what it encrypted is lost.
        { parent: this, retainOnDelete: true, ignoreChanges: ["tags"] },
      );
      if (flux && tenant.sops) {
        grant("flux-decrypts", "keyVaultCryptoUser", key.id, flux.principalId);
        grantOwners("encrypt", "keyVaultCryptoUser", key.id);
        this.sopsKey = key.keyUriWithVersion;
      }
    }
    if (flux && tenant.pulls) {
      // Without ABAC the role is the whole registry's; the admission rules then keep what Flux fetches to the tenant's part.
      const condition = registry.permissions === "abac" ? readsBelow(tenant.key, sharedParts(settings.tenancy, tenant)) : undefined;
      grant("flux-pulls", registryRole(registry.permissions, "pull"), registry.id, flux.principalId, condition);
    }
    if (hasBuildIdentity(tenant)) {
      const build = identity("build", tenant.buildTrust);
      const { promoteFrom } = settings.registry;
      // Without ABAC the role is the whole registry's, as the environment's own build identity has it.
      grant("build-pushes", registryRole(registry.permissions, "push"), registry.id, build.principalId, registry.permissions === "abac" ? belowPrefix(tenant.key) : undefined);
      if (promoteFrom) {
        const condition = promoteFrom.permissions === "abac" ? readsBelow(tenant.key, []) : undefined;
        grant("build-promotes", registryRole(promoteFrom.permissions, "pull"), registryId(promoteFrom), build.principalId, condition);
      }
      this.build = build.clientId;
      this.buildIdentity = build;
    }
    this.workload = workload?.clientId;
    this.registerOutputs({});
  }

  private registerVault(name: string, settings: Settings, { tenant, resourceGroup, workspaceId, nodesSubnetId }: TenantCloudArgs): Vault {
    const { azure, names } = settings;
    const left = tenant.state === "left";
    const protect = settings.protect && !left;
    const vault = new Vault(
      `${name}-vault`,
      {
        vaultName: uniqueName(`${name}-vault`, names.vaultPrefix(tenant.key), { parent: this, protect }),
        resourceGroupName: resourceGroup,
        location: azure.location,
        properties: vaultProperties(settings, nodesSubnetId),
        // The policy pack asks for the protection until a tenant has left.
        tags: { ...azure.tags, tenant: tenant.name, ...(left && { "tenant-state": tenant.state }) },
      },
      { parent: this, protect },
    );
    sendLogs(`${name}-vault-logs`, "vault", { resourceId: vault.id, workspaceId }, { parent: this });
    return vault;
  }
}
