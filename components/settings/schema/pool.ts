/** Node pools. */
import * as z from "zod";

const vmSize = z
  .string()
  .regex(/^Standard_[A-Za-z0-9_-]+$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a VM size; write for example Standard_D4ds_v5` })
  .meta({
    description: "VM size of the nodes. Cannot change without replacing the pool: add a second pool, then remove the first.",
    examples: ["Standard_D4ds_v5"],
  });

const zones = z
  .array(z.enum(["1", "2", "3"]))
  .refine((value) => new Set(value).size === value.length, { error: "names a zone twice" })
  .meta({ description: 'Availability zones. Cannot change later. Default in production: ["1","2","3"]; else none.' });

const nodeCount = (what: string) => z.int().min(0).max(1000).meta({ description: what });

const common = {
  zones,
  osDisk: z.enum(["Ephemeral", "Managed"]).meta({
    description:
      "Ephemeral: on the node's own disk, faster and free, which needs a VM size with room for it, for example one with a `d`. Cannot change later. Default: Ephemeral in production, else Managed.",
  }),
  osDiskGb: z.int().min(30).max(2048).meta({ description: "Size of the operating system's disk in GiB. Default: AKS's own for the VM size.", examples: [128] }),
  maxPods: z.int().min(30).max(250).meta({ description: "Most pods on a node. Cannot change later. Default: AKS's own, 250.", examples: [110] }),
};

export const systemPool = z
  .strictObject({
    vmSize: vmSize.refine((size) => !/^Standard_(B|A1|D1|DS1|F1)(?![0-9])/.test(size) && !size.startsWith("Standard_B"), {
      error: "AKS takes no burstable (B-series) and no single-core size for a system pool; write for example Standard_D4ds_v5",
    }),
    min: nodeCount("Fewest nodes. Default: 3 in production, else 2.").min(1),
    max: nodeCount("Most nodes. Default: 5 in production, else 3.").min(1),
    ...common,
  })
  .partial();

/** A label's or taint's key: an optional DNS prefix and a name. */
const anyKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** The same, without the prefixes that AKS and Mooring keep. */
const labelKey = new RegExp(`^(?!([a-z0-9.-]*\\.)?(kubernetes\\.io|k8s\\.io|azure\\.com|mooring\\.platform)/)${anyKey.source.slice(1)}`);

const taintOf = (key: RegExp) => new RegExp(`${key.source.slice(0, -1)}(=[A-Za-z0-9._-]{0,63})?:(NoSchedule|PreferNoSchedule|NoExecute)$`);

const notATaint = (input: unknown) => `${JSON.stringify(input)} is not a taint; write key=value:NoSchedule`;

/** A taint of a cluster that somebody else made, where AKS may have put it: `kubernetes.azure.com/scalesetpriority=spot:NoSchedule`. */
export const anyTaint = z.string().regex(taintOf(anyKey), { error: (issue) => notATaint(issue.input) });

const taint = z.string().regex(taintOf(labelKey), {
  error: ({ input }) => (anyTaint.safeParse(input).success ? `${JSON.stringify(input)} has a key of kubernetes.io, azure.com or mooring.platform, which are taken; choose another` : notATaint(input)),
});

export const poolName = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,11}$/, { error: "a pool's name has 1 to 12 lower-case letters and digits and starts with a letter" });

export const pool = z
  .strictObject({
    vmSize,
    min: nodeCount("Fewest nodes. Default: 2 in production, else 1."),
    max: nodeCount("Most nodes. Default: 10 in production, else 3.").min(1),
    ...common,
    labels: z
      .record(
        z.string().regex(labelKey, { error: "a label's name is like team or acme.example/team; those of kubernetes.io, azure.com and mooring.platform are taken" }),
        z.string().regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a label's value` }),
      )
      .meta({ description: "Labels of the nodes." }),
    taints: z.array(taint).meta({ description: "Taints of the nodes. A tenant that names the pool tolerates them.", examples: [["team=batch:NoSchedule"]] }),
    tenant: z.string().meta({
      description: "Keep the pool for this tenant: its nodes get a taint of the tenant's, and all its workloads are put on them.",
      examples: ["orders"],
    }),
    spot: z.boolean().meta({
      description: "Nodes from Azure's spare capacity, cheaper and taken away at any time. The pool then has a taint that its tenants tolerate. Cannot change later. Default: false.",
    }),
  })
  .partial();
