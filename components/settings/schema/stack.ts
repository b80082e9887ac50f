/**
 * Everything a user may write in a stack file, key by key. The editors' schema is made from this file; the values of
 * what is left out are in `../defaults.ts`.
 */
import * as z from "zod";
import { addons } from "./addons.ts";
import { azure, budget, vaults } from "./azure.ts";
import { cluster } from "./cluster.ts";
import { dns } from "./dns.ts";
import { fleet } from "./fleet.ts";
import { github } from "./github.ts";
import { monitoring } from "./monitoring.ts";
import { network } from "./network.ts";
import { notify } from "./notify.ts";
import { pipelines } from "./pipelines.ts";
import { registry } from "./registry.ts";
import { tenancy } from "./tenancy.ts";
import { tenant, tenantName } from "./tenant.ts";
import { webhooks } from "./webhooks.ts";

const flux = z
  .strictObject({
    chart: z
      .string()
      .regex(/^\d+\.\d+\.\d+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a chart version; write for example "2.18.3"` })
      .meta({ description: "Version of the flux2 chart, one of those that Mooring knows. Default: 2.18.3." }),
    mirror: z
      .strictObject({
        chart: z
          .string()
          .regex(/^oci:\/\/[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not the address of an OCI chart; write for example oci://mirror.acme.example/charts/flux2` })
          .meta({ description: "Where the flux2 chart is fetched from; whoever runs `up` must be logged in there.", examples: ["oci://mirror.acme.example/charts/flux2"] }),
        images: z
          .string()
          .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a registry with a prefix; write for example mirror.acme.example/fluxcd` })
          .meta({ description: "What stands before the names of Flux's images instead of ghcr.io/fluxcd.", examples: ["mirror.acme.example/fluxcd"] }),
      })
      .partial()
      .meta({ description: "Flux from a company's mirror, for clusters without a way to the internet." }),
  })
  .partial();

export const stack = z.strictObject({
  platform: z
    .string()
    .regex(/^[a-z][a-z0-9]{1,11}$/, {
      error: (issue) => `${JSON.stringify(issue.input)} is not a platform name; write 2 to 12 lower-case letters and digits, for example acme`,
    })
    .meta({ description: "A short name for the whole platform, part of every Azure name. Cannot change later.", examples: ["acme"] }),
  tier: z.enum(["production", "nonproduction"]).meta({ description: "Decides the defaults: size, zones, protection." }),
  owner: z.string().max(256).regex(/\S/, { error: "must not be empty" }).meta({ description: "Who answers for this environment; a tag of every Azure resource.", examples: ["platform@acme.example"] }),
  azure: azure.meta({ description: "Where in Azure the environment lives." }),
  network: network.optional().meta({ description: "The virtual network. Address ranges cannot change later." }),
  cluster: cluster.meta({ description: "The AKS cluster." }),
  monitoring: monitoring.optional().meta({ description: "Logs, metrics and alerts." }),
  registry: registry.optional().meta({ description: "The container registry." }),
  dns: dns.optional().meta({ description: "A public DNS zone and records in it. Default: none." }),
  vaults: vaults.optional().meta({ description: "The Key Vaults of teams that have one." }),
  pipelines: pipelines.optional().meta({ description: "The identities that build and deployment pipelines use." }),
  flux: flux.optional().meta({ description: "Flux and its chart." }),
  budget: budget.optional().meta({ description: "A monthly budget for the environment's resource groups, with alerts. Default: none." }),
  github: github.meta({ description: "Where the repositories live." }),
  webhooks: webhooks.optional().meta({ description: "The address under which Flux is told of something new. Default: none, and Flux looks by itself." }),
  notify: notify.optional().meta({ description: "Where the platform's own failures and deployments are told." }),
  fleet: fleet.optional().meta({ description: "The repository with what the platform's own team runs in the cluster. Default: none." }),
  addons: addons.optional().meta({ description: "Add-ons that modules of the fleet repository install; each that is named is on. Needs `fleet`. Default: none." }),
  tenancy: tenancy.optional().meta({ description: "What holds for every team." }),
  tenants: z.record(tenantName, tenant).optional().meta({ description: "The teams, by name." }),
  tenantsFolder: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "A folder with one file a team, `<name>.yaml`, instead of or besides `tenants`.", examples: ["tenants/staging"] }),
});

export type StackInput = z.infer<typeof stack>;
