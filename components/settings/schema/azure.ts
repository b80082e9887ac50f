/** The Azure side of an environment: subscription, network, cluster, registry, pipelines. */
import * as z from "zod";
import { cidr, guid, minorVersion } from "../values.ts";

const tags = z
  .record(
  z
    .string()
    .min(1)
    .max(512)
    .regex(/^(?!(environment|owner|managed-by)$)[^<>%&\\?/]+$/i, {
      error: "a tag's name has none of < > % & \\ ? /; environment, owner and managed-by are set by Mooring",
    }),
  z.string().max(256),
  )
  // Azure takes 50 on a resource; some room is left for those of Mooring and of the cluster alone.
  .refine((value) => Object.keys(value).length <= 20, { error: "at most 20 tags" })
  .refine((value) => new Set(Object.keys(value).map((name) => name.toLowerCase())).size === Object.keys(value).length, {
    error: "two tags differ in upper and lower case only, and Azure takes them for one",
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
  tags: tags
    .optional()
    .meta({ description: "Tags for every resource, besides environment, owner and managed-by." }),
});

export const network = z
  .strictObject({
    addressSpace: cidr("10.240.0.0/16").meta({ description: "Address range of the virtual network. Default: 10.240.0.0/16." }),
    nodes: cidr("10.240.0.0/20").meta({ description: "Range of the nodes' subnet, within the address space. Default: 10.240.0.0/20." }),
    pods: cidr("10.244.0.0/16").meta({ description: "Overlay range for pods. Default: 10.244.0.0/16." }),
    services: cidr("10.0.0.0/16").meta({ description: "Range for Kubernetes services. Default: 10.0.0.0/16." }),
  })
  .partial();

const vmSize = z
  .string()
  .regex(/^Standard_[A-Za-z0-9_]+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a VM size; write for example Standard_D4ds_v5` })
  .meta({
    description: "VM size of the nodes. Cannot change without replacing the pool: add a second pool, then remove the first.",
    examples: ["Standard_D4ds_v5"],
  });

const zones = z
  .array(z.enum(["1", "2", "3"]))
  .refine((value) => new Set(value).size === value.length, { error: "names a zone twice" })
  .meta({ description: 'Availability zones. Default in production: ["1","2","3"]; else none.' });

const nodeCount = (what: string) => z.int().min(0).max(1000).meta({ description: what });

const systemPool = z
  .strictObject({
    vmSize: vmSize.refine((size) => !/^Standard_(B|A1|D1|DS1|F1)(?![0-9])/.test(size) && !size.startsWith("Standard_B"), {
      error: "AKS takes no burstable (B-series) and no single-core size for a system pool; write for example Standard_D4ds_v5",
    }),
    min: nodeCount("Fewest nodes. Default: 3 in production, else 2.").min(1),
    max: nodeCount("Most nodes. Default: 5 in production, else 3.").min(1),
    zones,
  })
  .partial();

/** A label's or taint's key: an optional DNS prefix, which must not be one that AKS keeps, and a name. */
const labelKey = /^(?!([a-z0-9.-]*\.)?(kubernetes\.io|k8s\.io|azure\.com)\/)([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const pool = z.strictObject({
  vmSize: vmSize.optional(),
  min: nodeCount("Fewest nodes. Default: 2 in production, else 1.").optional(),
  max: nodeCount("Most nodes. Default: 10 in production, else 3.").min(1).optional(),
  zones: zones.optional(),
  labels: z
    .record(
      z.string().regex(labelKey, { error: "a label's name is like team or acme.example/team; kubernetes.io and azure.com are taken" }),
      z.string().regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a label's value` }),
    )
    .optional()
    .meta({ description: "Labels of the nodes." }),
  taints: z
    .array(
      z.string().regex(new RegExp(`${labelKey.source.slice(0, -1)}(=[A-Za-z0-9._-]{0,63})?:(NoSchedule|PreferNoSchedule|NoExecute)$`), {
        error: (issue) => `${JSON.stringify(issue.input)} is not a taint; write key=value:NoSchedule`,
      }),
    )
    .optional()
    .meta({ description: "Taints of the nodes. A tenant that names the pool tolerates them.", examples: [["team=batch:NoSchedule"]] }),
});

export const cluster = z.strictObject({
  administrators: z
    .array(guid())
    .min(1, { error: "name at least one Entra group; with local accounts off, only its members can administer the cluster" })
    .meta({ description: "Object ids of the Entra groups that administer the cluster. Whoever runs `up` must be in one." }),
  kubernetesVersion: minorVersion().optional().meta({ description: 'Minor version, in quotes; patches follow by themselves. Default: "1.35".' }),
  sku: z.enum(["Free", "Standard", "Premium"]).optional().meta({ description: "Tier of the control plane. Default: Standard in production, else Free." }),
  authorizedRanges: z
    .array(cidr("203.0.113.0/24"))
    .max(200, { error: "AKS takes at most 200 ranges" })
    .optional()
    .meta({ description: "The IPv4 ranges that may reach the API server. Default: any (Entra ID still decides who may enter)." }),
  tags: tags.optional().meta({ description: "Tags for the cluster alone, besides `azure.tags`; AKS passes them on to its nodes' resource group." }),
  systemPool: systemPool.optional().meta({ description: "The pool for the cluster's own pods." }),
  pools: z
    .record(
      z.string().regex(/^[a-z][a-z0-9]{0,11}$/, { error: "a pool's name has 1 to 12 lower-case letters and digits and starts with a letter" }),
      pool,
    )
    .optional()
    .meta({ description: "Pools for workloads, by name. Default: one pool, `apps`." }),
  generation: z
    .int()
    .min(1)
    .optional()
    .meta({
      description:
        "Raise it by one after the cluster was rebuilt outside Mooring, so that everything in it is made anew. Run that `up` with PULUMI_K8S_DELETE_UNREACHABLE=true: the old cluster cannot be asked to delete anything. Default: 1.",
    }),
});

export const registry = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-zA-Z0-9]{5,50}$/, { error: "a registry's name has 5 to 50 letters and digits" })
      .meta({ description: "The registry's name, unique in Azure. Default: made from the platform's name, the environment and six random characters." }),
    sku: z.enum(["Basic", "Standard", "Premium"]).meta({ description: "Default: Premium in production, else Standard." }),
  })
  .partial();

const trust = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/, { error: "a federated credential's name has 3 to 120 letters, digits, `-` and `_`" })
        .meta({ examples: ["azure-devops"] }),
      issuer: z.url({ protocol: /^https$/, error: "an issuer is an https address" }).max(600).meta({ pattern: "^https://", examples: ["https://token.actions.githubusercontent.com"] }),
      subject: z.string().min(1).max(600).meta({ examples: ["repo:acme/orders:environment:staging"] }),
    }),
  )
  .max(20, { error: "Azure takes at most 20 federated credentials for one identity" })
  .meta({ description: "Whose tokens the identity accepts: issuer and subject, exactly as the pipeline's token has them." });

export const pipelines = z
  .strictObject({
    build: z.strictObject({ trust }).meta({ description: "The identity that pushes images and charts to the registry." }),
    deploy: z
      .strictObject({
        trust,
        namespaces: z
          .array(z.string())
          .optional()
          .meta({
            description:
              "Workload namespaces of tenants in which this identity may write, by the Azure role AKS RBAC Writer, which may also change network policies. Default: none; it may then only fetch a kubeconfig.",
          }),
      })
      .meta({ description: "The identity that reaches the cluster." }),
  })
  .partial();
