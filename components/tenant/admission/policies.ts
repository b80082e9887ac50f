/** All admission rules. A new one is a file in policies/ and a line here, and an attack with a legal sibling in its test. */
import type { Settings } from "../../settings/settings.ts";
import type { Policy } from "./policy.ts";
import { account } from "./policies/account.ts";
import { bounds } from "./policies/bounds.ts";
import { canaries } from "./policies/canaries.ts";
import { certificates } from "./policies/certificates.ts";
import { charts } from "./policies/charts.ts";
import { credentials } from "./policies/credentials.ts";
import { hosts } from "./policies/hosts.ts";
import { images } from "./policies/images.ts";
import { intervals } from "./policies/intervals.ts";
import { monitors } from "./policies/monitors.ts";
import { mounts } from "./policies/mounts.ts";
import { notifications } from "./policies/notifications.ts";
import { pods } from "./policies/pods.ts";
import { routes } from "./policies/routes.ts";
import { secretStores } from "./policies/secret-stores.ts";
import { services } from "./policies/services.ts";
import { sources } from "./policies/sources.ts";
import { timeouts } from "./policies/timeouts.ts";
import { vaultMounts } from "./policies/vault-mounts.ts";
import { volumes } from "./policies/volumes.ts";

export const policies = ({ tenancy: { minimumInterval, maximumTimeout, ingressNamespace }, addons }: Pick<Settings, "tenancy" | "addons">): Policy[] => [
  // What Flux does for a team.
  account, bounds, sources, charts, intervals(minimumInterval), timeouts(maximumTimeout), notifications,
  // What runs.
  pods, images, mounts, volumes, vaultMounts,
  // What is reached.
  services, hosts, routes(ingressNamespace),
  // What add-ons do for a team, where they are on.
  ...(addons.certManager ? [certificates] : []),
  ...(addons.externalSecrets ? [secretStores] : []),
  ...(addons.kubePrometheusStack ? [monitors] : []),
  ...(addons.flagger ? [canaries(ingressNamespace)] : []),
  credentials,
];
