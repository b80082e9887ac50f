/** Whom identities trust: whatever a part of an entry changes in what Azure compares, another credential takes the place of the one before. */
import { createHash } from "node:crypto";
import type { Change } from "./mutable.ts";

/** Azure's name for an issuer, and what its tokens say. */
type Trusted = [issuer: string, subject: string];

const devOps = (organization: string, connection: string): Trusted => [
  "https://login.microsoftonline.com/5f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d3e/v2.0",
  `/eid1/c/pub/t/Uh0MXwtvfkqdfAyPWhstPg/a/rISbSSETf0KqFyZ8ppdXmA/sc/${organization}/${connection}`,
];
const oldDevOps = (connection: string): Trusted => ["https://vstoken.dev.azure.com/1b671a64-40d5-491e-99b0-da01ff1f3341", `sc://${connection}`];
const github = (subject: string): Trusted => ["https://token.actions.githubusercontent.com", `repo:${subject}`];

const credential = (identity: string, trusted: Trusted): string => `FederatedIdentityCredential ${identity}-trusts-${createHash("sha256").update(trusted.join(" ")).digest("hex").slice(0, 8)}`;

function row(identity: string, list: string, part: string, value: unknown, before: Trusted, after: Trusted): Change {
  return { set: { [`${list}.trust.${part}`]: value }, plans: [`create ${credential(identity, after)}`, `delete ${credential(identity, before)}`] };
}

const build = (part: string, value: unknown, before: Trusted, after: Trusted): Change => row("mooring-pipelines-build", "pipelines.build", part, value, before, after);
const deploy = (part: string, value: unknown, before: Trusted, after: Trusted): Change => row("mooring-pipelines-deploy", "pipelines.deploy", part, value, before, after);
const team = (part: string, value: unknown, before: Trusted, after: Trusted): Change => row("operations-azure-build", "tenants.operations.build", part, value, before, after);

const organization = "1b671a64-40d5-491e-99b0-da01ff1f3341";
const another = "2c782b75-51e6-5a2f-aac1-eb12aa2a4452";

export const newTrust: Change[] = [
  build("azure-devops.azureDevOps.connectionId", another, devOps(organization, "5d6e7f80-9a1b-4c2d-8e3f-4a5b6c7d8e9f"), devOps(organization, another)),
  build("azure-devops-old.azureDevOps.organization", "acme-two", oldDevOps("acme/platform/acr-prod"), oldDevOps("acme-two/platform/acr-prod")),
  build("github-environment.github.environment", "live", github("acme/orders:environment:prod"), github("acme/orders:environment:live")),
  build("github-branch.github.branch", "release", github("acme/web:ref:refs/heads/main"), github("acme/web:ref:refs/heads/release")),
  build("github-immutable.github.ownerId", 4712, github("acme@4711/web@815:ref:refs/tags/v1.0.0"), github("acme@4712/web@815:ref:refs/tags/v1.0.0")),
  build("other.issuer", "https://ci-2.acme.example", ["https://ci.acme.example", "builds"], ["https://ci-2.acme.example", "builds"]),
  deploy("azure-devops.azureDevOps.organizationId", another, devOps(organization, "6e7f8091-a2b3-4c4d-9e5f-60718293a4b5"), devOps(another, "6e7f8091-a2b3-4c4d-9e5f-60718293a4b5")),
  deploy("azure-devops-old.azureDevOps.project", "two", oldDevOps("acme/platform/aks-prod"), oldDevOps("acme/two/aks-prod")),
  deploy("github-environment.github.repository", "acme/shop", github("acme/orders:environment:prod"), github("acme/shop:environment:prod")),
  deploy("github-immutable.github.repositoryId", 816, github("acme@4711/web@815:ref:refs/tags/v1.0.0"), github("acme@4711/web@816:ref:refs/tags/v1.0.0")),
  deploy("other.subject", "rollouts", ["https://ci.acme.example", "deployments"], ["https://ci.acme.example", "rollouts"]),
];

export const newTrustOfTeams: Change[] = [
  team("azure-devops-old.azureDevOps.connection", "acr-two", oldDevOps("acme/shared/acr"), oldDevOps("acme/shared/acr-two")),
  team("github-tag.github.tag", "v2.0.0", github("acme/operations:ref:refs/tags/v1.0.0"), github("acme/operations:ref:refs/tags/v2.0.0")),
];
