/** Where the repositories live, and what holds for every team's. */
import * as z from "zod";
import { hostKey, secretName } from "../values.ts";
import { once } from "./tenant-bounds.ts";

export const roles = ["pull", "triage", "push", "maintain", "admin"] as const;

const slug = z.string().regex(/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/, { error: "a team is named by its slug: lower-case letters, digits, `-` and `_`" });

/** Teams of the organisation by slug, and what they may do. */
export const teams = z.record(slug, z.enum(roles)).refine((all) => Object.keys(all).length <= 50, { error: "at most 50 teams" });

const closed = z
  .string()
  .max(200)
  .regex(/^[^/\\\s][^\\\s]*$/, { error: "a file's path from the repository's top, perhaps with *" })
  .refine((path) => !/(\/|(^|\/)\*\*)$/.test(path), { error: "names no file; everything below a folder is deploy/prod/**/*" });

export const rules = z
  .strictObject({
    enforce: z.boolean().meta({
      description: "Whether the rules are made at all. Without them, whoever may write to the repository may push to the branch that an environment applies. Default: true.",
    }),
    reviews: z.int().min(0).max(10).meta({ description: "How many people must approve a pull request. Default: 1." }),
    codeOwners: z.boolean().meta({ description: "Whether the owners of the changed files (CODEOWNERS) must be among them. Default: true." }),
    checks: once(z.array(z.string().min(1).max(200))).max(50).meta({ description: "Checks that must pass, by the name that GitHub shows. Default: none.", examples: [["build"]] }),
    branches: once(z.array(z.string().regex(/^[A-Za-z0-9._/*-]+$/, { error: "a branch's name, perhaps with *" }))).max(20).meta({
      description: "Further branches that only a pull request changes, and that no deploy key may push to. Default: none.",
      examples: [["prod"]],
    }),
    keysMayPush: z.boolean().meta({
      description: "Whether deploy keys that may write get past the reviews of the default branch: for image automation that commits to it. Default: whether this environment's does; say true where another environment's does.",
    }),
    closedToKeys: once(z.array(closed)).max(100).meta({
      description:
        "Files that deploy keys change on no branch, where keysMayPush is true, besides what pipelines run: .github/**/*, azure-pipelines.yml, build.sh, ci/**/*, services.json. It is a push ruleset: people who may write get past it, and nobody else can: not apps, nor a workflow's GITHUB_TOKEN, so with deploy/prod/**/* the scaffold's promotion is refused as well. Default: none further.",
      examples: [["deploy/prod/**/*"]],
    }),
    tags: once(z.array(z.string().regex(/^[A-Za-z0-9._/*-]+$/, { error: "a tag's name, perhaps with *" }))).max(20).meta({
      description: "Tags that nobody but people who maintain the repository may make, move and delete. Flux takes a release with and without a v in front. Default: every tag.",
      examples: [["v*"]],
    }),
  })
  .partial();

/** What a team adds to the platform's rules. */
export const ownRules = rules.omit({ enforce: true, tags: true });

/** Who administers a repository gets past its rules. */
export const ownTeams = z.record(slug, z.enum(["pull", "triage", "push", "maintain"])).refine((all) => Object.keys(all).length <= 50, { error: "at most 50 teams" });

export const github = z.strictObject({
  owner: z
    .string()
    .regex(/^(?=.{1,39}$)[A-Za-z0-9](-?[A-Za-z0-9])*$/, { error: (issue) => `${JSON.stringify(issue.input)} is not the name of a GitHub organisation or person` })
    .meta({ description: "The organisation or person that owns the repositories.", examples: ["acme"] }),
  ownerType: z.enum(["organization", "person"]).optional().meta({ description: "What the owner is. A person has no teams. Default: organization." }),
  plan: z.enum(["free", "pro", "team", "enterprise"]).optional().meta({
    description: "The owner's plan, which decides what a private repository can have: rules and environments not with free, required reviewers of an environment and internal repositories with enterprise only. Default: team.",
  }),
  enterpriseServer: z
    .strictObject({
      host: z
        .string()
        .regex(/^(?!github\.com$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, { error: (issue) => `${JSON.stringify(issue.input)} is not the host of an Enterprise Server; write for example git.acme.example` })
        .meta({ description: "The server's host.", examples: ["git.acme.example"] }),
      hostKeys: z.array(hostKey()).min(1).max(10).meta({ description: "The server's SSH host keys: `ssh-keyscan <host>`, compared with what its administrator says." }),
    })
    .optional()
    .meta({ description: "A GitHub Enterprise Server instead of github.com." }),
  app: z
    .strictObject({
      id: z.int().min(1).meta({ description: "The app's id." }),
      installationId: z.int().min(1).meta({ description: "The id of its installation at the owner." }),
      key: secretName().meta({ description: "Name of the secret that holds the app's private key (PEM). It never leaves the program: no cluster gets it." }),
    })
    .optional()
    .meta({ description: "The GitHub App as which the program administers the repositories, instead of the token in GITHUB_TOKEN." }),
  managedBy: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, { error: (issue) => `${JSON.stringify(issue.input)} is not the name of an environment; write for example staging` })
    .optional()
    .meta({
      description: "The environment that owns the teams' repositories, by its stack's name; this one only adds its deploy keys and folders, and comes up after it. Default: none, see `manageRepositories`.",
      examples: ["staging"],
    }),
  manageRepositories: z.boolean().optional().meta({
    description: "Whether this environment owns the teams' repositories. One environment does, the others only add their deploy keys and folders; better name it there with `managedBy`. Default: true, with `managedBy` false.",
  }),
  adoptRepositories: z.boolean().optional().meta({
    description: "Whether the repositories that this environment owns exist already, unless a team says otherwise: they are taken over as they are. Default: false.",
  }),
  adoptable: once(z.array(z.string().min(1)))
    .max(1000)
    .optional()
    .meta({ description: "Repositories that exist, or are not called as the tenant, and that a team may name: who has a repository's deploy key reads it. Default: none.", examples: [["legacy-orders"]] }),
  public: once(z.array(z.string().min(1))).max(1000).optional().meta({ description: "Repositories that may be public. Default: none.", examples: [["handbook"]] }),
  releaseEnvironment: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, { error: "the name of a stack" })
    .optional()
    .meta({ description: "The environment that releases of the teams go to, by its stack's name, as the scaffold's pipelines have it. Default: prod." }),
  teams: teams.optional().meta({ description: "Teams with rights on every team's repository, by slug. Default: none.", examples: [{ platform: "maintain" }] }),
  rules: rules.optional().meta({ description: "Who may change what in the teams' repositories, unless a team's own rules say otherwise." }),
});
