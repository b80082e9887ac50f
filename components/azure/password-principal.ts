import { Application } from "@pulumi/azuread/application.js";
import { ApplicationPassword } from "@pulumi/azuread/applicationPassword.js";
import { ServicePrincipal } from "@pulumi/azuread/servicePrincipal.js";
import { getClientConfigOutput } from "@pulumi/azuread/getClientConfig.js";
import * as pulumi from "@pulumi/pulumi";
import type { PipelineSettings, Settings } from "../settings/settings.ts";

export interface PasswordPrincipalArgs {
  /** What people see in Entra. */
  displayName: string;
  /** The newest first. */
  secrets: PipelineSettings["secrets"];
}

/**
 * A service principal with a password, for pipelines that cannot use federated tokens. A secret is a resource of its
 * own, known by its number: a new line in the settings makes a new one while its predecessor stays valid, and only a
 * line that is dropped revokes one. When a secret ends is a setting, since the program reads no clock.
 */
export class PasswordPrincipal extends pulumi.ComponentResource {
  readonly clientId: pulumi.Output<string>;
  readonly principalId: pulumi.Output<string>;
  /** The newest secret. */
  readonly password: pulumi.Output<string>;
  /** The day on which the newest secret ends. */
  readonly expires: string;

  constructor(name: string, { platform, environment }: Settings, { displayName, secrets }: PasswordPrincipalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:PasswordPrincipal", name, {}, opts);
    // Who may change only the applications that it owns (Application.ReadWrite.OwnedBy) must be named as an owner. Who runs
    // later, and may be another, is no change.
    const owners = [getClientConfigOutput({ parent: this }).objectId];
    const ownedByFirst = { parent: this, ignoreChanges: ["owners"] };
    const application = new Application(name, { displayName, signInAudience: "AzureADMyOrg", tags: ["mooring", platform, environment], owners }, ownedByFirst);
    const principal = new ServicePrincipal(name, { clientId: application.clientId, owners }, ownedByFirst);
    const passwords = secrets.map(
      ({ number, expires }) =>
        new ApplicationPassword(
          `${name}-secret-${number}`,
          { applicationId: application.id, displayName: `mooring-${number}`, endDate: `${expires}T00:00:00Z` },
          { parent: this, additionalSecretOutputs: ["value"] },
        ),
    );
    this.clientId = application.clientId;
    this.principalId = principal.objectId;
    this.password = passwords[0]!.value;
    this.expires = secrets[0]!.expires;
    this.registerOutputs({ clientId: this.clientId });
  }
}
