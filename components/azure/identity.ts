import { createHash } from "node:crypto";
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential.js";
import { getUserAssignedIdentityOutput } from "@pulumi/azure-native/managedidentity/getUserAssignedIdentity.js";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity.js";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";

export interface IdentityArgs {
  /** The identity's name in Azure. */
  identityName: string;
  resourceGroup: pulumi.Input<string>;
  /** Whose tokens it accepts, in the order in which the credentials are written. */
  trust?: readonly Trust[];
  /** Tags besides the environment's. */
  tags?: Record<string, string>;
}

export interface Trust {
  /** What the credential's name in Azure begins with. */
  name: string;
  /** Plain text, or the issuer of a cluster, which is known once the cluster exists. */
  issuer: pulumi.Input<string>;
  subject: string;
}

/** A user-assigned managed identity with its federated credentials. */
export class Identity extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  /** Known in every preview while the identity exists, so it may stand in create-only fields. */
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, settings: Settings, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mooring:azure:Identity", name, {}, opts);
    const identity = new UserAssignedIdentity(
      name,
      {
        resourceName: args.identityName,
        resourceGroupName: args.resourceGroup,
        location: settings.azure.location,
        tags: { ...settings.azure.tags, ...args.tags },
      },
      { parent: this },
    );

    // Azure answers 409 to two writes on one identity at a time: each credential waits for those before. All of them:
    // when some are deleted, the engine looks at direct dependencies alone.
    const written: pulumi.Resource[] = [];
    for (const { name: credential, issuer, subject } of args.trust ?? []) {
      // Known by whom it trusts: under another name it is replaced, where a second one would be refused as a duplicate.
      // Its name in Azure has that too, for whoever it trusts next under that name is there before this one goes.
      const trusted = createHash("sha256").update(`${typeof issuer === "string" ? issuer : "cluster"} ${subject}`).digest("hex").slice(0, 8);
      const made = new FederatedIdentityCredential(
        `${name}-trusts-${trusted}`,
        {
          federatedIdentityCredentialResourceName: `${credential}-${trusted}`,
          resourceGroupName: args.resourceGroup,
          resourceName: identity.name,
          issuer,
          subject,
          audiences: ["api://AzureADTokenExchange"],
        },
        { parent: this, dependsOn: [...written], deleteBeforeReplace: true },
      );
      written.push(made);
    }

    // The resource's own outputs are unknown in the preview of any update of it, a tag for example, and would plan the
    // replacement of every role assignment. A look-up is unknown only while the identity does not exist.
    const existing = getUserAssignedIdentityOutput(
      { resourceGroupName: args.resourceGroup, resourceName: args.identityName },
      { parent: this, dependsOn: [identity] },
    );
    this.id = identity.id;
    this.clientId = existing.clientId;
    this.principalId = existing.principalId;
    this.registerOutputs({ clientId: this.clientId });
  }
}
