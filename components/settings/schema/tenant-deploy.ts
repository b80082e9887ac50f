/** A team's repository, and what of it an environment applies. */
import * as z from "zod";
import { interval } from "../values.ts";

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
    visibility: z.enum(["private", "internal", "public"]).meta({ description: "Who can see the repository. Default: private." }),
    keyRotation: z
      .int()
      .min(1)
      .meta({ description: "Raise it by one to replace the deploy key of this environment. Default: 1.", examples: [2] }),
  })
  .partial();

/** What git takes for the name of a branch or tag (git check-ref-format), less what nobody uses. */
const gitRef = z.string().regex(/^(?![-/.])(?!.*(\.\.|\/\/|@\{|\/\.|\.lock(\/|$)))[^\s~^:?*[\\]+(?<![/.])$/, {
  error: (issue) => `${JSON.stringify(issue.input)} is not the name of a branch or tag`,
});

export const deploy = z
  .strictObject({
    path: z
      .string()
      .regex(/^\.\/(?!.*\.\.)[A-Za-z0-9._/-]*$/, {
        error: (issue) => `${JSON.stringify(issue.input)} is not a folder of the repository; write for example ./deploy/staging`,
      })
      .meta({ description: "The folder of the repository that this environment applies. Default: ./deploy/<environment>.", examples: ["./deploy/staging"] }),
    branch: gitRef.meta({
      description: "Follow this branch. Default outside production: main. A new repository has the branch that the organisation sets as default.",
      examples: ["main"],
    }),
    tag: gitRef.meta({ description: "Follow exactly this tag.", examples: ["v1.4.2"] }),
    semver: z
      .string()
      // Numbers, `*` or `x`, with operators; Flux reads it as github.com/Masterminds/semver does.
      .regex(/^(?=.*([0-9*]|\b[xX]\b))[0-9A-Za-z.*^~<>=!|,+ -]+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a range of versions; write for example "1.4.x"` })
      .meta({ description: 'Follow the newest tag in this range. Default in production: ">=1.0.0".', examples: ["1.4.x"] }),
    interval: interval().meta({ description: "How often the repository is looked at and the folder applied again. Default: 10m, or `tenancy.minimumInterval` where that is longer.", examples: ["10m"] }),
    timeout: interval().meta({ description: "How long one application may take, health checks included. Default: 5m, or `tenancy.maximumTimeout` where that is shorter.", examples: ["5m"] }),
  })
  .partial()
  .refine((value) => [value.branch, value.tag, value.semver].filter((ref) => ref !== undefined).length <= 1, {
    error: "branch, tag and semver exclude each other; keep one of them",
  });
