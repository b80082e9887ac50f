import { Provider as EntraProvider } from "@pulumi/azuread/provider.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import type { ClusterAccess } from "./cluster-lookup.ts";
import { Identity } from "./identity.ts";
import { PasswordPrincipal } from "./password-principal.ts";
import { registryId, registryRole } from "./registry-access.ts";
import type { RegistryAccess } from "./registry-access.ts";
import { assignRole } from "./role-assignment.ts";

export interface PipelinesArgs {
  resourceGroup: pulumi.Input<string>;
  cluster: ClusterAccess;
  registry: RegistryAccess;
}

/** What a pipeline signs in as. */
export interface PipelinePrincipals {
  identity: Identity;
  /** Only where the settings ask for one. */
  password?: PasswordPrincipal;
}

/**
 * The service principals of the environment's pipelines: one pushes to the registry, one reaches the cluster. They are
 * managed identities that trust the pipelines' own tokens, so there is no password to leak or to renew; where a setting
 * asks for it, each has a twin with a password and the same rights.
 */
export class Pipelines extends pulumi.ComponentResource {
  readonly build: PipelinePrincipals;
  readonly deploy: PipelinePrincipals;

  constructor(name: string, settings: Settings, { resourceGroup, cluster, registry }: PipelinesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Pipelines", name, {}, opts);
    const { names, pipelines, registry: wanted } = settings;
    const withPassword = pipelines.build.secrets.length + pipelines.deploy.secrets.length > 0;
    const entra = withPassword ? new EntraProvider(`${name}-entra`, { tenantId: settings.azure.tenant }, { parent: this }) : undefined;
    const principals = (purpose: "build" | "deploy"): PipelinePrincipals => {
      const { trust, secrets } = pipelines[purpose];
      const identity = new Identity(`${name}-${purpose}`, settings, { identityName: names.identity(purpose), resourceGroup, trust }, { parent: this });
      if (secrets.length === 0) return { identity };
      const displayName = `${settings.platform}-${settings.environment}-${purpose}`;
      return { identity, password: new PasswordPrincipal(`${name}-${purpose}-password`, settings, { displayName, secrets }, { parent: this, providers: [entra!] }) };
    };
    this.build = principals("build");
    this.deploy = principals("deploy");

    for (const { principalId, suffix } of everyOne(this.build)) {
      assignRole(`${name}-build${suffix}-pushes`, settings, { principalId, role: registryRole(registry.permissions, "push"), scope: registry.id }, { parent: this });
      if (wanted.promoteFrom !== undefined) {
        const role = registryRole(wanted.promoteFrom.permissions, "pull");
        assignRole(`${name}-build${suffix}-promotes`, settings, { principalId, role, scope: registryId(wanted.promoteFrom) }, { parent: this });
      }
    }
    for (const { principalId, suffix } of everyOne(this.deploy)) {
      assignRole(`${name}-deploy${suffix}-fetches-kubeconfig`, settings, { principalId, role: "aksClusterUser", scope: cluster.id }, { parent: this });
    }
    this.registerOutputs({});
  }

  /** Under which ids the deployment pipelines appear in the cluster. */
  get deployers(): pulumi.Output<string>[] {
    return everyOne(this.deploy).map(({ principalId }) => principalId);
  }
}

function everyOne({ identity, password }: PipelinePrincipals): { principalId: pulumi.Output<string>; suffix: string }[] {
  return [{ principalId: identity.principalId, suffix: "" }, ...(password ? [{ principalId: password.principalId, suffix: "-password" }] : [])];
}
