/** What Flux fetches for a tenant besides its repository. */
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { bucket, gitRepository, helmRepository, ociRepository } from "../flux/objects.ts";
import { chartLayer } from "../flux/specs/sources.ts";
import type { BucketSpec, HelmRepositorySpec, OciRepositorySpec } from "../flux/specs/sources.ts";
import type { StackSettings } from "../settings/load.ts";
import type { SourceSettings, VerifySettings } from "../settings/settings.ts";
import { isLeaving } from "../settings/tenant-state.ts";
import { registerGitAccess } from "./git-access.ts";
import { reconciler } from "./labels.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

interface Contents {
  type?: string;
  stringData: Record<string, pulumi.Input<string>>;
}

const verificationName = (source: string): string => `verify-${source}`;

/** With what Flux signs in, in the form that each kind reads (fluxcd.io/flux/components/source). */
function signIn(source: Exclude<SourceSettings, { kind: "git" }>, { secrets }: StackSettings): Contents {
  const username = source.username!;
  const password = secrets[source.secret!]!;
  if (source.kind === "bucket") return { stringData: { accesskey: username, secretkey: password } };
  if (source.kind === "helm") return { stringData: { username, password } };
  const host = source.address.replace("oci://", "").split("/")[0]!;
  return { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": pulumi.jsonStringify({ auths: { [host]: { username, password } } }) } };
}

/** Cosign looks for `*.pub`; Notation for certificates and the policy document. */
function verificationKeys({ provider, secret, trustPolicy }: VerifySettings, { secrets }: StackSettings): Contents {
  const value = secrets[secret!]!;
  return { stringData: provider === "cosign" ? { "cosign.pub": value } : { "certificate.pem": value, "trustpolicy.json": JSON.stringify(trustPolicy) } };
}

type Kind<K extends SourceSettings["kind"]> = Extract<SourceSettings, { kind: K }>;

export function ociSpec({ name, address, ref, chart, interval, ignore, verify }: Kind<"oci">, registryHost: pulumi.Output<string>): OciRepositorySpec {
  const own = address.startsWith("/");
  return {
    url: own ? pulumi.interpolate`oci://${registryHost}${address}` : address,
    ref,
    interval,
    // Of the own registry as the tenant's identity, for which this account stands.
    ...(own && { provider: "azure" as const, serviceAccountName: reconciler }),
    ...(chart && { layerSelector: chartLayer }),
    ...(ignore !== undefined && { ignore }),
    ...(verify && { verify: { provider: verify.provider, ...(verify.secret !== undefined && { secretRef: { name: verificationName(name) } }), ...(verify.identities && { matchOIDCIdentity: verify.identities }) } }),
  };
}

export const helmSpec = ({ url, interval }: Kind<"helm">): HelmRepositorySpec => ({ url, interval });

export function bucketSpec({ bucket: bucketName, endpoint, region, prefix, interval, ignore }: Kind<"bucket">): BucketSpec {
  return { bucketName, endpoint, provider: "generic", interval, ...(region !== undefined && { region }), ...(prefix !== undefined && { prefix }), ...(ignore !== undefined && { ignore }) };
}

/** The sources by name, in the control namespace. */
export function registerSources(scope: TenantScope, control: TenantNamespace, settings: StackSettings, registryHost: pulumi.Output<string>): Map<string, pulumi.Resource> {
  const { tenant } = scope;
  const leaving = isLeaving(tenant.state);
  const suspend = tenant.state !== "active" && { suspend: true };
  const secretOf = (resource: string, name: string, { type, stringData }: Contents) => new Secret(resource, { metadata: { name, namespace: control.name }, ...(type !== undefined && { type }), stringData }, within(scope, control));

  return new Map(
    tenant.sources.map((source) => {
      const { name } = source;
      // A slash cannot stand in a tenant's name, so no two tenants' parts have one name.
      const part = `${tenant.key}-source/${name}`;
      const metadata = { name, namespace: control.name };
      const secretName = `source-${name}`;
      if (source.kind === "git") {
        const { spec, needed } = registerGitAccess(scope, control, { name: secretName, resource: part }, source.access, settings, { leaving });
        const { url, ref, interval, ignore, submodules } = source;
        const git = { url, ref, interval, ...spec, ...(ignore !== undefined && { ignore }), ...(submodules && { recurseSubmodules: true }), ...suspend };
        return [name, gitRepository(part, metadata, git, within(scope, control, needed))];
      }
      const signsIn = source.secret !== undefined;
      const needed = signsIn && !leaving ? [secretOf(part, secretName, signIn(source, settings))] : [];
      const common = { ...(signsIn && { secretRef: { name: secretName } }), ...suspend };
      if (source.kind === "helm") return [name, helmRepository(part, metadata, { ...helmSpec(source), ...common }, within(scope, control, needed))];
      if (source.kind === "bucket") return [name, bucket(part, metadata, { ...bucketSpec(source), ...common }, within(scope, control, needed))];
      const { verify } = source;
      if (verify?.secret !== undefined && !leaving) needed.push(secretOf(`${tenant.key}-verify/${name}`, verificationName(name), verificationKeys(verify, settings)));
      return [name, ociRepository(part, metadata, { ...ociSpec(source, registryHost), ...common }, within(scope, control, needed))];
    }),
  );
}
