/** What the platform runs in its clusters. As the program uses it. */
import type { Pace } from "./delivery-settings.ts";
import type { GitRef } from "./git-settings.ts";
import type { RepositorySettings } from "./github-settings.ts";

/** The add-ons that are on. */
export interface AddOnSettings {
  certManager?: { email: string };
  externalDns?: object;
  externalSecrets?: object;
  gateway?: object;
  kubePrometheusStack?: object;
  platformAlerts?: object;
  flagger?: object;
}

export interface FleetSettings extends Pace {
  repository: RepositorySettings;
  path: string;
  ref: GitRef;
}
