/** What a team may write: one entry of `mooring:tenants`, or one file of the tenants folder. */
import * as z from "zod";
import { dnsLabel, groups } from "../values.ts";
import { allowed, traffic } from "./tenant-bounds.ts";
import { notify } from "./notify.ts";
import { deploy, git, repository } from "./tenant-deploy.ts";
import { images, imageUpdates } from "./tenant-images.ts";
import { containers, quota } from "./tenant-limits.ts";
import { kustomizations, releases, sources } from "./tenant-releases.ts";
import { together } from "./together.ts";
import { trust } from "./trust.ts";
import { tenantWebhooks } from "./webhooks.ts";

export const tenantName = z.string().regex(/^[a-z]([-a-z0-9]{0,18}[a-z0-9])$/, {
  error: "a tenant's name has 2 to 20 lower-case letters, digits and hyphens, and starts with a letter",
});

const podSecurity = z.enum(["restricted", "baseline", "privileged"]);

const namespace = z
  .strictObject({
    adopt: z.boolean().meta({
      description: "The namespace exists: take it over with what is in it. It is not deleted with the tenant; Mooring's own objects in it are. Default: false.",
    }),
    podSecurity: podSecurity.meta({ description: "Pod security level that this namespace enforces. Default: the tenant's." }),
    share: z.int().min(1).max(100).meta({
      description: "How much of the tenant's quota this namespace has, in percent. Default: those that say nothing share evenly what the others leave.",
      examples: [75],
    }),
  })
  .partial();

/** Must not rely on the values being of the right kind. */
const follows = (images: unknown): boolean => Array.isArray(images) && images.some((image) => (image as { follow?: unknown } | null)?.follow !== undefined);

export const tenantStates = ["active", "suspended", "leaving", "left"] as const;

export const tenant = z
  .strictObject({
    description: z.string().max(200).regex(/^[^\r\n]*$/, { error: "must be one line" }).meta({ description: "One line for people, kept as an annotation of the namespaces." }),
    formerly: tenantName.meta({
      description:
        "The name under which the tenant was first made. After a new name for the entry, everything that exists keeps its name and its contents; keep this line as long as the tenant lives.",
      examples: ["orders"],
    }),
    state: z.enum(tenantStates).meta({
      description:
        "active. suspended: nothing of the tenant is reconciled any more, workloads stay. leaving: also the deploy key, the reconciler's and people's rights are revoked; all data stays, protected. left: as leaving, and the protection is lifted, so that the entry may be removed. Default: active.",
    }),
    protect: z.boolean().meta({ description: "Whether the tenant's namespaces refuse deletion. Default: `tenancy.protect`, and false once the tenant has left." }),
    owners: groups().max(20).meta({
      description: "Object ids of the Entra groups that own the tenant: they edit, read secrets, open shells in pods, and look into the control namespace.",
    }),
    editors: groups().max(20).meta({ description: "Entra groups that change what runs in the tenant's namespaces, without shells and without reading secrets." }),
    viewers: groups().max(20).meta({ description: "Entra groups that see what runs in the tenant's namespaces, but no secrets." }),
    namespaces: z
      .record(dnsLabel("orders"), namespace.nullable())
      .refine((names) => Object.keys(names).length > 0, { error: "must name a namespace, or be left out" })
      .meta({
        description:
          "The namespaces in which the team's workloads run, by name. With one, the team's manifests need not name it; with several they must. Identities use the first, which is the one of the tenant's name, else the first by name. Default: one, of the tenant's name.",
        examples: [{ orders: {}, "orders-jobs": { share: 25 } }],
      }),
    podSecurity: podSecurity.meta({
      description: "Pod security level that the namespaces enforce. privileged needs the tenant's name in `tenancy.privileged`. Default: restricted.",
    }),
    size: z.enum(["small", "medium", "large"]).meta({
      description:
        "Which quota the tenant starts from. small: 4 CPU, 8Gi, 30 pods, 50Gi of volumes. medium: 8 CPU, 16Gi, 60 pods, 100Gi. large: 32 CPU, 64Gi, 200 pods, 500Gi. Default: medium.",
    }),
    quota: quota.meta({ description: "What the tenant may use in all, over what its size gives." }),
    containers: containers.meta({ description: "What a container gets that states nothing itself." }),
    nodePool: z.string().meta({
      description:
        "Run the team's workloads on this pool of `cluster.pools`: what its folder holds and what its HelmReleases render, but not what further Kustomizations of the team apply.",
      examples: ["batch"],
    }),
    allowed: allowed.meta({ description: "What the team's objects may refer to." }),
    traffic: traffic.meta({ description: "Who may talk to the team's pods, and whom they may talk to, besides each other and the cluster's DNS. Everything else is denied." }),
    repository: repository.meta({ description: "The team's repository at GitHub." }),
    git: git.meta({ description: "The team's repository on another server, instead of `repository`. Nothing is made there." }),
    deploy: deploy.meta({ description: "What of the repository this environment follows and applies." }),
    images: images.meta({ description: "Images whose newest tag Flux writes into the repository." }),
    imageUpdates: imageUpdates.meta({ description: "How a newer image gets into the repository." }),
    registryCharts: z.boolean().meta({
      description: "Whether Flux reads charts and OCI artifacts of the team's part of the registry in the team's name: objects of the team with `provider: azure` and `serviceAccountName: reconciler`. Default: true with `images`, a source in the registry, or scaffold: helm.",
    }),
    sources,
    releases,
    kustomizations,
    webhooks: tenantWebhooks.meta({ description: "Who tells Flux at once that there is something new; it looks by itself at its intervals anyway." }),
    identity: z
      .strictObject({
        serviceAccounts: z
          .array(dnsLabel("orders-api"))
          .min(1)
          .max(20, { error: "Azure takes at most 20 federated credentials for one identity" })
          .meta({
            examples: [["orders-api"]],
            description:
              "Service accounts of the tenant's first namespace that get the identity. Mooring makes them; a pod names one, with the label azure.workload.identity/use: \"true\". Pods with that label may then reach TCP port 443 of every public address, where Entra and Azure's services are.",
          }),
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
    notify: notify.meta({ description: "Where failures and deployments are told." }),
  })
  .partial()
  .check(
    together(({ state, protect, repository, git, images, imageUpdates }) => [
      ...(state === "left" && protect === true ? [{ setting: "protect", message: "a tenant that has left is not protected; remove it, or go back to state: leaving" }] : []),
      ...(git !== undefined && repository !== undefined ? [{ setting: "git", message: "git and repository exclude each other; keep one of them" }] : []),
      ...(imageUpdates !== undefined && !follows(images) ? [{ setting: "imageUpdates", message: "no image is followed; write images with follow, or remove it" }] : []),
    ]),
  );

export type TenantInput = z.infer<typeof tenant>;
