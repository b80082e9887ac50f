import { whenSpecChanges } from "../policy.ts";
import type { Policy, Validation } from "../policy.ts";

const notShorter = (path: string, minimum: string): Validation => ({
  expression: `duration(object.${path}.orValue('${minimum}')) >= duration('${minimum}')`,
  message: `${path.replaceAll(".?", ".")} is shorter than ${minimum}; write ${minimum} or more`,
});

/** `1ms` is legal to Flux, and every reconciliation is work for controllers that all teams share. */
export const intervals = (minimum: string): Policy => ({
  name: "intervals",
  idea: "Flux looks at a team's objects no more often than the platform allows.",
  rules: [
    { apiGroups: ["source.toolkit.fluxcd.io"], resources: ["gitrepositories", "ocirepositories", "helmrepositories", "helmcharts", "buckets"] },
    { apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"] },
    { apiGroups: ["helm.toolkit.fluxcd.io"], resources: ["helmreleases"] },
    { apiGroups: ["image.toolkit.fluxcd.io"], resources: ["imagerepositories", "imagepolicies", "imageupdateautomations"] },
    { apiGroups: ["notification.toolkit.fluxcd.io"], resources: ["receivers"] },
  ],
  conditions: whenSpecChanges,
  validations: [
    notShorter("spec.?interval", minimum),
    notShorter("spec.?retryInterval", minimum),
    notShorter("spec.?install.?strategy.?retryInterval", minimum),
    notShorter("spec.?upgrade.?strategy.?retryInterval", minimum),
    // Of a HelmChart, spec.chart is a name.
    { ...notShorter("spec.?chart.?spec.?interval", minimum), expression: `object.kind != 'HelmRelease' || ${notShorter("spec.?chart.?spec.?interval", minimum).expression}` },
  ],
});
