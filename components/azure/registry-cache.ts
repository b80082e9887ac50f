/** Repositories of other registries that are pulled through this one. */
import { CacheRule } from "@pulumi/azure-native/containerregistry/cacheRule.js";
import { CredentialSet } from "@pulumi/azure-native/containerregistry/credentialSet.js";
import { getCredentialSetOutput } from "@pulumi/azure-native/containerregistry/getCredentialSet.js";
import type * as pulumi from "@pulumi/pulumi";
import type { CacheSettings, Settings } from "../settings/settings.ts";
import { assignRole } from "./role-assignment.ts";

export interface CacheParts {
  resourceGroup: pulumi.Input<string>;
  registryName: pulumi.Input<string>;
}

export function registerCache(name: string, settings: Settings, { resourceGroup, registryName }: CacheParts, parent: pulumi.Resource): void {
  const within = { resourceGroupName: resourceGroup, registryName };
  for (const [rule, { source, target, credentials }] of Object.entries(settings.registry.cache)) {
    let credentialSetResourceId: pulumi.Input<string> | undefined;
    if (credentials !== undefined) {
      const set = new CredentialSet(
        `${name}-cache-${rule}`,
        { ...within, credentialSetName: rule, ...credentialSetArgs(source, credentials) },
        // Azure changes the secrets of a set, and not for which registry they are.
        { parent, replaceOnChanges: ["loginServer"], deleteBeforeReplace: true },
      );
      // The registry reads the vault as this identity. A look-up: unlike the set's own output it stays known in previews.
      const found = getCredentialSetOutput({ ...within, credentialSetName: rule }, { parent, dependsOn: [set] });
      const principalId = found.apply(({ identity }) => identity?.principalId ?? "");
      assignRole(`${name}-cache-${rule}-reads-vault`, settings, { principalId, role: "keyVaultSecretsUser", scope: credentials.vault }, { parent });
      credentialSetResourceId = set.id;
    }
    new CacheRule(
      `${name}-cache-${rule}`,
      { ...within, cacheRuleName: rule, sourceRepository: source, targetRepository: target, credentialSetResourceId },
      // Azure changes neither source nor target of a rule; and a rule goes before the credentials that it uses.
      { parent, replaceOnChanges: ["sourceRepository", "targetRepository", "credentialSetResourceId"], deleteBeforeReplace: true },
    );
  }
}

export function credentialSetArgs(source: string, { vault, username, password }: NonNullable<CacheSettings["credentials"]>) {
  const secret = (secretName: string) => `https://${vault.split("/").at(-1)!.toLowerCase()}.vault.azure.net/secrets/${secretName}`;
  return {
    loginServer: source.split("/")[0]!,
    identity: { type: "SystemAssigned" as const },
    authCredentials: [{ name: "Credential1", usernameSecretIdentifier: secret(username), passwordSecretIdentifier: secret(password) }],
  };
}
