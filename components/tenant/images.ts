/** Images that Flux follows for a tenant: which is the newest, and how it reaches the repository. */
import * as pulumi from "@pulumi/pulumi";
import { imagePolicy, imageRepository, imageUpdateAutomation } from "../flux/objects.ts";
import type { ImagePolicySpec, ImageUpdateAutomationSpec } from "../flux/specs/images.ts";
import { followedImages } from "../settings/followed-images.ts";
import type { FollowedImage } from "../settings/followed-images.ts";
import type { Follow, ImageUpdateSettings, TenantSettings } from "../settings/settings.ts";
import { reconciler } from "./labels.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/** A branch as the scaffold's build script writes it in a tag, byte by byte (UTF-8): see scaffold/shared/ci/tags.sh. */
export const branchInTag = (branch: string): string => Buffer.from(branch).toString("latin1").toLowerCase().replaceAll(/[^a-z0-9-]/g, "-").replace(/^-+/, "").slice(0, 100) || "branch";

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * Of a branch's images the one that was built last: tags `<branch>-<commit, 7 digits>-<seconds>`, compared by the number at
 * the end (fluxcd.io/flux/guides/sortable-image-tags). `asc` takes the highest.
 */
function policy(follow: Follow): Pick<ImagePolicySpec, "filterTags" | "policy"> {
  if ("semver" in follow) return { policy: { semver: { range: follow.semver } } };
  if ("tag" in follow) return { filterTags: { pattern: `^${escaped(follow.tag)}$` }, policy: { alphabetical: { order: "asc" } } };
  return { filterTags: { pattern: `^${escaped(branchInTag(follow.branch))}-[a-f0-9]{7}-(?P<ts>[1-9][0-9]*)$`, extract: "$ts" }, policy: { numerical: { order: "asc" } } };
}

export function imagePolicySpec({ name, follow, digest, interval }: FollowedImage): ImagePolicySpec {
  // A tag that moves has a new digest from time to time; the others keep theirs.
  const reflection: Pick<ImagePolicySpec, "digestReflectionPolicy" | "interval"> = "tag" in follow ? { digestReflectionPolicy: "Always", interval } : { digestReflectionPolicy: "IfNotPresent" };
  return { imageRepositoryRef: { name }, ...policy(follow), ...(digest && reflection) };
}

/** What the commit says: each place that changed, with the value before and after (fluxcd.io/flux/components/image/imageupdateautomations, "Message template"). */
const message = `Update images of {{ .Values.tenant }} in {{ .Values.environment }}

{{ range $file, $objects := .Changed.FileChanges -}}
{{ range $object, $changes := $objects -}}
{{ range $change := $changes -}}
- {{ $file }}, {{ $object.Kind }}{{ with $object.Name }} {{ . }}{{ end }}: {{ $change.OldValue }} -> {{ $change.NewValue }}
{{ end -}}
{{ end -}}
{{ end -}}`;

export function automationSpec({ key, name, state }: TenantSettings, { base, push, path, interval }: ImageUpdateSettings, environment: string): ImageUpdateAutomationSpec {
  return {
    interval,
    sourceRef: { kind: "GitRepository", name: key },
    git: {
      checkout: { ref: { branch: base } },
      // An address that nobody has (RFC 2606).
      commit: { author: { name: `Flux ${environment}`, email: "flux@mooring.invalid" }, messageTemplate: message, messageTemplateValues: { tenant: name, environment } },
      push: { branch: push },
    },
    update: { strategy: "Setters", path },
    ...(state !== "active" && { suspend: true }),
  };
}

/** Everything of a tenant's images, in the control namespace: the team looks at it and cannot change it. */
export function registerImages(scope: TenantScope, control: TenantNamespace, registryHost: pulumi.Output<string>, environment: string, source: pulumi.Resource): pulumi.Resource[] {
  const { tenant } = scope;
  const { images, imageUpdates } = tenant;
  if (imageUpdates === undefined) return [];
  const namespace = control.name;
  // A slash cannot stand in a tenant's name, so no two tenants' parts have one name.
  const part = (name: string) => `${tenant.key}-image/${name}`;
  const policies = followedImages(images).map((image) => {
    const { name, interval } = image;
    const repository = imageRepository(
      part(name),
      { name, namespace },
      { image: pulumi.interpolate`${registryHost}/${tenant.key}/${name}`, interval, provider: "azure", serviceAccountName: reconciler, ...(tenant.state !== "active" && { suspend: true }) },
      within(scope, control),
    );
    return imagePolicy(part(name), { name, namespace }, imagePolicySpec(image), within(scope, control, [repository]));
  });
  const automation = imageUpdateAutomation(`${tenant.key}-images`, { name: tenant.key, namespace }, automationSpec(tenant, imageUpdates, environment), within(scope, control, [source, ...policies]));
  return [...policies, automation];
}
