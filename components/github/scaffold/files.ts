/** The files that this environment commits to a team's repository. */
import type * as pulumi from "@pulumi/pulumi";
import type { Settings, TenantSettings } from "../../settings/settings.ts";
import type { CommittedFile } from "../files.ts";
import { codeowners } from "./codeowners.ts";
import type { OverlayArgs, ScaffoldFile } from "./overlay-args.ts";
import { helmOverlay } from "./overlay-helm.ts";
import { kustomizeOverlay } from "./overlay-kustomize.ts";

/** The paths that {@link scaffoldFiles} gives do not depend on the registry's host, which may be known late. */
const unknownHost = "registry.invalid";

/**
 * Its folder, from every environment; who reviews what, from the one that makes the repository. Nothing for a repository that is
 * taken over, or that starts empty.
 */
export function scaffoldFiles({ environment, github }: Settings, tenant: TenantSettings, registryHost: pulumi.Output<string>): CommittedFile[] {
  const { repository } = tenant;
  if (repository?.scaffold === undefined || repository.adopt) return [];
  const overlay = repository.scaffold === "helm" ? helmOverlay : kustomizeOverlay;
  const rendered = (host: string): ScaffoldFile => overlay(overlayArgs(environment, tenant, host));
  const owners = repository.manage ? codeowners(github.owner, repository) : undefined;
  return [...(owners ? [owners] : []), { path: rendered(unknownHost).path, content: registryHost.apply((host) => rendered(host).content) }];
}

function overlayArgs(environment: string, { key, controlNamespace, namespaces, deploy, images }: TenantSettings, registryHost: string): OverlayArgs {
  return { tenant: key, environment, controlNamespace, namespaces: namespaces.map(({ name }) => name), registryHost, ref: deploy.ref, images };
}
