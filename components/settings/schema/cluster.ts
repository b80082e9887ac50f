/** The AKS cluster: its own, or one that exists. */
import * as z from "zod";
import { armId, cidr, date, groups, minorVersion } from "../values.ts";
import { resourceGroupName } from "./azure.ts";
import { anyTaint, pool, poolName, systemPool } from "./pool.ts";
import { tags } from "./tags.ts";
import { excluded, together } from "./together.ts";

const existing = z.strictObject({
  resourceGroup: resourceGroupName.meta({ examples: ["rg-acme-clusters"] }),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9]([-\w]{0,61}[a-zA-Z0-9])?$/, { error: (issue) => `${JSON.stringify(issue.input)} is not the name of an AKS cluster` })
    .meta({ examples: ["aks-shared"] }),
  pools: z
    .record(poolName, z.strictObject({ taints: z.array(anyTaint).optional().meta({ description: "Taints of its nodes." }) }))
    .optional()
    .meta({ description: "Its node pools that tenants may name.", examples: [{ batch: { taints: ["team=batch:NoSchedule"] } }] }),
});

const window = (defaults: string) =>
  z
    .strictObject({
      day: z.enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]),
      start: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a time; write it in quotes, for example "20:00"` })
        .meta({ examples: ["20:00"] }),
      hours: z.int().min(4).max(24).meta({ description: "Length in hours, at least 4.", examples: [4] }),
    })
    .partial()
    .meta({ description: `Once a week. Default: ${defaults}.` });

const upgrades = z
  .strictObject({
    nodeImages: z.enum(["NodeImage", "SecurityPatch"]).meta({
      description: "How the nodes' operating system is renewed: a whole new image every week, or security patches alone. Default: NodeImage.",
    }),
    window: window("in production Saturday 20:00, 8 hours; else Tuesday 20:00, 4 hours").meta({ title: "When patches of Kubernetes are put in" }),
    nodeWindow: window("in production Sunday 20:00, 8 hours; else Wednesday 20:00, 4 hours").meta({ title: "When the nodes' operating system is renewed" }),
    utcOffset: z
      .string()
      .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, { error: (issue) => `${JSON.stringify(issue.input)} is not an offset from UTC; write for example "+01:00"` })
      .meta({ description: 'Of both windows. Default: "+00:00".', examples: ["+01:00"] }),
    freezes: z
      .array(z.strictObject({ from: date().meta({ examples: ["2026-12-20"] }), to: date().meta({ examples: ["2027-01-04"] }) }))
      .meta({ description: "Days, both included, on which nothing is upgraded." }),
  })
  .partial();

export const cluster = z
  .strictObject({
    existing: existing.optional().meta({ description: "A cluster that exists; no Azure cluster is made, and nothing else may stand in this section but `users`." }),
    administrators: groups()
      .min(1, { error: "name at least one Entra group; with local accounts off, only its members can administer the cluster" })
      .optional()
      .meta({ description: "Object ids of the Entra groups that administer the cluster, at least one. Whoever runs `up` must be in one." }),
    users: groups().optional().meta({
      description:
        "Entra groups that may fetch a kubeconfig, instead of every tenant's owners, editors and viewers: one group of all developers saves a role assignment a team, of which a subscription takes 4,000.",
    }),
    authorization: z.enum(["azure", "kubernetes"]).optional().meta({
      description: "Who decides what a person may do: Azure roles together with Kubernetes', or Kubernetes' alone. Tenants' people have Kubernetes roles either way. Default: azure.",
    }),
    kubernetesVersion: minorVersion().optional().meta({ description: 'Minor version, in quotes; patches follow by themselves. Default: "1.35".' }),
    sku: z.enum(["Free", "Standard"]).optional().meta({ description: "Tier of the control plane. Default: Standard in production, else Free." }),
    longTermSupport: z.boolean().optional().meta({ description: "Two years of support for the Kubernetes version, in the tier Premium, which is for this alone. Default: false." }),
    api: z.enum(["public", "vnetIntegration", "private"]).optional().meta({
      description:
        "How the API server is reached: at a public address; at a public address, and by the nodes within the virtual network; or within the network alone (then `up` must run there). vnetIntegration may become private (the way back is a preview of AKS), and public may become either (`az aks stop` and `start` then make it whole); neither becomes public again. Default: public.",
    }),
    authorizedRanges: z
      .array(cidr("203.0.113.0/24"))
      .max(200, { error: "AKS takes at most 200 ranges" })
      .optional()
      .meta({ description: 
        "The IPv4 ranges that may reach the API server's public address; `[]` for any (Entra ID still decides who may enter). The address that the nodes come from must be among them where Mooring does not make it: a firewall's, or an existing network's NAT gateway's. Required in production. Default: any." }),
    privateDnsZone: armId("Microsoft.Network/privateDnsZones", "private DNS zone")
      .optional()
      .meta({ description: "Id of an existing private DNS zone for a private API server, private.<region>.azmk8s.io. Cannot change later. Default: AKS makes one." }),
    upgrades: upgrades.optional().meta({ description: "When AKS upgrades the cluster by itself." }),
    azurePolicy: z.boolean().optional().meta({ description: "The Azure Policy add-on, with AKS's deployment safeguards as warnings. Default: true." }),
    secretsStore: z.boolean().optional().meta({ description: "The Secrets Store driver, which mounts secrets of a Key Vault into pods. Default: true." }),
    tags: tags.optional().meta({ description: "Tags for the cluster alone, besides `azure.tags`; AKS passes them on to its nodes' resource group." }),
    systemPool: systemPool.optional().meta({ description: "The pool for the cluster's own pods." }),
    pools: z.record(poolName, pool).optional().meta({ description: "Pools for workloads, by name. Default: one pool, `apps`." }),
    nodeProvisioning: z.boolean().optional().meta({
      description: "AKS chooses VM sizes and makes nodes as pods need them (Karpenter). Pools then keep `min` nodes, and `pools` may be empty. On a running cluster first switch every pool's autoscaler off (`az aks nodepool update --disable-cluster-autoscaler`). Default: false.",
    }),
    generation: z
      .int()
      .min(1)
      .optional()
      .meta({
        description:
          "Raise it by one after the cluster was rebuilt outside Mooring, so that the next `up` makes everything in it anew. Never while the cluster lives: what exists cannot be made. Default: 1.",
      }),
  })
  .check(together((value) => {
    if (value.existing === undefined && value.administrators === undefined) {
      return [{ setting: "administrators", message: 'is required; write the object ids of Entra groups, for example ["3f0c1d52-6f0b-4a7e-9d7c-0c8f5a1b2d01"]' }];
    }
    const own = Object.keys(value).filter((key) => !["existing", "users"].includes(key));
    return excluded(value, "existing", own, "belongs to a cluster that Mooring makes; remove it, or cluster.existing");
  }));
