import { platformsOwn, whenSpecChanges } from "../policy.ts";
import type { Policy } from "../policy.ts";

/**
 * A generic provider sends, from within the platform's namespace, what a team says to where a team says. The address may stand in
 * a Secret, where no rule sees it: the network policy of Flux's namespace closes the rest.
 */
export const notifications: Policy = {
  name: "notifications",
  idea: "Flux tells a team's events to services that exist for that.",
  rules: [{ apiGroups: ["notification.toolkit.fluxcd.io"], resources: ["providers"] }],
  conditions: whenSpecChanges,
  validations: [
    { expression: `!object.spec.type.startsWith('generic') || ${platformsOwn}`, message: "a generic provider could reach addresses within the platform; use the type of the service that you notify, for example slack" },
    {
      expression: "!(object.spec.type in ['azureeventhub', 'azuredevops', 'googlepubsub']) || object.spec.?serviceAccountName.orValue('') != '' || has(object.spec.secretRef)",
      message: "write spec.serviceAccountName or spec.secretRef; without one Flux would sign in as itself",
    },
  ],
};
