/** What a team may write: one entry of `mooring:tenants`, or one file of the tenants folder. */
import * as z from "zod";
import { cpu, dnsLabel, groups, interval, memory } from "../values.ts";
import { trust } from "./trust.ts";

const repository = z
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

const deploy = z
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
    interval: interval().meta({ description: "How often the repository is looked at and the folder applied again. Default: 10m.", examples: ["10m"] }),
    timeout: interval().meta({ description: "How long one application may take, health checks included. Default: 5m.", examples: ["5m"] }),
  })
  .partial()
  .refine((value) => [value.branch, value.tag, value.semver].filter((ref) => ref !== undefined).length <= 1, {
    error: "branch, tag and semver exclude each other; keep one of them",
  });

const quota = z
  .strictObject({
    cpu: cpu().meta({ description: "Sum of the containers' CPU requests, and of their limits." }),
    memory: memory().meta({ description: "Sum of the containers' memory requests, and of their limits." }),
    pods: z.int().min(1).max(10_000).meta({ description: "Pods at one time.", examples: [60] }),
    storage: memory().meta({ description: "Sum of the persistent volume claims." }),
  })
  .partial();

const containers = z
  .strictObject({
    cpu: cpu().meta({ description: "CPU limit of a container that states none." }),
    memory: memory().meta({ description: "Memory limit of a container that states none." }),
    cpuRequest: cpu().meta({ description: "CPU request of a container that states none." }),
    memoryRequest: memory().meta({ description: "Memory request of a container that states none." }),
  })
  .partial();

const notification = z.strictObject({
  slack: z
    .string()
    .regex(/^#[a-z0-9_-]{1,80}$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a Slack channel; write for example "#orders"` })
    .meta({ description: "The channel.", examples: ["#orders"] }),
  secret: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, { error: "a secret's name has lower-case letters, digits and hyphens" })
    .meta({
      description: "Name of the secret that holds the channel's incoming webhook address: `pulumi config set --secret secret:<name> <address>`.",
      examples: ["orders-slack"],
    }),
  severity: z.enum(["info", "error"]).optional().meta({ description: "error: failures only. info: also what was applied. Default: error in production, else info." }),
});

export const tenant = z
  .strictObject({
    description: z.string().max(200).regex(/^[^\r\n]*$/, { error: "must be one line" }).meta({ description: "One line for people, kept as an annotation of the namespaces." }),
    owners: groups()
      .max(20)
      .meta({ description: "Object ids of the Entra groups that may work in the tenant's namespace and look into its control namespace." }),
    namespace: dnsLabel("orders").meta({ description: "The workload namespace. Default: the tenant's name." }),
    podSecurity: z.enum(["restricted", "baseline", "privileged"]).meta({
      description: "Pod security level that the namespace enforces. Default: restricted.",
    }),
    quota: quota.meta({ description: "What the whole namespace may use." }),
    containers: containers.meta({ description: "What a container gets that states nothing itself." }),
    nodePool: z.string().meta({
      description:
        "Run the team's workloads on this pool of `cluster.pools`: what its folder holds and what its HelmReleases render, but not what further Kustomizations of the team apply.",
      examples: ["batch"],
    }),
    repository: repository.meta({ description: "The team's repository at GitHub." }),
    deploy: deploy.meta({ description: "What of the repository this environment follows and applies." }),
    identity: z
      .strictObject({
        serviceAccounts: z
          .array(dnsLabel("orders-api"))
          .min(1)
          .max(20, { error: "Azure takes at most 20 federated credentials for one identity" })
          .meta({ examples: [["orders-api"]], description: "Service accounts of the tenant's namespace that get the identity. Mooring makes them; a pod names one, with the label azure.workload.identity/use: \"true\". All pods of the tenant may then reach TCP port 443 of every public address, where Entra and Azure's services are." }),
      })
      .meta({ description: "An Azure identity for the team's pods (workload identity), without a password." }),
    vault: z.boolean().meta({
      description: "A Key Vault of the team's own: its owners write secrets, its identity (see `identity`) reads them. Default: false.",
    }),
    sops: z.boolean().meta({
      description: "A key in the team's vault with which its owners encrypt files of the repository (SOPS) and Flux decrypts them. Needs `vault`. Default: false.",
    }),
    build: z
      .strictObject({ trust: trust.min(1, { error: "an identity that trusts nobody is of no use; name whom it trusts" }) })
      .meta({ description: "An identity of the team's own that pushes to `<tenant>/` of the registry, and nowhere else. Needs a registry in ABAC mode." }),
    notify: z.array(notification).meta({ description: "Where failures and deployments are told." }),
  })
  .partial();

export type TenantInput = z.infer<typeof tenant>;
