/** How Flux applies a folder: what the root of a team and its further Kustomizations have in common. */
import * as z from "zod";
import { dnsLabel } from "../values.ts";

const healthCheck = z.strictObject({
  apiVersion: z.string().min(1).meta({ examples: ["apps/v1"] }),
  kind: z.string().min(1).meta({ examples: ["Deployment"] }),
  name: z.string().min(1).meta({ examples: ["orders-api"] }),
  namespace: z.string().min(1).optional().meta({ description: "Default: the tenant's first namespace." }),
});

const patch = z.strictObject({
  patch: z.string().min(1).meta({ description: "A strategic merge patch or a JSON patch, as text." }),
  target: z
    .strictObject({ group: z.string(), version: z.string(), kind: z.string(), name: z.string(), namespace: z.string(), labelSelector: z.string(), annotationSelector: z.string() })
    .partial()
    .optional()
    .meta({ description: "What it applies to; regular expressions. Default: the object that the patch names.", examples: [{ kind: "Deployment" }] }),
});

const image = z
  .strictObject({
    name: z.string().min(1).meta({ description: "The image as the manifests have it.", examples: ["app"] }),
    newName: z.string().min(1).optional(),
    newTag: z.string().min(1).optional(),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: "a digest is sha256: and 64 hexadecimal digits" }).optional(),
  })
  .refine(({ newName, newTag, digest }) => [newName, newTag, digest].some((part) => part !== undefined), { error: "changes nothing; write newName, newTag or digest" });

const relative = z
  .string()
  .regex(/^(\.\.\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a path from the applied folder; write for example ../canary` });

/** A variable's name, as Flux takes it (fluxcd.io/flux/components/kustomize/kustomizations, "Post build variable substitution"). */
const variable = z.string().regex(/^[_A-Za-z][_A-Za-z0-9]*$/, { error: "a variable's name has letters, digits and _, and does not begin with a digit" });

export const applying = z
  .strictObject({
    prune: z.boolean().meta({ description: "Whether what is taken out of the folder is deleted in the cluster. Default: true." }),
    wait: z.boolean().meta({ description: "Whether Flux waits until everything that it applied is healthy. With `healthChecks` only those count. Default: true." }),
    healthChecks: z.array(healthCheck).min(1).max(50).meta({ description: "What must be healthy, instead of everything." }),
    patches: z.array(patch).min(1).max(50).meta({ description: "Patches over what the folder has." }),
    images: z.array(image).min(1).max(50).meta({ description: "Images by their name in the manifests, and what to put in their place." }),
    components: z.array(relative).min(1).max(20).meta({ description: "Kustomize components of the repository, as paths that start from the applied folder.", examples: [["../canary"]] }),
    substitute: z.record(variable, z.string()).meta({
      description: "Variables that replace `${name}` in the manifests. With any, every `${…}` of the folder is read as a variable; write `$${…}` for one that is not.",
      examples: [{ region: "westeurope" }],
    }),
    dependsOn: z.array(dnsLabel("databases")).min(1).max(20).meta({ description: "Kustomizations of this tenant that must be ready first, by name." }),
  })
  .partial();
