/** Microsoft.ContainerRegistry: what lies beneath a registry. */
import type { Shape } from "../../shape.ts";
import { each, listOf, mapOf, object, oneOf, text } from "../../shape.ts";
import type { NameRule, ResourceRule } from "../rule.ts";
import { CHECKED, SCHEMAS } from "../rule.ts";
import { REGISTRY_ID, registryIdentity } from "./registry.ts";

const parents: Record<string, Shape> = each("string", "registryName!", "resourceGroupName!");

/** A name of 5 to 50 characters. */
function name(argument: string, apiVersion: string, dashes: boolean): NameRule {
  return {
    argument,
    generated: "random",
    pattern: dashes ? /^[a-zA-Z0-9-]{5,50}$/ : /^[a-zA-Z0-9]{5,50}$/,
    says: dashes ? "5 to 50 letters, digits or '-'" : "5 to 50 letters or digits",
    source: `${SCHEMAS} ${apiVersion} Microsoft.ContainerRegistry`,
    checked: CHECKED,
  };
}

const secret = text(/^https:\/\/[-a-zA-Z0-9]+\.vault\.azure\.net\/secrets\/[-a-zA-Z0-9]+(\/[0-9a-f]+)?$/, "the URI of a secret, such as https://vault.vault.azure.net/secrets/name");

export const registryPartRules: ResourceRule[] = [
  {
    token: "azure-native:containerregistry:Webhook",
    armType: "Microsoft.ContainerRegistry/registries/webhooks",
    apiVersion: "2024-11-01-preview",
    id: `${REGISTRY_ID}/webhooks/{webhookName}`,
    name: name("webhookName", "2024-11-01-preview", false),
    arguments: object({
      ...parents,
      "actions!": listOf(oneOf("push", "delete", "quarantine", "chart_push", "chart_delete")),
      customHeaders: mapOf("string"),
      ...each("string", "location", "scope", "webhookName"),
      "serviceUri!": text(/^https?:\/\/[^\s/]+(\/\S*)?$/, "an address with http:// or https://"),
      status: oneOf("enabled", "disabled"),
      tags: mapOf("string"),
    }),
    // They are told by `getCallbackConfig` alone: WebhookProperties in the schema has neither.
    silent: ["customHeaders", "serviceUri"],
    answers: { provisioningState: { constant: "Succeeded" }, status: { standard: "enabled" } },
  },
  {
    token: "azure-native:containerregistry:Replication",
    armType: "Microsoft.ContainerRegistry/registries/replications",
    apiVersion: "2024-11-01-preview",
    id: `${REGISTRY_ID}/replications/{replicationName}`,
    name: name("replicationName", "2024-11-01-preview", false),
    arguments: object({
      ...parents,
      ...each("string", "location", "replicationName"),
      regionEndpointEnabled: "boolean",
      tags: mapOf("string"),
      zoneRedundancy: oneOf("Enabled", "Disabled"),
    }),
    answers: { provisioningState: { constant: "Succeeded" }, regionEndpointEnabled: { standard: true }, "status.displayStatus": { constant: "Ready" }, zoneRedundancy: { standard: "Enabled" } },
  },
  {
    token: "azure-native:containerregistry:CacheRule",
    armType: "Microsoft.ContainerRegistry/registries/cacheRules",
    apiVersion: "2024-11-01-preview",
    id: `${REGISTRY_ID}/cacheRules/{cacheRuleName}`,
    name: name("cacheRuleName", "2024-11-01-preview", true),
    arguments: object({ ...parents, ...each("string", "cacheRuleName", "credentialSetResourceId", "sourceRepository", "targetRepository") }),
    references: { credentialSetResourceId: "azure-native:containerregistry:CredentialSet" },
    answers: { creationDate: { computed: true }, provisioningState: { constant: "Succeeded" } },
  },
  {
    token: "azure-native:containerregistry:CredentialSet",
    armType: "Microsoft.ContainerRegistry/registries/credentialSets",
    apiVersion: "2023-01-01-preview",
    id: `${REGISTRY_ID}/credentialSets/{credentialSetName}`,
    name: name("credentialSetName", "2023-01-01-preview", true),
    arguments: object({
      ...parents,
      authCredentials: listOf(object({ name: oneOf("Credential1"), passwordSecretIdentifier: secret, usernameSecretIdentifier: secret })),
      credentialSetName: "string",
      identity: registryIdentity,
      loginServer: "string",
    }),
    answers: { creationDate: { computed: true }, provisioningState: { constant: "Succeeded" } },
  },
];
