import { reconciler } from "../../labels.ts";
import { whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/** Without an account, and with another one, Flux would act with rights that are not the team's. */
export const account: Policy = {
  name: "account",
  idea: "Flux applies what a team ships in the team's name.",
  rules: [
    { apiGroups: ["kustomize.toolkit.fluxcd.io"], resources: ["kustomizations"] },
    { apiGroups: ["helm.toolkit.fluxcd.io"], resources: ["helmreleases"] },
  ],
  conditions: whenSpecChanges,
  validations: [{ expression: `object.spec.?serviceAccountName.orValue('') == '${reconciler}'`, message: `write spec.serviceAccountName: ${reconciler}` }],
};
