/** Whose tokens an identity accepts instead of a password. */
import * as z from "zod";
import { guid } from "../values.ts";

const oneLine = (what: string, example: string) =>
  z.string().regex(/^[^\s/][^/\r\n]*$/, { error: (issue) => `${JSON.stringify(issue.input)} is not ${what}` }).meta({ examples: [example] });

const azureDevOps = z
  .strictObject({
    organizationId: guid().meta({ description: "Id of the organisation: https://dev.azure.com/<name>/_apis/connectionData, `instanceId`." }),
    connectionId: guid().optional().meta({ description: "Id of the service connection, from its page's address. Connections made since 2025 need this alone." }),
    organization: oneLine("an organisation's name", "acme").optional(),
    project: oneLine("a project's name", "platform").optional(),
    connection: oneLine("a service connection's name", "acr-staging").optional().meta({
      description: "Name of a service connection of the old form, with `organization` and `project` instead of `connectionId`. Azure takes it until 2027-07-01.",
    }),
  })
  .refine(({ connectionId, organization, project, connection }) => {
    const old = [organization, project, connection];
    return connectionId === undefined ? old.every((part) => part !== undefined) : old.every((part) => part === undefined);
  }, { error: "write either connectionId, or (until 2027-07-01) organization, project and connection" });

const contexts = ["environment", "branch", "tag", "pullRequests"] as const;

const github = z
  .strictObject({
    repository: z.string().regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a repository; write owner/name` }).meta({ examples: ["acme/orders"] }),
    ownerId: z.int().min(1).optional().meta({ description: "Number of the owner: `gh api repos/<owner>/<name> --jq .owner.id`. With both numbers the subject is the immutable one that repositories made since 2026-07-15 send." }),
    repositoryId: z.int().min(1).optional().meta({ description: "Number of the repository: `gh api repos/<owner>/<name> --jq .id`." }),
    environment: z.string().min(1).max(255).optional().meta({ description: "Jobs with this `environment`.", examples: ["staging"] }),
    branch: z.string().min(1).optional().meta({ description: "Jobs that run for this branch.", examples: ["main"] }),
    tag: z.string().min(1).optional().meta({ description: "Jobs that run for this tag.", examples: ["v1.0.0"] }),
    pullRequests: z.literal(true).optional().meta({ description: "Jobs that run for pull requests." }),
  })
  .refine((value) => contexts.filter((name) => value[name] !== undefined).length === 1, { error: `write one of ${contexts.join(", ")}` })
  .refine(({ ownerId, repositoryId }) => (ownerId === undefined) === (repositoryId === undefined), { error: "ownerId and repositoryId go together" });

const entry = z
  .strictObject({
    name: z
      .string()
      // Azure takes 120; Mooring adds nine.
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-_]{2,110}$/, { error: "a federated credential's name has 3 to 111 letters, digits, `-` and `_`" })
      .meta({ description: "What its name in Azure begins with.", examples: ["azure-devops"] }),
    azureDevOps: azureDevOps.optional().meta({ description: "A service connection of Azure DevOps." }),
    github: github.optional().meta({ description: "Jobs of GitHub Actions." }),
    issuer: z
      .url({ protocol: /^https$/, error: "an issuer is an https address" })
      .max(600)
      .optional()
      .meta({ pattern: "^https://", description: "Any other issuer, with `subject` exactly as its tokens have it.", examples: ["https://token.actions.githubusercontent.com"] }),
    subject: z.string().min(1).max(600).optional().meta({ examples: ["repo:acme/orders:environment:staging"] }),
  })
  .refine((value) => (value.issuer === undefined) === (value.subject === undefined), { error: "issuer and subject go together" })
  .refine((value) => [value.azureDevOps, value.github, value.issuer].filter((form) => form !== undefined).length === 1, {
    error: "write one of azureDevOps, github, or issuer with subject",
  });

export const trust = z
  .array(entry)
  .max(20, { error: "Azure takes at most 20 federated credentials for one identity" })
  .meta({ description: "Whose tokens the identity accepts." });

export type TrustInput = z.infer<typeof entry>;
