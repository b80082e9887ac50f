/** The fleet repository: what the platform's own team runs in the cluster. */
import * as z from "zod";
import { folder, gitRef, interval, versionRange } from "../values.ts";
import { rules, teams } from "./github.ts";
import { repository } from "./tenant-deploy.ts";

export const fleet = z
  .strictObject({
    repository: z
      .strictObject(repository.shape)
      .pick({ name: true, manage: true, adopt: true, visibility: true, topics: true, codeOwners: true, keyRotation: true })
      .extend({ teams: teams.optional().meta({ description: "Teams with rights on it, by slug; whoever may push administers the cluster once the change is merged." }), rules: rules.omit({ keysMayPush: true, closedToKeys: true }).optional().meta({ description: "Who may change what there." }) })
      .meta({ description: "The repository at GitHub. Its default name is fleet." }),
    path: folder().meta({ description: "The folder that this environment applies, besides the add-ons. Default: ./environments/<environment>." }),
    branch: gitRef("main").meta({ description: "Follow this branch. Default outside production: main." }),
    tag: gitRef("v1.4.2").meta({ description: "Follow exactly this tag." }),
    semver: versionRange().meta({ description: 'Follow the newest tag in this range. Default in production: ">=1.0.0".' }),
    interval: interval().meta({ description: "How often the repository is looked at and applied again. Default: 10m." }),
    timeout: interval().meta({ description: "How long one application may take. Default: 10m." }),
  })
  .partial()
  .refine((value) => [value.branch, value.tag, value.semver].filter((ref) => ref !== undefined).length <= 1, {
    error: "branch, tag and semver exclude each other; keep one of them",
  });
