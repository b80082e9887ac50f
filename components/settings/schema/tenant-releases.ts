/** What Flux fetches and applies for a team besides its repository's folder: sources, Helm releases, further Kustomizations. */
import * as z from "zod";
import { dnsLabel, folder, gitRef, hostKey, interval, secretName, versionRange } from "../values.ts";
import { applying } from "./applying.ts";

const label = (example: string) => dnsLabel(example).max(40, { error: "a name here has at most 40 characters" });

/** Whose signature an artifact must have. */
const verify = z
  .strictObject({
    provider: z.enum(["cosign", "notation"]).meta({ description: "How it is signed." }),
    secret: secretName().optional().meta({ description: "Name of the secret that holds the public key (cosign, PEM), or with notation the certificate (PEM). Default with cosign: without a key, by `identities`." }),
    identities: z
      .array(z.strictObject({ issuer: z.string().min(1).meta({ examples: ["^https://token.actions.githubusercontent.com$"] }), subject: z.string().min(1).meta({ examples: ["^https://github.com/acme/orders.*$"] }) }))
      .min(1)
      .max(20)
      .optional()
      .meta({ description: "Issuer and subject of keyless signatures, as regular expressions." }),
    trustPolicy: z.record(z.string(), z.unknown()).optional().meta({ description: "With notation: the trust policy document." }),
  })
  .refine(({ provider, secret, identities, trustPolicy }) => (provider === "cosign" ? (secret === undefined) !== (identities === undefined) && trustPolicy === undefined : secret !== undefined && trustPolicy !== undefined && identities === undefined), {
    error: "cosign needs either secret or identities; notation needs secret and trustPolicy",
  });

const common = {
  interval: interval().optional().meta({ description: "How often Flux looks. Default: 10m, or `tenancy.minimumInterval` where that is longer." }),
};

const address = (pattern: RegExp, example: string) =>
  z.string().regex(pattern, { error: (issue) => `${JSON.stringify(issue.input)} is not such an address; write for example ${example}` }).meta({ examples: [example] });

const path = String.raw`(\/(?!\.+(\/|$))[A-Za-z0-9._-]+)`;
const host = String.raw`[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?`;

const source = z
  .strictObject({
    git: address(new RegExp(`^(ssh:\\/\\/[A-Za-z0-9_.-]+@|https:\\/\\/)${host}${path}+$`), "ssh://git@github.com/acme/orders-config.git")
      .optional()
      .meta({ description: "A Git repository. It needs branch, tag or semver; with ssh:// a secret whose value is the private key." }),
    oci: address(new RegExp(`^(oci:\\/\\/${host})?${path}+$`), "/orders/charts/orders")
      .optional()
      .meta({ description: "An OCI artifact or chart, with its name. A leading slash means the environment's own registry, which Flux reads as the team's identity. It needs tag, semver or digest." }),
    helm: address(new RegExp(`^https:\\/\\/${host}${path}*$`), "https://charts.jetstack.io").optional().meta({ description: "A Helm repository. The release names chart and version." }),
    bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens" }).optional().meta({ description: "A bucket, at `endpoint`.", examples: ["orders-manifests"] }),
    endpoint: z.string().regex(new RegExp(`^${host}$`), { error: "a host, perhaps with a port" }).optional().meta({ description: "Of the bucket: a host, perhaps with a port.", examples: ["storage.acme.example"] }),
    region: z.string().min(1).optional().meta({ description: "Of the bucket." }),
    prefix: z.string().min(1).optional().meta({ description: "What of the bucket is fetched." }),
    branch: gitRef("main").optional(),
    tag: gitRef("v1.4.2").optional().meta({ description: "Of Git or OCI." }),
    semver: versionRange().optional().meta({ description: "Of Git or OCI." }),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: "a digest is sha256: and 64 hexadecimal digits" }).optional().meta({ description: "Of OCI." }),
    chart: z.boolean().optional().meta({ description: "Whether the OCI artifact is a Helm chart. Default: whether a release of this tenant takes it." }),
    ignore: z.string().max(4000).optional().meta({ description: "What Flux leaves out, in the form of .gitignore." }),
    submodules: z.boolean().optional().meta({ description: "Of Git. Default: false." }),
    secret: secretName().optional().meta({ description: "Name of the secret with which Flux signs in: Git over ssh, the private key; over https, the token; a bucket, its secret key; a Helm repository or registry, the password." }),
    username: z.string().min(1).optional().meta({ description: "Who signs in with the secret; of a bucket, the access key." }),
    hostKeys: z.array(hostKey()).min(1).max(10).optional().meta({ description: "Of Git over ssh elsewhere than at `github`: lines of known_hosts." }),
    verify: verify.optional().meta({ description: "Take only what is signed. Of OCI." }),
    ...common,
  })
  .refine((value) => [value.git, value.oci, value.helm, value.bucket].filter((kind) => kind !== undefined).length === 1, { error: "write one of git, oci, helm, bucket" })
  .refine((value) => (value.git === undefined && value.oci === undefined) || [value.branch, value.tag, value.semver, value.digest].filter((ref) => ref !== undefined).length === 1, {
    error: "say what is followed: one of branch (git), tag, semver, digest (oci)",
  })
  .refine((value) => value.git !== undefined || (value.secret === undefined) === (value.username === undefined), { error: "secret and username go together" })
  .refine((value) => !(value.oci?.startsWith("/") ?? false) || value.secret === undefined, { error: "Flux reads the environment's own registry as the team's identity; remove secret and username" })
  .refine((value) => value.verify === undefined || value.oci !== undefined, { error: "verify is for oci" })
  .refine((value) => value.bucket === undefined || value.endpoint !== undefined, { error: "a bucket needs its endpoint" });

