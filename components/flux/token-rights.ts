/** The chart's role lacks what object-level workload identity needs: a token of the account that an object names. */

/** The right itself, cluster-wide: the accounts are the tenants'. Which one, the object says, and the lockdown flags hold it to its namespace. */
export const tokenRules = [{ apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] }];

/** Accounts of the controllers that sign in to a cloud; the chart fixes their names. */
export const tokenUsers = [
  "source-controller", "kustomize-controller", "helm-controller", "notification-controller", "image-reflector-controller", "image-automation-controller",
];
