/** Who tells Flux at once that a tenant has something new. */
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { receiver } from "../flux/objects.ts";
import type { ReceiverSpec } from "../flux/specs/notification.ts";
import { webhookPath } from "../flux/webhook-path.ts";
import { registerWebhook } from "../github/webhook.ts";
import { followedImages } from "../settings/followed-images.ts";
import type { Settings, TenantSettings } from "../settings/settings.ts";
import { within } from "./scope.ts";
import type { TenantNamespace, TenantScope } from "./scope.ts";

/** The receivers' names, which are part of their addresses. */
const forRepository = "repository";
const forImages = "images";

export interface Webhooks {
  /** What requests are signed with, and part of every address. */
  token: RandomPassword;
  /** Where the team's pipeline or the registry calls; whoever has the address of the registry's may call. */
  images?: pulumi.Output<string>;
  repository?: pulumi.Output<string>;
}

/** The addresses are computed as Flux computes them, so that both ends are made in one `up`. Nothing where nobody calls. */
export function webhooksOf({ key, controlNamespace, webhooks }: TenantSettings, { webhooks: platform }: Settings, opts: pulumi.CustomResourceOptions): Webhooks | undefined {
  const { repository, registry, rotation } = webhooks;
  if (platform === undefined || (!repository && registry === "none")) return undefined;
  const generation = rotation === 1 ? "" : `-${rotation}`;
  const token = new RandomPassword(`${key}-webhooks${generation}`, { length: 40, special: false }, opts);
  const url = (name: string) => pulumi.secret(token.result.apply((value) => `https://${platform.host}${webhookPath(value, name, controlNamespace)}`));
  return { token, ...(repository && { repository: url(forRepository) }), ...(registry !== "none" && { images: url(forImages) }) };
}

/** What a push to the registry may concern: the images that are followed, and artifacts that are fetched from there. */
export function pushed({ images, sources }: TenantSettings): ReceiverSpec["resources"] {
  return [
    ...followedImages(images).map(({ name }) => ({ apiVersion: "image.toolkit.fluxcd.io/v1", kind: "ImageRepository" as const, name })),
    ...sources.flatMap((source) => (source.kind === "oci" && source.address.startsWith("/") ? [{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "OCIRepository" as const, name: source.name }] : [])),
  ];
}

export interface ReceiverArgs {
  control: TenantNamespace;
  webhooks: Webhooks;
  /** The repository's name at GitHub, once it exists. */
  repository: pulumi.Input<string> | undefined;
  github: pulumi.CustomResourceOptions;
}

export function registerReceivers(scope: TenantScope, { control, webhooks: { token, repository: url, images }, repository, github }: ReceiverArgs): pulumi.Resource[] {
  const { tenant } = scope;
  const namespace = control.name;
  const secretRef = { name: "webhook-token" };
  const secret = new Secret(`${tenant.key}-webhook-token`, { metadata: { name: secretRef.name, namespace }, stringData: { token: token.result } }, within(scope, control));
  const suspend = tenant.state !== "active" && { suspend: true };
  const made: pulumi.Resource[] = [];
  if (url !== undefined && repository !== undefined) {
    const resources = [{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository" as const, name: tenant.key }];
    const listening = receiver(`${tenant.key}-receiver/${forRepository}`, { name: forRepository, namespace }, { type: "github", secretRef, events: ["ping", "push"], resources, ...suspend }, within(scope, control, [secret]));
    made.push(listening, registerWebhook(`${tenant.key}-webhook`, { repository, url, secret: token.result }, { ...github, dependsOn: [...[github.dependsOn ?? []].flat(), listening] as pulumi.Resource[] }));
  }
  if (images !== undefined) {
    const type = tenant.webhooks.registry === "acr" ? "acr" : "generic-hmac";
    made.push(receiver(`${tenant.key}-receiver/${forImages}`, { name: forImages, namespace }, { type, secretRef, resources: pushed(tenant), ...suspend }, within(scope, control, [secret])));
  }
  return made;
}
