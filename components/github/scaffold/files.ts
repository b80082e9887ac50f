/** The files that this environment commits to a team's repository. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings, TenantSettings } from "../../settings/settings.ts";
import type { CommittedFile } from "../files.ts";
import { codeowners } from "./codeowners.ts";
import type { OverlayArgs, ScaffoldFile } from "./overlay-args.ts";
import { helmOverlay } from "./overlay-helm.ts";
import { kustomizeOverlay } from "./overlay-kustomize.ts";
import { servicesFile, templateEnvironments } from "./services.ts";

/** The paths that {@link scaffoldFiles} gives do not depend on the registry's host, which may be known late. */
const unknownHost = "registry.invalid";

/**
 * Its folder, from every environment; from the one that makes the repository also who reviews what, and the environments' names where
 * they are not the template's. Nothing for a repository that is taken over, or that starts empty.
 */
export function scaffoldFiles(settings: Settings, tenant: TenantSettings, registryHost: pulumi.Output<string>): CommittedFile[] {
  const { environment, github } = settings;
  const { repository } = tenant;
  if (repository?.scaffold === undefined || repository.adopt) return [];
  const overlay = repository.scaffold === "helm" ? helmOverlay : kustomizeOverlay;
  const rendered = (host: string): ScaffoldFile => overlay(overlayArgs(settings, tenant, host));
  const owners = repository.manage ? codeowners(github.owner, repository) : undefined;
  const renamed = repository.manage && (environment !== templateEnvironments.main || github.releaseEnvironment !== templateEnvironments.release);
  return [
    ...(owners ? [owners] : []),
    ...(renamed ? [{ ...servicesFile(environment, github.releaseEnvironment), over: true }] : []),
    { path: rendered(unknownHost).path, content: registryHost.apply((host) => rendered(host).content) },
  ];
}

function overlayArgs({ environment, tenancy }: Settings, { key, controlNamespace, namespaces, deploy, images, imageUpdates, allowed }: TenantSettings, registryHost: string): OverlayArgs {
  return {
    tenant: key,
    environment,
    controlNamespace,
    namespaces: namespaces.map(({ name }) => name),
    registryHost,
    allowed: [...tenancy.registries, ...allowed.registries],
    interval: imageUpdates?.interval ?? deploy.interval,
    ref: deploy.ref,
    images,
  };
}
