/** Images that Flux follows for a team, and how a newer one reaches the repository. */
import * as z from "zod";
import { folder, gitRef, interval, versionRange } from "../values.ts";

const follow = z
  .strictObject({
    branch: gitRef("main").optional().meta({ description: "The newest image of this branch: of the tags `<branch>-<commit, 7 digits>-<seconds>` the one with the highest number." }),
    semver: versionRange().optional().meta({ description: "The highest version in this range. Pre-releases only where the range has one: >=1.0.0-0." }),
    tag: z
      .string()
      .regex(/^\w[\w.-]{0,127}$/, { error: (issue) => `${JSON.stringify(issue.input)} is not an image's tag` })
      .optional()
      .meta({ description: "Exactly this tag; when it moves, its new digest.", examples: ["stable"] }),
  })
  .refine(({ branch, semver, tag }) => [branch, semver, tag].filter((kind) => kind !== undefined).length === 1, { error: "write one of branch, semver, tag" });

const image = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, { error: (issue) => `${JSON.stringify(issue.input)} is not an image's name (lower-case letters, digits, and . - between them, as objects of Kubernetes are called); it lies in the team's part of the registry, which is not written here` })
    .max(50)
    .meta({ description: "The image's name below `<registry>/<tenant>/`.", examples: ["orders-api"] }),
  follow: follow.optional().meta({ description: "Which image is wanted. Default: none is followed; the pipelines know its name, and its version is what the repository says: in production what a promotion wrote." }),
  digest: z.boolean().optional().meta({ description: "Whether the digest is written beside the tag, so that what runs cannot change under its name. Default: true with follow.tag and in production, else false." }),
  interval: interval().optional().meta({ description: "How often the registry is asked, besides when a pipeline says that it pushed. Default: 5m, or `tenancy.minimumInterval` where that is longer." }),
});

export const images = z.array(image).min(1).max(50);

export const imageUpdates = z
  .strictObject({
    propose: z.boolean().meta({
      description: "true: a newer image is pushed to a branch of its own, from which a pull request is opened. false: it is committed to the branch that this environment follows. Default: true in production, and where the environment follows no branch.",
    }),
    base: gitRef("main").meta({ description: "With propose: the branch that the pull request is for. Default: the branch that is followed, else main." }),
    branch: gitRef("mooring/prod-images").meta({ description: "With propose: the branch that is pushed to. Default: mooring/<environment>-images." }),
    path: folder().meta({ description: "The folder in which tags are rewritten. Default: `deploy.path`." }),
    interval: interval().meta({ description: "How often Flux looks whether there is something to write. Default: 5m, or `tenancy.minimumInterval` where that is longer." }),
  })
  .partial();
