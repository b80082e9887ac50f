/** Where in Azure the environment lives, and what it may cost. */
import * as z from "zod";
import { date, guid, publicCidr } from "../values.ts";
import { tags } from "./tags.ts";

export const resourceGroupName = z.string().regex(/^(?=.{1,90}$)[-\w.()]*[-\w()]$/, {
  error: (issue) => `${JSON.stringify(issue.input)} is not the name of a resource group: at most 90 letters, digits, - _ . ( ), and no dot at the end`,
});

export const azure = z.strictObject({
  tenant: guid().meta({ description: "The Entra tenant." }),
  subscription: guid().meta({ description: "The subscription that holds this environment." }),
  location: z
    .string()
    .regex(/^[a-z][a-z0-9]{2,29}$/, {
      error: (issue) => `${JSON.stringify(issue.input)} is not a region's name; write it as \`az account list-locations --query [].name\` does, for example westeurope`,
    })
    .meta({ description: "The Azure region.", examples: ["westeurope"] }),
  resourceGroup: resourceGroupName
    .optional()
    .meta({ description: "An existing resource group to put everything into. Default: one is made.", examples: ["rg-acme-landing-zone"] }),
  tags: tags.optional().meta({ description: "Tags for every resource, besides environment, tier, owner, tenant and managed-by." }),
});

export const vaults = z.strictObject({
  allowedRanges: z
    .array(publicCidr("a vault"))
    .max(1000)
    .meta({
      description:
        "The public IPv4 ranges from which people may reach the teams' vaults; the cluster's nodes may besides, `[]` is nobody else. Default: the public ones of `cluster.authorizedRanges`; where those are `[]` or not said, any, and nobody else for a private API server.",
    }),
});

export const budget = z.strictObject({
  amount: z.number().positive().meta({ description: "What a month of the resource group, and of the nodes' own, may cost, in the currency of the subscription's bill.", examples: [2000] }),
  start: date()
    .refine((value) => value.endsWith("-01"), { error: (issue) => `${JSON.stringify(issue.input)} is not the first day of a month, on which a budget starts; write ${String(issue.input).slice(0, 8)}01` })
    .meta({ description: "The first day of the first month, in quotes. Cannot lie in the past when the budget is made.", examples: ["2026-12-01"] }),
  emails: z
    .array(z.email({ error: (issue) => `${JSON.stringify(issue.input)} is not an e-mail address` }))
    .min(1)
    .max(50)
    .meta({ description: "Who is told at 80 % and at 100 % of it, and when the forecast passes it.", examples: [["platform@acme.example"]] }),
});
