/** Where the repositories live, and what holds for every team's. */
import * as z from "zod";
import { hostKey, secretName } from "../values.ts";
import { once } from "./tenant-bounds.ts";

export const roles = ["pull", "triage", "push", "maintain", "admin"] as const;

const slug = z.string().regex(/^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/, { error: "a team is named by its slug: lower-case letters, digits, `-` and `_`" });

/** Teams of the organisation by slug, and what they may do. */
export const teams = z.record(slug, z.enum(roles)).refine((all) => Object.keys(all).length <= 50, { error: "at most 50 teams" });

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
    tags: once(z.array(z.string().regex(/^[A-Za-z0-9._/*-]+$/, { error: "a tag's name, perhaps with *" }))).max(20).meta({
      description: "Tags that nobody but people who maintain the repository may make, and nobody may move. Default: those that releases have, [v*, */v*], where an environment's automation may write; else none.",
      examples: [["v*"]],
    }),
  })
  .partial();

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
  teams: teams.optional().meta({ description: "Teams with rights on every team's repository, by slug. Default: none.", examples: [{ platform: "maintain" }] }),
  rules: rules.optional().meta({ description: "Who may change what in the teams' repositories, unless a team's own rules say otherwise." }),
});
