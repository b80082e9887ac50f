/** What lies beneath a registry: replicas, cache rules and the credentials of these, webhooks. */
import { valueAt } from "../../differences.ts";
import { ArmError, badRequest } from "../arm-error.ts";
import type { Cloud, Resource } from "../cloud.ts";
import { isBeneath, nameOf, parentId, sameId } from "../ids.ts";
import { normalizedLocation } from "../regions.ts";
import type { Service } from "../service.ts";
import { objects } from "../values.ts";

export const REPLICATION = "azure-native:containerregistry:Replication";
export const CACHE_RULE = "azure-native:containerregistry:CacheRule";
export const CREDENTIAL_SET = "azure-native:containerregistry:CredentialSet";
export const WEBHOOK = "azure-native:containerregistry:Webhook";

/** Sources: ACR_DOCS (rule.ts)/container-registry-geo-replication.md; unverified: the codes, and that the home region is refused. Checked 2026-11-21. */
export const replicationService: Service = {
  refuse({ id, inputs, cloud }) {
    const registry = cloud.get(parentId(id) ?? "");
    const tier = String(valueAt(registry?.inputs ?? {}, "sku.name"));
    if (tier !== "Premium") throw badRequest(`Replications are not supported for the registry SKU ${tier}; they need Premium.`, "FeatureNotSupported");
    const location = normalizedLocation(String(inputs.location));
    if (location === normalizedLocation(String(registry?.inputs.location))) throw new ArmError(409, "ReplicationAlreadyExists", `The registry's home region ${location} holds its images already.`);
    const other = cloud.ofType(REPLICATION).find((replica) => !sameId(replica.id, id) && isBeneath(replica.id, parentId(id) ?? "") && normalizedLocation(String(replica.inputs.location)) === location);
    if (other) throw new ArmError(409, "ReplicationAlreadyExists", `The registry has a replication in ${location} already: ${nameOf(other.id)}.`);
  },
};

/** Source: the table in ACR_DOCS (rule.ts)/artifact-cache-overview.md; checked 2026-11-21. */
const upstreams: { host: RegExp; credentials: "required" | "optional" | "refused" }[] = [
  { host: /^(docker\.io|dhi\.io|registry\.redhat\.io|[a-z0-9]+\.azurecr\.io|[-a-z0-9]+\.pkg\.dev)$/, credentials: "required" },
  { host: /^(mcr\.microsoft\.com|public\.ecr\.aws|registry\.access\.redhat\.com)$/, credentials: "refused" },
  { host: /^(ghcr\.io|quay\.io|registry\.k8s\.io|gcr\.io|nvcr\.io)$/, credentials: "optional" },
];

const CACHE_RULES = 1000;

/** What a wildcard covers, without the star: `library/`; `undefined` for one repository. */
const covered = (repository: string): string | undefined => (repository.endsWith("*") ? repository.slice(0, -1) : undefined);

/** Wildcards overlap when one covers the other; without them only the same repository is the same. Source: ACR_DOCS/wildcards-artifact-cache.md. */
function overlaps(a: string, b: string): boolean {
  const [left, right] = [covered(a), covered(b)];
  if (left === undefined && right === undefined) return a === b;
  return left !== undefined && right !== undefined && (left.startsWith(right) || right.startsWith(left));
}

export const cacheRuleService: Service = {
  refuse({ id, inputs, cloud }) {
    const source = String(inputs.sourceRepository ?? "");
    const target = String(inputs.targetRepository ?? "");
    const upstream = upstreams.find(({ host }) => host.test(source.split("/")[0] ?? ""));
    if (!source.includes("/") || target === "") throw badRequest("A cache rule needs a sourceRepository such as docker.io/library/nginx and a targetRepository.", "InvalidCacheRule");
    if (upstream === undefined) throw badRequest(`Artifact cache does not support the source ${source}.`, "UpstreamNotSupported");
    if (upstream.credentials === "required" && inputs.credentialSetResourceId === undefined) throw badRequest(`${source} supports authenticated pulls only: the cache rule needs a credential set.`, "CredentialSetRequired");
    if (upstream.credentials === "refused" && inputs.credentialSetResourceId !== undefined) throw badRequest(`${source} supports unauthenticated pulls only: the cache rule takes no credential set.`, "CredentialSetNotSupported");
    for (const repository of [source, target]) {
      if (repository.includes("*") && !/^[^*]*\*$/.test(repository)) throw badRequest(`${repository}: a wildcard is one * at the end.`, "InvalidWildcard");
    }
    if (source.includes("*") !== target.includes("*")) throw badRequest("Source and target of a cache rule have both a wildcard, or none.", "InvalidWildcard");
    const others: Resource[] = cloud.ofType(CACHE_RULE).filter((rule) => !sameId(rule.id, id) && isBeneath(rule.id, parentId(id) ?? ""));
    if (others.length >= CACHE_RULES) throw badRequest(`A registry has at most ${CACHE_RULES} cache rules.`, "CacheRuleLimitReached");
    const twin = others.find(({ inputs: other }) => overlaps(String(other.targetRepository), target) || (covered(source) !== undefined && overlaps(String(other.sourceRepository), source)));
    if (twin) throw new ArmError(409, "CacheRuleConflict", `The cache rule overlaps with ${nameOf(twin.id)}, which caches ${String(twin.inputs.sourceRepository)} as ${String(twin.inputs.targetRepository)}.`);
  },
  computed: ({ previous, now }) => ({ creationDate: previous?.outputs.creationDate ?? now.toISOString() }),
};

