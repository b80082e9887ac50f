/** A team's repository, and what of it an environment applies. */
import * as z from "zod";
import { folder, gitRef, hostKey, interval, secretName, versionRange } from "../values.ts";
import { applying } from "./applying.ts";
import { ownRules, ownTeams } from "./github.ts";
import { once } from "./tenant-bounds.ts";

/** How Flux reads a repository where it has no deploy key of Mooring's. */
const token = z
  .strictObject({
    secret: secretName().meta({ description: "Name of the secret that holds the token." }),
    username: z.string().min(1).max(100).optional().meta({ description: "Default: git." }),
  })
  .meta({ description: "A token for HTTPS, of this repository alone." });

const app = z
  .strictObject({
    id: z.int().min(1).meta({ description: "The app's id." }),
    installationId: z.int().min(1).meta({ description: "The id of its installation." }),
    secret: secretName().meta({ description: "Name of the secret that holds its private key (PEM)." }),
  })
  .meta({ description: "A GitHub App that is installed on this repository alone: its key comes into the team's control namespace. The platform's own app does not belong here." });

const fetching = {
  ignore: z.string().max(4000).meta({ description: "What Flux leaves out of the repository, in the form of .gitignore.", examples: ["/*\n!/deploy\n"] }),
  submodules: z.boolean().meta({ description: "Whether Flux fetches submodules as well: from the addresses that they name, with the same credentials. Default: false." }),
};

export const repository = z
  .strictObject({
    name: z
      .string()
      .regex(/^(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/, {
        error: "a repository name has letters, digits, `.`, `_` and `-`, at most 100, and does not end in .git",
      })
      .meta({ description: "The repository's name at GitHub. Default: the tenant's name.", examples: ["orders"] }),
    manage: z.boolean().meta({
      description:
        "Whether this environment owns the repository. Exactly one environment should; the others add their own deploy key. Default: `github.manageRepositories`.",
    }),
    adopt: z.boolean().meta({
      description: "The repository exists: take it over as it is, and add keys, rules, teams and webhooks. It must be in `github.adoptable`. Default: `github.adoptRepositories`.",
    }),
    scaffold: z.enum(["kustomize", "helm"]).meta({
      description: "Start the repository with a service, its manifests and its pipelines, which are the team's from then on. kustomize: plain manifests with overlays; helm: a chart with HelmReleases. Default: an empty repository.",
    }),
    environment: z.boolean().meta({
      description: "Whether the repository gets an environment, in GitHub's sense, of this environment's name, with what the team's pipelines need to push and to tell Flux: the variable MOORING and the secret MOORING_RECEIVER_TOKEN. Default: with `scaffold`.",
    }),
    visibility: z.enum(["private", "internal", "public"]).meta({ description: "Who can see the repository; public must be granted by `github.public`. Default: private." }),
    topics: once(z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, { error: "a topic has at most 50 lower-case letters, digits and hyphens" }))).max(20).meta({ description: "Topics of the repository. Default: none.", examples: [["orders", "go"]] }),
    teams: ownTeams.meta({ description: "Teams of the organisation with rights on the repository, by slug, besides `github.teams`.", examples: [{ "orders-developers": "push", "orders-leads": "maintain" }] }),
    codeOwners: z
      .record(z.string().regex(/^[^\s#]+$/, { error: "a pattern of files, as in CODEOWNERS" }), z.array(z.string().regex(/^@[\w-]+(\/[\w-]+)?$|^\S+@\S+$/, { error: "@person, @organisation/team or a mail address" })).min(1))
      .meta({ description: "The first content of CODEOWNERS: who is asked to review which files, and must approve where `rules.codeOwners` is true. Default: the team that may maintain the repository, everything.", examples: [{ "*": ["@acme/orders-leads"] }] }),
    rules: ownRules.meta({ description: "Who may change what: what is added to `github.rules`." }),
    archive: z.boolean().meta({ description: "Whether the repository is archived when the tenant has left. Default: true." }),
    keyRotation: z
      .int()
      .min(1)
      .meta({ description: "Raise it by one to replace the deploy key of this environment. Default: 1.", examples: [2] }),
    token: token.meta({ description: "Read the repository over HTTPS with a token instead of a deploy key." }),
    app: app.meta({ description: "Read the repository over HTTPS as a GitHub App of the team's own instead of with a deploy key." }),
    ...fetching,
  })
  .partial()
  .refine(({ token, app }) => token === undefined || app === undefined, { error: "token and app exclude each other; keep one of them" });

export const git = z
  .strictObject({
    url: z
      .string()
      .regex(/^(ssh:\/\/[A-Za-z0-9_.-]+@|https:\/\/)[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?(\/(?!\.+(\/|$))[A-Za-z0-9._%-]+)+$/, {
        error: (issue) => `${JSON.stringify(issue.input)} is not the address of a repository; write for example ssh://git@gitlab.com/acme/orders.git or https://dev.azure.com/acme/shop/_git/orders`,
      })
      .meta({ description: "The repository's address, with ssh:// or https://.", examples: ["ssh://git@gitlab.com/acme/orders.git"] }),
    secret: secretName().meta({ description: "Name of the secret: for ssh:// the private key, for https:// the token or password." }),
    username: z.string().min(1).max(100).meta({ description: "For https://. Default: git." }),
    hostKeys: z.array(hostKey()).min(1).max(10).meta({ description: "For ssh://: the server's host keys, `ssh-keyscan <host>`, compared with what its administrator says." }),
    ...fetching,
  })
  .partial()
  .required({ url: true });

export const deploy = z
  .strictObject({
    path: folder().meta({ description: "The folder of the repository that this environment applies. Default: ./deploy/<environment>.", examples: ["./deploy/staging"] }),
    branch: gitRef("main").meta({ description: "Follow this branch. Default outside production: main. A new repository has the branch that the organisation sets as default." }),
    tag: gitRef("v1.4.2").meta({ description: "Follow exactly this tag." }),
    semver: versionRange().meta({ description: 'Follow the newest tag in this range. Default in production: ">=1.0.0".' }),
    interval: interval().meta({ description: "How often the repository is looked at and the folder applied again. Default: 10m, or `tenancy.minimumInterval` where that is longer.", examples: ["10m"] }),
    timeout: interval().meta({ description: "How long one application may take, health checks included. Default: 5m, or `tenancy.maximumTimeout` where that is shorter.", examples: ["5m"] }),
    ...applying.shape,
  })
  .partial()
  .refine((value) => [value.branch, value.tag, value.semver].filter((ref) => ref !== undefined).length <= 1, {
    error: "branch, tag and semver exclude each other; keep one of them",
  });
