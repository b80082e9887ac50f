/** Typed constructors for the Flux objects that the program declares, with the API versions that chart 2.18 serves. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import type { HelmReleaseSpec } from "./specs/helm-release.ts";
import type { ImagePolicySpec, ImageRepositorySpec, ImageUpdateAutomationSpec } from "./specs/images.ts";
import type { KustomizationSpec } from "./specs/kustomization.ts";
import type { AlertSpec, ProviderSpec, ReceiverSpec } from "./specs/notification.ts";
import type { BucketSpec, GitRepositorySpec, HelmRepositorySpec, OciRepositorySpec } from "./specs/sources.ts";

export interface ObjectMeta {
  name: string;
  namespace: string;
  labels?: Record<string, string>;
}

type Constructor<Spec> = (name: string, metadata: ObjectMeta, spec: Spec, opts: pulumi.CustomResourceOptions) => CustomResource;

function constructor<Spec>(apiVersion: string, kind: string): Constructor<Spec> {
  return (name, metadata, spec, opts) => new CustomResource(name, { apiVersion: `${apiVersion.replace("/", ".toolkit.fluxcd.io/")}`, kind, metadata, spec }, opts);
}

export const gitRepository = constructor<GitRepositorySpec>("source/v1", "GitRepository");
export const ociRepository = constructor<OciRepositorySpec>("source/v1", "OCIRepository");
export const helmRepository = constructor<HelmRepositorySpec>("source/v1", "HelmRepository");
export const bucket = constructor<BucketSpec>("source/v1", "Bucket");
export const kustomization = constructor<KustomizationSpec>("kustomize/v1", "Kustomization");
export const helmRelease = constructor<HelmReleaseSpec>("helm/v2", "HelmRelease");
export const imageRepository = constructor<ImageRepositorySpec>("image/v1", "ImageRepository");
export const imagePolicy = constructor<ImagePolicySpec>("image/v1", "ImagePolicy");
export const imageUpdateAutomation = constructor<ImageUpdateAutomationSpec>("image/v1", "ImageUpdateAutomation");
export const notificationProvider = constructor<ProviderSpec>("notification/v1beta3", "Provider");
export const alert = constructor<AlertSpec>("notification/v1beta3", "Alert");
export const receiver = constructor<ReceiverSpec>("notification/v1", "Receiver");
