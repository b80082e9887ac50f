import { managedBy, reconciler } from "../../labels.ts";
import type { Policy } from "../policy.ts";

/** Whoever may delete role bindings is the platform, or the cluster itself when it cleans a namespace up. */
const platform = "authorizer.group('rbac.authorization.k8s.io').resource('rolebindings').namespace(request.namespace).check('delete').allowed()";

/** A token in a Secret never ends, and the accounts that the platform made stand for more than the team. */
export const credentials: Policy = {
  name: "credentials",
  idea: "A team makes no lasting tokens, and leaves the platform's service accounts as they are.",
  rules: [
    { apiGroups: [""], resources: ["secrets"] },
    { apiGroups: [""], resources: ["serviceaccounts"], operations: ["UPDATE", "DELETE"] },
  ],
  conditions: [{ name: "not-the-platform", expression: `!(${platform})` }],
  variables: [{ name: "account", expression: "request.resource.resource == 'serviceaccounts'" }],
  validations: [
    {
      expression: "variables.account || object.?type.orValue('') != 'kubernetes.io/service-account-token'",
      message: "a token in a Secret never ends; mount a projected serviceAccountToken volume instead",
    },
    {
      expression: `!variables.account || (oldObject.metadata.name != '${reconciler}' && oldObject.metadata.?labels[?'${managedBy}'].orValue('') != 'mooring')`,
      message: "this account is the platform's; make a ServiceAccount of another name, or change the tenant's settings (identity.serviceAccounts)",
    },
  ],
};
