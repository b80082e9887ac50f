import { whenSpecChanges } from "../policy.ts";
import type { Policy, Validation } from "../policy.ts";

const notLonger = (path: string, maximum: string): Validation => ({
  expression: `duration(object.${path}.orValue('0s')) <= duration('${maximum}')`,
  message: `${path.replaceAll(".?", ".")} is longer than ${maximum}, and the team's object would hold up other teams'; write ${maximum} or less`,
});

/** Actions of a HelmRelease that have a timeout of their own, before that of the whole. */
const actions = ["install", "upgrade", "rollback", "uninstall", "test"];

/** A controller has a few workers for all teams, and whoever waits for a rollout or a slow server keeps one. */
export const timeouts = (maximum: string): Policy => ({
  name: "timeouts",
  idea: "Flux gives up on a team's object in time for the other teams' ones.",
  rules: [
    { apiGroups: ["source.toolkit.fluxcd.io"], resources: ["gitrepositories", "ocirepositories", "helmrepositories", "buckets"] },
    { apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"] },
    { apiGroups: ["helm.toolkit.fluxcd.io"], resources: ["helmreleases"] },
    { apiGroups: ["image.toolkit.fluxcd.io"], resources: ["imagerepositories"] },
  ],
  conditions: whenSpecChanges,
  validations: [
    notLonger("spec.?timeout", maximum),
    ...actions.map((action) => notLonger(`spec.?${action}.?timeout`, maximum)),
    {
      // What says nothing waits as long as its interval.
      expression: `object.kind != 'Kustomization' || has(object.spec.timeout) || duration(object.spec.interval) <= duration('${maximum}')`,
      message: "write spec.timeout, for example 5m; without it Flux waits as long as spec.interval",
    },
  ],
});
