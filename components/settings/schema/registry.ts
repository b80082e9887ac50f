/** The container registry: its own, or one that exists. */
import * as z from "zod";
import { armId, guid, publicCidr } from "../values.ts";
import { resourceGroupName } from "./azure.ts";
import { excluded, together } from "./together.ts";

const registryName = z.string().regex(/^[a-zA-Z0-9]{5,50}$/, { error: "a registry's name has 5 to 50 letters and digits" });

const permissions = z.enum(["roles", "abac"]).meta({
  description:
    "How the registry grants rights: by roles on the whole registry, or (`abac`) also on a team's repositories alone, mode \"RBAC Registry + ABAC Repository Permissions\". Default: roles.",
});

/** A registry that somebody else made: another environment's stack, or `az acr create`. */
const elsewhere = {
  name: registryName.meta({ examples: ["cracmeshared"] }),
  resourceGroup: resourceGroupName.meta({ examples: ["rg-acme-staging"] }),
  subscription: guid().optional().meta({ description: "Default: this environment's." }),
  permissions: permissions.optional(),
};

const repositories = (what: string) =>
  z.string().regex(/^[a-z0-9]([a-z0-9._/-]*[a-z0-9])?(\/\*)?$/, { error: (issue) => `${JSON.stringify(issue.input)} is not ${what}` });

const cacheRule = z.strictObject({
  source: repositories("a repository with its host; write for example mcr.microsoft.com/* or docker.io/library/nginx").meta({
    description: "What is pulled through, host included.",
    examples: ["ghcr.io/fluxcd/*"],
  }),
  target: repositories("a repository of the registry; write for example cache/fluxcd/*").meta({ description: "Where in the registry it is kept.", examples: ["cache/fluxcd/*"] }),
  credentials: z
    .strictObject({
      vault: armId("Microsoft.KeyVault/vaults", "key vault").meta({ description: "Id of the vault that holds them." }),
      username: z.string().regex(/^[0-9A-Za-z-]{1,127}$/, { error: "a secret's name in a vault has letters, digits and hyphens" }).meta({ description: "Name of the secret with the user's name." }),
      password: z.string().regex(/^[0-9A-Za-z-]{1,127}$/, { error: "a secret's name in a vault has letters, digits and hyphens" }).meta({ description: "Name of the secret with the password or token." }),
    })
    .optional()
    .meta({ description: "Secrets in a Key Vault with which the source is asked. Docker Hub needs them." }),
});

export const registry = z
  .strictObject({
    existing: z.strictObject(elsewhere).meta({ description: "A registry that exists, for example the one that another environment's stack made; none is made, and only `promoteFrom` may stand beside it." }),
    name: registryName.meta({ description: "The registry's name, unique in Azure. Default: made from the platform's name, the environment and six random characters." }),
    sku: z.enum(["Basic", "Standard", "Premium"]).meta({ description: "Default: Premium in production, else Standard." }),
    replicas: z
      .array(z.string().regex(/^[a-z][a-z0-9]{2,29}$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a region's name; write for example northeurope` }))
      .meta({ description: "Further regions that hold a copy. Needs Premium; before another tier, remove them in an `up` of their own.", examples: [["northeurope"]] }),
    zoneRedundant: z.boolean().meta({ description: "Whether the registry spreads over its region's zones; off for a region that has none. Cannot change later. Needs Premium. Default: true in production." }),
    allowedRanges: z.array(publicCidr("a registry")).min(1).max(200).meta({ description: "The only IPv4 ranges that may reach the public address; the nodes' must be among them, unless they have `privateEndpoint` or the NAT gateway (`network.egress`). Needs Premium. Default: any." }),
    privateEndpoint: z.boolean().meta({
      description: "An address for the registry in the virtual network; the public one is then closed but for `allowedRanges`. Needs Premium. Default: false.",
    }),
    privateDnsZone: armId("Microsoft.Network/privateDnsZones", "private DNS zone").meta({
      description: "Id of an existing zone privatelink.azurecr.io for the private endpoint. Default: one is made and linked to the virtual network.",
    }),
    retentionDays: z.int().min(0).max(365).meta({ description: "How long a manifest without a tag is kept. Needs Premium. Default: 15.", examples: [30] }),
    cache: z
      .record(z.string().regex(/^[a-zA-Z0-9-]{5,50}$/, { error: "a cache rule's name has 5 to 50 letters, digits and hyphens" }), cacheRule)
      .meta({ description: "Repositories of other registries that are pulled through this one, by a name of your own." }),
    promoteFrom: z.strictObject(elsewhere).meta({ description: "Another environment's registry from which this one's build identity may pull, so that a release is copied and not built again." }),
  })
  .partial()
  .check(together((value) => {
    const own = Object.keys(value).filter((key) => !["existing", "promoteFrom"].includes(key));
    return excluded(value, "existing", own, "belongs to a registry that Mooring makes; remove it, or registry.existing");
  }));
