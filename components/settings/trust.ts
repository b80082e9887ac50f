/** Issuer and subject of the tokens that pipelines send: Azure compares both to the letter. */
import type { TrustInput } from "./schema/trust.ts";
import { settingPath } from "./setting-path.ts";
import type { Settings, TrustSettings } from "./settings.ts";

/** The application id of Azure DevOps in Entra, as its subjects have it: 499b84ac-1321-427f-aa17-267ca6975798 in base64url. */
const azureDevOpsApplication = "rISbSSETf0KqFyZ8ppdXmA";

export function federated({ name, issuer, subject, azureDevOps, github }: TrustInput, entraTenant: string): TrustSettings {
  if (azureDevOps !== undefined) {
    const { organizationId, connectionId, organization, project, connection } = azureDevOps;
    return connectionId === undefined
      ? { name, issuer: `https://vstoken.dev.azure.com/${organizationId}`, subject: `sc://${organization}/${project}/${connection}` }
      : {
          name,
          issuer: `https://login.microsoftonline.com/${entraTenant}/v2.0`,
          subject: `/eid1/c/pub/t/${shortGuid(entraTenant)}/a/${azureDevOpsApplication}/sc/${organizationId}/${connectionId}`,
        };
  }
  if (github !== undefined) return { name, issuer: "https://token.actions.githubusercontent.com", subject: githubSubject(github) };
  return { name, issuer: issuer!, subject: subject! };
}

/** Every list of federated credentials that the settings have, with its path. */
export function trustLists({ pipelines, tenants }: Settings): { path: string; trust: TrustSettings[] }[] {
  return [
    ...(["build", "deploy"] as const).map((purpose) => ({ path: `mooring:pipelines.${purpose}.trust`, trust: pipelines[purpose].trust })),
    ...tenants.map((tenant) => ({ path: settingPath(tenant, "build.trust"), trust: tenant.buildTrust })),
  ];
}

type Github = NonNullable<TrustInput["github"]>;

/**
 * Repositories made, renamed or moved since 2026-07-15 send the immutable form, with the numbers of owner and repository
 * (docs.github.com/actions/reference/security/oidc).
 */
function githubSubject({ repository, ownerId, repositoryId, environment, branch, tag }: Github): string {
  const [owner, name] = repository.split("/");
  const who = ownerId === undefined ? repository : `${owner}@${ownerId}/${name}@${repositoryId}`;
  if (environment !== undefined) return `repo:${who}:environment:${environment.replaceAll(":", "%3A")}`;
  if (branch !== undefined) return `repo:${who}:ref:refs/heads/${branch}`;
  if (tag !== undefined) return `repo:${who}:ref:refs/tags/${tag}`;
  return `repo:${who}:pull_request`;
}

/** A GUID's sixteen bytes in base64url; its first three groups are little-endian, as in .NET. */
export function shortGuid(guid: string): string {
  const [a = "", b = "", c = "", d = "", e = ""] = guid.split("-");
  const reversed = (hex: string) => Buffer.from(hex, "hex").reverse();
  return Buffer.concat([reversed(a), reversed(b), reversed(c), Buffer.from(d + e, "hex")]).toString("base64url");
}