const retries = z.int().min(-1).max(100).meta({ description: "How often a failed action is tried again; -1: without end. Default: 3." });
const actionTimeout = interval().meta({ description: "Default: the release's." });

const install = z.strictObject({ retries, timeout: actionTimeout }).partial();

const upgrade = z
  .strictObject({
    retries,
    then: z.enum(["rollback", "uninstall"]).meta({ description: "What is done after each failure. Default: rollback." }),
    timeout: actionTimeout,
  })
  .partial();

const valuesFrom = z.strictObject({
  secret: secretName().meta({ description: "Name of the secret that holds the values (YAML), or with targetPath a single one." }),
  targetPath: z.string().min(1).max(250).optional().meta({ description: "Where in the values the one value goes.", examples: ["database.password"] }),
});

const release = z
  .strictObject({
    source: label("orders").meta({ description: "A source of this tenant, by name: an OCI chart or a Helm repository." }),
    chart: z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, { error: "a chart's name has lower-case letters, digits, dots and hyphens" }).optional().meta({ description: "With a Helm repository: the chart's name.", examples: ["redis"] }),
    version: versionRange().optional().meta({ description: "With a Helm repository: its version, or a range: 4.0.x takes patches only." }),
    namespace: dnsLabel("orders").optional().meta({ description: "The tenant's workload namespace it is installed in. Default: the first." }),
    name: dnsLabel("orders").max(53, { error: "Helm takes at most 53 characters" }).optional().meta({ description: "The release's name in Helm. Default: the entry's." }),
    values: z.record(z.string(), z.unknown()).optional().meta({ description: "The chart's values; never anything secret.", examples: [{ replicaCount: 2 }] }),
    valuesFrom: z.array(valuesFrom).min(1).max(20).optional().meta({ description: "Values that are secret. Of those without targetPath each goes over the one before, then `values`, then those with targetPath." }),
    install: install.optional(),
    upgrade: upgrade.optional(),
    crds: z.enum(["Skip", "Create", "CreateReplace"]).optional().meta({ description: "What happens to the chart's CRDs, which a team's reconciler may not write. Default: Skip." }),
    rollback: z.strictObject({ timeout: interval() }).partial().optional().meta({ description: "How long a rollback may take. Default: the release's timeout." }),
    test: z.boolean().optional().meta({ description: "Whether the chart's tests run after each action, and a failure counts. Default: false." }),
    driftDetection: z
      .strictObject({
        mode: z.enum(["enabled", "warn", "disabled"]).optional().meta({ description: "enabled: what somebody changed by hand is set right. Default: enabled." }),
        ignore: z.array(z.strictObject({ paths: z.array(z.string().startsWith("/", { error: "a JSON pointer begins with /" })).min(1), target: z.record(z.string(), z.string()).optional() })).optional().meta({ description: "What may differ.", examples: [[{ paths: ["/spec/replicas"], target: { kind: "Deployment" } }]] }),
      })
      .optional(),
    dependsOn: z.array(label("database")).min(1).max(20).optional().meta({ description: "Releases of this tenant that must be ready first." }),
    timeout: interval().optional().meta({ description: "How long one action may take. Default: 5m, or `tenancy.maximumTimeout` where that is shorter." }),
    ...common,
  });

const kustomization = z
  .strictObject({
    source: label("shared").optional().meta({ description: "A source of this tenant, by name: Git, OCI or bucket. Default: the team's repository." }),
    path: folder().meta({ description: "The folder that is applied." }),
    namespace: dnsLabel("orders").optional().meta({ description: "The workload namespace of what names none. Default: the tenant's only one." }),
    timeout: interval().optional().meta({ description: "Default: 5m, or `tenancy.maximumTimeout` where that is shorter." }),
    ...common,
    ...applying.shape,
  });

export const sources = z.record(label("shared"), source).meta({ description: "What Flux fetches for the team besides its repository, by name.", examples: [{ charts: { helm: "https://charts.jetstack.io" } }] });
export const releases = z.record(label("orders"), release).meta({ description: "Helm releases of the team, by name.", examples: [{ cache: { source: "charts", chart: "redis", version: "4.0.x" } }] });
export const kustomizations = z.record(label("databases"), kustomization).meta({ description: "Further folders that are applied, by name.", examples: [{ databases: { path: "./databases" } }] });

export type SourceInput = z.infer<typeof source>;
export type ReleaseInput = z.infer<typeof release>;
export type KustomizationInput = z.infer<typeof kustomization>;
