/** What an environment's folder in a team's repository is made from. */
import type { Follow } from "../../settings/delivery-settings.ts";
import type { GitRef } from "../../settings/git-settings.ts";

export interface ScaffoldFile {
  /** From the repository's root, with slashes. */
  path: string;
  content: string;
}

export interface OverlayArgs {
  /** As it stands in the registry's paths. */
  tenant: string;
  environment: string;
  controlNamespace: string;
  /** Of its workloads; the first is the one that the scaffold deploys to. */
  namespaces: readonly string[];
  registryHost: string;
  /** From where pods of the tenant may take images besides its own part of the registry, as the settings have them (`mcr.microsoft.com`, `/shared`). */
  allowed: readonly string[];
  /** How often Flux asks the registry for charts, `5m`: no shorter than `tenancy.minimumInterval`. */
  interval: string;
  /** What of the repository Flux follows. */
  ref: GitRef;
  /** In the order of the settings; `app` in the scaffold stands for the first. `follow`: absent where Flux follows no image here. */
  images: readonly { name: string; follow?: Follow; digest?: boolean }[];
}

/** What the folder of an environment begins with in each flavour. */
export const overlayHead = ({ tenant, environment, namespaces }: OverlayArgs): string[] => [
  `# ${tenant} in ${environment}: what differs from the other environments. From here on it is yours; add what you like.`,
  "# The values behind a marker are written by Flux and by `build.sh promote`: keep the comments.",
  "apiVersion: kustomize.config.k8s.io/v1beta1",
  "kind: Kustomization",
  `namespace: ${namespaces[0]}`,
  "resources: [../base]",
];
