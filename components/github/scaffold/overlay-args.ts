/** What an environment's folder in a team's repository is made from. */
import type { Follow, GitRef } from "../../settings/delivery-settings.ts";

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
  /** What of the repository Flux follows. */
  ref: GitRef;
  /** In the order of the settings; `app` in the scaffold stands for the first. `follow`: absent where Flux follows no image here. */
  images: readonly { name: string; follow?: Follow; digest?: boolean }[];
}