/** Source: ACR_DOCS (rule.ts)/artifact-cache-cli.md; unverified: the codes. Checked 2026-11-21. */
export const credentialSetService: Service = {
  refuse({ inputs }) {
    if (valueAt(inputs, "identity.type") !== "SystemAssigned") throw badRequest("A credential set needs a system-assigned identity, with which it reads the vault.", "InvalidCredentialSetIdentity");
    if (typeof inputs.loginServer !== "string") throw badRequest("A credential set needs a loginServer, such as docker.io.", "InvalidCredentialSet");
    const [credential, ...more] = objects(inputs.authCredentials);
    if (credential?.usernameSecretIdentifier === undefined || credential.passwordSecretIdentifier === undefined || more.length > 0) {
      throw badRequest("A credential set has one credential: name, usernameSecretIdentifier and passwordSecretIdentifier.", "InvalidCredentialSet");
    }
  },
  refuseDelete({ id }, cloud) {
    const user = cloud.ofType(CACHE_RULE).find(({ inputs }) => typeof inputs.credentialSetResourceId === "string" && sameId(inputs.credentialSetResourceId, id));
    if (user) throw new ArmError(409, "CredentialSetInUse", `The credential set ${nameOf(id)} is in use by the cache rule ${nameOf(user.id)}.`);
  },
  computed: ({ previous, now }) => ({ creationDate: previous?.outputs.creationDate ?? now.toISOString() }),
};

/** Source: ACR_DOCS (rule.ts)/container-registry-skus.md; checked 2026-11-21. */
export const WEBHOOKS: Readonly<Record<string, number>> = { Basic: 2, Standard: 10, Premium: 500 };

export const webhooksOf = (registry: string, cloud: Cloud): Resource[] => cloud.ofType(WEBHOOK).filter(({ id }) => isBeneath(id, registry));

/**
 * Sources: ACR_DOCS (rule.ts)/container-registry-webhook.md, container-registry-geo-replication.md, and the description of
 * `scope` in the schema: one repository with a tag or `*` behind it, or nothing. Unverified: the codes, and that another scope
 * is refused; it would at least never match. Checked 2026-11-21.
 */
export const webhookService: Service = {
  refuse({ id, inputs, cloud }) {
    const registry = cloud.get(parentId(id) ?? "");
    const tier = String(valueAt(registry?.inputs ?? {}, "sku.name"));
    const others = webhooksOf(parentId(id) ?? "", cloud).filter((other) => !sameId(other.id, id));
    if (others.length >= (WEBHOOKS[tier] ?? 0)) throw badRequest(`The registry SKU ${tier} has at most ${WEBHOOKS[tier] ?? 0} webhooks.`, "WebhookLimitReached");
    const scope = String(inputs.scope ?? "");
    if (!/^$|^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:(\*|\w[\w.-]{0,127}))?$/.test(scope)) {
      throw badRequest(`The scope ${scope} is not valid: a repository, repository:tag or repository:*, or nothing for all.`, "InvalidWebhookScope");
    }
    if (!Array.isArray(inputs.actions) || inputs.actions.length === 0) throw badRequest("A webhook needs an action.", "InvalidWebhookActions");
    const regions = [registry, ...cloud.ofType(REPLICATION).filter((replica) => isBeneath(replica.id, parentId(id) ?? ""))].map((place) => normalizedLocation(String(place?.inputs.location)));
    const location = normalizedLocation(String(inputs.location));
    if (!regions.includes(location)) throw badRequest(`The registry is not in ${location}; a webhook is in a region of its registry: ${regions.join(", ")}.`, "InvalidWebhookLocation");
  },
};
